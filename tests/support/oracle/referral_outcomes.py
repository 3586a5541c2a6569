"""Outcomes and durations of referrals, needs and services after them, counted over all that was said."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from tests.support.oracle.counting import (
    Count,
    Item,
    Items,
    Wait,
    at,
    at_end,
    at_first,
    earliest,
    lengths,
    median,
    since,
    summed,
    tally,
    under_way,
)
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, last_of, once, owners, within
from tests.support.oracle.protection import by_provider, provided
from tests.support.oracle.referrals import Referral, by_person, every, move, needs
from tests.support.oracle.victims import Victim, cohort, since_identified, victims


def _when(made: Callable[[Referral], Fact | None]) -> Count:
    """By the day of a move."""
    return summed(lambda known: (item for each in every(known) for item in at(None, made(each))))


def by_answer(known: Known, first: date, last: date) -> dict[str, int]:
    """The referrals answered by what the answer was."""
    answers = (each.answer for each in every(known) if each.answer is not None)
    return dict(Counter(move(answer) for answer in answers if within(answer, first, last)))


def _of_sent(reached: Callable[[Referral], object]) -> Count:
    """By the day on which it was sent, if something became of it by now."""
    return summed(lambda known: (item for each in every(known) if reached(each) for item in at(None, each.sent)))


def _open(known: Known) -> Iterator[Item]:
    for each in every(known):
        days = each.open_days()
        if days is not None:
            yield Item(None, *days)


_STATES: Final = (
    ("sent",),
    ("received",),
    ("accepted",),
    ("started", "put_on_hold", "resumed"),
)
"""How far a referral has come, by the moves that lead there; those of one line lead back and forth."""
_CALLED: Final = {"started": "in_progress", "put_on_hold": "on_hold", "resumed": "in_progress"}


def by_state(known: Known, _: date, last: date) -> dict[str, int]:
    """Count the referrals that surely are open on the last day by how far they surely have come by then."""
    found = Counter[str]()
    for each in every(known):
        days = each.open_days()
        if days is not None and days[0] <= last <= days[1]:
            come = [move(one) for one in each.opening() if one.last is not None and one.last <= last]
            furthest = max((_line(name) for name in come), key=_STATES.index)
            name = [name for name in come if name in furthest][-1]
            found[_CALLED.get(name, name)] += 1
    return dict(found)


def _line(name: str) -> tuple[str, ...]:
    return next(names for names in _STATES if name in names)


Need = Sequence[Referral]


def _sent(need: Need) -> list[Fact]:
    return [each.sent for each in need if each.sent is not None]


def _taken(need: Need) -> tuple[int, Fact] | None:
    """Which attempt somebody took on and did not give away, and that."""
    found = ((number, each.held) for number, each in enumerate(need, start=1))
    return next(((number, held) for number, held in found if held is not None), None)


def _given_up(need: Need) -> list[Fact]:
    """When the last was taken back or not wanted by the person; nothing where somebody is still to be asked."""
    ends = [_gave_up(each) for each in need]
    told = [each for each in ends if each is not None]
    if len(told) < len(ends):
        return []
    undated = [each for each in told if each.first is None]
    return undated[:1] or [max(told, key=lambda each: each.end)]


def _gave_up(each: Referral) -> Fact | None:
    if each.rejected is None:
        return each.cancelled
    said = each.rejected.said
    unwanted = said.get("refused_by") == "person" or said.get("reason") == "person_declined"
    return each.rejected if unwanted else None


def _needs(reached: Callable[[Need], object]) -> Count:
    return summed(
        lambda known: (item for need in needs(known) if reached(need) for item in at_first(None, _sent(need)))
    )


def _attempts(known: Known) -> Iterator[Item]:
    for taken in map(_taken, needs(known)):
        if taken is not None:
            number, held = taken
            yield from at(None, held, number)


def _listed(each: Fact | None) -> list[Fact]:
    return [] if each is None else [each]


@once
def _services(known: Known) -> Mapping[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for each in provided(known):
        found.setdefault(each.said["person"], []).append(each)
    return found


def _to_referral(known: Known) -> Iterator[Wait]:
    referrals = by_person(known)
    yield from since_identified(known, lambda person: [each.sent for each in referrals.get(person, ()) if each.sent])


def _to_first_service(known: Known) -> Iterator[Wait]:
    yield from since_identified(known, lambda person: _services(known).get(person, ()))


def _to_answer(known: Known) -> Iterator[Wait]:
    for each in every(known):
        if each.sent is not None:
            yield Wait(each.sent, _listed(each.answer), [*_listed(each.cancelled), *_listed(each.end)])


def _to_taking_on(known: Known) -> Iterator[Wait]:
    for need in needs(known):
        taken = _taken(need)
        yield Wait(earliest(_sent(need)), [] if taken is None else [taken[1]], _given_up(need))


def _to_service(known: Known) -> Iterator[Wait]:
    for person, referrals in by_person(known).items():
        deaths = victims(known)[person].deaths if person in victims(known) else []
        for each in referrals:
            if each.accepted is not None:
                on_it = [service for service in _services(known).get(person, ()) if _is_on(service, each)]
                yield Wait(each.accepted, since(each.accepted, on_it), [*_listed(each.end), *deaths])


def _is_on(service: Fact, each: Referral) -> bool:
    """It names the referral or its need, or names neither and is of a kind that was asked for."""
    if "referral" in service.said:
        return bool(service.said["referral"] == each.id)
    if each.sent is None:
        return False
    if "need" in service.said and "need" in each.sent.said:
        return bool(service.said["need"] == each.sent.said["need"])
    return service.said["service_type"] in each.sent.said.get("service_types", ())


def _led_to_service(known: Known) -> Iterator[Item]:
    """The accepted referrals on which something was provided that did not surely come before."""
    for person, referrals in by_person(known).items():
        for each in referrals:
            on_it = [service for service in _services(known).get(person, ()) if _is_on(service, each)]
            if each.accepted is not None and since(each.accepted, on_it):
                yield from at(None, each.sent)


@once
def _unwanted(known: Known) -> set[str]:
    """Persons who did not want something, by the provider's word on it, and were given nothing."""
    declined = owners(known.of("service.declined"), by_provider, "person", "service")
    return {each.said["person"] for each in declined if each.said.get("refused_by") == "person"} - {*_services(known)}


@once
def _needed(known: Known) -> Mapping[str, Mapping[str, list[str]]]:
    """The kinds of service for each need of each person, as last assessed."""
    found: dict[str, dict[str, list[str]]] = {}
    for (person, need), each in last_of(known.of("need.assessed"), "person", "need").items():
        found.setdefault(person, {})[need] = each.said.get("service_types", [])
    return found


def _assessed(known: Known, person: str, _: Victim) -> bool:
    return any(_needed(known).get(person, {}).values())


def _covered(known: Known, person: str, victim: Victim) -> bool:
    needed = _needed(known).get(person, {})
    covered = set[str]()
    for each in by_person(known).get(person, ()):
        if each.sent is not None and each.held is not None:
            asked = each.sent.said.get("service_types") or needed.get(each.sent.said.get("need", ""), [])
            covered.update(asked)
    return _assessed(known, person, victim) and all(covered.issuperset(kinds) for kinds in needed.values())


@once
def _plans(known: Known) -> Mapping[str, list[Fact]]:
    return known.about("person", "plan.approved")


@once
def _sent_for(known: Known) -> Mapping[tuple[str, str], str | None]:
    """The need that each referral was last said to be for, whatever became of it."""
    sent = last_of(known.of("referral.sent"), "person", "referral")
    return {(person, referral): each.said.get("need") for (person, referral), each in sent.items()}


def _completed(known: Known, person: str, _: Victim) -> bool:
    if person not in _plans(known):
        return False
    plan = _plans(known)[person][-1]
    given = [each for each in _services(known).get(person, ()) if since(plan, [each])]
    kinds = {each.said["service_type"] for each in given}
    needs_named, kinds_named = plan.said.get("needs", []), plan.said.get("service_types", [])
    met = all(any(_meets(known, person, need, each) for each in given) for need in needs_named)
    return bool(needs_named or kinds_named) and kinds.issuperset(kinds_named) and met


def _meets(known: Known, person: str, need: str, service: Fact) -> bool:
    """It names the need, or its referral does, or it names neither and is of a kind that was assessed for it."""
    said = service.said
    if "need" in said or "referral" in said:
        return need in {said.get("need"), _sent_for(known).get((person, said.get("referral", "")))}
    return said["service_type"] in _needed(known).get(person, {}).get(need, [])


def _to_end(name: str) -> Callable[[Known], Iterator[Wait]]:
    def waits(known: Known) -> Iterator[Wait]:
        for each in every(known):
            if each.accepted is not None:
                yield Wait(each.accepted, _listed(each.ended(name)), _listed(each.end))

    return waits


_WAITS: Final[Mapping[str, Callable[[Known], Iterator[Wait]]]] = {
    "T3": _to_referral, "T4": _to_answer, "T5": _to_taking_on, "T6a": _to_service, "T6b": _to_first_service,
    "T7": _to_end("completed"), "T8": _to_end("handed_back"),
}  # fmt: skip
_LENGTHS: Final[Mapping[str, Items]] = {
    number: lengths(waits, minutes=number in {"T4", "T5"}) for number, waits in _WAITS.items()
}

COUNTS: Final[Mapping[str, Count]] = {
    "R1d": cohort(lambda known, person, _: any(each.sent for each in by_person(known).get(person, ()))),
    "R1e": cohort(lambda known, person, _: any(each.accepted for each in by_person(known).get(person, ()))),
    "R1f": cohort(lambda known, person, _: person in _services(known)),
    "R1g": cohort(lambda known, person, _: person in _unwanted(known)),
    "R1h": cohort(_assessed),
    "R1i": cohort(_covered),
    "R1j": cohort(lambda known, person, _: person in _plans(known)),
    "R1k": cohort(_completed),
    "R2a": _of_sent(bool),
    "R2b": _when(lambda each: each.answer),
    "R2c": _when(lambda each: each.accepted),
    "R2d": _when(lambda each: each.rejected),
    "R2e": _when(lambda each: each.ended("handed_back")),
    "R2f": _when(lambda each: each.ended("referred_onward")),
    "R2g": _when(lambda each: each.ended("completed")),
    "R2h": _when(lambda each: each.ended("failed")),
    "R2i": _when(lambda each: each.cancelled),
    "R2j": at_end(_open),
    "R3a": _of_sent(lambda each: each.accepted),
    "R3b": _of_sent(lambda each: each.rejected),
    "R3c": _of_sent(lambda each: each.ended("completed")),
    "R3d": _of_sent(lambda each: each.accepted and each.ended("handed_back")),
    "R3e": _of_sent(lambda each: each.accepted and each.ended("referred_onward")),
    "R3f": _of_sent(lambda each: each.unanswered),
    "R3g": _of_sent(lambda each: each.in_hand),
    "R3h": _of_sent(lambda each: each.unanswered or each.in_hand),
    "R3i": summed(_led_to_service),
    "R4a": _needs(lambda _: True),
    "R4b": _needs(_taken),
    "R4c": _needs(lambda need: _taken(need) is None and not _given_up(need)),
    "R4d": median(_attempts),
    **{number: median(found) for number, found in _LENGTHS.items()},
}
LENGTHS: Final = {"R4d": tally(_attempts), **{number: tally(found) for number, found in _LENGTHS.items()}}
UNDER_WAY: Final = {number: under_way(waits) for number, waits in _WAITS.items()}
