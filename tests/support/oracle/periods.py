"""Periods as events write them."""

from calendar import monthrange
from datetime import date


def of_text(text: str) -> tuple[date, date]:
    """The first and the last day of a year, a month, a day, or of two of these joined by dots."""
    begin, _, end = text.partition("..")
    return _unit(begin)[0], _unit(end or begin)[1]


def _unit(text: str) -> tuple[date, date]:
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    last_month = month or 12
    return date(year, month or 1, day or 1), date(year, last_month, day or monthrange(year, last_month)[1])
