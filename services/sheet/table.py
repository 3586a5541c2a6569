"""Interpretation of a grid as a table of one event type: the column of each place, and which rows are comments."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from schemas.nearest_codes import plain
from services.sheet.cell_errors import DOUBT, Lang
from services.sheet.column import ERRORS, OWN_NUMBER, columns_of, sheet_name, short, type_named
from services.sheet.file_reading import (
    COMMENT,
    Grids,
    NoTypeError,
    SheetText,
    UnreadableSheetError,
    from_csv,
    from_xlsx,
)
from services.sheet.file_size_limits import UNPACKED_BYTES
from services.sheet.file_writing import SheetPage, to_csv, to_xlsx
from services.sheet.heading_texts import heading
from services.sheet.row import SheetRow
from services.sheet.second_page_of_workbook import SecondPage, match_rows
from services.sheet.second_page_of_workbook import second_page_name as named_second
from services.sheet.unreadable_cells import letters

SUFFIXES: Final = (".csv", ".tsv", ".xlsx")
WORKBOOK: Final = ".xlsx"
_LANGUAGES: Final[tuple[Lang, ...]] = ("en", "es")
TYPE_ROW: Final = f"{COMMENT} type"
"""Text of the first cell of the row whose second cell names the event type."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one event type. `sheet`: the sheet's name in a workbook, None for CSV. `more`: its second page."""

    type: str
    grid: SheetText
    headings_at: int
    columns: Mapping[int, str]
    """Column names by their place, from 0, without the column of errors."""
    sheet: str | None = None
    more: SecondPage | None = None

    def rows(self) -> Iterator[SheetRow]:
        """Yield the rows that are not empty."""
        for number, cells in enumerate(self.grid.rows):
            if number <= self.headings_at or _is_comment(cells):
                continue
            said = {name: cells[place] for place, name in self.columns.items() if place < len(cells)}
            here = ((name, (number, place)) for place, name in self.columns.items())
            doubtful = {name for name, at in here if self._is_doubtful(self.grid, at, name)}
            astray = self._is_astray(cells)
            if self.more is not None:
                beside = self.more.cells(number)
                said |= {name: text for name, (text, _) in beside.items()}
                doubtful |= {n for n, (_, at) in beside.items() if self._is_doubtful(self.more.grid, at, n)}
                astray = astray or self.more.is_astray(number)
            if any(said.values()):  # cells that are only merged with the row above do not count
                filled = {name: text or DOUBT for name, text in said.items() if text or name in doubtful}
                yield SheetRow(number + 1, filled, frozenset(doubtful), astray=astray)

    def _is_astray(self, cells: tuple[str, ...]) -> bool:
        """Whether a cell has no heading: an unquoted comma splits a cell in two, and moves all cells after it."""
        return any(text and place not in self.columns and place != self._errors_at for place, text in enumerate(cells))

    @property
    def _errors_at(self) -> int | None:
        headings = self.grid.rows[self.headings_at]
        return next((place for place, name in enumerate(headings) if _holds_errors(name)), None)

    def _is_doubtful(self, grid: SheetText, at: tuple[int, int], name: str) -> bool:
        if at in grid.times and not columns_of(self.type)[name].timed:
            return True  # a spreadsheet turns record number 24/5 into a day
        return at in grid.doubtful

    def address(self, number: int, name: str | None) -> str:
        """Return the address of a cell, such as E4; in a workbook with two pages with the page's name, such as more!B4.

        `number`: the row's, from 1; `name`: the column. It is the row's number alone for a column that the sheet lacks.
        """
        place = next((place for place, each in self.columns.items() if each == name), None)
        if place is not None:
            page = "" if self.more is None else f"{self.sheet or sheet_name(self.type)}!"
            return f"{page}{letters(place)}{number}"
        if self.more is not None and name is not None:
            at = self.more.cells(number - 1).get(name)
            if at is not None:
                return f"{self.more.name}!{letters(at[1][1])}{at[1][0] + 1}"
        return str(number)

    def given_back(
        self, errors: Mapping[int, str], wrong: Collection[tuple[int, str]] = (), lang: Lang | None = None
    ) -> bytes:
        """Return the file with `errors`, by row number, beside the rows. Doubtful cells are marked again.

        `wrong`: cells as (row number, column), which are coloured in a workbook.
        """
        at = self._errors_at
        if at is None:  # to the right of all cells
            at = max(len(cells) for cells in self.grid.rows[self.headings_at :] if not _is_comment(cells))
        doubted = {row.number: row for row in self.rows() if row.doubtful}
        rows = []
        for number, cells in enumerate(self.grid.rows, 1):
            said = ERRORS[lang] if number == self.headings_at + 1 else errors.get(number, "")
            kept = [*cells, *[""] * (at - len(cells))]
            for place, name in self.columns.items():
                if number in doubted and name in doubted[number].doubtful:
                    kept[place] = _in_doubt(kept[place])
            rows.append(list(cells) if _is_comment(cells) else [*kept[:at], said, *kept[at + 1 :]])
        if self.sheet is None:
            return to_csv(rows, self.grid.separator)
        places = {name: place for place, name in self.columns.items()}
        marked = frozenset((number - 1, places[name]) for number, name in wrong if name in places)
        # The sheet's own name may not be allowed by the writer.
        pages = [SheetPage(sheet_name(self.type), rows, marked=marked)]
        return to_xlsx(pages if self.more is None else [*pages, self._second_given_back(self.more, wrong)])

    def _second_given_back(self, more: SecondPage, wrong: Collection[tuple[int, str]]) -> SheetPage:
        """Return the second page for the returned file, with wrong cells coloured and doubtful ones marked."""
        rows = [list(cells) for cells in more.grid.rows]
        for number in more.rows:
            for name, (text, at) in more.cells(number).items():
                if self._is_doubtful(more.grid, at, name):
                    rows[at[0]][at[1]] = _in_doubt(text)
        named = ((more.cells(number - 1).get(name)) for number, name in wrong)
        return SheetPage(more.name, rows, marked=frozenset(each[1] for each in named if each is not None))


def is_sheet(name: str) -> bool:
    """Whether a file's name has the suffix of a sheet."""
    return PurePath(name).suffix.lower() in SUFFIXES


def read_table(name: str, content: bytes, event_type: str | None, most: int = UNPACKED_BYTES) -> Table:
    """Read a file as a table of `event_type`; for None, of the type that the file names.

    `name`: its suffix decides between CSV and XLSX. `most`: largest number of bytes of an unpacked workbook. Raises
    `NoTypeError` if no type is known, and `UnreadableSheetError` for another fault of the file.
    """
    if PurePath(name).suffix.lower() != WORKBOOK:
        grid = from_csv(content)
        return _table(grid, event_type or _named_in(grid), None)
    grids = from_xlsx(content, most)
    named = {sheet: found for sheet in grids if (found := type_named(sheet)) and event_type in {None, found}}
    if len(named) > 1:
        several = ", ".join(dict.fromkeys(map(short, named.values())))
        message = (
            f"several sheets hold events: {several}; choose one type with --type, and keep one sheet of each",
            f"varias hojas contienen eventos: {several}; deje una sola",
        )
        raise UnreadableSheetError(*message)
    for sheet, found in named.items():
        return _with_second(_table(grids[sheet], found, sheet), grids)
    if not grids:
        message = "a workbook without a sheet", "un libro sin hojas"
        raise UnreadableSheetError(*message)
    sheet, grid = next(iter(grids.items()))
    return _with_second(_table(grid, event_type or _named_in(grid), sheet), grids)


def _with_second(table: Table, grids: Grids) -> Table:
    """Return the table with the workbook's second page, if it has one. Raises `UnreadableSheetError`."""
    page = named_second(grids, table.sheet or "")
    if page is None:
        return table
    grid = grids[page]
    at = next((at for at, row in enumerate(grid.rows) if any(row) and not _is_comment(row)), None)
    if at is None:
        return table
    columns = _columns(grid.rows[at], table.type)
    twice = sorted({*columns.values()} & {*table.columns.values()} - {OWN_NUMBER.name})
    if twice:
        message = (
            f"page {page}: a column is on the first page too: {', '.join(twice)}",
            f"página {page}: una columna está también en la primera página: {', '.join(twice)}",
        )
        raise UnreadableSheetError(*message)
    own_at = next((place for place, name in table.columns.items() if name == OWN_NUMBER.name), None)
    own = {
        number: cells[own_at]
        for number, cells in enumerate(table.grid.rows)
        if own_at is not None and number > table.headings_at and not _is_comment(cells) and own_at < len(cells)
    }
    filled = (number for number, cells in enumerate(grid.rows) if number > at and any(cells) and not _is_comment(cells))
    return replace(table, more=match_rows(page, grid, columns, own, filled))


def _named_in(grid: SheetText) -> str | None:
    named = (row[1] for row in grid.rows if len(row) > 1 and plain(row[0]) == TYPE_ROW)
    return type_named(next(named, ""))


def _table(grid: SheetText, event_type: str | None, sheet: str | None) -> Table:
    if event_type is None:
        raise NoTypeError
    at = next((at for at, row in enumerate(grid.rows) if any(row) and not _is_comment(row)), None)
    if at is None:
        message = "there is no row with headings", "no hay fila de encabezados"
        raise UnreadableSheetError(*message)
    return Table(event_type, grid, at, _columns(grid.rows[at], event_type), sheet)


def _columns(headings: tuple[str, ...], event_type: str) -> dict[int, str]:
    """Return the names of the columns by their place, from 0.

    Raises `UnreadableSheetError` for an unknown or repeated heading. The message does not repeat a wrong heading, as it
    may be a person's name.
    """
    columns = columns_of(event_type)
    known = {plain(heading(column, "es")): name for name, column in columns.items()}
    known |= {plain(name): name for name in columns}
    found: dict[int, str] = {}
    for place, text in enumerate(headings):
        if not text or _holds_errors(text):
            continue
        name = known.get(plain(text))
        if name is None:
            raise _no_column(place, event_type)
        if name in found.values():
            message = (
                f"column {letters(place)} repeats the heading {name}: keep one column of this name",
                f"la columna {letters(place)} repite el encabezado {name}: deje una sola columna con él",
            )
            raise UnreadableSheetError(*message)
        found[place] = name
    return found


def _no_column(place: int, event_type: str) -> UnreadableSheetError:
    """Return the error for a heading that the type does not have, with those that it has."""
    column, columns = letters(place), columns_of(event_type).values()
    en, es = (", ".join(heading(each, lang) for each in columns) for lang in _LANGUAGES)
    return UnreadableSheetError(
        f"column {column} is none of {short(event_type)}’s; there are {en}",
        f"la columna {column} no es de {short(event_type)}; hay {es}",
    )


def _holds_errors(text: str) -> bool:
    return plain(text) in ERRORS.values()


def _in_doubt(text: str) -> str:
    return text if text.endswith(DOUBT) else f"{text} {DOUBT}".strip()


def _is_comment(cells: tuple[str, ...]) -> bool:
    """Whether a row is a comment: `#` alone, `# text`, or alone in its row. `#118/24` beside cells is an own number."""
    if not cells or not cells[0].startswith(COMMENT):
        return False
    return cells[0] == COMMENT or cells[0].startswith(f"{COMMENT} ") or not any(cells[1:])
