"""Figures of durations: one cell for each duration and day of its end, so that every quantile is exact.

A duration that has begun and not ended is counted as under way: without it, slow processes would look fast. A duration
in days needs both ends known to the day; one in minutes needs two instants. Otherwise it is counted as unknown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import Final, TypeVar

from schemas.ids import Kind
from schemas.times import Interval, surely_before
from services.reporting.domain.declaration.entity_state_part import certain_days, possible_days
from services.reporting.domain.declaration.figure import (
    FIRST_REPORT,
    NEVER,
    Area,
    Counted,
    DateRole,
    Figure,
    Reader,
    Unit,
)

S = TypeVar("S")

DURATION: Final = "duration"
"""The dimension that holds a duration, in the figure's unit."""

MEDIAN: Final = Fraction(1, 2)
NINTH_DECILE: Final = Fraction(9, 10)

_MINUTE: Final = timedelta(minutes=1)


def duration(
    *,
    number: str,
    name: str,
    en: str,
    es: str,
    entity: Kind,
    unit: Unit,
    counted: Callable[[S], Iterable[Counted]],
    area: Area,
    date_role: DateRole = DateRole.OCCURRED,
    breakdowns: tuple[tuple[str, ...], ...] = ((),),
    version: int = 1,
    valid_from: date = FIRST_REPORT,
) -> Figure[S]:
    """Declare a figure whose amount is the median of the durations that end in a period.

    `unit`: mostly DAYS or MINUTES. The "durations" of some figures are other numbers, such as the victims of a case.
    """
    return Figure(
        number=number,
        name=name,
        en=en,
        es=es,
        entity=entity,
        unit=unit,
        date_role=date_role,
        reader=Reader.QUANTILE,
        counted=counted,
        area=area,
        breakdowns=breakdowns,
        over=DURATION,
        version=version,
        valid_from=valid_from,
    )


def duration_items(
    start: Interval | None,
    stops: Sequence[Interval | None],
    unit: Unit,
    dims: Mapping[str, tuple[str, ...]] | None = None,
    *,
    unless: Iterable[Interval | None] = (),
    outcome: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Counted]:
    """Yield the items of the time from a start to the earliest of `stops`, or of a time under way if there is no stop.

    `unless`: ends other than a stop, after which the time is no longer under way. None in `stops` and `unless` stands
    for an end whose date nobody knows. `outcome`: dimensions that only an ended time has, beside `dims`.
    """
    if stops:
        yield from ended(start, earliest(stops), unit, dims or {}, outcome or {})
    else:
        yield from under_way(start, dims or {}, unless)


def ended(
    start: Interval | None,
    stop: Interval | None,
    unit: Unit,
    dims: Mapping[str, tuple[str, ...]],
    outcome: Mapping[str, tuple[str, ...]],
) -> Iterator[Counted]:
    """Yield the items of a time that began and ended: one under way from `start`, one with its duration at `stop`.

    None stands for a date that nobody knows. The duration is unknown (amount None) if a date is unknown or inexact, or
    if `stop` comes before `start`.
    """
    if start is not None and stop is not None:
        days = certain_days(start.last_day, stop.first_day)
        if days is not None:
            yield Counted(days, dims=dims, under_way=True)
    length = elapsed(start, stop, unit)
    if length is None:
        yield Counted(possible_days(stop), None, {**dims, **outcome})
    else:
        yield Counted(possible_days(stop), dims={**dims, **outcome, DURATION: (str(length),)})


def under_way(
    start: Interval | None, dims: Mapping[str, tuple[str, ...]], unless: Iterable[Interval | None] = ()
) -> Iterator[Counted]:
    """Yield the item of a time that began and has not ended. `unless`: ends other than the awaited one.

    The time is under way from the last day of `start` to the day before the earliest of `unless`. The item is undated
    if `start` or one of `unless` is None.
    """
    others = list(unless)
    if start is None or None in others:
        yield Counted(None, dims=dims, under_way=True)
        return
    days = certain_days(start.last_day, min((each.first_day for each in others if each is not None), default=NEVER))
    if days is not None:
        yield Counted(days, dims=dims, under_way=True)


def elapsed(start: Interval | None, stop: Interval | None, unit: Unit) -> int | None:
    """Return whole days, or whole minutes, from `start` to `stop`.

    None if one of them is unknown, is not known to the day (for minutes: to the instant), or `stop` comes first.
    """
    if start is None or stop is None:
        return None
    if unit is Unit.DAYS:
        exact = start.first_day == start.last_day and stop.first_day == stop.last_day
        length = (stop.first_day - start.first_day).days
    else:
        exact = start.start == start.end and stop.start == stop.end
        length = (stop.start - start.start) // _MINUTE
    return length if exact and length >= 0 else None


def earliest(times: Iterable[Interval | None]) -> Interval | None:
    """Return the earliest of several times, ignoring unknown ones (None). None if no time is known.

    Of two that begin together, the one that ends first is returned. The order of `times` does not matter.
    """
    return min((each for each in times if each is not None), default=None)


def after(
    start: Interval | None, times: Iterable[Interval | None], before: Interval | None = None
) -> list[Interval | None]:
    """Return the times that may lie on or after `start` and that begin before `before` begins.

    If no time does, return `[None]` if `times` has an unknown time, else an empty list.
    """
    known = list(times)
    found: list[Interval | None] = [
        each
        for each in known
        if each is not None and not surely_before(each, start) and (before is None or each.start < before.start)
    ]
    undated: list[Interval | None] = [each for each in known if each is None]
    return found or undated[:1]


def starts_with_stops(
    starts: Iterable[Interval | None], stops: Iterable[Interval | None]
) -> Iterator[tuple[Interval | None, list[Interval | None]]]:
    """Yield (start, stops from this start to the next one), sorted by start; undated starts last, without stops."""
    known, ends = list(starts), list(stops)
    dated = sorted((each for each in known if each is not None), key=lambda each: each.start)
    for start, following in zip_longest(dated, dated[1:]):
        yield start, after(start, ends, following)
    for _ in range(len(known) - len(dated)):
        yield None, []


def quantile(durations: Mapping[int, int], share: Fraction) -> int | None:
    """Return the shortest duration that at least `share` of all durations do not exceed (nearest rank).

    `durations` maps each duration to the number of times that it occurs. None if it is empty.
    """
    needed = share * sum(durations.values())
    reached = 0
    for length in sorted(durations):
        reached += durations[length]
        if reached >= needed:
            return length
    return None
