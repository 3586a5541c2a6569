"""Answers to the cells of a standard: values as a role may see them, and the reason beside each empty cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.export.standards.mapping import CellMapping, StandardMapping
from services.export.table import CellValue, ColumnType, ExportTable, TableColumn


class AnswerKey(NamedTuple):
    """A figure's value of a year: the whole, or one code of one dimension."""

    figure: str
    dimension: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class SeenValue:
    """A value as a role sees it. `status` is `shown`, `confidential` or `not_available`."""

    value: float | None
    status: str
    definition: int


_COLUMNS: Final = (
    TableColumn("table", said="Table or question of the standard."),
    TableColumn("asked", said="What the standard asks for."),
    TableColumn("cell", said="CellValue of that table."),
    TableColumn("year", ColumnType.INTEGER, said="Calendar year."),
    TableColumn("value", ColumnType.NUMBER, said="The answer; empty where there is none."),
    TableColumn("why_empty", said="Why there is no answer."),
    TableColumn("figure", said="Number of our figure, or name of a rate."),
    TableColumn("dimension", said="Dimension of the breakdown; empty: the whole."),
    TableColumn("code", said="Code of the dimension’s value."),
    TableColumn("definition", ColumnType.INTEGER, said="Version of the figure’s definition."),
    TableColumn("note", said="How our figure differs from what is asked."),
)
_CONFIDENTIAL: Final = "confidential: the number is small, or would give a small number away"
_NOT_COUNTED: Final = "nobody counted it"


def answered(standard: StandardMapping, year: int, values: Mapping[AnswerKey, SeenValue], known_at: int) -> ExportTable:
    """Answer every cell of a standard for a year. A value of a breakdown that is not there is zero where the whole is.

    Where the whole is confidential, nothing of its breakdown is known either.
    """
    rows = [_row(cell, year, values) for cell in standard.cells]
    empty = sum(row[4] is None for row in rows)
    notes = (
        f"{standard.title}, version {standard.version}. Read from {standard.source} on {standard.read_on}.",
        f"Figures complete to event {known_at}. {empty} of {len(rows)} cells are empty; the reason stands beside each.",
        "Identified and reported cases. They do not say how many victims there are.",
        *standard.limits,
    )
    return ExportTable(standard.name, standard.title, _COLUMNS, rows, ("table", "cell"), notes)


def _row(cell: CellMapping, year: int, values: Mapping[AnswerKey, SeenValue]) -> tuple[CellValue, ...]:
    value, why, definition = _answer(cell, values)
    place = (cell.table, cell.asked, cell.cell, year)
    return *place, value, why, cell.figure, cell.dimension, cell.code, definition, cell.note


def _answer(cell: CellMapping, values: Mapping[AnswerKey, SeenValue]) -> tuple[float | None, str, int | None]:
    if not cell.figure:
        return None, cell.why, None
    whole = values.get(AnswerKey(cell.figure))
    found = values.get(AnswerKey(cell.figure, cell.dimension, cell.code))
    if found is None and whole is not None and whole.status == "shown":
        return 0.0, "", whole.definition
    seen = found or whole
    if seen is None:
        return None, "no value is kept of this year", None
    if seen.value is None or found is None:
        return None, _CONFIDENTIAL if seen.status == "confidential" else _NOT_COUNTED, seen.definition
    return seen.value * cell.times, "", seen.definition
