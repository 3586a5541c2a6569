"""Answers to a standard's cells: values as a role may see them, and the reason beside each empty cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from services.export.standards.figure_mapping import CellMapping, StandardMapping
from services.export.table import CellValue, ColumnType, ExportTable, TableColumn


class AnswerKey(NamedTuple):
    """Key of a figure's value in the asked year: the whole, or (`dimension` not empty) one code of a dimension."""

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
    TableColumn("cell", said="Cell of that table."),
    TableColumn("year", ColumnType.INTEGER, said="Calendar year."),
    TableColumn("value", ColumnType.NUMBER, said="The answer; empty where there is none."),
    TableColumn("why_empty", said="Why there is no answer."),
    TableColumn("figure", said="Number of our figure, or name of a rate."),
    TableColumn("dimension", said="Dimension of the breakdown; empty: the whole."),
    TableColumn("code", said="Code of the dimension’s value."),
    TableColumn("definition", ColumnType.INTEGER, said="Version of the figure’s definition."),
    TableColumn("note", said="How our figure differs from what is asked."),
    TableColumn("audience", said="Who may have the table: anybody, committee, or the officer who asked."),
)
_CONFIDENTIAL: Final = "confidential: the number is small, or would give a small number away"
_NOT_COUNTED: Final = "nobody counted it"
_NO_ROW: Final = "confidential: fewer than may be told, 0 included, or a number that would give such a number away"


class AnswerSource(Enum):
    """Sources of answers. The value is a sentence that states who may get the table."""

    COMMITTEE = "For the committee: as the role me_read sees it. It is not audited with releases. Do not hand it on."
    OFFICER = "For the officer who asked: exact, with small numbers. Do not hand it on."
    RELEASE = "For anybody: of a public release, which was audited with all others. It tells nothing beyond that."

    @property
    def note(self) -> str:
        """Sentence for the table's notes: who may get the table."""
        return self.value

    @property
    def audience(self) -> str:
        """Word for the column `audience`: `anybody`, `committee` or `officer`."""
        return "anybody" if self is AnswerSource.RELEASE else self.name.lower()

    @property
    def no_figure(self) -> str:
        """Reason for an empty cell whose figure has no value at all."""
        return "the release does not tell it" if self is AnswerSource.RELEASE else "no value is kept of this year"


def answers_table(
    standard: StandardMapping,
    year: int,
    values: Mapping[AnswerKey, SeenValue],
    known_at: int,
    source: AnswerSource = AnswerSource.COMMITTEE,
) -> ExportTable:
    """Return the table of a standard's answers for a year, one row for each cell.

    `values`: figures' values in that year. A breakdown's row may not be among them. It is 0 for an officer, who sees
    all rows, and in a release that shows the breakdown exactly. Otherwise it is confidential, or not shown by the
    release. If the whole is not shown, such a row has the whole's status.
    """
    rows = [_row(cell, year, values, source) for cell in standard.cells]
    empty = sum(row[4] is None for row in rows)
    notes = (
        f"{standard.title}, version {standard.version}. Read from {standard.source} on {standard.read_on}.",
        source.note,
        f"Figures complete to event {known_at}. {empty} of {len(rows)} cells are empty; the reason stands beside each.",
        "Identified and reported cases. They do not say how many victims there are.",
        *standard.limits,
    )
    return ExportTable(standard.name, standard.title, _COLUMNS, rows, ("table", "cell"), notes)


def _row(
    cell: CellMapping, year: int, values: Mapping[AnswerKey, SeenValue], source: AnswerSource
) -> tuple[CellValue, ...]:
    value, why, definition = _answer(cell, values, source)
    place = (cell.table, cell.asked, cell.cell, year)
    return *place, value, why, cell.figure, cell.dimension, cell.code, definition, cell.note, source.audience


def _answer(
    cell: CellMapping, values: Mapping[AnswerKey, SeenValue], source: AnswerSource
) -> tuple[float | None, str, int | None]:
    if not cell.figure:
        return None, cell.why, None
    whole = values.get(AnswerKey(cell.figure))
    total = 0.0
    for code in cell.codes:
        seen = values.get(AnswerKey(cell.figure, cell.dimension, code)) or _absent(cell, values, source)
        if seen is None:
            return None, source.no_figure, None
        if seen.value is None:
            return None, _WHY[seen.status], seen.definition
        total += seen.value
    known = values.get(AnswerKey(cell.figure, cell.dimension, cell.codes[0])) or whole
    return total * cell.times, "", None if known is None else known.definition


_WHY: Final = {"confidential": _CONFIDENTIAL, "not_available": _NOT_COUNTED, "no_row": _NO_ROW}


def _absent(cell: CellMapping, values: Mapping[AnswerKey, SeenValue], source: AnswerSource) -> SeenValue | None:
    """Return the value to use for a missing row of a breakdown; None if nothing shows the breakdown.

    A release has each row that is not 0 of a breakdown that it shows exactly.
    """
    whole = values.get(AnswerKey(cell.figure))
    if whole is None or whole.status != "shown":
        return whole
    rows = [seen for key, seen in values.items() if (key.figure, key.dimension) == (cell.figure, cell.dimension)]
    shown = sum(seen.value or 0 for seen in rows if seen.status == "shown")
    every_row = all(seen.status == "shown" for seen in rows) and shown >= (whole.value or 0)
    if source is AnswerSource.OFFICER or (source is AnswerSource.RELEASE and every_row):
        return SeenValue(0.0, "shown", whole.definition)
    return SeenValue(None, "no_row", whole.definition) if rows or source is not AnswerSource.RELEASE else None
