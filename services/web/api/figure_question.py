"""Parameters of a question about figures, read from a request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from fastapi import Request

from schemas.times import BELIZE, YEARS, Period
from services.presentation import periods
from services.presentation.printed import YEAR
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.table import FIGURES
from services.web.api.dependencies import NotAllowed
from services.web.domain.account import Account
from services.web.domain.roles import sees


class NoFigure(LookupError):
    """There is no figure of this number."""


class NoPage(LookupError):
    """There is nothing at this address that the account may see."""


class NotProved(Exception):
    """A case is shown only to a person who has proved a short time ago who they are."""


class WrongQuestion(ValueError):
    """A parameter cannot be answered. `parameter` is its name, None where it is none of ours."""

    def __init__(self, parameter: str | None) -> None:
        super().__init__(parameter)
        self.parameter = parameter


_PARAMETERS: Final = frozenset({"period", "by", "lang", "known_at", "as_of", "limit", "cursor", "purpose", "page"})


async def only_known(request: Request) -> None:
    """Refuse a parameter that no page has: with `period` misspelt, another year would be shown.

    Raises `WrongQuestion`.
    """
    if request.query_params.keys() - _PARAMETERS:
        raise WrongQuestion(parameter=None)


MOST_MONTHS: Final = 120
"""Months of a grid, and of findings: two strategies of five years."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A period as it was typed. `period` is the report's year where the text is no period; then `wrong` is True."""

    text: str
    period: Period
    wrong: bool


def typed(text: str | None) -> Typed:
    """Read a typed period; without one it is the year of the printed report."""
    said = (text or "").strip() or YEAR
    try:
        return Typed(said, periods.period(said), wrong=False)
    except ValueError:
        return Typed(said, Period.parse(YEAR), wrong=True)


def by_months(asked: Typed) -> Typed:
    """Give a period whose months are looked at one by one; the report's year, as a wrong one, where they are too many.

    Each month is a question of its own to the database, and a column of the answer.
    """
    first, last = asked.period.first, asked.period.last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return asked if months <= MOST_MONTHS else Typed(asked.text, Period.parse(YEAR), wrong=True)


def time_of(text: str | None) -> datetime | None:
    """Read a time with its offset. Raises `WrongQuestion`."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongQuestion(parameter="as_of") from None
    if found.tzinfo is None or found.year not in YEARS:
        raise WrongQuestion(parameter="as_of")
    return found


@dataclass(frozen=True, slots=True)
class AsOfDay:
    """The typed day by whose end things happened. `wrong`: the text is no day, or it lies before the period."""

    text: str
    wrong: bool


def cut_to(asked: Typed, text: str | None) -> tuple[Typed, AsOfDay]:
    """Cut a period's end to a typed day or month; the period is whole where the day is wrong, or none was typed."""
    said = (text or "").strip()
    if not said:
        return asked, AsOfDay("", wrong=False)
    try:
        last = min(asked.period.last, Period.parse(said).last)
        return replace(asked, period=replace(asked.period, last=last)), AsOfDay(said, wrong=False)
    except ValueError:
        return asked, AsOfDay(said, wrong=True)


@dataclass(frozen=True, slots=True)
class Day:
    """A typed day. `day` is None where nothing was typed, or the text is no past day; then `wrong` is True."""

    text: str
    day: date | None
    wrong: bool


def typed_day(text: str | None, today: date) -> Day:
    """Read a typed day that is over."""
    said = (text or "").strip()
    if not said:
        return Day("", None, wrong=False)
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return Day(said, None, wrong=True)
    over = day.year in YEARS and day < today and len(said) == len("2025-03-31")
    return Day(said, day if over else None, wrong=not over)


def end_of(text: str, now: datetime) -> datetime:
    """Give the end of a typed day in Belize, or a typed time with its offset, that is over. Raises `WrongQuestion`."""
    typed_at = typed_day(text, now.astimezone(BELIZE).date())
    try:
        found = (
            datetime.fromisoformat(text) if typed_at.day is None else datetime.combine(typed_at.day, time.max, BELIZE)
        )
    except ValueError:
        raise WrongQuestion(parameter="known_at") from None
    if found.tzinfo is None or found.year not in YEARS or found > now:
        raise WrongQuestion(parameter="known_at")
    return found


def figure_of(number: str, account: Account) -> Figure[Any]:
    """Give a figure that the account may see. Raises `NoFigure`, `NotAllowed`."""
    found = FIGURES.get(number)
    if found is None:
        raise NoFigure
    if not sees(account.role, found):
        raise NotAllowed
    return found


def breakdown(figure: Figure[Any], text: str | None) -> Sequence[str]:
    """Give the breakdown that was asked for by its names, joined by commas.

    Raises `WrongQuestion` for one that the figure does not declare.
    """
    wanted = tuple(name for name in (text or "").split(",") if name)
    if wanted and wanted not in tuple(map(tuple, figure.breakdowns)):
        raise WrongQuestion(parameter="by")
    return wanted
