"""A value as it is stored, and the periods for which values are stored."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from schemas.times import Period

_LENGTHS: Final = {"year": 12, "quarter": 3, "month": 1}


class ValueKey(NamedTuple):
    """Key of a value. `period`: its name, as in `NamedPeriod`. `dimension` and `code` are empty for the whole."""

    figure: str
    period: str
    dimension: str = ""
    code: str = ""


class ExactValue(NamedTuple):
    """An exact value, or None in `value` if it is not available.

    `undated`, `cut`, `unknown`: numbers of facts that are not in it. `twice`: part of it that may be counted twice.
    `counted`: number of things that a median, maximum or rate is computed from; None for a count.
    """

    value: float | None
    undated: int = 0
    cut: int = 0
    unknown: int = 0
    twice: int = 0
    counted: int | None = None


class NamedPeriod(NamedTuple):
    """A year, quarter or month with its name in tables: 2024, 2024-Q1 or 2024-03."""

    name: str
    period: Period

    @property
    def monthly(self) -> bool:
        """Whether the period is a month. `me_read` sees no months."""
        return self.period.first.month == self.period.last.month


def ended_periods(first: date, today: date) -> Iterator[NamedPeriod]:
    """Yield each year, quarter and month that begins in the year of `first` or later and ended before `today`."""
    for year in range(first.year, today.year + 1):
        for length in _LENGTHS.values():
            for begin in range(0, 12, length):
                following = date(year + (begin + length) // 12, (begin + length) % 12 + 1, 1)
                span = Period(date(year, begin + 1, 1), following - timedelta(days=1))
                if span.last < today:
                    yield NamedPeriod(_name(span, length), span)


def _name(span: Period, length: int) -> str:
    if length == _LENGTHS["quarter"]:
        return f"{span.first.year}-Q{span.last.month // length}"
    return str(span)
