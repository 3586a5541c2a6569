"""Figures of several periods side by side, and figures as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from rich.table import Column, Table

from schemas.times import Period
from services.console.figures import show
from services.console.say import out
from services.presentation import amounts
from services.presentation.periods import named
from services.presentation.units import unit
from services.presentation.words import Language
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport

FigureSeries: TypeAlias = Sequence[tuple[Period, FigureReport]]

_BORDER: Final = 3
"""Columns between two cells of a table."""
_BESIDE: Final = 40
"""Columns for number, figure, breakdown and unit, beside which the periods stand."""
_COLUMNS = ("number", "name", "unit", "period", "amount", "undated", "cut", "unknown", "twice", "not_yet")


def plain_series(reports: FigureSeries) -> dict[str, Any]:
    """Give the figures of all periods as JSON-ready values. Each row names its period."""
    figures = [row for _, report in reports for row in show.plain(report)["figures"]]
    _, last = reports[-1]
    return {"figures": figures, "complete_to": last.complete_to, "withheld": last.withheld}


def show_series(reports: FigureSeries, at: datetime | None, lang: Language = Language.EN) -> None:
    """Print one row for each figure and combination of dimensions, and one column for each period.

    Where the periods do not fit beside each other, several tables follow one another.
    """
    console = out()
    for part in _parts(reports, console.width):
        console.print(_table(part, lang))
    _, last = reports[-1]
    console.print(show.known_to(last, at, lang), markup=False)


def _parts(reports: FigureSeries, width: int) -> Iterator[FigureSeries]:
    """Yield as many periods at a time as fit into a terminal of that width, at least one."""
    column = max(len(named(period)) for period, _ in reports) + _BORDER
    most = max((width - _BESIDE) // column, 1)
    for first in range(0, len(reports), most):
        yield reports[first : first + most]


def _table(reports: FigureSeries, lang: Language) -> Table:
    names = [named(period) for period, _ in reports]
    table = Table(*show.heads(lang, "unit"), *(Column(each, no_wrap=True, overflow="fold") for each in names))
    rows: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, Reading]] = {}
    for (_, report), name in zip(reports, names, strict=True):
        for reading in report.figures:
            rows.setdefault((reading.number, tuple(reading.dimensions.items())), {})[name] = reading
    for (number, _), found in rows.items():
        one = next(iter(found.values()))
        cells = [
            amounts.amount_text(found[name], lang=lang) if name in found else _nothing(one, report, period, lang)
            for (period, report), name in zip(reports, names, strict=True)
        ]
        table.add_row(number, show.name(one, lang), show.of(one, lang), unit(one.unit, None, lang), *cells)
    return table


def _nothing(one: Reading, report: FigureReport, period: Period, lang: Language) -> str:
    """Give the cell of a missing row. A breakdown shows no empty combinations, so that it is zero once it has begun."""
    if report.not_yet(period):
        return amounts.NOT_YET.of(lang)
    return "—" if one.figure.reader is Reader.QUANTILE else "0"


def written(reports: FigureSeries, by: Sequence[str], lang: Language = Language.EN) -> str:
    """Write CSV: one row for each figure, period and combination of dimensions.

    An amount is empty where nobody counted, and where the period has not begun: then `not_yet` is true. A dimension has
    a column with its code, and after all of these a column with its label.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *by, *(f"{name}_label" for name in by)])
    for _, report in reports:
        for row in show.plain(report)["figures"]:
            codes = [row["dimensions"].get(name, "") for name in by]
            labels = [row["labels"].get(name, {}).get(lang, "") for name in by]
            row["not_yet"] = "true" if row.get("not_yet") else "false"
            writer.writerow([*(row[name] for name in _COLUMNS), *codes, *labels])
    return text.getvalue()
