"""Parsing of request parameters: periods, days, times, figures and breakdowns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from fastapi import Request

from schemas.times import BELIZE, YEARS, Period
from services.presentation import period_parsing
from services.presentation.report_2024_numbers import YEAR
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES
from services.web.api.dependencies import NotAllowed
from services.web.domain.account_rules import Account
from services.web.domain.roles import may_see_figure


class NoFigure(LookupError):
    """There is no figure of this number, or no event type of this name that the agency may publish (404)."""


class NoPage(LookupError):
    """The address does not exist, or the account may not see anything there (404)."""


class NotProved(Exception):
    """The person must type the password again, or sign in again, before a case is shown."""


class WrongQuestion(ValueError):
    """A parameter of the request is wrong. `parameter` is its name; None for an unknown parameter."""

    def __init__(self, parameter: str | None) -> None:
        super().__init__(parameter)
        self.parameter = parameter


_PARAMETERS: Final = frozenset({"period", "by", "lang", "known_at", "as_of", "limit", "cursor", "purpose", "page"})


async def only_known(request: Request) -> None:
    """Raise `WrongQuestion` for an unknown query parameter: with `period` misspelt, a wrong year would be shown."""
    if request.query_params.keys() - _PARAMETERS:
        raise WrongQuestion(parameter=None)


MOST_MONTHS: Final = 120
"""Largest number of months of a grid or of findings: ten years, two strategies."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed period. If the text is no period, `wrong` is True and `period` is the printed report's year."""

    text: str
    period: Period
    wrong: bool


def typed(text: str | None) -> Typed:
    """Parse a typed period; an empty text means the year of the printed report. Raises nothing: see `Typed.wrong`."""
    said = (text or "").strip() or YEAR
    try:
        return Typed(said, period_parsing.period(said), wrong=False)
    except ValueError:
        return Typed(said, Period.parse(YEAR), wrong=True)


def by_months(asked: Typed) -> Typed:
    """Return the period, or the report's year with `wrong` True if it has more than `MOST_MONTHS` months.

    Each month is a query of its own and a column of the answer.
    """
    first, last = asked.period.first, asked.period.last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return asked if months <= MOST_MONTHS else Typed(asked.text, Period.parse(YEAR), wrong=True)


def time_of(text: str | None) -> datetime | None:
    """Parse the parameter `as_of`, a time with its offset; None for None.

    Raises `WrongQuestion` if the text is no such time, or if its year is not in `YEARS`.
    """
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
    """The typed day `as_of`, at whose end a period is cut. `wrong`: the text is no day, or lies before the period."""

    text: str
    wrong: bool


def cut_to(asked: Typed, text: str | None) -> tuple[Typed, AsOfDay]:
    """Return (the period with its end cut to a typed day or month, the parsed day).

    The period is unchanged if the text is empty or wrong: see `AsOfDay.wrong`.
    """
    said = (text or "").strip()
    if not said:
        return asked, AsOfDay("", wrong=False)
    try:
        last = min(asked.period.last, Period.parse(said).last)
        return replace(asked, period=replace(asked.period, last=last)), AsOfDay(said, wrong=False)
    except ValueError:
        return asked, AsOfDay(said, wrong=True)


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A typed past day. `day` is None if the text is empty, or is no past day; in the second case `wrong` is True."""

    text: str
    day: date | None
    wrong: bool


def typed_day(text: str | None, today: date) -> TypedDay:
    """Parse a typed day, as 2025-03-31, that must be over. Raises nothing: see `TypedDay.wrong`."""
    said = (text or "").strip()
    if not said:
        return TypedDay("", None, wrong=False)
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return TypedDay(said, None, wrong=True)
    over = day.year in YEARS and day < today and len(said) == len("2025-03-31")
    return TypedDay(said, day if over else None, wrong=not over)


def end_of(text: str, now: datetime) -> datetime:
    """Parse the parameter `known_at`: a past day, which means its end in Belize, or a past time with its offset.

    Raises `WrongQuestion` for any other text, or a time after `now`.
    """
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
    """Return the figure of a number. Raises `NoFigure` if unknown, `NotAllowed` if the account may not see it."""
    found = FIGURES.get(number)
    if found is None:
        raise NoFigure
    if not may_see_figure(account.role, found):
        raise NotAllowed
    return found


def breakdown(figure: Figure[Any], text: str | None) -> Sequence[str]:
    """Parse a breakdown: names of dimensions, joined by commas; empty for the whole.

    Raises `WrongQuestion` if the figure does not declare it.
    """
    wanted = tuple(name for name in (text or "").split(",") if name)
    if wanted and wanted not in tuple(map(tuple, figure.breakdowns)):
        raise WrongQuestion(parameter="by")
    return wanted
