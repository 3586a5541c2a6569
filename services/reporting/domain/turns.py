"""What an entity is in turn, from statements about it: one value at a time, each until the next surely holds."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, TypeVar

from schemas.times import Interval
from services.reporting.domain.figure import NEVER, Days

V = TypeVar("V")

_DAY: Final = timedelta(days=1)


def turns(
    statements: Iterable[tuple[Interval | None, V]], before: tuple[date, V] | None = None
) -> list[tuple[Days, V]]:
    """The days of each value, without gaps; `before` is what held from a day on until anybody spoke.

    A value holds from the last day that its statement may lie on; of two on one day the later statement's. Statements
    without a date hold in no turn.
    """
    dated = sorted(
        ((since.last_day, said) for since, said in statements if since is not None), key=lambda each: each[0]
    )
    starts = dict([before] if before is not None else [])
    starts.update(dated)
    days = sorted(starts)
    ends = [*(day - _DAY for day in days[1:]), NEVER]
    return [(Days(first, last), starts[first]) for first, last in zip(days, ends, strict=False)]


def during(days: Days, held: Iterable[tuple[Days, V]]) -> list[tuple[Days, V]]:
    """The turns within some days, each as far as it lies in them."""
    found = []
    for turn, said in held:
        first, last = max(days.first, turn.first), min(days.last, turn.last)
        if first <= last:
            found.append((Days(first, last), said))
    return found
