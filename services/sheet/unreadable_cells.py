"""Search for cells that calamine reads as empty although a person sees something: errors, formulas without a result.

The cells are read from the workbook's own XML, and refused if they lie too far apart. Calamine allocates memory for
every cell up to the last, which could end this process.
"""

from collections.abc import Iterator, Mapping
from functools import reduce
from io import BytesIO
from string import ascii_uppercase
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from services.sheet.file_size_limits import CELL_CHARACTERS, COLUMNS, ROWS, UNPACKED_BYTES, TooLargeError

Places: TypeAlias = frozenset[tuple[int, int]]

_BOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_ROOT: Final = "xl/"
_RELATION: Final = "id"
_DIGITS: Final = "0123456789"
_LETTERS: Final = 26
_TEXTS: Final = "xl/sharedStrings.xml"
_BENEATH: Final = 200_000
"""The most elements of one row, of one text or between two: a row has at most three for each of 16,384 cells."""
_ELEMENTS: Final = 2_000_000
"""The most rows of one sheet, including rows that are only coloured, or texts of a workbook."""
_MOST: Final = 2_000_000
"""The most cells up to the last row and column, empty ones too: fifty thousand events of the type with most columns."""


class NotReadError(ValueError):
    """Raised for a file that does not have the structure of a workbook."""


class TooFarError(TooLargeError):
    """Raised for a cell so far from the others that the sheet up to it is too large."""

    def __init__(self, row: int, column: int) -> None:
        super().__init__(f"a sheet reaches to row {row} and column {letters(column - 1)}: remove what stands there")


def find_unread_cells(content: bytes) -> Mapping[str, Places]:
    """Return the cells of each sheet that calamine does not read, as (row, column) from 0, by the sheet's name.

    Raises `NotReadError` if the file has not the structure of a workbook, `TooLargeError` if it has too many cells,
    rows or characters.
    """
    try:
        with ZipFile(BytesIO(content)) as book:
            texts = Texts(book)
            parts = {each.get("Id"): each.get("Target", "") for each in _elements(book, _RELATIONS, "Relationship")}
            return {
                sheet.get("name", ""): frozenset(_cells(book, _part(parts[_relation(sheet)]), texts))
                for sheet in _elements(book, _BOOK, "sheet")
            }
    except TooLargeError:
        raise
    except (BadZipFile, LookupError, ParseError, StopIteration, ValueError) as error:
        raise NotReadError from error


def _elements(book: ZipFile, part: str, name: str) -> Iterator[Element]:
    """Yield the XML elements of one name; each is emptied before the next. Raises `TooLargeError` for too many."""
    beneath = count = 0
    with book.open(part) as file:
        for _, element in iterparse(file):  # noqa: S314 - the file is one's own, and expat ends an entity that grows
            beneath += 1
            if beneath > _BENEATH or count > _ELEMENTS:
                message = "the workbook has too many parts in one row, or too many rows"
                raise TooLargeError(message)
            if _bare(element.tag) == name:
                yield element
                element.clear()
                count, beneath = count + 1, 0


class Texts:
    """The lengths of a workbook's shared texts, by their index, and the sum of the characters that its cells show."""

    def __init__(self, book: ZipFile) -> None:
        self._lengths = [_length(each) for each in _elements(book, _TEXTS, "si")] if _TEXTS in book.namelist() else []
        self._shown = 0

    def refuse(self, cell: Element, row: int, place: int) -> None:
        """Count a cell. Raises `TooLargeError` if the cell, or all cells together, have too many characters."""
        length = self._lengths[int(cell.findtext("{*}v") or 0)] if cell.get("t") == "s" else _length(cell)
        self._shown += length
        if length > CELL_CHARACTERS:
            message = f"cell {letters(place - 1)}{row} has more than {CELL_CHARACTERS} characters"
            raise TooLargeError(message)
        if self._shown > UNPACKED_BYTES:
            message = "the cells of the workbook together hold too much: divide it"
            raise TooLargeError(message)


def _length(element: Element) -> int:
    return sum(len(each.text or "") for each in element.iter())


def _part(target: str) -> str:
    bare = target.removeprefix("/")
    return bare if bare.startswith(_ROOT) else _ROOT + bare


def _relation(sheet: Element) -> str:
    return next(value for name, value in sheet.attrib.items() if name.startswith("{") and _bare(name) == _RELATION)


def _cells(book: ZipFile, part: str, texts: Texts) -> Iterator[tuple[int, int]]:
    number = lowest = last = 0
    for row in _elements(book, part, "row"):
        number = int(row.get("r", number + 1))
        place = 0
        for cell in row.iterfind("{*}c"):
            name = cell.get("r", "")
            number = int(name.lstrip(ascii_uppercase) or number)  # calamine trusts the row in the cell's name
            place = _place(name) or place + 1
            if len(cell):  # a cell that is only coloured has no elements
                lowest, last = max(lowest, number), max(last, place)
                if lowest * last > _MOST or lowest > ROWS or last > COLUMNS:
                    raise TooFarError(lowest, last)
                texts.refuse(cell, number, place)
            if _is_unread(cell):
                yield number - 1, place - 1


def _is_unread(cell: Element) -> bool:
    """Whether a cell shows something that calamine does not read. A formula whose result is empty shows nothing."""
    kind = cell.get("t")
    return kind == "e" or (kind != "str" and cell.find("{*}f") is not None and not cell.findtext("{*}v"))


def _place(name: str) -> int:
    """Return a column's number, from 1, by a cell's name: 28 for AB7; 0 for a name without letters."""
    return reduce(lambda before, letter: before * 26 + ord(letter) - ord("A") + 1, name.rstrip(_DIGITS), 0)


def letters(place: int) -> str:
    """Return the letters of a column by its place, from 0: A to Z, AA and so on."""
    before, last = divmod(place, _LETTERS)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _bare(name: str) -> str:
    return name.rpartition("}")[2]
