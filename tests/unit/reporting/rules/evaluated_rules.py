"""The rules between figures, evaluated over a few events by the pure path."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from schemas.codebook.governance import FindingCode
from schemas.codec import decode
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.amounts_from_cells import read
from services.reporting.domain.read.completeness_grid import AgencyRow, GridSource, facts, grid, reported_zeros
from services.reporting.domain.read.expected_reports import ExpectationRow, due_reports, months
from services.reporting.domain.read.reading import Reading
from services.reporting.domain.rules import FACTS, READ, TOTALS, FigureRead, Finding, closed_periods, evaluate_rules
from tests.unit.reporting.samples import When, raw
from tests.unit.reporting.test_fold import all_cells

Said = Callable[[int], bytes]
"""An event that is still without its own number."""


def says(agency: str, name: str, when: When, data: Mapping[str, Any]) -> Said:
    return lambda number: raw(name, number, data, when, agency=agency)


def readings_of(cells: Mapping[CellKey, int], period: Period) -> dict[FigureRead, list[Reading]]:
    """Return the readings of the rules, as `services.reporting.read.figure_findings` reads them from the database."""
    found: dict[FigureRead, list[Reading]] = defaultdict(list)

    def add(asks: Iterable[FigureRead], of: Period) -> None:
        for ask in asks:
            found[ask] += read(FIGURES[ask.number], cells, of, ask.by)

    add(READ, period)
    for closed in closed_periods(found):
        if closed != period:
            add(FACTS, closed)
    return found


def findings(*said: Said, period: str = "2024", only: FindingCode | None = None) -> list[Finding]:
    cells = all_cells([decode(each(number)) for number, each in enumerate(said)])
    found = evaluate_rules(readings_of(cells, Period.parse(period)))
    return [each for each in found if only in {None, each.code}]


def grid_of(
    cells: Mapping[CellKey, int], period: Period, expected: Sequence[ExpectationRow], on: date
) -> list[AgencyRow]:
    """The grid by the pure path, as `services.reporting.read.completeness_grid` reads it from the database."""
    dues, whole = due_reports(expected, period), months(period)
    spans = dict.fromkeys([period, *whole, *(each.span for each in dues)])
    found = [each for span in spans for ask in FACTS for each in read(FIGURES[ask.number], cells, span, ask.by)]
    closings = read(FIGURES[TOTALS.number], cells, period, TOTALS.by)
    return grid(GridSource(period, whole, dues, facts(found), reported_zeros(closings), on))
