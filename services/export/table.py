"""A table with typed columns: what every writer takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

CellValue: TypeAlias = str | int | float | bool | date | datetime | None


class ColumnType(StrEnum):
    """Type of a column, by the names of a Frictionless table schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column. `title` is what people read above it; `said` is a sentence for the schema of a data package."""

    name: str
    type: ColumnType = ColumnType.STRING
    title: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Rows under typed columns. `key` names the columns that tell rows apart; `notes` are sentences about the table."""

    name: str
    title: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[CellValue]]
    key: Sequence[str] = ()
    notes: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        """Refuse rows of another width than the columns."""
        if any(len(row) != len(self.columns) for row in self.rows):
            message = f"a row of {self.name} has not {len(self.columns)} cells"
            raise ValueError(message)
