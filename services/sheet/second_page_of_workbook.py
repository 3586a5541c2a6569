"""The second page of a workbook: columns that few rows need. Its rows continue the first page's by own number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.nearest_codes import plain
from services.sheet.cell_errors import Lang
from services.sheet.column import OWN_NUMBER
from services.sheet.file_reading import Grids, SheetText, UnreadableSheetError

MORE: Final[Mapping[Lang | None, str]] = {None: "more", "en": "more", "es": "más"}
"""Name of the second page."""


@dataclass(frozen=True, slots=True)
class SecondPage:
    """The second page: its grid, its columns by place, and in `rows` its row for each row of the first page.

    Rows are counted from 0.
    """

    name: str
    grid: SheetText
    columns: Mapping[int, str]
    rows: Mapping[int, int]

    def cells(self, number: int) -> Mapping[str, tuple[str, tuple[int, int]]]:
        """Return the page's cells for a row of the first page, by column: (text, (row, column)). Rows from 0."""
        at = self.rows.get(number)
        if at is None:
            return {}
        cells = self.grid.rows[at]
        return {
            name: (cells[place], (at, place))
            for place, name in self.columns.items()
            if place < len(cells) and name != OWN_NUMBER.name
        }

    def is_astray(self, number: int) -> bool:
        """Whether the page has a cell without a heading for a row of the first page."""
        at = self.rows.get(number)
        return at is not None and any(
            text and place not in self.columns for place, text in enumerate(self.grid.rows[at])
        )


def second_page_name(grids: Grids, first: str) -> str | None:
    """Return the name of a workbook's page that is called `more` or `más`; None if there is no such page.

    Case and accents do not matter. `first`: name of the first page, which is never returned.
    """
    names = {plain(each) for each in MORE.values()}
    return next((name for name in grids if name != first and plain(name) in names), None)


def match_rows(
    name: str, grid: SheetText, columns: Mapping[int, str], own: Mapping[int, str], filled: Iterator[int]
) -> SecondPage:
    """Match the rows of a second page to the rows of the first page that have the same own number.

    `own`: own numbers of the first page by row. `filled`: rows of the second page that are not empty. Rows are counted
    from 0. Raises `UnreadableSheetError` if a row fits no row of the first page, several, or one that another row fits.
    """
    at = next((place for place, column in columns.items() if column == OWN_NUMBER.name), None)
    rows_of: dict[str, list[int]] = {}
    for row, text in own.items():
        rows_of.setdefault(text.casefold(), []).append(row)
    found: dict[int, int] = {}
    for row in filled:
        cells = grid.rows[row]
        text = "" if at is None or at >= len(cells) else cells[at].casefold()
        belongs = rows_of.get(text, ()) if text else ()
        if len(belongs) != 1:
            raise _unmatched(name, row, several=len(belongs) > 1)
        if belongs[0] in found:
            message = (
                f"page {name}, row {row + 1}: this own number has a row on the page before",
                f"página {name}, fila {row + 1}: este número propio ya tiene una fila en la página",
            )
            raise UnreadableSheetError(*message)
        found[belongs[0]] = row
    return SecondPage(name, grid, columns, found)


def _unmatched(name: str, row: int, *, several: bool) -> UnreadableSheetError:
    if several:
        return UnreadableSheetError(
            f"page {name}, row {row + 1}: several rows of the first page have this own number; move the columns there",
            f"página {name}, fila {row + 1}: varias filas de la primera página tienen este número propio; pase allí las"
            " columnas",
        )
    return UnreadableSheetError(
        f"page {name}, row {row + 1}: no row of the first page has this own number",
        f"página {name}, fila {row + 1}: ninguna fila de la primera página tiene este número propio",
    )
