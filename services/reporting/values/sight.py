"""The ways in which values may be shown to a reader, and the policy's rules that decide it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

from services.reporting.values.row import ExactValue, ValueKey


class FigureSum(NamedTuple):
    """A figure, and others that are parts of it by their definitions. No two parts count the same thing.

    `complete`: the parts are all of it. R3h, for instance, is R3f and R3g together.
    """

    whole: str
    parts: tuple[str, ...]
    complete: bool = False


class Sight(Enum):
    """The way in which a value is shown."""

    SHOWN = "shown"
    BAND = "band"
    """A whole that is smaller than may be told, nought included."""
    HIDDEN = "hidden"
    """A whole that would give another number away, or a rate, median or maximum of few."""
    OMITTED = "omitted"
    """A row of a breakdown that is too small, or would give one away. There is no row of it, as of a nought."""
    MISSING = "missing"
    """Nobody counted, or nothing ended."""


@dataclass(frozen=True, slots=True)
class SightRules:
    """Rules of the policy for a reader. `open`: figures of nobody at risk, shown as they are.

    `yearly`: figures, or (with a dimension) breakdowns, that the policy tells exactly for a year.
    `sums`: figures that others are parts of. `parts_of_rates`: the figures of which a rate is made.
    """

    smallest: int
    fewest_of_a_rate: int
    open: frozenset[str] = frozenset()
    yearly: frozenset[tuple[str, str]] = frozenset()
    sums: tuple[FigureSum, ...] = ()
    parts_of_rates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def band(self) -> str:
        """Give the band of a small whole, as text."""
        return f"0-{self.smallest - 1}"


ExactValues: TypeAlias = Mapping[ValueKey, ExactValue]
Sights: TypeAlias = dict[ValueKey, Sight]
