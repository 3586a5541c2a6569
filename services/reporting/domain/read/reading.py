"""A figure's amount for a period, with the facts that are not in it, and the function that adds two amounts.

Every page and every export must add amounts with `total`, so that amounts of different units, such as persons and
counts, are never added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from schemas.times import Period
from services.reporting.domain.declaration.durations import MEDIAN, NINTH_DECILE, quantile
from services.reporting.domain.declaration.figure import FLOWING, Figure, Nature, Reader, Unit

FEW: Final = 10
"""With fewer durations than this, a list of all says more than a quantile."""

MANY: Final = 20
"""Least number of durations for which the ninth decile is shown."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Amount of a figure for a period and values of dimensions. `undated`, `cut`, `unknown` are not in `amount`.

    `undated`: facts without a date. `cut`: facts that may lie within the period or not. `unknown`: facts within it
    whose amount nobody counted. `twice`: the share of `amount` that only a witness published; the owner may have
    published it under another id. `today`: the day of the question, if known.

    For figures of durations, `amount` is the median. `durations`: number of each duration that ended in the period.
    `under_way`: number not ended at its end. `oldest`: the day on which the oldest of these began.
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
        """Whether the period has not begun at `today`, so that it has no amount, which is not 0.

        False if `today` is None, and for facts that are already planned in a period to come, such as hearings. A stock
        of a period to come is always "not yet".
        """
        if self.today is None or self.period.first <= self.today:
            return False
        flows = self.figure.nature is Nature.FLOW and self.figure.reader in FLOWING
        return not flows or not (self.amount or self.unknown or self.durations)

    @property
    def value(self) -> int | None:
        """The amount to show, or None if there is none, which is not 0.

        None if the period has not begun, if no duration ended in it, or if there are only facts that nobody counted.
        """
        if self.not_yet:
            return None
        if self.figure.reader is Reader.QUANTILE:
            return quantile(self.durations, MEDIAN)
        return None if self.unknown and not self.amount else self.amount

    @property
    def ended(self) -> int:
        """Number of durations that ended in the period."""
        return sum(self.durations.values())

    @property
    def ninth_decile(self) -> int | None:
        """The duration that nine of ten do not exceed. None with fewer than `MANY` durations."""
        return quantile(self.durations, NINTH_DECILE) if self.ended >= MANY else None

    @property
    def few_durations(self) -> list[int] | None:
        """Every duration, shortest first, if there are fewer than `FEW`; else None."""
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
        """The unit of the amount."""
        return self.figure.unit

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show: neither an amount nor facts beside it."""
        return not (self.amount or self.undated or self.cut or self.unknown or self.durations or self.under_way)


class UnlikeUnits(ValueError):
    """Raised when amounts of different units, such as persons and counts, are to be added."""


class NotAdditive(ValueError):
    """Raised when amounts of one unit are to be added whose sum has no meaning.

    They may count one fact twice, or are levels.
    """


def total(left: Reading, right: Reading) -> int:
    """Return the sum of two readings of one additive figure, with equal dimensions, over periods without overlap.

    Raises `UnlikeUnits` for different units, `NotAdditive` for any other two readings.
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
