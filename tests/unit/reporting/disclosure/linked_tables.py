"""A history of releases as linked tables in the form of Tau-Argus (JJ): cells, and sums that are nought.

The releases must agree: nothing moved between them.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount
from tests.unit.reporting.disclosure.attacker import MOST
from tests.unit.reporting.disclosure.invented_register import POLICY, VALUES

_SHOWN: Final = "s"
_WITHHELD: Final = "u"


class LinkedCell(NamedTuple):
    """A cell: an amount of releases, or, `outside`, all of the whole that is not in that row."""

    cell: ReleaseCell
    outside: bool = False


class LinkedTables:
    """Cells of all releases with what is told of each, and the sums that they stand in."""

    def __init__(self, history: Sequence[HeldRelease]) -> None:
        self._truth = {cell: amount for release in history for cell, amount in release.truth.items()}
        self._told = {cell: each for release in history for cell, each in release.told.items()}
        rows = [cell for cell in self._truth if cell.row]
        self._cells = [LinkedCell(cell) for cell in self._truth] + [LinkedCell(cell, outside=True) for cell in rows]
        self._places = {cell: place for place, cell in enumerate(self._cells)}

    def name(self, place: int) -> str:
        """Say which amount a cell is."""
        cell, outside = self._cells[place]
        return f"{'outside of ' if outside else ''}{cell.first}..{cell.last} {dict(cell.row)}"

    def withheld(self) -> list[int]:
        """Give the places of the cells that no release tells exactly."""
        return [place for place, cell in enumerate(self._cells) if not self._of(cell).exact]

    def small(self) -> list[int]:
        """Give the places of the cells that are protected."""
        rows = [place for place, cell in enumerate(self._cells) if cell.cell.row]
        return [place for place in rows if self._amount(self._cells[place]) < POLICY.smallest]

    def document(self) -> str:
        """Write cells and equations."""
        lines = ["0", str(len(self._cells))]
        for place, cell in enumerate(self._cells):
            told, amount = self._of(cell), self._amount(cell)
            high = MOST if told.high is None else told.high
            status = _SHOWN if told.exact else _WITHHELD
            lines.append(f"{place} {amount} 1 {status} {told.low} {high} 0.000 0.000 0")
        sums = list(self._sums())
        lines.append(str(len(sums)))
        for terms in sums:
            said = " ".join(f"{self._places[cell]} ({factor})" for cell, factor in terms.items())
            lines.append(f"0 {len(terms)} : {said}")
        return "\n".join((*lines, ""))

    def _of(self, cell: LinkedCell) -> ToldAmount:
        if cell.outside or cell.cell not in self._told:
            return ToldAmount(0, None)
        return self._told[cell.cell]

    def _amount(self, cell: LinkedCell) -> int:
        amount = self._truth[cell.cell]
        return self._truth[cell.cell.whole] - amount if cell.outside else amount

    def _sums(self) -> Iterator[dict[LinkedCell, int]]:
        """Yield sums that are nought: rows and their whole, a row and all outside of it, years and all of them."""
        for cell in self._truth:
            if cell.row:
                yield {LinkedCell(cell): 1, LinkedCell(cell, outside=True): 1, LinkedCell(cell.whole): -1}
            else:
                for by, values in VALUES.items():
                    rows = [cell._replace(row=((by, value),)) for value in values]
                    yield {**{LinkedCell(row): 1 for row in rows}, LinkedCell(cell): -1}
            if not cell.single:
                yield {**{LinkedCell(year): 1 for year in cell.years()}, LinkedCell(cell): -1}
