"""Cells of releases as an outsider sees them: amounts of figures by years, and how much a release shows of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from services.reporting.domain.disclosure.policy import OTHERS, ProtectedTable

CellRow: TypeAlias = tuple[tuple[str, str], ...]
"""Dimensions of a cell with their values, sorted by name; empty for the whole."""

WHOLE: CellRow = ()


class ReleaseCell(NamedTuple):
    """Key of an amount of a figure over the years `first` to `last`, both inclusive."""

    figure: str
    first: int
    last: int
    row: CellRow = WHOLE

    @property
    def whole(self) -> "ReleaseCell":
        """Cell of the figure's whole over the same years."""
        return self._replace(row=WHOLE)

    @property
    def single(self) -> bool:
        """Whether the cell is of one year."""
        return self.first == self.last

    def years(self) -> "list[ReleaseCell]":
        """Return one cell for each of the years, with the same figure and row."""
        return [self._replace(first=year, last=year) for year in range(self.first, self.last + 1)]


class ToldAmount(NamedTuple):
    """An amount as a release shows it: the bounds `low` and `high`, both inclusive. `high` None: no upper bound."""

    low: int
    high: int | None

    @property
    def exact(self) -> bool:
        """Whether both bounds are equal, so that the exact amount is shown."""
        return self.low == self.high


Truth: TypeAlias = Mapping[ReleaseCell, int]
"""Exact amounts by cell, as they were when a release was frozen. Outsiders do not have them."""

ReleaseStatements: TypeAlias = Mapping[ReleaseCell, ToldAmount]
"""Amounts or bounds that a release shows, by cell. A cell that is not a key is withheld."""


@dataclass(frozen=True, slots=True)
class HeldRelease:
    """A release that an outsider holds. `told`: the amounts that it shows. `truth`: the exact ones, not shown.

    `year`: its last year. `definitions`: version of the definition by which it shows a figure, by the figure's number.
    A printed report has none: its amounts are compared as if the definitions were equal.
    """

    year: int
    told: ReleaseStatements
    truth: Truth
    definitions: Mapping[str, int] = field(default_factory=dict)


def cells_of(table: ProtectedTable, first: int, last: int) -> list[ReleaseCell]:
    """Return the cells of a table's rows over the years `first` to `last`. The last cell is the row `OTHERS`."""
    return [ReleaseCell(table.figure, first, last, ((table.by, value),)) for value in (*table.rows, OTHERS)]


def span_of(table: ProtectedTable, year: int) -> tuple[int, int]:
    """Return the first and the last year that a table adds up in a release of `year`. The last is `year` itself."""
    return year - table.years + 1, year


def table_cells(table: ProtectedTable, year: int) -> list[ReleaseCell]:
    """Return the cells of a table in a release of `year`: its whole, then its rows."""
    rows = cells_of(table, *span_of(table, year))
    return [rows[0].whole, *rows]
