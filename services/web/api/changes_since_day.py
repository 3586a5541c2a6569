"""The page of changes: figures of a period whose amount or notes differ from those known at the end of a past day."""

from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.presentation.figure_amounts import facts_beside
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import Edition
from services.web.api.dependencies import Parts, check_form_origin, parts, session
from services.web.api.figure_question import Typed, WrongQuestion, typed
from services.web.api.page import page
from services.web.api.past_day_edition import past_day_of, request_edition
from services.web.api.why_page import may_ask_why
from services.web.domain.account_rules import Session
from services.web.domain.roles import Role, visible_figures

ADDRESS: Final = "/changes"


class ChangedReading(NamedTuple):
    """A figure of a period as it was known at the end of a past day (`before`) and as it is known now (`after`)."""

    before: Reading
    after: Reading

    @property
    def by(self) -> int | None:
        """Difference of the amounts, after minus before; None if one of them was counted by nobody."""
        before, after = self.before.value, self.after.value
        return None if before is None or after is None else after - before


async def changes(
    request: Request,
    found: Annotated[Session, Depends(session)],
    *,
    period: str | None = None,
    known_at: str | None = None,
) -> Response:
    """Show the figures that the role may see and that changed since the end of the day `known_at`."""
    asked, needed = typed(period), parts(request)
    then = await past_day_of(needed, known_at)
    moved = [] if then.edition is None else await _moved(needed, found.account.role, asked, then.edition)
    return page(
        request,
        "changes.html",
        found,
        status=400 if asked.wrong or then.typed.wrong else 200,
        asked=asked,
        then=then,
        moved=moved,
        may_ask_why=may_ask_why(found.account),
    )


async def ask(
    request: Request,
    found: Annotated[Session, Depends(session)],
    form_token: Annotated[str, Form()],
    known_at: Annotated[str, Form(max_length=20)],
    *,
    period: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Request the edition of a past day, and redirect to the page that will show the changes since that day.

    Raises `WrongQuestion` if the period is wrong.
    """
    check_form_origin(request, form_token)
    if typed(period).wrong:
        raise WrongQuestion(parameter="period")
    if refused := await request_edition(request, found, known_at):
        return refused
    query = {name: value for name, value in {"period": period, "known_at": known_at}.items() if value}
    return RedirectResponse(f"{ADDRESS}?{urlencode(query)}", status_code=303)


async def _moved(needed: Parts, role: Role, asked: Typed, edition: Edition) -> Sequence[ChangedReading]:
    """Return the figures whose amount, or a fact beside it, differs from the edition."""
    numbers = [each.number for each in visible_figures(role)]
    before = {each.number: each for each in (await needed.figures.report(asked.period, (), numbers, edition)).figures}
    after = (await needed.figures.report(asked.period, (), numbers)).figures
    pairs = (ChangedReading(before[each.number], each) for each in after if each.number in before)
    return [each for each in pairs if _told(each.before) != _told(each.after)]


def _told(reading: Reading) -> tuple[int | None, bool, dict[str, object]]:
    return reading.value, reading.not_yet, facts_beside(reading)
