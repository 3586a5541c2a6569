"""Durations, exact: one cell per duration and day of its end, so that every quantile is exact.

What has begun and not ended is counted beside it, for leaving it out would make slow things look fast. A duration is
known only as far as both its ends are: days from two days, minutes from two instants; else it is counted as unknown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import Final, TypeVar

from schemas.ids import Kind
from schemas.times import Interval, surely_before
from services.reporting.domain.declaration.figure import NEVER, Area, Counted, DateRole, Figure, Reader, Unit
from services.reporting.domain.declaration.part import certain_days, possible_days

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
) -> Figure[S]:
    """Declare a figure of durations, by the day of their end."""
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
    )


def lasted(
    start: Interval | None,
    stops: Sequence[Interval | None],
    unit: Unit,
    dims: Mapping[str, tuple[str, ...]] | None = None,
    *,
    unless: Iterable[Interval | None] = (),
    outcome: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Counted]:
    """Count the time from a start to its first stop. Without a stop it is under way until `unless`.

    Among the stops and in `unless` None is a time that nobody knows. `outcome` are dimensions of the end alone: what is
    under way does not have them yet.
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
    """Count something that began and ended: under way from its start, with a duration at its end.

    None is a time that nobody knows. What ends before it begins has no duration either.
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
    """Count something that began and has not ended. `unless`: an end that is not the awaited one."""
    others = list(unless)
    if start is None or None in others:
        yield Counted(None, dims=dims, under_way=True)
        return
    days = certain_days(start.last_day, min((each.first_day for each in others if each is not None), default=NEVER))
    if days is not None:
        yield Counted(days, dims=dims, under_way=True)


def elapsed(start: Interval | None, stop: Interval | None, unit: Unit) -> int | None:
    """Whole days or minutes from the one to the other; None where they are not known that exactly, or are reversed."""
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
    """The first of several times; one that nobody knows only where there is no other.

    Of two that begin together it is the one that is over first: the order in which they are told does not matter.
    """
    return min((each for each in times if each is not None), default=None)


def after(
    start: Interval | None, times: Iterable[Interval | None], before: Interval | None = None
) -> list[Interval | None]:
    """Give the times that may lie on or after a start and before the next one; without any, one unknown time."""
    known = list(times)
    found: list[Interval | None] = [
        each
        for each in known
        if each is not None and not surely_before(each, start) and (before is None or each.start < before.start)
    ]
    undated: list[Interval | None] = [each for each in known if each is None]
    return found or undated[:1]


def in_turn(
    starts: Iterable[Interval | None], stops: Iterable[Interval | None]
) -> Iterator[tuple[Interval | None, list[Interval | None]]]:
    """Give each start with the stops up to the next start. An undated one stands alone and leads nowhere."""
    known, ends = list(starts), list(stops)
    dated = sorted((each for each in known if each is not None), key=lambda each: each.start)
    for start, following in zip_longest(dated, dated[1:]):
        yield start, after(start, ends, following)
    for _ in range(len(known) - len(dated)):
        yield None, []


def quantile(durations: Mapping[int, int], share: Fraction) -> int | None:
    """The least duration that at least this share of all do not exceed (the nearest rank); None where there is none.

    `durations` says how often each occurs.
    """
    needed = share * sum(durations.values())
    reached = 0
    for length in sorted(durations):
        reached += durations[length]
        if reached >= needed:
            return length
    return None
