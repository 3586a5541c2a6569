"""Persons found to be victims, by which agency, and how far they came, counted over everything that was said."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tests.support.oracle.counting import (
    Count,
    Item,
    Wait,
    at_first,
    dated,
    different,
    earliest,
    lengths,
    may_follow,
    median,
    since,
    summed,
    tally,
    under_way,
)
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, once
from tests.support.oracle.units_of_agencies import house

_WEIGHT: Final[Mapping[str, int]] = {
    "odpp": 4, "magistrates_court": 4, "high_court": 4, "council": 4, "bpd": 3, "dhs": 2,
    **dict.fromkeys(("iom", "unicef", "hti", "cdf", "ret", "love_foundation", "hppbz"), 0),
}  # fmt: skip
"""Court or prosecution before police, these before human services, other public bodies, and partners.

The Council speaks by rulings only, for somebody whose word it is."""
NOT_HELD: Final = frozenset({None, "not_a_victim", "undetermined"})
"""As what nobody is counted as a victim: nobody said so, they are none, or it could not be determined."""
_SETTLED: Final = frozenset({"confirmed", "not_a_victim"})


_LADDER: Final = ("not_a_victim", "undetermined", "suspected", "potential", "confirmed")
"""Statuses in rising order. Each case is judged by itself: a person has the highest status of any case."""


@dataclass(slots=True)
class Victim:
    """Statements on a person as a victim. An identification is a statement on the status as well."""

    found: list[Fact] = field(default_factory=list)
    words: list[Fact] = field(default_factory=list)
    deaths: list[Fact] = field(default_factory=list)

    def counting(self) -> list[Fact]:
        """The words that hold at the end of some day, in turn."""
        days = sorted({each.last for each in self.words if each.last is not None})
        held = [each for day in days for each in self._in_force(day)]
        return list({each.ref: each for each in held}.values())

    def _in_force(self, day: date) -> list[Fact]:
        """Of the words whose last day has come: of all cases the one that says most, and of such the last."""
        come = [each for each in self.words if by(each, day)]
        cases = {each.said["case"] for each in come if "case" in each.said} or {None}
        of_each = [_heaviest(come, case) for case in cases]
        held = [each for each in come if any(each is one for of_case in of_each for one in of_case)]
        most = max((_LADDER.index(each.said["status"]) for each in held), default=0)
        return [each for each in held if each.said["status"] == _LADDER[most]][-1:]

    def status(self, day: date = date.max) -> str | None:
        """As what the person is held at a day's end; None while nobody spoke."""
        return next((str(each.said["status"]) for each in self._in_force(day)), None)

    def no_longer(self) -> list[Fact]:
        """Return the facts after which nothing is done for a victim: found to be none, or dead."""
        none = [each for each in self.counting() if each.said["status"] == "not_a_victim"]
        undated = (each for each in self.words if each.first is None and each.said["status"] == "not_a_victim")
        return [*(none or undated), *self.deaths]


def _heaviest(come: Sequence[Fact], case: str | None) -> list[Fact]:
    """The last of the words that weigh most, of those that name a case and those that name none."""
    words = [each for each in come if each.said.get("case", case) == case]
    most = max(map(weight, words), default=0)
    return [each for each in words if weight(each) == most][-1:]


def whose(each: Fact) -> str:
    """Nobody gains by speaking for somebody else: of the two it is the word of whoever weighs less."""
    voices = house(each.speaker), house(each.publisher)
    return min(voices, key=lambda voice: _WEIGHT.get(voice, 1))


def weight(each: Fact) -> int:
    """Return a statement's weight. A court's decision has the court's, unless a partner or other body reports it."""
    own = _WEIGHT.get(whose(each), 1)
    by_court = each.said.get("decided_by") == "court_or_prosecution"
    return 4 if by_court and own > 1 else own


@once
def victims(known: Known) -> Mapping[str, Victim]:
    """Everybody of whom a word on their status, or their death, is known."""
    found: dict[str, Victim] = {}
    for each in known.of("victim.identified", "victim.status_changed", "person.deceased_recorded"):
        victim = found.setdefault(each.said["person"], Victim())
        if each.name == "person.deceased_recorded":
            victim.deaths = [death for death in (*victim.deaths, each) if death.first is not None] or [each]
            continue
        victim.words.append(each)
        if each.name == "victim.identified":
            victim.found.append(each)
    return found


@once
def _held(known: Known) -> Sequence[tuple[list[Fact], list[tuple[date, bool]]]]:
    """Of each person the identifications, and from which day on they are held as a victim or not."""
    return [
        (victim.found, [(each.last, each.said["status"] not in NOT_HELD) for each in victim.counting() if each.last])
        for victim in victims(known).values()
    ]


def _is(turns: Sequence[tuple[date, bool]], day: date) -> bool:
    held = [is_one for since_then, is_one in turns if since_then <= day]
    return bool(held) and held[-1]


def identified(known: Known, first: date, last: date) -> int:
    """Persons identified in the period who are held as victims at its end."""
    return sum(1 for _ in identified_in(known, first, last))


def identified_in(known: Known, first: date, last: date) -> Iterator[str]:
    """Return persons identified in the period who are held as victims at its end."""
    for person, (found, turns) in zip(victims(known), _held(known), strict=True):
        if _is(turns, last) and any(
            each.first and each.last and first <= each.first and each.last <= last for each in found
        ):
            yield person


def living(known: Known, last: date) -> Iterator[tuple[str, Victim]]:
    """Yield everybody who surely has not died by the end of a day."""
    for person, victim in victims(known).items():
        if all(each.first is not None and each.first > last for each in victim.deaths):
            yield person, victim


def held(known: Known, _: date, last: date) -> int:
    """Living persons held as victims at the period's end, whenever they were identified."""
    return sum(victim.status(last) not in NOT_HELD for _, victim in living(known, last))


def undetermined(known: Known, _: date, last: date) -> int:
    """Living persons of whom it could not be determined at the period's end."""
    return sum(victim.status(last) == "undetermined" for _, victim in living(known, last))


def by_status(known: Known, _: date, last: date) -> dict[str, int]:
    """Return persons held as victims, by the status that holds then."""
    found: dict[str, int] = {}
    for __, victim in living(known, last):
        status = victim.status(last)
        if status not in NOT_HELD:
            found[str(status)] = found.get(str(status), 0) + 1
    return found


def identified_by_status(known: Known, first: date, last: date) -> dict[str, int]:
    """Count those identified in the period by the status that holds at its end."""
    return dict(Counter(str(victims(known)[person].status(last)) for person in identified_in(known, first, last)))


def is_victim(known: Known, person: str, last: date) -> bool:
    """Whether somebody is held as a victim at the end of a day."""
    victim = victims(known).get(person)
    return victim is not None and victim.status(last) not in NOT_HELD


@once
def _to_status(known: Known) -> list[Wait]:
    """From when somebody was first suspected to be a victim; whose status was settled before that did not wait."""
    found = []
    for victim in victims(known).values():
        suspected = [each for each in victim.found if each.said["status"] not in _SETTLED]
        start = earliest(suspected)
        settling = [each for each in victim.counting() if each.said["status"] in _SETTLED]
        undated = [each for each in victim.words if each.first is None and each.said["status"] in _SETTLED]
        if suspected and not (start is not None and any(not may_follow(each, start) for each in settling)):
            found.append(Wait(start, (settling or undated)[:1], victim.deaths))
    return found


def cohort(reached: Callable[[Known, str, Victim], object]) -> Count:
    """Persons by when they were first identified, of whom something is true by now."""

    def items(known: Known) -> Iterator[Item]:
        for person, victim in victims(known).items():
            if reached(known, person, victim):
                yield from at_first(person, victim.found)

    return different(items)


def since_identified(known: Known, reached: Callable[[str], Sequence[Fact]]) -> Iterator[Wait]:
    """From the first identification of each person to the first of something; who had it before did not wait for it."""
    for person, victim in victims(known).items():
        start, stops = earliest(victim.found), reached(person)
        early = start is not None and any(not may_follow(each, start) for each in dated(stops))
        if victim.found and not early:
            yield Wait(start, since(start, stops), victim.no_longer())


CORE: Final = (
    *("sex", "age_group", "citizenship", "district", "minor_at_exploitation", "exploitation", "means", "control"),
    *("recruiter_relation", "identified_by"),
)


@once
def _profiles(known: Known) -> Mapping[str, Fact]:
    profiles = (each for each in known.of("person.profile_recorded") if each.said["role"] == "victim")
    return {each.said["person"]: each for each in profiles}


def _answer(known: Known, person: str, victim: Victim, asked: str) -> list[str]:
    """Return a person's value: for identity the last profile's, else that of the weightiest statement."""
    if asked in {"sex", "age_group", "citizenship", "district"}:
        profile = _profiles(known).get(person)
        said = None if profile is None else profile.said.get(asked)
    elif asked == "means":
        told = [each.said["means"] for each in victim.found if "means" in each.said]
        known_means = [each or ["none"] for each in told if not _is_no_answer(each)]
        said = (known_means or told)[-1] if told else None
    else:
        words = [each for each in victim.found if each.said.get(asked)]
        words = [each for each in words if not _is_no_answer(each.said[asked])] or words
        heavy = max(map(weight, words), default=0)
        said = next((each.said[asked] for each in reversed(words) if weight(each) == heavy), None)
    return [said] if isinstance(said, str) else list(said or ())


def _is_no_answer(said: str | list[str]) -> bool:
    return said in ("unknown", "not_asked", ["unknown"], ["not_asked"])


def _core(*, missing: bool) -> Count:
    """Each field of each person, or those without an answer, by when the person may first have been identified."""

    def items(known: Known) -> Iterator[Item]:
        for person, victim in victims(known).items():
            answers = (_answer(known, person, victim, asked) for asked in CORE)
            many = sum(not said or _is_no_answer(said) for said in answers) if missing else len(CORE)
            yield from at_first(person, victim.found, many)

    return summed(items)


_SETTLING: Final = lengths(_to_status)

COUNTS: Final[Mapping[str, Count]] = {
    "O32a": identified,
    "O32b": held,
    "O32d": undetermined,
    "R1a": cohort(lambda _, __, ___: True),
    "R1b": cohort(lambda _, __, victim: victim.status() == "confirmed"),
    "R1c": cohort(lambda _, __, victim: victim.status() == "not_a_victim"),
    "R9a": _core(missing=False),
    "R9b": _core(missing=True),
    "T2": median(_SETTLING),
}
LENGTHS: Final = {"T2": tally(_SETTLING)}
UNDER_WAY: Final = {"T2": under_way(_to_status)}
