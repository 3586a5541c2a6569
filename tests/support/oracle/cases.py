"""Cases: how they came in, how their investigation went, how long it took; counted over everything that was said."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from tests.support.oracle.convictions_in_cases import guilty
from tests.support.oracle.counting import (
    FOR_EVER,
    Count,
    Item,
    Items,
    Wait,
    at,
    at_first,
    dated,
    different,
    different_at_any_time,
    different_at_end,
    earliest,
    lengths,
    may_follow,
    median,
    since,
    tally,
    under_way,
)
from tests.support.oracle.event_reading import BELIZE, Fact
from tests.support.oracle.facts_in_force import Known, by, last_of, once
from tests.support.oracle.suspects import NO_END, by_police, surely_after
from tests.support.oracle.units_of_agencies import house, of_one

_DAY: Final = timedelta(days=1)
_OVER: Final = frozenset(
    {"closed_unfounded", "closed_insufficient_evidence", "closed_other_offence", "transferred", "victim_declined"}
)
"""Outcomes after which nothing more is to come."""
_COURT: Final = frozenset({"convicted", "convicted_of_lesser", "acquitted", "dismissed", "no_case"})
"""Outcomes of a charge that a court decides."""

Goes = Callable[[Fact], bool | None]
"""Whether a case goes on from then on; None where that is not said."""


@once
def told_by_police(known: Known) -> Mapping[str, list[Fact]]:
    """Return the statements of the police on each case."""
    names = ("investigation.opened", "investigation.status_changed", "investigation.closed")
    return known.about("case", *names, "case.closed", "case.reopened")


@once
def courses(known: Known) -> dict[str, list[Fact]]:
    """Return the statements of the police on each case with an opened investigation."""
    return {case: every for case, every in told_by_police(known).items() if any(map(_opens, every))}


def _opens(each: Fact) -> bool:
    return each.name == "investigation.opened"


def _investigated(each: Fact) -> bool | None:
    """Whether police look into it: what is charged or referred takes up no investigation that was closed with that."""
    if each.name == "investigation.status_changed":
        return False if each.said["outcome"] in _OVER else True if each.said["outcome"] == "open" else None
    return False if each.name == "investigation.closed" else _by_police(each)


def _active(each: Fact) -> bool | None:
    """Whether it goes on at all, with police, prosecution or court."""
    if each.name == "investigation.status_changed":
        return each.said["outcome"] not in _OVER
    if each.name == "investigation.closed":
        return each.said.get("outcome", next(iter(_OVER))) not in _OVER
    return _by_police(each)


def _by_police(each: Fact) -> bool | None:
    """Human services close their own file, and the case goes on."""
    if each.name in {"case.closed", "case.reopened"} and of_one(each.speaker, ["bpd"]):
        return each.name == "case.reopened"
    return None


_IN_COURT: Final = (
    *("charge.filed", "charge.amended", "charge.withdrawn", "court.committed", "indictment.filed", "trial.started"),
    *("verdict.returned", "appeal.decided", "person.deceased_recorded"),
)


@once
def _by_courts(known: Known) -> Mapping[str, Mapping[str, tuple[Fact, bool]]]:
    """By case what ended its last open charge, and what opened one anew, whatever the police had said, by reference."""
    open_: dict[str, dict[tuple[str, str], bool]] = {}
    over: dict[tuple[str, str, str], Fact] = {}
    found: dict[str, dict[str, tuple[Fact, bool]]] = {}
    for each in known.of(*_IN_COURT):
        for case in each.said.get("cases", [each.said.get("case")]):
            if case is None or each.ref in _outweighed(known):
                continue
            charges = open_.setdefault(case, {})
            was = dict(charges)
            if _is_filed_again(over, case, each):
                charges.pop((each.said["person"], each.said["charge"]))
            _charges_after(charges, each)
            opens = any(waits and not was.get(charge, False) for charge, waits in charges.items())
            ends = any(was.values()) or not was
            if opens or (ends and charges and not any(charges.values())):
                found.setdefault(case, {})[each.ref] = each, opens
    return found


@once
def _outweighed(known: Known) -> frozenset[str]:
    """Verdicts of the police, by reference, on which prosecution has a word: on one end of one charge in one case."""
    over: dict[tuple[str, str, str], Fact] = {}
    ends: dict[tuple[str, str, str], list[Fact]] = {}
    found: set[str] = set()
    for each in known.of("charge.filed", "charge.withdrawn", "verdict.returned", "appeal.decided"):
        case, person = each.said.get("case"), each.said["person"]
        if case is None:
            continue
        if each.name == "appeal.decided":
            if each.said["outcome"] == "retrial_ordered":
                for charge in each.said.get("charges", ()):
                    ends.pop((case, person, charge), None)
            continue
        told = ends.setdefault((case, person, each.said["charge"]), [])
        if each.name == "verdict.returned":
            told.append(each)
            if not all(map(by_police, told)):
                found.update(one.ref for one in told if by_police(one))
        if each.ref not in found and _is_filed_again(over, case, each):
            told.clear()
    return frozenset(found)


def _is_filed_again(over: dict[tuple[str, str, str], Fact], case: str, each: Fact) -> bool:
    """Whether a charge was filed once more, surely after it had ended without conviction and without acquittal."""
    if each.name not in {"charge.filed", "charge.withdrawn", "verdict.returned"}:
        return False
    of = case, each.said["person"], each.said["charge"]
    if each.name == "charge.filed":
        return of in over and surely_after(each, over[of])
    over.pop(of, None)
    if each.said.get("outcome") not in NO_END:
        over[of] = each
    return False


def _charges_after(charges: dict[tuple[str, str], bool], each: Fact) -> None:
    """Take in what one statement says: whether each charge of a case still waits for its end."""
    person, said = each.said["person"], each.said
    named = [(person, charge) for charge in said.get("charges", [said["charge"]] if "charge" in said else [])]
    match each.name:
        case "verdict.returned" | "charge.withdrawn":
            charges.update(dict.fromkeys(named, False))
        case "person.deceased_recorded":
            charges.update({charge: False for charge in charges if charge[0] == person})
        case "appeal.decided":
            if said["outcome"] == "retrial_ordered":
                charges.update(dict.fromkeys(named, True))
        case _:
            charges.update({charge: True for charge in named if charge not in charges})


@once
def _told_of_all(known: Known) -> Mapping[str, tuple[list[Fact], Goes]]:
    """Return statements of police and courts on each case, and whether each makes the case go on or end."""
    found: dict[str, tuple[list[Fact], Goes]] = {}
    for case in {**told_by_police(known), **_by_courts(known)}:
        told, courts = told_by_police(known).get(case, []), _by_courts(known).get(case, {})
        found[case] = _in_order([*told, *(each for each, _ in courts.values())]), _goes(courts)
    return found


def _in_order(told: list[Fact]) -> list[Fact]:
    return sorted(told, key=lambda each: each.order)


def _goes(courts: Mapping[str, tuple[Fact, bool]]) -> Goes:
    return lambda each: courts[each.ref][1] if each.ref in courts else _active(each)


def _spells(told: Sequence[Fact], goes: Goes) -> Iterator[tuple[date, date]]:
    """From the last day of each beginning to the first day of the first end that is not surely before it."""
    return ((begins, ends) for _, begins, ends in _begun(told, goes))


def _begun(told: Sequence[Fact], goes: Goes) -> Iterator[tuple[Fact | None, date, date]]:
    """Spells, each with the opening that it goes on from; none where nobody told of one."""
    ends = [each for each in told if goes(each) is False]
    for position, each in enumerate(told):
        if each.first is None or each.last is None:
            continue
        if _opens(each) and all(end.first is not None for end in ends):
            yield each, each.last, _first_end(ends, each)
        elif not _opens(each) and goes(each):
            openings = [other for other in told if _opens(other) and (other.first is None or other.start <= each.start)]
            opening = next(reversed(openings or list(filter(_opens, told))), None)
            yield opening, each.last, _first_end([end for end in told[position:] if goes(end) is False], each)


def _first_end(ends: Sequence[Fact], begins: Fact) -> date:
    after = [(end.last, end.first) for end in ends if end.first and end.last and may_follow(end, begins)]
    return min(after, key=lambda days: days[0])[1] if after else FOR_EVER


def looked_into(known: Known) -> Iterator[tuple[Fact | None, Item]]:
    """Yield each investigation while it goes on, with the opening that it goes on from."""
    for case, told in told_by_police(known).items():
        for opening, begins, ends in _begun(told, _investigated):
            yield opening, Item(case, begins, ends)


def _looked_into(known: Known) -> Iterator[Item]:
    return (item for _, item in looked_into(known))


def going_on(known: Known) -> Iterator[Item]:
    for case, (told, goes) in _told_of_all(known).items():
        for begins, ends in _spells(told, goes):
            yield Item(case, begins, ends if ends == FOR_EVER else ends - _DAY)


def _opened(known: Known) -> Iterator[Item]:
    for each in known.of("investigation.opened"):
        yield from at(each.said["case"], each)


def outcomes(known: Known, first: date, last: date) -> dict[str, int]:
    """The cases opened in the period by the last outcome of those whose day has come by its end."""
    found: dict[str, int] = {}
    for told in courses(known).values():
        if any(
            _opens(each) and each.first and each.last and first <= each.first and each.last <= last for each in told
        ):
            outcome = last_outcome([each for each in told if by(each, last)])
            found[outcome] = found.get(outcome, 0) + 1
    return found


def last_outcome(come: Sequence[Fact]) -> str:
    """The last that was said since police last took the case up; where they closed it, and nothing was, none."""
    taken_up = [number for number, each in enumerate(come) if _opens(each) or _by_police(each)]
    since_then = come[taken_up[-1] :] if taken_up else come
    said = [each.said["outcome"] for each in since_then if not _opens(each) and "outcome" in each.said]
    if said and said[-1] != "open":
        return str(said[-1])
    ends = [each for each in since_then if each.name == "investigation.closed" or _by_police(each) is False]
    words = [each for each in since_then if "outcome" in each.said]
    return "absent" if ends and (not words or ends[-1].order > words[-1].order) else "open"


def _reviewed(known: Known) -> Iterator[Item]:
    for each in known.of("case.review_provided"):
        yield from at(each.said["case"], each)


def _came_in(known: Known) -> Iterator[Item]:
    for case, told in known.about("case", "case.opened").items():
        yield from at_first(case, told)


@once
def _screened(known: Known) -> list[Wait]:
    """A report or a screening that two tell of is one; the last that has a date says when."""
    screenings: dict[str, list[Fact]] = {}
    for (case, _), each in _last_dated(known, "screening.completed", "screening").items():
        screenings.setdefault(case, []).append(each)
    told = known.about("case", "investigation.closed", "case.closed")
    closed = {case: [each for each in every if _ends_the_case(each)] for case, every in told.items()}
    return [
        Wait(each, since(each, screenings.get(case, ())), since(each, closed.get(case, ())))
        for (case, _), each in _last_dated(known, "report.received", "report").items()
    ]


def _ends_the_case(each: Fact) -> bool:
    return each.name == "investigation.closed" or _by_police(each) is False


def _last_dated(known: Known, name: str, what: str) -> dict[tuple[str, str], Fact]:
    told = [each for each in known.of(name) if "case" in each.said]
    return {**last_of(told, "case", what), **last_of(dated(told), "case", what)}


@once
def _verdicts(known: Known) -> dict[str, Wait]:
    """Of each case from its first opening to the verdicts of courts after it."""
    decided = known.about("case", "verdict.returned")
    found = {}
    for case, told in courses(known).items():
        start = earliest(filter(_opens, told))
        told_of = [each for each in decided.get(case, ()) if each.ref not in _outweighed(known)]
        by_court = [each for each in told_of if each.said["outcome"] in _COURT]
        found[case] = Wait(start, since(start, by_court))
    return found


def _to_verdict(known: Known) -> list[Wait]:
    return [wait for wait in _verdicts(known).values() if wait.stops]


def _without_verdict(known: Known) -> Iterator[Item]:
    """Until its first verdict, or while it is active and has none."""
    waits = _verdicts(known)
    for case, wait in waits.items():
        days = wait.lasting() if wait.stops else None
        if days is not None:
            yield Item(case, *days)
    yield from (each for each in going_on(known) if each.who in waits and not waits[each.who].stops)


def _reported(known: Known) -> list[Wait]:
    """Of each case from the day on which the offence was over, the earliest that is told, to its first opening."""
    found = []
    for told in courses(known).values():
        opened = list(filter(_opens, told))
        found.append(Wait(earliest(each for opening in opened for each in _offence(opening)), opened))
    return found


def _offence(opening: Fact) -> Iterator[Fact]:
    over = opening.said.get("offence_to") or opening.said.get("offence_from")
    if over is None:
        return
    parts = [int(each) for each in over.split("-")]
    first = date(*parts, *[1] * (3 - len(parts)))
    last = {
        1: first.replace(month=12, day=31),
        2: first.replace(day=monthrange(first.year, first.month)[1]),
        3: first,
    }[len(parts)]
    begin, end = (datetime(day.year, day.month, day.day, tzinfo=BELIZE) for day in (first, last + _DAY))
    yield replace(opening, first=first, last=last, end=end, order=(begin, *opening.order[1:]))


@once
def _of_agencies(known: Known) -> Mapping[tuple[str, str], list[Fact]]:
    """Each agency has a file of its own, which it or its units open, close and take up again."""
    files: dict[tuple[str, str], list[Fact]] = {}
    for each in known.of("case.opened", "case.closed", "case.reopened"):
        files.setdefault((each.said["case"], house(each.speaker)), []).append(each)
    return files


@once
def _files(known: Known) -> list[Wait]:
    return [wait for told in _of_agencies(known).values() for wait in _turns(told)]


def _turns(told: Sequence[Fact]) -> Iterator[Wait]:
    opened: Fact | None = None
    for each in dated(told):
        if opened is None and each.name != "case.closed":
            opened = each
        elif opened is not None and each.name == "case.closed":
            yield Wait(opened, [each])
            opened = None
    if opened is not None:
        yield Wait(opened, [each for each in told if each.name == "case.closed" and each.first is None])


def _files_open(agency: str | None = None) -> Items:
    """Cases while any agency has a file of them open, or one does."""

    def items(known: Known) -> Iterator[Item]:
        for (case, whose), told in _of_agencies(known).items():
            for wait in _turns(told) if agency in {None, whose} else ():
                days = wait.lasting()
                if days is not None:
                    yield Item(case, *days)

    return items


@once
def _prison(known: Known) -> Mapping[str, set[tuple[str, str]]]:
    return {
        case: {
            (each.said["person"], charge)
            for each in told
            if "imprisonment" in each.said.get("kinds", ())
            for charge in each.said.get("charges", ())
        }
        for case, told in known.about("case", "sentence.imposed").items()
    }


@once
def _tried(known: Known) -> set[str]:
    begun = known.about("case", "trial.started")
    decided = known.about("case", "verdict.returned")
    return {*begun, *(case for case, told in decided.items() if any(each.said["outcome"] in _COURT for each in told))}


def _still_active(known: Known, case: str) -> bool:
    told, goes = _told_of_all(known)[case]
    said = [going for each in told if (going := True if _opens(each) else goes(each)) is not None]
    return said[-1]


def _course(reached: Callable[[Known, str], object]) -> Count:
    """Cases by the days on which the first investigation into them may have been opened."""

    def items(known: Known) -> Iterator[Item]:
        for case, told in courses(known).items():
            if reached(known, case):
                yield from at_first(case, filter(_opens, told))

    return different(items)


def _any(name: str) -> Count:
    """Count the cases in which such a thing happened to anybody."""
    cases = once(lambda known: frozenset(known.about("case", name)))
    return _course(lambda known, case: case in cases(known))


def _without_word(known: Known) -> Iterator[Item]:
    """While a case is active and nothing that names it has surely happened for more than ninety days."""
    days: dict[str, set[date]] = {}
    for each in known.facts:
        dead = each.said.get("cases", ()) if each.name == "person.deceased_recorded" else ()
        for case in (*dead, *([each.said["case"]] if "case" in each.said else [])):
            if not each.name.endswith(".merged") and each.last is not None:
                days.setdefault(case, set()).add(each.last)
    for case, (told, goes) in _told_of_all(known).items():
        for begins, ends in _spells(told, goes):
            heard = sorted(day for day in days[case] | {begins} if begins <= day < ends)
            for last, following in pairwise([*heard, ends]):
                silent = last + 91 * _DAY
                if silent < following:
                    yield Item(case, silent, following if following == FOR_EVER else following - _DAY)


_SCREENED, _DECIDED, _CLOSED, _REPORTED = map(lengths, (_screened, _to_verdict, _files, _reported))

COUNTS: Final[Mapping[str, Count]] = {
    "O1a": different(_opened),
    "O1b": different_at_any_time(_looked_into),
    "O2": different(_opened),
    "O7": different_at_end(going_on),
    "O18": different(_reviewed),
    "O26": different(_came_in),
    "R6a": different_at_end(_files_open()),
    "R6b": different_at_end(_files_open("dhs")),
    "R23a": _course(lambda _, __: True),
    "R23b": _any("arrest.made"),
    "R23c": _any("charge.filed"),
    "R23d": _any("court.committed"),
    "R23e": _course(lambda known, case: case in _tried(known)),
    "R23f": _course(lambda known, case: guilty(known).get(case)),
    "R23g": _course(lambda known, case: guilty(known).get(case, set()) & _prison(known).get(case, set())),
    "R23h": _course(_still_active),
    "T1": median(_SCREENED),
    "T19": different_at_end(_without_word),
    "T16": median(_DECIDED),
    "T17": median(_CLOSED),
    "T20": median(_REPORTED),
}
LENGTHS: Final = {"T1": tally(_SCREENED), "T16": tally(_DECIDED), "T17": tally(_CLOSED), "T20": tally(_REPORTED)}
UNDER_WAY: Final = {
    "T1": under_way(_screened),
    "T16": different_at_end(_without_verdict),
    "T17": under_way(_files),
    "T20": under_way(_reported),
}
