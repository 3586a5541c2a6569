"""Reading of spreadsheet files as grids of text: CSV as the common programs write it, and XLSX.

A cell is doubtful if the file may hold something else than a person meant or sees. An apostrophe before a text that a
program would take for a formula is removed (`file_writing` adds it).
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final, TypeAlias
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from services.sheet.cell_errors import DOUBT
from services.sheet.file_size_limits import (
    CELL_CHARACTERS,
    COLUMNS,
    ROWS,
    UNPACKED_BYTES,
    TooLargeError,
    lines,
    refuse_file,
    unpack_readable_parts,
)
from services.sheet.unreadable_cells import NotReadError, Places, find_unread_cells

COMMENT: Final = "#"
"""Mark of a comment row, in its first cell. Comments are ignored, except for the row that names the type."""
MARK: Final = b"\xef\xbb\xbf"
SEPARATORS: Final = (",", ";", "\t")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
APOSTROPHE: Final = "'"
_DECLARED: Final = re.compile(r"sep=(.)")
_FIRST_DAY: Final = 1
_ERROR: Final = re.compile(r"#(?:N/[AD]|[¡¿]?[A-Z0/]+[!?])")

_EXACT: Final = 10**15
"""From this number on a spreadsheet has replaced typed digits by zeros."""
Value: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
Grids: TypeAlias = dict[str, "SheetText"]


class UnreadableSheetError(ValueError):
    """Raised for a file that cannot be read as a spreadsheet. Its text says why; `es` says it in Spanish."""

    def __init__(self, en: str, es: str) -> None:
        super().__init__(en)
        self.es = es


class NoTypeError(UnreadableSheetError):
    """Raised for a file that does not name the event type of its rows, as an empty sheet of the type does."""

    def __init__(self) -> None:
        super().__init__(
            "the file does not name its type: use an empty sheet of the type",
            "el archivo no dice su tipo: use una hoja vacía del tipo",
        )


@dataclass(frozen=True, slots=True)
class SheetText:
    """All rows of a sheet, as text. Places are (row, column), from 0.

    `doubtful`: places of cells that could not be read or are merged with another. Also places of days that a
    spreadsheet may have made from a month, and of numbers too long for it. `times`: places of all days and times.
    """

    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    doubtful: Places = frozenset()
    times: Places = frozenset()
    separator: str = SEPARATORS[0]


def from_csv(content: bytes) -> SheetText:
    """Read CSV in UTF-8, with or without a byte order mark. Commas, semicolons or tabs may separate the cells.

    Raises `UnreadableSheetError` if the file is not UTF-8, not CSV, or too large.
    """
    try:
        refuse_file(len(content))
        text = content.removeprefix(MARK).decode()
        separator = _separator(text)
        rows = list(_within(csv.reader(lines(text), delimiter=separator, strict=True)))
    except UnicodeDecodeError:
        message = "not in UTF-8: save it as 'CSV UTF-8'", "no está en UTF-8: guárdela como «CSV UTF-8»"
        raise UnreadableSheetError(*message) from None
    except TooLargeError as error:
        raise UnreadableSheetError(str(error), error.es) from None
    except csv.Error:
        message = (
            "not CSV: a quotation mark is not closed, or a cell is far too long",
            "no es CSV: falta cerrar unas comillas, o una celda es demasiado larga",
        )
        raise UnreadableSheetError(*message) from None
    if rows and _DECLARED.fullmatch(separator.join(rows[0])):
        rows[0] = [COMMENT]
    texts = tuple(tuple(map(_bare, row)) for row in rows)
    return SheetText(texts, frozenset(_doubted(texts)), separator=separator)


def _within(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield the rows. Raises `TooLargeError` for too many rows, too many cells in a row, or too long a cell."""
    for number, row in enumerate(rows, 1):
        if number > ROWS or len(row) > COLUMNS:
            message = f"row {number}: a sheet has at most {ROWS} rows and {COLUMNS} columns"
            raise TooLargeError(message)
        if any(len(cell) > CELL_CHARACTERS for cell in row):
            message = f"row {number}: a cell has more than {CELL_CHARACTERS} characters"
            raise TooLargeError(message)
        yield row


def _separator(text: str) -> str:
    """Return the separator that the file declares (`sep=;`), or the one that is most frequent in its headings."""
    said = (line.rstrip("\r\n") for line in lines(text))
    held = (line for line in said if line.strip(",;\t ") and not line.lstrip('"').startswith(COMMENT))
    headings = next(held, "")
    declared = _DECLARED.fullmatch(headings)
    if declared and declared[1] in SEPARATORS:
        return declared[1]
    return max(SEPARATORS, key=headings.count)


def _bare(cell: str) -> str:
    bare = cell.strip()
    if _ERROR.fullmatch(bare):
        return DOUBT  # else the error's `#` would make the row a comment
    return bare[1:].strip() if bare[:1] == APOSTROPHE and bare[1:2] in FORMULA else bare


def _doubted(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Yield (row, column), from 0, of each cell that a returned file has marked as doubtful."""
    for number, row in enumerate(rows):
        yield from ((number, place) for place, text in enumerate(row) if text == DOUBT or text.endswith(f" {DOUBT}"))


def from_xlsx(content: bytes, most: int = UNPACKED_BYTES) -> Grids:
    """Return the text of every sheet of an XLSX workbook, by the sheet's name.

    `most`: largest number of unpacked bytes. Raises `UnreadableSheetError` if the file is no workbook, has a password,
    or is too large.
    """
    try:
        book = unpack_readable_parts(content, most)
        shown = find_unread_cells(book)
        with CalamineWorkbook.from_filelike(BytesIO(book)) as workbook:
            return {name: _grid(workbook.get_sheet_by_name(name), shown[name]) for name in workbook.sheet_names}
    except TooLargeError as error:
        raise UnreadableSheetError(str(error), error.es) from None
    except (BadZipFile, CalamineError, NotReadError, KeyError):
        message = "not an XLSX workbook, or one with a password", "no es un libro XLSX, o tiene contraseña"
        raise UnreadableSheetError(*message) from None


def _grid(sheet: CalamineSheet, shown: Places) -> SheetText:
    """Return the cells of a sheet. `shown`: places that calamine reads as empty, or leaves out at the end."""
    rows = sheet.to_python(skip_empty_area=False)
    texts = [list(map(_text, row)) for row in rows]
    for number, place in shown:
        texts += [[] for _ in range(len(texts), number + 1)]
        texts[number] += [""] * (place + 1 - len(texts[number]))
        texts[number][place] = DOUBT
    made = _where(rows, _may_be_made)
    times = _where(rows, lambda value: isinstance(value, date | time | timedelta))
    doubtful = frozenset((*made, *_merged(sheet, texts), *_doubted(texts)))
    return SheetText(tuple(map(tuple, texts)), doubtful, frozenset(times))


def _where(rows: Sequence[Sequence[Value]], holds: Callable[[Value], bool]) -> Iterator[tuple[int, int]]:
    for number, row in enumerate(rows):
        yield from ((number, place) for place, value in enumerate(row) if holds(value))


def _merged(sheet: CalamineSheet, texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Yield (row, column), from 0, of merged cells except the first of each group. Only the first is shown."""
    for first, (bottom, right) in sheet.merged_cell_ranges or ():
        for number in range(first[0], min(bottom + 1, len(texts))):
            places = range(first[1], min(right + 1, len(texts[number])))
            yield from ((number, place) for place in places if (number, place) != first)


def _may_be_made(value: Value) -> bool:
    """Whether a spreadsheet may have changed the typed value: a month to its first day, a long number to zeros."""
    if isinstance(value, date):
        return value.day == _FIRST_DAY and not _has_hour(value)
    return isinstance(value, float) and abs(value) >= _EXACT


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
