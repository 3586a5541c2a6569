"""The printed report for 2024 as release 0, which all outsiders hold."""

from services.presentation.report_2024_numbers import PRINTED, YEAR
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount


def release_zero() -> HeldRelease:
    """Make a release of the printed numbers, each shown exactly. Its `truth` is empty: it protects nothing."""
    year = int(YEAR)
    told = {
        ReleaseCell(row.number, year, year, tuple(sorted(row.dimensions.items()))): ToldAmount(row.value, row.value)
        for row in PRINTED
        if row.value is not None
    }
    return HeldRelease(year, told, {})
