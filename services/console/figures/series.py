"""Figures of several periods side by side, and figures as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from schemas.times import Period
from services.console import terminal_layout
from services.console.figures import show
from services.console.say import out
from services.console.terminal_layout import wrapped
from services.presentation import amounts
from services.presentation.periods import named
from services.presentation.words import Language
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport

FigureSeries: TypeAlias = Sequence[tuple[Period, FigureReport]]
_Dimensions: TypeAlias = tuple[tuple[str, str], ...]

_BETWEEN: Final = 2
"""Columns between two cells."""
_BESIDE: Final = 40
"""Columns for number, figure, breakdown and unit, beside which the periods stand."""
_COLUMNS = ("number", "name", "unit", "period", "amount", "undated", "cut", "unknown", "twice", "not_yet")


def filled(reports: FigureSeries) -> FigureSeries:
    """Give each period every row that another period has: a combination of dimensions that it lacks is zero there.

    A breakdown has no row of nothing. Where the period has not begun, such a row has no amount either.
    """
    rows: dict[str, dict[_Dimensions, Reading]] = {}
    for _, report in reports:
        for each in report.figures:
            rows.setdefault(each.number, {}).setdefault(_dimensions(each), each)
    return [(period, replace(report, figures=tuple(_each_row(rows, period, report)))) for period, report in reports]


def _each_row(
    rows: Mapping[str, Mapping[_Dimensions, Reading]], period: Period, report: FigureReport
) -> Iterator[Reading]:
    own = {(each.number, _dimensions(each)): each for each in report.figures}
    for number, each in rows.items():
        for dimensions, like in each.items():
            nothing = Reading(like.figure, period, like.dimensions, 0, today=report.today)
            yield own.get((number, dimensions), nothing)


def _dimensions(reading: Reading) -> _Dimensions:
    return tuple(reading.dimensions.items())


def plain_series(reports: FigureSeries) -> dict[str, Any]:
    """Give the figures of all periods as JSON-ready values. Each row names its period."""
    figures = [row for _, report in reports for row in show.plain(report)["figures"]]
    _, last = reports[-1]
    return {"figures": figures, "complete_to": last.complete_to, "withheld": last.withheld}


def show_series(reports: FigureSeries, at: datetime | None, lang: Language = Language.EN) -> None:
    """Print one row for each figure and combination of dimensions, and one column for each period.

    Where the periods do not fit beside each other, several tables follow one another. A name is never broken: where it
    is too long to stand beside the amounts, it has a line of its own.
    """
    console = out()
    for place, part in enumerate(_parts(reports, console.width)):
        terminal_layout.show(console, ["", *_lines(part, console.width, lang)][not place :])
    _, last = reports[-1]
    console.print(show.known_to(last, at, lang), markup=False)


def _parts(reports: FigureSeries, width: int) -> Iterator[FigureSeries]:
    """Yield as many periods at a time as fit into a terminal of that width, at least one."""
    column = max(len(named(period)) for period, _ in reports) + _BETWEEN
    most = max((width - _BESIDE) // column, 1)
    for first in range(0, len(reports), most):
        yield reports[first : first + most]


def _lines(reports: FigureSeries, width: int, lang: Language) -> Iterator[str]:
    """Yield the lines of one table: names to the left, amounts to the right below their periods."""
    heads = [named(period) for period, _ in reports]
    rows = [
        (show.row_label(same[0], lang), [amounts.amount_text(each, lang=lang) for each in same])
        for same in zip(*(report.figures for _, report in reports), strict=True)
    ]
    columns = [max(map(len, column)) for column in zip(heads, *(cells for _, cells in rows), strict=True)]
    beside = width - sum(columns) - _BETWEEN * len(columns)
    beside = max(min(beside, max((len(label) for label, _ in rows), default=0)), 0)
    for label, cells in (("", heads), *rows):
        *above, last = wrapped(label, "") if len(label) > beside else [label]
        if len(last) > beside:
            above, last = [*above, last], ""
        yield from above
        gap = " " * _BETWEEN
        yield gap.join((last.ljust(beside), *(cell.rjust(size) for cell, size in zip(cells, columns, strict=True))))


def written(reports: FigureSeries, by: Sequence[str], lang: Language = Language.EN) -> str:
    """Write CSV: one row for each figure, period and combination of dimensions.

    An amount is empty where nobody counted, and where the period has not begun: then `not_yet` is true. A period is
    written as it can be typed: 2024-Q2. A dimension has a column with its code, and after all of these a column with
    its label.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *by, *(f"{name}_label" for name in by)])
    for period, report in reports:
        for row in show.plain(report)["figures"]:
            codes = [row["dimensions"].get(name, "") for name in by]
            labels = [row["labels"].get(name, {}).get(lang, "") for name in by]
            row |= {"not_yet": "true" if row.get("not_yet") else "false", "period": named(period)}
            writer.writerow([*(row[name] for name in _COLUMNS), *codes, *labels])
    return text.getvalue()
