"""Tables with typed columns, the input of every writer in `formats`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

CellValue: TypeAlias = str | int | float | bool | date | datetime | None


class ColumnType(StrEnum):
    """Types of a column, with the names of a Frictionless table schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column. `title`: its heading for people. `said`: its description in the schema of a data package."""

    name: str
    type: ColumnType = ColumnType.STRING
    title: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Rows with typed columns. `key`: names of columns that are unique together. `notes`: sentences about the table.

    `for_anybody`: whether the table may leave the committees, because it shows only amounts of a published public
    release. Raises `ValueError` if a row has another number of cells than there are columns.
    """

    name: str
    title: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[CellValue]]
    key: Sequence[str] = ()
    notes: Sequence[str] = field(default=())
    for_anybody: bool = False

    def __post_init__(self) -> None:
        """Raise `ValueError` for a row with another number of cells than columns."""
        if any(len(row) != len(self.columns) for row in self.rows):
            message = f"a row of {self.name} has not {len(self.columns)} cells"
            raise ValueError(message)
