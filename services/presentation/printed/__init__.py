"""Numbers printed in the Council's report for 2024. They are written by hand here and nowhere else.

Each row says in which of our units we hold the number; a note where the report's own heading says something else.
None is a figure that we compute and the report does not print: there is nothing that it could agree with.
"""

from typing import Final

from services.presentation.printed import operations, partnership, prevention, protection, unprinted_figures
from services.presentation.printed.printed_number import YEAR, PrintedNumber

__all__ = ["PRINTED", "YEAR", "PrintedNumber"]

PRINTED: Final[tuple[PrintedNumber, ...]] = (
    *operations.ROWS,
    *protection.ROWS,
    *prevention.ROWS,
    *partnership.ROWS,
    *unprinted_figures.ROWS,
)
