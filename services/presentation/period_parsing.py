"""Periods as people type them: the forms of `schemas.times.Period`, quarters, and Belize's fiscal years."""

import re
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Final

from schemas.times import Period

_QUARTER: Final = re.compile(r"([0-9]{4})-Q([1-4])")
_FISCAL_YEAR: Final = re.compile(r"FY([0-9]{4})")
_MONTHS: Final = 12
_FISCAL_MONTH: Final = 4
"""Belize's fiscal year begins on 1 April: FY2024 is April 2024 to March 2025."""


class SeriesLength(StrEnum):
    """Lengths of the periods in a series."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_LENGTH: Final = {SeriesLength.MONTH: 1, SeriesLength.QUARTER: 3, SeriesLength.YEAR: _MONTHS}


def period(text: str) -> Period:
    """Parse a period: `2024`, `2024-Q1`, `FY2024`, `2024-03`, `2024-03-08`, or two of these joined by `..`.

    Raises `ValueError` for any other text.
    """
    begin, joined, end = text.partition("..")
    if not joined:
        return _one(begin)
    return Period(_one(begin).first, _one(end).last)


def series(whole: Period, each: SeriesLength) -> Iterator[Period]:
    """Yield the months, quarters or years of a period in order. The first and the last are cut to the period."""
    length, first = _LENGTH[each], whole.first
    while first <= whole.last:
        month = (first.month - 1) // length * length
        last = _span(first.year, month, length).last
        yield Period(first, min(last, whole.last))
        first = last + timedelta(days=1)


def period_text(period: Period) -> str:
    """Return the shortest text that `period` parses: 2024-Q1 for a quarter, FY2024 for a fiscal year, else `str`."""
    year, quarter = period.first.year, (period.first.month - 1) // 3
    if period == _span(year, quarter * 3, 3):
        return f"{year:04d}-Q{quarter + 1}"
    return f"FY{year:04d}" if period == _span(year, _FISCAL_MONTH - 1, _MONTHS) else str(period)


def _one(text: str) -> Period:
    if quarter := _QUARTER.fullmatch(text):
        return _span(int(quarter[1]), (int(quarter[2]) - 1) * 3, 3)
    if year := _FISCAL_YEAR.fullmatch(text):
        return _span(int(year[1]), _FISCAL_MONTH - 1, _MONTHS)
    try:
        return Period.parse(text)
    except ValueError as error:
        message = f"{error}; also a quarter (2024-Q1) and a fiscal year from April (FY2024)"
        raise ValueError(message) from None


def _span(year: int, month: int, length: int) -> Period:
    """Return the period of `length` months from a month on; `month` is counted from 0."""
    last = month + length - 1
    return Period.parse(f"{year:04d}-{month + 1:02d}..{year + last // _MONTHS:04d}-{last % _MONTHS + 1:02d}")
