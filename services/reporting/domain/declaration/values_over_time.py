"""Values of an entity over time, from dated statements. A value holds until the day on which a later one surely holds.

A turn is a pair of the days on which a value holds, and the value.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import Final, TypeVar

from schemas.times import Interval
from services.reporting.domain.declaration.figure import ALWAYS, NEVER, Days

V = TypeVar("V")

_DAY: Final = timedelta(days=1)


def turns(
    statements: Iterable[tuple[Interval | None, V]], before: tuple[date, V] | None = None
) -> list[tuple[Days, V]]:
    """Return pairs of (days, value that holds on these days), in order and without gaps.

    `statements` (time, value) come in rising order of precedence, mostly the order of time. A value holds from the last
    day of its statement's time. On each day the last of the statements that hold by then counts. So a statement dated
    only by its year does not replace at the year's end a value that was stated later. A statement without a date never
    holds.
    `before`: a first day, and the value that holds from this day until the first statement.
    """
    held = [] if before is None else [before]
    for since, said in statements:
        if since is not None:
            while held and held[-1][0] >= since.last_day:
                held.pop()
            held.append((since.last_day, said))
    ends = [*(day - _DAY for day, _ in held[1:]), NEVER]
    return [(Days(first, last), said) for (first, said), last in zip(held, ends, strict=False)]


def highest_ranked_history(
    histories: Iterable[Sequence[tuple[Days, V]]], rank: Callable[[V], tuple[int, ...]]
) -> list[tuple[Days, V]]:
    """Merge several histories into one that has on each day the value with the highest rank.

    Each history is a result of `turns`. Days of equal values that follow each other are joined.
    """
    every = sorted((turn for history in histories for turn in history), key=lambda turn: turn[0].first)
    standing: list[tuple[tuple[int, ...], int, date, V]] = []  # heap, highest rank first; past values are popped later
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


def with_first(statements: Sequence[tuple[Interval | None, V]], otherwise: V) -> list[tuple[Days, V]]:
    """Return the days of each value: the first one with a date holds before its statement too, until another is stated.

    All days have the value `otherwise` if no statement has a date.
    """
    dated = [(when, value) for when, value in statements if when is not None]
    if not dated:
        return [(Days(ALWAYS, NEVER), otherwise)]
    return joined(turns(dated, before=(ALWAYS, dated[0][1])))


def joined(held: Iterable[tuple[Days, V]]) -> list[tuple[Days, V]]:
    """Join days of equal values that follow each other. `held`: in order and without gaps."""
    found: list[tuple[Days, V]] = []
    for days, value in held:
        if found and found[-1][1] == value:
            found[-1] = Days(found[-1][0].first, days.last), value
        else:
            found.append((days, value))
    return found


def join_spans(spells: Iterable[Days]) -> list[Days]:
    """Join spans of days that overlap or are adjacent. The result is sorted and has no overlaps."""
    joined: list[Days] = []
    for days in sorted(spells):
        if joined and (joined[-1].last == NEVER or days.first <= joined[-1].last + _DAY):
            joined[-1] = Days(joined[-1].first, max(joined[-1].last, days.last))
        else:
            joined.append(days)
    return joined


def values_during(days: Days, held: Iterable[tuple[Days, V]]) -> list[tuple[Days, V]]:
    """Return the values of `held` that hold within `days`, each with the part of its days that lies within `days`."""
    found = []
    for turn, said in held:
        first, last = max(days.first, turn.first), min(days.last, turn.last)
        if first <= last:
            found.append((Days(first, last), said))
    return found
