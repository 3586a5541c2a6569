"""How figures are read from what was worked out: by looking at each thing again for each period."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, once

Count: TypeAlias = Callable[[Known, date, date], int]
"""Amount of a figure in a period, from its first day to its last."""

FOR_EVER: Final = date.max
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


class Item(NamedTuple):
    """Something that counts, of whom, from one day to another, both included, and how much."""

    who: Any
    first: date
    last: date
    many: int = 1


Items: TypeAlias = Callable[[Known], Iterable[Item]]


def at(who: Any, fact: Fact | None, many: int = 1) -> Iterator[Item]:  # noqa: ANN401 - whatever is told apart
    """It counts when this happened; never, where nobody knows when."""
    if fact is not None and fact.first is not None and fact.last is not None:
        yield Item(who, fact.first, fact.last, many)


def at_first(who: Any, facts: Iterable[Fact], many: int = 1) -> Iterator[Item]:  # noqa: ANN401 - the same
    """It counts when the first of these happened: no later than any of them surely did."""
    days = [(each.first, each.last) for each in facts if each.first is not None and each.last is not None]
    if days:
        yield Item(who, min(first for first, _ in days), min(last for _, last in days), many)


def _listed(items: Items) -> Callable[[Known], list[Item]]:
    return once(lambda known: list(items(known)))


def summed(items: Items) -> Count:
    """Count all that lies within the period."""
    listed = _listed(items)
    return lambda known, first, last: sum(
        each.many for each in listed(known) if first <= each.first and each.last <= last
    )


def different(items: Items) -> Count:
    """Of whom something lies within the period, each once."""
    listed = _listed(items)
    return lambda known, first, last: len(
        {each.who for each in listed(known) if first <= each.first and each.last <= last}
    )


def at_end(items: Items) -> Count:
    """Count all that is in force on the last day."""
    listed = _listed(items)
    return lambda known, _, last: sum(each.many for each in listed(known) if each.first <= last <= each.last)


def different_at_end(items: Items) -> Count:
    """Of whom something is in force on the last day, each once."""
    listed = _listed(items)
    return lambda known, _, last: len({each.who for each in listed(known) if each.first <= last <= each.last})


def different_at_any_time(items: Items) -> Count:
    """Of whom something is in force on some day; where it may end before it surely began, both lie in the period."""
    listed = _listed(items)
    return lambda known, first, last: len(
        {each.who for each in listed(known) if each.first <= last and each.last >= first}
    )


@dataclass(frozen=True, slots=True)
class Stay:
    """Something that went on, of whom, from one of some days to one of others, which was no earlier."""

    who: Any
    begins: tuple[date, date]
    ends: tuple[date, date] = (FOR_EVER, FOR_EVER)

    def surely_met(self, first: date, last: date) -> bool:
        """Whether it can neither have been over before a period began, nor have begun after it was over."""
        (begins, begun), (ends, ended) = self.begins, self.ends
        over_before = max(begins, ends) <= min(ended, first - _DAY)
        begun_after = max(begins, last + _DAY) <= min(begun, ended)
        return begins <= ended and not over_before and not begun_after


def different_that_met(stays: Callable[[Known], Iterable[Stay]]) -> Count:
    """Of whom something surely went on on some day of the period, each once."""
    listed = once(lambda known: list(stays(known)))
    return lambda known, first, last: len({each.who for each in listed(known) if each.surely_met(first, last)})


def until(begin: Fact | None, ends: Iterable[Fact]) -> tuple[date, date] | None:
    """From the last day on which it may have begun to the day before the first on which it may have ended."""
    if begin is None or begin.last is None:
        return None
    over = FOR_EVER
    for end in ends:
        if end.first is None:
            return None
        over = min(over, end.first - _DAY)
    return (begin.last, over) if begin.last <= over else None


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait from a start to the first of its stops. Without a stop, it ends with the first other end."""

    start: Fact | None
    stops: Sequence[Fact]
    otherwise: Sequence[Fact] = ()

    @property
    def stop(self) -> Fact | None:
        """The first of the stops that has a date."""
        return earliest(self.stops)

    def length(self, *, minutes: bool) -> int | None:
        """How long it took; None where its ends are not that exact, or the other way round."""
        start, stop = self.start, self.stop
        if start is None or stop is None or start.first is None or stop.first is None:
            return None
        if minutes:
            exact, length = start.start == start.end and stop.start == stop.end, (stop.start - start.start) // _MINUTE
        else:
            exact, length = start.first == start.last and stop.first == stop.last, (stop.first - start.first).days
        return length if exact and length >= 0 else None

    def lasting(self) -> tuple[date, date] | None:
        """The days on which it surely is under way."""
        stop = self.stop
        if self.stops:
            return None if stop is None else until(self.start, [stop])
        return until(self.start, self.otherwise)


Waits: TypeAlias = Callable[[Known], Iterable[Wait]]


def dated(facts: Iterable[Fact]) -> list[Fact]:
    """Return those with a known day."""
    return [each for each in facts if each.first is not None]


def earliest(facts: Iterable[Fact]) -> Fact | None:
    """The first of them that has a date; of two that begin together the one that is known better."""
    return min(dated(facts), key=lambda each: (each.start, each.end), default=None)


def may_follow(then: Fact, start: Fact) -> bool:
    """Whether something with a date is not surely before a start."""
    return then.end > start.start or then.start >= start.start


def since(start: Fact | None, facts: Iterable[Fact], before: Fact | None = None) -> list[Fact]:
    """Return those not surely before the start or the next beginning, or one without a date if there is no other."""
    known = list(facts)
    found = [
        each
        for each in dated(known)
        if (start is None or start.first is None or may_follow(each, start))
        and (before is None or before.first is None or each.start < before.start)
    ]
    return found or [each for each in known if each.first is None][:1]


def lengths(waits: Waits, *, minutes: bool = False) -> Items:
    """How long each took, when it ended."""

    def items(known: Known) -> Iterator[Item]:
        for wait in waits(known):
            length = wait.length(minutes=minutes)
            if length is not None:
                yield from at(None, wait.stop, length)

    return _listed(items)


def under_way(waits: Waits) -> Count:
    """How many surely are under way on the last day."""

    def items(known: Known) -> Iterator[Item]:
        for wait in waits(known):
            days = wait.lasting()
            if days is not None:
                yield Item(None, *days)

    return at_end(items)


def tally(items: Items) -> Callable[[Known, date, date], tuple[tuple[int, int], ...]]:
    """How often each length ended within the period."""

    def counted(known: Known, first: date, last: date) -> tuple[tuple[int, int], ...]:
        found = Counter(each.many for each in items(known) if first <= each.first and each.last <= last)
        return tuple(sorted(found.items()))

    return counted


def median(items: Items) -> Count:
    """The length that at least half of those that ended within the period do not exceed; 0 where none did."""

    def counted(known: Known, first: date, last: date) -> int:
        found = sorted(each.many for each in items(known) if first <= each.first and each.last <= last)
        return found[(len(found) - 1) // 2] if found else 0

    return counted
