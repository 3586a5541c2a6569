"""Cells of releases as an outsider reasons about them: amounts of figures by years, and what is told of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from services.reporting.domain.disclosure.policy import OTHERS, ProtectedTable

CellRow: TypeAlias = tuple[tuple[str, str], ...]
"""The dimensions of a cell with their values, sorted. The whole has none."""

WHOLE: CellRow = ()


class ReleaseCell(NamedTuple):
    """An amount of a figure over whole years, the first and the last included."""

    figure: str
    first: int
    last: int
    row: CellRow = WHOLE

    @property
    def whole(self) -> "ReleaseCell":
        """The figure as a whole over the same years."""
        return self._replace(row=WHOLE)

    @property
    def single(self) -> bool:
        """Whether the cell is of one year."""
        return self.first == self.last

    def years(self) -> "list[ReleaseCell]":
        """Give the same of each year."""
        return [self._replace(first=year, last=year) for year in range(self.first, self.last + 1)]


class ToldAmount(NamedTuple):
    """An amount as it is told: the least and the most that it can be, both included. None: there is no most."""

    low: int
    high: int | None

    @property
    def exact(self) -> bool:
        """Whether the amount itself is told."""
        return self.low == self.high


Truth: TypeAlias = Mapping[ReleaseCell, int]
"""The exact amounts as they were known when a release was frozen."""

ReleaseStatements: TypeAlias = Mapping[ReleaseCell, ToldAmount]
"""Amounts or bounds by cells. A cell that is not in it is withheld."""


@dataclass(frozen=True, slots=True)
class HeldRelease:
    """A release that an outsider holds: what it told, and the amounts behind it, which nobody outside has.

    `year`: the last year that it speaks of.
    """

    year: int
    told: ReleaseStatements
    truth: Truth


def cells_of(table: ProtectedTable, first: int, last: int) -> list[ReleaseCell]:
    """Give the rows of a table over some years; the last is for every value without a row of its own."""
    return [ReleaseCell(table.figure, first, last, ((table.by, value),)) for value in (*table.rows, OTHERS)]


def span_of(table: ProtectedTable, year: int) -> tuple[int, int]:
    """Give the years that a table takes together in a release of a year."""
    return year - table.years + 1, year
