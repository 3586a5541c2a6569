"""Figures as they were known at the end of a day: the typed day, how far its edition is, and asking for one."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from services.reporting.read.queries import Edition
from services.web.api.dependencies import Parts, parts
from services.web.api.figure_question import Day, WrongQuestion, typed_day
from services.web.api.page import page
from services.web.domain.account import Session
from services.web.figures import EditionState


@dataclass(frozen=True, slots=True)
class Then:
    """The figures as they were known at the end of a day: the day as typed, how far its edition is, and the edition."""

    typed: Day
    known: EditionState | None
    edition: Edition | None


async def then_of(needed: Parts, text: str | None) -> Then:
    """Read a typed day, and say how far its edition is."""
    day = typed_day(text, needed.today())
    known = None if day.day is None else await needed.figures.known(day.day)
    return Then(day, known, None if known is None else known.edition)


async def asked_for(request: Request, found: Session, text: str) -> Response | None:
    """Have the edition of a typed day worked out; gives the answer that refuses it, or None.

    Raises `WrongQuestion` for what is no day that is over.
    """
    needed = parts(request)
    day = typed_day(text, needed.today()).day
    if day is None:
        raise WrongQuestion(parameter="known_at")
    if await needed.figures.ask_known(day):
        return None
    return page(request, "problem.html", found, status=503, look_again="/figures", name="too_many", text="")
