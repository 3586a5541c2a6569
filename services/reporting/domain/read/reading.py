"""A figure's amount for a period, with the facts that could not be placed, and the only way to add two amounts.

A number without its unit invites adding persons to counts: that is refused here, once, for every page and every export.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from schemas.times import Period
from services.reporting.domain.declaration.durations import MEDIAN, NINTH_DECILE, quantile
from services.reporting.domain.declaration.figure import FLOWING, Figure, Nature, Reader, Unit

FEW: Final = 10
"""Below so many durations the list says more than a quantile."""

MANY: Final = 20
"""From so many on the ninth decile is told."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An amount of a figure. `undated`, `cut` and `unknown` are facts beside it, never in it; `twice` is in it.

    `undated`: nobody knows when; `cut`: may lie within the period or not; `unknown`: in it, but nobody counted;
    `twice`: told by a witness alone, so that its owner may have told it under another id. Of durations the amount is
    the median, `durations` says how often each ended in the period, and `under_way` how many had not at its end,
    of which the oldest began on the day `oldest`. `today`: the day on which it is asked, where that is known.
    """

    figure: Figure[Any] = field(repr=False)
    period: Period
    dimensions: Mapping[str, str]
    amount: int
    undated: int = 0
    cut: int = 0
    unknown: int = 0
    twice: int = 0
    under_way: int = 0
    oldest: date | None = None
    durations: Mapping[int, int] = field(default_factory=dict)
    today: date | None = field(default=None, compare=False)

    @property
    def not_yet(self) -> bool:
        """Whether the period has not begun and so has no amount: nought of it is no nought.

        What is set down for days to come, such as hearings, is an amount. The stock of a day to come is none.
        """
        if self.today is None or self.period.first <= self.today:
            return False
        flows = self.figure.nature is Nature.FLOW and self.figure.reader in FLOWING
        return not flows or not (self.amount or self.unknown or self.durations)

    @property
    def value(self) -> int | None:
        """The amount as it may be shown.

        None where the period has not begun, nothing ended yet, or nobody counted any of it; that is not 0.
        """
        if self.not_yet:
            return None
        if self.figure.reader is Reader.QUANTILE:
            return quantile(self.durations, MEDIAN)
        return None if self.unknown and not self.amount else self.amount

    @property
    def ended(self) -> int:
        """The number of durations."""
        return sum(self.durations.values())

    @property
    def ninth_decile(self) -> int | None:
        """The duration that nine of ten do not exceed, where there are enough of them to say so."""
        return quantile(self.durations, NINTH_DECILE) if self.ended >= MANY else None

    @property
    def each(self) -> list[int] | None:
        """Every duration, the shortest first, where they are too few for quantiles to say much."""
        if self.figure.reader is not Reader.QUANTILE or self.ended >= FEW:
            return None
        return [length for length, often in self.durations.items() for _ in range(often)]

    @property
    def number(self) -> str:
        """The figure's number."""
        return self.figure.number

    @property
    def name(self) -> str:
        """The figure's name."""
        return self.figure.name

    @property
    def unit(self) -> Unit:
        """Give the unit of the amount."""
        return self.figure.unit

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show at all."""
        return not (self.amount or self.undated or self.cut or self.unknown or self.durations or self.under_way)


class UnlikeUnits(ValueError):
    """Persons do not add to counts, nor sessions to participations."""


class NotAdditive(ValueError):
    """The amounts have one unit, but what they count overlaps or is a level: their sum would mean nothing."""


def total(left: Reading, right: Reading) -> int:
    """The sum of two readings: of one additive figure, in one breakdown, over periods that do not overlap.

    Raises `UnlikeUnits` or `NotAdditive`: a stock is never summed over months, nor a part added to its whole.
    """
    if left.figure.unit is not right.figure.unit:
        msg = f"{left.figure.unit} and {right.figure.unit} are unlike units"
        raise UnlikeUnits(msg)
    if left.figure.number != right.figure.number:
        msg = f"{left.figure.number} and {right.figure.number} may count the same fact"
        raise NotAdditive(msg)
    figure = left.figure
    if figure.distinct or figure.reader is not Reader.SUM:
        msg = f"{figure.number} of two periods may count the same one twice"
        raise NotAdditive(msg)
    if left.dimensions != right.dimensions:
        msg = "two values of a dimension may count the same fact"
        raise NotAdditive(msg)
    if left.period.first <= right.period.last and right.period.first <= left.period.last:
        msg = "the periods overlap"
        raise NotAdditive(msg)
    return left.amount + right.amount
