"""Writing of grids as spreadsheet files: CSV, and XLSX with headings, widths and lists of codes to choose from.

No cell is written as a formula. In XLSX every cell is text. In CSV a text that a program would take for a formula has
an apostrophe before it.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any, Final

import xlsxwriter

from services.sheet.file_reading import APOSTROPHE, FORMULA, MARK, SEPARATORS
from services.sheet.unreadable_cells import Places


def to_csv(rows: Iterable[Sequence[str]], separator: str = SEPARATORS[0]) -> bytes:
    """Return rows as CSV in UTF-8 with a byte order mark, which common programs open correctly."""
    written = StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows([[_harmless(cell) for cell in row] for row in rows])
    return MARK + written.getvalue().encode()


def _harmless(cell: str) -> str:
    return APOSTROPHE + cell if cell.startswith(FORMULA) else cell


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A sheet to be written. `choices`: by column number, the range of another page with the values to choose from.

    `open_rows`: the number of rows below the heading whose cells are text and offer their choices. `marked`: the cells
    to be coloured as (row, column), from 0.
    """

    name: str
    rows: Sequence[Sequence[str]]
    choices: dict[int, str] = field(default_factory=dict)
    open_rows: int = 0
    marked: Places = frozenset()


_WIDTHS: Final = range(12, 60)

_WRONG: Final = "#FFD9D9"
"""Background colour of a wrong cell. The column of errors says what is wrong."""


def to_xlsx(pages: Iterable[SheetPage]) -> bytes:
    """Return a workbook as XLSX. The first row of each page is its heading and stays visible."""
    written = BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True})
    text, heading = workbook.add_format({"num_format": "@"}), workbook.add_format({"num_format": "@", "bold": True})
    wrong = workbook.add_format({"num_format": "@", "bg_color": _WRONG})
    for page in pages:
        sheet = workbook.add_worksheet(page.name)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(page.rows):
            for place, cell in enumerate(row):
                style = wrong if (number, place) in page.marked else text
                sheet.write_string(number, place, cell, style if number else heading)
        for place in range(max(map(len, page.rows), default=0)):
            longest = max(len(row[place]) for row in page.rows if place < len(row))
            sheet.set_column(place, place, min(max(longest + 2, _WIDTHS.start), _WIDTHS.stop), text)
        for place, cells in page.choices.items():
            sheet.data_validation(1, place, page.open_rows, place, _offered(cells))
    workbook.close()
    return written.getvalue()


def _offered(cells: str) -> dict[str, Any]:
    """Return a validation that offers codes and allows any other text, because labels are read too."""
    return {"validate": "list", "source": cells, "ignore_blank": True, "show_error": False}
