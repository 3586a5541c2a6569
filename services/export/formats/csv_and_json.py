"""Tables as CSV and JSON. Equal tables give equal bytes."""

import csv
import io
from datetime import date, datetime

import orjson

from services.export.table import CellValue, ExportTable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(table: ExportTable) -> bytes:
    """Return a table as RFC 4180 CSV in UTF-8: a row of column names, then the rows. None is an empty cell.

    Text that a spreadsheet would read as a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([_told(cell) for cell in row])
    return text.getvalue().encode()


def as_json(table: ExportTable) -> bytes:
    """Return a table as a JSON array with one object for each row. Keys are the names of the columns."""
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, map(_plain, row), strict=True)) for row in table.rows]
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _told(cell: CellValue) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date():
            return cell.isoformat()
        case str() if cell.startswith(_FORMULA):
            return f"'{cell}"
        case _:
            return str(cell)


def _plain(cell: CellValue) -> CellValue:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
