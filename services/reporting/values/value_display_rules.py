"""Ways in which values are shown to a reader, and the policy's rules that decide between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from services.reporting.values.stored_value import ExactValue, ValueKey


class FigureSum(NamedTuple):
    """A figure and other figures that are parts of it by definition. No two parts count the same thing.

    `complete`: the parts add up to the whole. Example: R3h is R3f plus R3g.
    """

    whole: str
    parts: tuple[str, ...]
    complete: bool = False


class ReceivedThings(NamedTuple):
    """A figure of things, and the figures of persons among whom are all that have one, such as services.

    Rows of things are compared with the persons' row of the same dimension and code. `row`: the persons' row, as
    (dimension, code), in place of their whole. `told_apart_by`: a dimension of things whose few codes tell `persons`
    apart. A row that is left out would be the rest of the whole, so all of these figures must be shown.
    """

    things: str
    persons: tuple[str, ...]
    row: tuple[str, str] | None = None
    told_apart_by: str | None = None


class ValueDisplay(Enum):
    """Ways in which a value is shown to a reader of SQL."""

    SHOWN = "shown"
    BAND = "band"
    """Shown as a band: the amount of a whole that is below `DisplayRules.smallest`, 0 included."""
    HIDDEN = "hidden"
    """Shown as confidential: a whole that would disclose another number, or a rate, median or maximum of few."""
    OMITTED = "omitted"
    """A row of a breakdown that is too small or would disclose a small row. It is not in the table, like a row of 0."""
    MISSING = "missing"
    """Not available: nobody counted, or the whole of a rate is shown as 0."""


SEVERAL: Final = 10
"""Largest number of things, such as services or answers, that the rules assume for one person."""


@dataclass(frozen=True, slots=True)
class DisplayRules:
    """The policy's rules for one reader. `smallest`: the least amount of persons that is shown exactly.

    `fewest_of_a_rate`: the least `counted` of a median, maximum or rate that is shown. `open`: figures that endanger
    nobody, always shown. `yearly`: (figure, dimension) that the policy shows exactly for a year; the dimension is
    empty for the whole. `pooled`: (figure, dimension) of tables that public releases show over several years together.
    Their rows of single years are not shown. `doubled`: (figure, dimension) of breakdowns that nearly repeat another
    one of the figure. They are not shown. `sums`: figures that are parts of others. `parts_of_rates`: by rate, the
    figures that it is computed from: part, whole, then the remainder if it has one. `of_unlike`: rates whose part is
    not in their whole. `uncounted`: figures whose amount does not show how many persons it counts, such as money: not
    shown. `several`: figures of things of which one person can have several, such as services. `ten_each`: figures that
    count ten things for each person. `received`: things that are shown only where their persons are shown.
    """

    smallest: int
    fewest_of_a_rate: int
    open: frozenset[str] = frozenset()
    yearly: frozenset[tuple[str, str]] = frozenset()
    pooled: frozenset[tuple[str, str]] = frozenset()
    doubled: frozenset[tuple[str, str]] = frozenset()
    sums: tuple[FigureSum, ...] = ()
    parts_of_rates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_unlike: frozenset[str] = frozenset()
    uncounted: frozenset[str] = frozenset()
    several: frozenset[str] = frozenset()
    ten_each: frozenset[str] = frozenset()
    received: tuple[ReceivedThings, ...] = ()

    def shows_exactly(self, key: ValueKey) -> bool:
        """Whether the policy shows this value exactly, however small it is."""
        quarterly = "-" in key.period
        return key.figure in self.open or (not quarterly and (key.figure, key.dimension) in self.yearly)

    def hides_breakdown(self, figure: str, dimension: str) -> bool:
        """Whether no row of a figure's breakdown is ever shown."""
        return (figure, dimension) in self.pooled | self.doubled

    @property
    def band(self) -> str:
        """Text of the band of a small whole, such as `0-4`."""
        return f"0-{self.smallest - 1}"


class ShownValue(NamedTuple):
    """A value as a reader sees it. `known_at`: number of events that it counts; None: all that are counted now."""

    display: ValueDisplay
    value: float | None = None
    known_at: int | None = None


ExactValues: TypeAlias = Mapping[ValueKey, ExactValue]
ValueDisplays: TypeAlias = dict[ValueKey, ValueDisplay]
ShownValues: TypeAlias = Mapping[ValueKey, ShownValue]
"""Shown values by key. A value that is left out has no entry."""
