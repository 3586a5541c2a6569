"""Series of figures on a terminal and as CSV, from rows as programs get them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from schemas.times import Period
from services.console.terminal_layout import wrapped
from services.presentation.amount_rows import amount_of, label_of, nothing_like
from services.presentation.periods import named

Row: TypeAlias = Mapping[str, Any]
RowSeries: TypeAlias = Sequence[tuple[Period, Sequence[Row]]]

_BETWEEN: Final = 2
"""Columns between two cells."""
_BESIDE: Final = 40
"""Columns for number, figure, breakdown and unit, beside which the periods stand."""
_COLUMNS = ("number", "name", "unit", "period", "amount", "undated", "cut", "unknown", "twice", "not_yet")
_Key: TypeAlias = tuple[tuple[str, str], ...]


def filled(series: RowSeries, ahead: Sequence[bool]) -> list[tuple[Period, list[Row]]]:
    """Give each period every row that another period has: a combination of dimensions that it lacks is zero there.

    A breakdown has no row of nothing. `ahead`: whether each period has not begun; such a row has no amount then.
    """
    every: dict[str, dict[_Key, Row]] = {}
    for _, rows in series:
        for each in rows:
            every.setdefault(each["number"], {}).setdefault(_key(each), each)
    return [
        (period, list(_each_row(every, period, rows, not_yet=not_yet)))
        for (period, rows), not_yet in zip(series, ahead, strict=True)
    ]


def _each_row(
    every: Mapping[str, Mapping[_Key, Row]], period: Period, rows: Sequence[Row], *, not_yet: bool
) -> Iterator[Row]:
    own = {(each["number"], _key(each)): each for each in rows}
    for number, combinations in every.items():
        for key, like in combinations.items():
            yield own.get((number, key)) or nothing_like(like, str(period), not_yet=not_yet)


def _key(row: Row) -> _Key:
    return tuple(row["dimensions"].items())


def tables(series: RowSeries, width: int, lang: str) -> Iterator[str]:
    """Yield the lines of tables: one row for each figure and combination of dimensions, one column for each period.

    Where the periods do not fit beside each other, several tables follow one another. A name is never broken: where it
    is too long to stand beside the amounts, it has a line of its own. Each period has the same rows, as of `filled`.
    """
    column = max(len(named(period)) for period, _ in series) + _BETWEEN
    most = max((width - _BESIDE) // column, 1)
    for first in range(0, len(series), most):
        if first:
            yield ""
        yield from _table(series[first : first + most], width, lang)


def _table(series: RowSeries, width: int, lang: str) -> Iterator[str]:
    """Yield the lines of one table: names to the left, amounts to the right below their periods."""
    heads = [named(period) for period, _ in series]
    rows = [
        (label_of(same[0], lang), [amount_of(each, lang=lang) for each in same])
        for same in zip(*(rows for _, rows in series), strict=True)
    ]
    columns = [max(map(len, column)) for column in zip(heads, *(cells for _, cells in rows), strict=True)]
    beside = width - sum(columns) - _BETWEEN * len(columns)
    beside = max(min(beside, max((len(label) for label, _ in rows), default=0)), 0)
    for label, cells in (("", heads), *rows):
        *above, last = wrapped(label, "") if len(label) > beside else [label]
        if len(last) > beside:
            above, last = [*above, last], ""
        yield from above
        right = (cell.rjust(size) for cell, size in zip(cells, columns, strict=True))
        yield (" " * _BETWEEN).join((last.ljust(beside), *right))


def csv_text(series: RowSeries, by: Sequence[str], lang: str) -> str:
    """Write CSV: one row for each figure, period and combination of dimensions.

    An amount is empty where nobody counted, and where the period has not begun: then `not_yet` is true. A period is
    written as it can be typed: 2024-Q2. A dimension has a column with its code, and after all of these a column with
    its label.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *by, *(f"{name}_label" for name in by)])
    for period, rows in series:
        for row in rows:
            codes = [row["dimensions"].get(name, "") for name in by]
            labels = [row["labels"].get(name, {}).get(lang, "") for name in by]
            told = {**row, "not_yet": "true" if row.get("not_yet") else "false", "period": named(period)}
            writer.writerow([*(told[name] for name in _COLUMNS), *codes, *labels])
    return text.getvalue()
