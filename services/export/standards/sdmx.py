"""Figures as SDMX-CSV 2.0, for a statistical office to load.

Columns and rules: the field guide of the SDMX Technical Working Group (github.com/sdmx-twg/sdmx-csv, commit 1c498eaa,
"SDMX-CSV 2.0 Data Messages"). Codes of OBS_STATUS and CONF_STATUS: the cross-domain lists CL_OBS_STATUS and
CL_CONF_STATUS. The data structure is ours: no structure of another agency asks for these figures.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.export.standards.cell_answers import AnswerSource
from services.export.table import CellValue, ColumnType, ExportTable, TableColumn

STRUCTURE: Final = "BZ_ATIPS:FIGURES(1.0.0)"
_BELIZE: Final = "BZ"
_TOTAL: Final = "_T"
"""SDMX's own code for the total of a dimension."""

COLUMNS: Final = (
    TableColumn("STRUCTURE"),
    TableColumn("STRUCTURE_ID"),
    TableColumn("ACTION"),
    TableColumn("FREQ", said="A: year, Q: quarter."),
    TableColumn("REF_AREA", said="ISO 3166-1 alpha-2."),
    TableColumn("FIGURE", said="Number of the figure, or name of a rate."),
    TableColumn("DIMENSION", said="Dimension of the breakdown; _T: the whole."),
    TableColumn("CODE", said="Code of the dimension’s value; _T: the whole."),
    TableColumn("TIME_PERIOD", said="2024 or 2024-Q1."),
    TableColumn("OBS_VALUE", ColumnType.NUMBER),
    TableColumn("UNIT_MEASURE"),
    TableColumn("OBS_STATUS", said="A normal, B break in the series, L not collected, Q suppressed."),
    TableColumn("CONF_STATUS", said="F free, A primary, due to small counts, D secondary confidentiality."),
    TableColumn("DEFINITION_VERSION", ColumnType.INTEGER),
)
_BAND: Final = re.compile("[0-9]+-[0-9]+")
"""Text of a band, such as 0-4: the amount itself is small. Other confidential values protect another value."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A row of `figure_value`: a value with its text and marks, as the reading role sees it."""

    figure: str
    period: str
    dimension: str
    code: str
    value: float | None
    shown: str
    marks: str
    unit: str
    definition: int


def sdmx(observations: Iterable[Observation], known_at: int, said: str = AnswerSource.COMMITTEE.note) -> ExportTable:
    """Return the table of one SDMX-CSV data message. `said`: sentence that states who may get it."""
    rows = [_row(each) for each in observations]
    notes = (f"SDMX-CSV 2.0, structure {STRUCTURE}. Complete to event {known_at}.", said)
    return ExportTable("sdmx", "SDMX-CSV", COLUMNS, rows, ("FIGURE", "DIMENSION", "CODE", "TIME_PERIOD"), notes)


def _row(each: Observation) -> tuple[CellValue, ...]:
    confidential = "[c]" in each.marks
    status = "Q" if confidential else "L" if each.value is None else "B" if "[b]" in each.marks else "A"
    secrecy = "F" if not confidential else "A" if _BAND.fullmatch(each.shown) else "D"
    place = (
        "Q" if "-" in each.period else "A",
        _BELIZE,
        each.figure,
        each.dimension or _TOTAL,
        each.code or _TOTAL,
        each.period,
    )
    return "datastructure", STRUCTURE, "I", *place, each.value, each.unit, status, secrecy, each.definition
