"""The printed report for 2024 as release 0: what everybody outside holds since then."""

from services.presentation.printed import PRINTED, YEAR
from services.reporting.domain.disclosure.cells import HeldRelease, ReleaseCell, ToldAmount


def release_zero() -> HeldRelease:
    """Give the printed numbers as told cells. Nothing in it can be protected any more."""
    year = int(YEAR)
    told = {
        ReleaseCell(row.number, year, year, tuple(sorted(row.dimensions.items()))): ToldAmount(row.value, row.value)
        for row in PRINTED
        if row.value is not None
    }
    return HeldRelease(year, told, {})
