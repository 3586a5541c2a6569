"""Series of figures as terminal tables and as CSV. A row is a figure's JSON object, as programs get it."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias, TypeVar

from schemas.times import Period
from services.console.terminal_layout import wrapped
from services.presentation.bilingual_text import Words
from services.presentation.figure_row_texts import amount_of, label_of, nothing_like
from services.presentation.period_parsing import period_text

Row: TypeAlias = Mapping[str, Any]
RowSeries: TypeAlias = Sequence[tuple[Period, Sequence[Row]]]

_BETWEEN: Final = 2
"""Blanks between two cells."""
_BESIDE: Final = 40
"""Width in characters that is kept for number, figure, breakdown and unit, to the left of the periods."""
_COLUMNS = ("number", "name", "unit", "period", "amount", "undated", "cut", "unknown", "twice", "not_yet")
_PROTECTED: Final = ("shown", "marks")
"""Columns of protected amounts, named as in the JSON of the pages."""
_BAND: Final = re.compile(r"([0-9]+)-([0-9]+)")
_IN_BAND: Final = Words("a number from {least} to {most}", "un número de {least} a {most}")
_SIGNS: Final[Mapping[str, Words]] = {
    "[c]": Words(
        "confidential, a small number or one that would give such a number away",
        "confidencial, un número pequeño o uno que revelaría un número así",
    ),
    "[x]": Words(
        "not available, nobody counted or nothing ended in the period",
        "no disponible, nadie contó o nada terminó en el período",
    ),
}
Combination: TypeAlias = tuple[tuple[str, str], ...]
"""The (dimension, code) pairs of a row; empty for a whole."""
R = TypeVar("R")


def filled(
    series: Sequence[tuple[Period, Sequence[R]]],
    key: Callable[[R], tuple[str, Combination]],
    nothing: Callable[[R, Period], R],
) -> list[list[R]]:
    """Return the rows of each period, with rows added so that all periods have the same rows in the same order.

    A breakdown has no row where nothing was counted. `key`: a row's figure number and combination. `nothing(like,
    period)`: the row to add in a period that lacks the combination of `like`.
    """
    every: dict[str, dict[Combination, R]] = {}
    for _, rows in series:
        for each in rows:
            number, combination = key(each)
            every.setdefault(number, {}).setdefault(combination, each)
    likes = [each for combinations in every.values() for each in combinations.values()]
    found = []
    for period, rows in series:
        own = {key(each): each for each in rows}
        found.append([own[key(like)] if key(like) in own else nothing(like, period) for like in likes])
    return found


def filled_rows(series: RowSeries, today: date) -> list[tuple[Period, list[Row]]]:
    """Return (period, rows) for each period, with the same figures and combinations in each, by adding missing rows.

    An added row has the amount 0, or None as `nothing_like` says, such as for a period that begins after `today`.
    """

    def nothing(like: Row, period: Period) -> Row:
        return nothing_like(like, str(period), not_yet=period.first > today)

    rows = filled(series, lambda row: (row["number"], tuple(row["dimensions"].items())), nothing)
    return [(period, each) for (period, _), each in zip(series, rows, strict=True)]


def tables(series: RowSeries, width: int, lang: str) -> Iterator[str]:
    """Yield table lines of at most `width` characters: a row for each figure and combination, a column for each period.

    If the periods do not fit beside each other, several tables follow one another. A long name has lines of its own
    above the amounts. Each period must have the same rows, as `filled` makes them.
    """
    column = max(len(period_text(period)) for period, _ in series) + _BETWEEN
    most = max((width - _BESIDE) // column, 1)
    for first in range(0, len(series), most):
        if first:
            yield ""
        yield from _table(series[first : first + most], width, lang)


def _table(series: RowSeries, width: int, lang: str) -> Iterator[str]:
    """Yield the lines of one table: names to the left, amounts to the right below their periods."""
    heads = [period_text(period) for period, _ in series]
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


def csv_text(series: RowSeries, by: Sequence[str], lang: str, *, protected: bool = False) -> str:
    """Return CSV text: one row for each figure, period and combination of dimensions.

    An amount is empty when nobody counted, or when the period has not begun: then `not_yet` is true. A period is
    written as it can be typed: 2024-Q2. Columns of codes, one for each dimension of `by`, come before columns of
    labels. `protected`: small numbers are not shown; two more columns, `shown` and `marks`, explain an empty amount.
    """
    last = _PROTECTED if protected else ()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *by, *(f"{name}_label" for name in by), *last])
    for period, rows in series:
        for row in rows:
            codes = [row["dimensions"].get(name, "") for name in by]
            labels = [row["labels"].get(name, {}).get(lang, "") for name in by]
            told = {**row, "not_yet": "true" if row.get("not_yet") else "false", "period": period_text(period)}
            writer.writerow(
                [*(told[name] for name in _COLUMNS), *codes, *labels, *(row.get(name, "") for name in last)]
            )
    return text.getvalue()


def legend(series: RowSeries, lang: str) -> str:
    """Return one line that explains the signs shown in place of protected amounts; empty without such signs.

    Example: "0-4: a number from 0 to 4; [c]: confidential".
    """
    shown = dict.fromkeys(
        str(row["shown"]) for _, rows in series for row in rows if row["amount"] is None and row.get("shown")
    )
    told = []
    for sign in shown:
        if sign in _SIGNS:
            told.append(f"{sign}: {_SIGNS[sign].of(lang)}")
        elif found := _BAND.fullmatch(sign):
            told.append(f"{sign}: {_IN_BAND.of(lang).format(least=found[1], most=found[2])}")
    return "; ".join(told)
