"""Hearings, bail, indictments, appeals and what is paid to victims, counted over everything that was said."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from tests.support.oracle.counting import Count, Item, at, different, summed
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, last_of, within
from tests.support.oracle.suspects import surely_after
from tests.support.oracle.units_of_agencies import of_one


def by_prosecution(each: Fact) -> bool:
    """Whether the word on a hearing is not of the police."""
    return not of_one(each.speaker, ["bpd"])


def _of_each(told: Callable[[Known], Iterable[Sequence[Fact]]]) -> Count:
    """How many of several series of facts have the last that came by the end of a period within it."""

    def count(known: Known, first: date, last: date) -> int:
        come = ([each for each in series if by(each, last)] for series in told(known))
        return sum(bool(series) and within(series[-1], first, last) for series in come)

    return count


def _hearings(name: str) -> Count:
    """By the words on each of a suspect's hearings: prosecution's, or the police's where it has none."""

    def told(known: Known) -> Iterator[Sequence[Fact]]:
        for hearing in _by(("person", "hearing"), known.of(name)).values():
            yield list(filter(by_prosecution, hearing)) or hearing

    return _of_each(told)


def _by(names: Sequence[str], facts: Iterable[Fact]) -> Mapping[tuple[str, ...], Sequence[Fact]]:
    found: dict[tuple[str, ...], list[Fact]] = {}
    for each in facts:
        found.setdefault(tuple(str(each.said[name]) for name in names), []).append(each)
    return found


def _without_word(known: Known) -> Iterator[Item]:
    held: dict[tuple[str, str], list[Fact]] = {}
    for each in known.of("court.hearing_held"):
        held.setdefault((each.said["person"], each.said["hearing"]), []).append(each)
    set_down = last_of(known.of("court.hearing_scheduled", "court.adjourned"), "person", "hearing")
    for (person, hearing), each in set_down.items():
        if "next_on" in each.said:
            day = date.fromisoformat(each.said["next_on"])
            words = held.get((person, hearing), ())
            if not any(word.order > each.order or word.last is None or word.last >= day for word in words):
                yield Item(None, day, day)


def _bail(name: str, between: str | None = None) -> Count:
    """Count bail granted or lost, by the last statement on each time; without any `between`, by every statement.

    A bail is granted once more after it was revoked, and revoked once more after that. The police's word on one time
    counts only where prosecution has none on it.
    """

    def items(known: Known) -> Iterator[Item]:
        others = [] if between is None else known.of(between)
        for (person, bail), told in _by(("person", "bail"), known.of(name)).items():
            parted = [each for each in others if (each.said["person"], each.said["bail"]) == (person, bail)]
            times: list[list[Fact]] = [[]]
            for place, each in enumerate(told):
                times[-1].append(each)
                if between is None or all(_is_apart(each, then, parted) for then in told[place + 1 :]):
                    times.append([])
            for one_time in filter(None, times):
                yield from at(person, (list(filter(by_prosecution, one_time)) or one_time)[-1])

    return different(items)


def _is_apart(one: Fact, other: Fact, between: Iterable[Fact]) -> bool:
    return any(surely_after(each, one) and surely_after(other, each) for each in between)


def _indicted(known: Known) -> Iterator[Item]:
    for each in known.of("indictment.filed"):
        if each.said.get("charges"):
            yield from at(each.said["person"], each)


def _charges_indicted(known: Known) -> Iterable[Sequence[Fact]]:
    found: dict[tuple[str, str], list[Fact]] = {}
    for each in known.of("indictment.filed"):
        for charge in each.said.get("charges", ()):
            found.setdefault((each.said["person"], charge), []).append(each)
    return found.values()


def _appeals(name: str) -> Count:
    def items(known: Known) -> Iterator[Item]:
        for each in last_of(known.of(name), "person", "appeal").values():
            yield from at(None, each)

    return summed(items)


def _cents(name: str, *key: str) -> Count:
    def items(known: Known) -> Iterator[Item]:
        for each in last_of(known.of(name), *key).values():
            yield from at(None, each, each.said.get("amount_cents", 0))

    return summed(items)


def _paid_of_ordered(known: Known) -> Iterator[Item]:
    orders = last_of(known.of("restitution.ordered"), "person", "restitution")
    for each in last_of(known.of("restitution.paid"), "person", "payment").values():
        order = orders.get((each.said["person"], each.said.get("restitution")))
        yield from at(None, order, each.said.get("amount_cents", 0))


COUNTS: Final[Mapping[str, Count]] = {
    "R17a": _cents("restitution.ordered", "person", "restitution"),
    "R17b": _cents("restitution.paid", "person", "payment"),
    "R17c": summed(_paid_of_ordered),
    "R18a": _hearings("court.hearing_held"),
    "R18b": _hearings("court.adjourned"),
    "R18c": summed(_without_word),
    "R19a": _bail("bail.granted", "bail.revoked"),
    "R19b": _bail("bail.varied"),
    "R19c": _bail("bail.breached"),
    "R19d": _bail("bail.revoked", "bail.granted"),
    "R20a": different(_indicted),
    "R20b": _of_each(_charges_indicted),
    "R21a": _appeals("appeal.filed"),
    "R21b": _appeals("appeal.decided"),
}
