"""Tables as one XLSX workbook: numbers and dates are typed, and no cell is a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Final

import xlsxwriter

from services.export.table import CellValue, ExportTable

_WIDE: Final = 60
_MADE: Final = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Creation time in each file's properties. It is constant, so that equal tables give equal bytes."""


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A sheet: column heads, rows, and notes below the rows. `wide`: columns of long text, counted from 0.

    `filtered`: whether the heads have a filter.
    """

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[CellValue]]
    below: Sequence[Sequence[CellValue]] = ()
    wide: Sequence[int] = ()
    filtered: bool = True


def book(sheets: Sequence[WorkbookSheet]) -> bytes:
    """Return a workbook of these sheets as the bytes of an XLSX file."""
    written = BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True, "remove_timezone": True})
    workbook.set_properties({"created": _MADE})
    styles = {
        "head": workbook.add_format({"bold": True}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "time": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "long": workbook.add_format({"text_wrap": True, "valign": "top"}),
    }
    for each in sheets:
        _sheet(workbook.add_worksheet(each.name), each, styles)
    workbook.close()
    return written.getvalue()


def sheet_of(table: ExportTable) -> WorkbookSheet:
    """Return a sheet of a table, with the notes below the rows. Its name is the title's first 31 letters."""
    heads = [column.title or column.name for column in table.columns]
    return WorkbookSheet(table.title[:31], heads, table.rows, [(note,) for note in table.notes])


def _sheet(
    sheet: xlsxwriter.worksheet.Worksheet, each: WorkbookSheet, styles: dict[str, xlsxwriter.format.Format]
) -> None:
    for column, head in enumerate(each.heads):
        sheet.write_string(0, column, head, styles["head"])
    sheet.freeze_panes(1, 0)
    for column in each.wide:
        sheet.set_column(column, column, _WIDE)
    for place, row in enumerate(each.rows, 1):
        for column, cell in enumerate(row):
            _cell(sheet, (place, column), cell, styles, long=column in each.wide)
    if each.rows and each.filtered:
        sheet.autofilter(0, 0, len(each.rows), len(each.heads) - 1)
    for place, row in enumerate(each.below, len(each.rows) + 2):
        for column, cell in enumerate(row):
            _cell(sheet, (place, column), cell, styles, long=False)


def _cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    at: tuple[int, int],
    cell: CellValue,
    styles: dict[str, xlsxwriter.format.Format],
    *,
    long: bool,
) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(*at, cell)
        case int() | float():
            sheet.write_number(*at, cell)
        case datetime():
            sheet.write_datetime(*at, cell, styles["time"])
        case date():
            sheet.write_datetime(*at, cell, styles["day"])
        case _:
            sheet.write_string(*at, str(cell), styles["long"] if long else None)
