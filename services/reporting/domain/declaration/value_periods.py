"""Values of an entity over time, from statements. Each value holds until a later one certainly does."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import Final, TypeVar

from schemas.times import Interval
from services.reporting.domain.declaration.figure import NEVER, Days

V = TypeVar("V")

_DAY: Final = timedelta(days=1)


def turns(
    statements: Iterable[tuple[Interval | None, V]], before: tuple[date, V] | None = None
) -> list[tuple[Days, V]]:
    """Give the days of each value, without gaps. `before`: the value from a day on until the first statement.

    Statements come in the order in which they count. On each day the last of those holds whose last day has come. So a
    statement that is known only by its year does not undo at the year's end what was stated later. A statement without
    a date never holds.
    """
    held = [] if before is None else [before]
    for since, said in statements:
        if since is not None:
            while held and held[-1][0] >= since.last_day:
                held.pop()
            held.append((since.last_day, said))
    ends = [*(day - _DAY for day, _ in held[1:]), NEVER]
    return [(Days(first, last), said) for (first, said), last in zip(held, ends, strict=False)]


def foremost(
    histories: Iterable[Sequence[tuple[Days, V]]], rank: Callable[[V], tuple[int, ...]]
) -> list[tuple[Days, V]]:
    """Give on each day the value that ranks highest among those of several histories.

    Each history comes from `turns`. The result has no two turns of one value that follow each other.
    """
    every = sorted((turn for history in histories for turn in history), key=lambda turn: turn[0].first)
    standing: list[tuple[tuple[int, ...], int, date, V]] = []  # a heap, the foremost first; what is over leaves later
    found: list[tuple[date, V]] = []
    for number, (days, value) in enumerate(every):
        heappush(standing, (tuple(-each for each in rank(value)), number, days.last, value))
        if number + 1 < len(every) and every[number + 1][0].first == days.first:
            continue
        while standing[0][2] < days.first:
            heappop(standing)
        if not found or found[-1][1] != standing[0][3]:
            found.append((days.first, standing[0][3]))
    ends = [*(day - _DAY for day, _ in found[1:]), NEVER]
    return [(Days(first, last), value) for (first, value), last in zip(found, ends, strict=False)]


def together(spells: Iterable[Days]) -> list[Days]:
    """The days that lie in any of some spells, as few spells as may be, in order."""
    joined: list[Days] = []
    for days in sorted(spells):
        if joined and (joined[-1].last == NEVER or days.first <= joined[-1].last + _DAY):
            joined[-1] = Days(joined[-1].first, max(joined[-1].last, days.last))
        else:
            joined.append(days)
    return joined


def during(days: Days, held: Iterable[tuple[Days, V]]) -> list[tuple[Days, V]]:
    """Give the turns within some days, each cut to those days."""
    found = []
    for turn, said in held:
        first, last = max(days.first, turn.first), min(days.last, turn.last)
        if first <= last:
            found.append((Days(first, last), said))
    return found
