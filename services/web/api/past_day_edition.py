"""Editions of past days for the pages: parse the typed day, find its edition, or request that it is computed."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from services.reporting.read.queries import Edition
from services.web.api.dependencies import Parts, parts
from services.web.api.figure_question import TypedDay, WrongQuestion, typed_day
from services.web.api.page import page
from services.web.cached_figures import EditionState
from services.web.domain.account_rules import Session


@dataclass(frozen=True, slots=True)
class PastDay:
    """A typed past day, the state of its edition (None without a day), and the edition (None until it is computed)."""

    typed: TypedDay
    known: EditionState | None
    edition: Edition | None


async def past_day_of(needed: Parts, text: str | None) -> PastDay:
    """Parse a typed day and read the state of its edition. An empty or wrong text has no state: see `wrong`."""
    day = typed_day(text, needed.today())
    known = None if day.day is None else await needed.figures.known(day.day)
    return PastDay(day, known, None if known is None else known.edition)


async def request_edition(request: Request, found: Session, text: str) -> Response | None:
    """Request that the edition of a typed day is computed. Returns None, or the error page if too many are requested.

    A day that somebody requested before does not count for the account. Raises `WrongQuestion` if the text is no past
    day.
    """
    needed = parts(request)
    day = typed_day(text, needed.today()).day
    if day is None:
        raise WrongQuestion(parameter="known_at")
    new = not (await needed.figures.known(day)).asked
    if new and needed.past_days.take(found.account.name, needed.now().timestamp()):
        return page(request, "problem.html", found, status=503, look_again="/figures", name="too_many_days", text="")
    if await needed.figures.ask_known(day):
        return None
    return page(request, "problem.html", found, status=503, look_again="/figures", name="too_many", text="")
