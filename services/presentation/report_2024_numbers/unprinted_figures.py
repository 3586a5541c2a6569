"""Rows without a printed number for the figures of times (T) and of steps, rates and courts (R).

They are made from `FIGURES`, so that a new figure of these letters gets its row.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.report_2024_numbers.printed_number import BEYOND, COURT, PrintedNumber
from services.reporting.domain.figures.all_figures import FIGURES, row_of

KINDS: Final = frozenset("TR")
"""First letters of the numbers of figures that the report does not print."""

OF_COURTS: Final = frozenset({"R10", "R11", "R12", "R13", "R14", "R15", "R16", "R17", "R28", "R29", "R30"})
"""Rows of figures that belong to the report's section on court proceedings, which prints convictions only."""

NOTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "R24": "of the census, not of the Council",
        "R29": "one of the six has a charge and no arrest known",
    }
)

ROWS: Final = tuple(
    PrintedNumber(
        number, figure.unit.value, None, COURT if row_of(number) in OF_COURTS else BEYOND, note=NOTES.get(number, "")
    )
    for number, figure in FIGURES.items()
    if number[0] in KINDS
)
