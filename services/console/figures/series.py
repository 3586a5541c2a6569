"""Series of figures from database reports: side by side, as JSON and as CSV."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from schemas.times import Period
from services.console import terminal_layout
from services.console.figures import layout, show
from services.console.figures.layout import RowSeries
from services.console.output import out
from services.presentation.bilingual_text import Language
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport

FigureSeries: TypeAlias = Sequence[tuple[Period, FigureReport]]


def filled(reports: FigureSeries) -> FigureSeries:
    """Return the series with equal rows in each period: a combination of dimensions that a period lacks is added as 0.

    In a period that has not begun, an added row has no amount.
    """
    today = reports[-1][1].today
    rows = layout.filled(
        [(period, report.figures) for period, report in reports],
        lambda reading: (reading.number, tuple(reading.dimensions.items())),
        lambda like, period: Reading(like.figure, period, like.dimensions, 0, today=today),
    )
    return [
        (period, replace(report, figures=tuple(each))) for (period, report), each in zip(reports, rows, strict=True)
    ]


def _rows(reports: FigureSeries) -> RowSeries:
    return [(period, [show.titled(each) for each in report.figures]) for period, report in reports]


def plain_series(reports: FigureSeries) -> dict[str, Any]:
    """Return dict of figures, complete_to and withheld for JSON. Each row of `figures` names its period."""
    figures = [row for _, report in reports for row in show.plain(report)["figures"]]
    _, last = reports[-1]
    return {"figures": figures, "complete_to": last.complete_to, "withheld": last.withheld}


def show_series(reports: FigureSeries, at: datetime | None, lang: Language = Language.EN) -> None:
    """Print one row for each figure and combination of dimensions, and one column for each period.

    Each period must have the same rows, as `filled` makes them.
    """
    console = out()
    terminal_layout.show(console, layout.tables(_rows(reports), console.width, lang.value))
    _, last = reports[-1]
    console.print(show.known_to(last, at, lang), markup=False)


def written(reports: FigureSeries, by: Sequence[str], lang: Language = Language.EN) -> str:
    """Return CSV text: one row for each figure, period and combination of dimensions."""
    return layout.csv_text(_rows(reports), by, lang.value)
