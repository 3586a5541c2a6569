"""Sources of reports without a database: the demo's year by the pure path, and invented values."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from schemas.times import Period
from services.report.domain.document_building import needed_figures
from services.report.domain.figure_values import FigureValue, Values, value_of_reading
from services.report.domain.report_input import ReportSource, YearBefore
from services.reporting.domain.cells.cells_from_items import GROUP, MARKS, CellKey, add_changes
from services.reporting.domain.cells.counted_items import cells
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.amounts_from_cells import read
from services.reporting.domain.read.claims_beside_figures import EACH, NUMBER, claims_in
from services.reporting.domain.read.reading import Reading
from tests.unit.demo.counted_year import accepted, states

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)
YEAR = 2024


@cache
def _amounts() -> dict[str, dict[CellKey, int]]:
    """The cells of the demo's year, by figure."""
    total: dict[CellKey, int] = {}
    for state in states(accepted()).values():
        add_changes(total, cells(state))
    of_figure: dict[str, dict[CellKey, int]] = defaultdict(dict)
    for key, amount in total.items():
        of_figure[key.figure.rstrip(MARKS + GROUP)][key] = amount
    return of_figure


def readings(number: str, period: Period, by: Sequence[str]) -> list[Reading]:
    """Read a figure of the demo's year."""
    return list(read(FIGURES[number], _amounts().get(number, {}), period, tuple(by)))


@cache
def demo() -> ReportSource:
    """The report's source of the demo's year."""
    period = Period.parse(str(YEAR))
    values = Values(
        value_of_reading(reading)
        for by, numbers in needed_figures().items()
        for number in numbers
        for reading in readings(number, period, by)
    )
    claims = claims_in(readings(NUMBER, period, EACH))
    return ReportSource(YEAR, values, YearBefore.NOT_EXPECTED, 1204, AT, 0, "0123456789abcdef0123", claims=claims)


def every(amount: int, before: int | None = None, **beside: Any) -> ReportSource:  # noqa: ANN401 - fields of a value
    """Every figure, whole, has one amount, and another in the year before."""
    periods = {str(YEAR): amount} | ({} if before is None else {str(YEAR - 1): before})
    values = [FigureValue(number, period, amount=n, **beside) for period, n in periods.items() for number in FIGURES]
    compared = YearBefore.NOT_EXPECTED if before is None else YearBefore.COMPARED
    return ReportSource(YEAR, Values(values), compared, 7, AT, 0, "0123456789abcdef0123")
