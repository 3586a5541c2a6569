"""Spreadsheet files as grids of text: CSV as the common programs write it, and XLSX; and grids as files again.

Nothing that is written is ever a formula: in XLSX every cell is text, in CSV what a program would take for a formula
has an apostrophe before it, which is taken away when the file is read.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any, Final, TypeAlias

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

COMMENT: Final = "#"
"""A row whose first cell begins with it is not looked at, but for the one that names the type."""

MARK: Final = b"\xef\xbb\xbf"
SEPARATORS: Final = (",", ";", "\t")

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_APOSTROPHE: Final = "'"
_DECLARED: Final = re.compile(r"sep=(.)")
_FIRST_DAY: Final = 1

Value: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
Grids: TypeAlias = dict[str, "Grid"]


class NoSheetError(ValueError):
    """The file is not a spreadsheet that can be read; what it is was said to a person."""


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows of a sheet, as text.

    `doubtful`: (row, column), from 0, of days that a spreadsheet may have made of a month by itself.
    """

    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    doubtful: frozenset[tuple[int, int]] = frozenset()
    separator: str = SEPARATORS[0]


def from_csv(content: bytes) -> Grid:
    """Read CSV in UTF-8, with or without a mark at its beginning. Raises `NoSheetError`."""
    try:
        text = content.removeprefix(MARK).decode()
    except UnicodeDecodeError:
        message = "not in UTF-8: save it as 'CSV UTF-8'"
        raise NoSheetError(message) from None
    separator = _separator(text)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        message = "not CSV: a quotation mark is not closed, or a cell is far too long"
        raise NoSheetError(message) from None
    if rows and _DECLARED.fullmatch(separator.join(rows[0])):
        rows[0] = [COMMENT]
    return Grid(tuple(tuple(_bare(cell) for cell in row) for row in rows), separator=separator)


def _separator(text: str) -> str:
    """The separator that the file declares, or the one that is most often between its headings."""
    lines = (line for line in text.splitlines() if line.strip(",;\t ") and not line.lstrip('"').startswith(COMMENT))
    headings = next(lines, "")
    declared = _DECLARED.fullmatch(headings)
    if declared and declared[1] in SEPARATORS:
        return declared[1]
    return max(SEPARATORS, key=headings.count)


def _bare(cell: str) -> str:
    bare = cell.strip()
    return bare[1:].strip() if bare[:1] == _APOSTROPHE and bare[1:2] in _FORMULA else bare


def from_xlsx(content: bytes) -> Grids:
    """Read every sheet of a workbook, by its name. Raises `NoSheetError`."""
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            return {
                name: _grid(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
                for name in workbook.sheet_names
            }
    except CalamineError:
        message = "not an XLSX workbook, or one with a password"
        raise NoSheetError(message) from None


def _grid(rows: Sequence[Sequence[Value]]) -> Grid:
    doubtful = {
        (number, place)
        for number, row in enumerate(rows)
        for place, value in enumerate(row)
        # A month that somebody typed is by now its first day, and looks like one that was meant.
        if isinstance(value, date) and value.day == _FIRST_DAY and not _has_hour(value)
    }
    return Grid(tuple(tuple(map(_text, row)) for row in rows), frozenset(doubtful))


def _has_hour(value: date) -> bool:
    return isinstance(value, datetime) and value.time() != time()


def _text(value: Value) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(" ", "seconds") if _has_hour(value) else value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return _bare(str(value))


def to_csv(rows: Iterable[Sequence[str]], separator: str = SEPARATORS[0]) -> bytes:
    """Write CSV that the common programs open as it is meant."""
    written = StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows([[_harmless(cell) for cell in row] for row in rows])
    return MARK + written.getvalue().encode()


def _harmless(cell: str) -> str:
    return _APOSTROPHE + cell if cell.startswith(_FORMULA) else cell


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to be written: its rows, and by the number of a column the cells of another page that may stand in it.

    `open_rows`: for how many rows below the heading cells are kept as text and their choices are offered.
    """

    name: str
    rows: Sequence[Sequence[str]]
    choices: dict[int, str] = field(default_factory=dict)
    open_rows: int = 0


_WIDTHS: Final = range(12, 60)


def to_xlsx(pages: Iterable[Page]) -> bytes:
    """Write a workbook: the first row of each page is its heading, and stays in sight."""
    written = BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True})
    text, heading = workbook.add_format({"num_format": "@"}), workbook.add_format({"num_format": "@", "bold": True})
    for page in pages:
        sheet = workbook.add_worksheet(page.name)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(page.rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, text if number else heading)
        for place in range(max(map(len, page.rows), default=0)):
            longest = max(len(row[place]) for row in page.rows if place < len(row))
            sheet.set_column(place, place, min(max(longest + 2, _WIDTHS.start), _WIDTHS.stop), text)
        for place, cells in page.choices.items():
            sheet.data_validation(1, place, page.open_rows, place, _offered(cells))
    workbook.close()
    return written.getvalue()


def _offered(cells: str) -> dict[str, Any]:
    """Offer codes without insisting: their labels are understood as well."""
    return {"validate": "list", "source": cells, "ignore_blank": True, "show_error": False}
