"""How long something took, exactly: a cell per duration and day of its end, so that every quantile is exact.

What has begun and not ended is counted beside it, for leaving it out would make slow things look fast. A duration is
known only as far as both its ends are: days from two days, minutes from two instants; else it is counted as unknown.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Final

from schemas.times import Interval
from services.reporting.domain.figure import NEVER, Counted, Unit
from services.reporting.domain.part import surely, touched

DURATION: Final = "duration"
"""The dimension that holds a duration, in the figure's unit."""

MEDIAN: Final = Fraction(1, 2)
NINTH_DECILE: Final = Fraction(9, 10)

_MINUTE: Final = timedelta(minutes=1)


def ended(
    start: Interval | None, stop: Interval | None, unit: Unit, dims: Mapping[str, tuple[str, ...]]
) -> Iterator[Counted]:
    """Something that began and ended: under way from the one to the other, and its duration at its end.

    None is a time that nobody knows. What ends before it begins has no duration either.
    """
    if start is not None and stop is not None:
        days = surely(start.last_day, stop.first_day)
        if days is not None:
            yield Counted(days, dims=dims, under_way=True)
    length = elapsed(start, stop, unit)
    if length is None:
        yield Counted(touched(stop), None, dims)
    else:
        yield Counted(touched(stop), dims={**dims, DURATION: (str(length),)})


def under_way(start: Interval | None, dims: Mapping[str, tuple[str, ...]]) -> Iterator[Counted]:
    """Something that began and has not ended."""
    yield Counted(None if start is None else surely(start.last_day, NEVER), dims=dims, under_way=True)


def elapsed(start: Interval | None, stop: Interval | None, unit: Unit) -> int | None:
    """Whole days or minutes from the one to the other; None where they are not known that exactly, or are reversed."""
    if start is None or stop is None or stop.end < start.start:
        return None
    if unit is Unit.DAYS:
        exact = start.first_day == start.last_day and stop.first_day == stop.last_day
        return (stop.first_day - start.first_day).days if exact else None
    exact = start.start == start.end and stop.start == stop.end
    return (stop.start - start.start) // _MINUTE if exact else None


def quantile(durations: Mapping[int, int], share: Fraction) -> int | None:
    """The least duration that at least this share of all do not exceed (the nearest rank); None where there is none.

    `durations` says how often each occurs.
    """
    needed = share * sum(durations.values())
    reached = 0
    for length in sorted(durations):
        reached += durations[length]
        if reached >= needed > 0:
            return length
    return None
