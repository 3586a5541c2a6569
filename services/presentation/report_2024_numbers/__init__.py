"""Numbers printed in the Council's report for 2024, copied by hand.

Each row has our unit of the number, and a note if the report's own heading names another unit. A value of None is a
figure that we compute and the report does not print.
"""

from typing import Final

from services.presentation.report_2024_numbers import (
    partnership,
    prevention,
    prosecution,
    protection,
    unprinted_figures,
)
from services.presentation.report_2024_numbers.printed_number import YEAR, PrintedNumber

__all__ = ["PRINTED", "YEAR", "PrintedNumber"]

PRINTED: Final[tuple[PrintedNumber, ...]] = (
    *prosecution.ROWS,
    *protection.ROWS,
    *prevention.ROWS,
    *partnership.ROWS,
    *unprinted_figures.ROWS,
)
