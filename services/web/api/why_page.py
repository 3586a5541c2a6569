"""The page of the events behind a figure, or behind its change since a past day, with their register numbers.

The reporting service computes an answer on request. Each answer shown is logged as a look.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from schemas.sight import sees_every_matter
from services.reporting.domain.read.asked_period import AskedPeriod
from services.web.api.dependencies import NotAllowed, Parts, check_form_origin, parts, session
from services.web.api.figure_question import WrongQuestion, breakdown, figure_of, typed
from services.web.api.page import page
from services.web.api.past_day_edition import PastDay, past_day_of
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import Role
from services.web.officer_rows import WhyQuestion

_ROLES = frozenset({Role.AUDITOR, Role.M_AND_E})


def may_ask_why(account: Account) -> bool:
    """Whether an account may see the events behind a figure. The database checks it again from its own tables."""
    return account.role in _ROLES and sees_every_matter(account.agency)


async def why(
    request: Request,
    found: Annotated[Session, Depends(session)],
    number: str,
    *,
    period: str | None = None,
    by: str | None = None,
    known_at: str | None = None,
) -> Response:
    """Show the events behind a figure if they were requested; with `known_at`, those that moved it since that day."""
    chosen, asked, needed = figure_of(number, found.account), typed(period), parts(request)
    names, then = breakdown(chosen, by), await past_day_of(needed, known_at)
    [whole] = (await needed.figures.report(asked.period, (), [number])).figures
    before = None
    if then.edition is not None:
        [before] = (await needed.figures.report(asked.period, (), [number], then.edition)).figures
    wrong = asked.wrong or then.typed.wrong
    allowed = may_ask_why(found.account)
    answer = None
    if allowed and not wrong and not _unknown(then):
        question = _question(needed, number, AskedPeriod(asked.period, _number(then)), names)
        answer = await needed.officers.why(_hash(request), question)
    return page(
        request,
        "why.html",
        found,
        status=400 if wrong else 200,
        asked=asked,
        then=then,
        before=before,
        unknown=_unknown(then),
        figure=chosen,
        by=",".join(names),
        whole=whole,
        allowed=allowed,
        found=answer,
    )


async def ask_why(
    request: Request,
    found: Annotated[Session, Depends(session)],
    number: str,
    form_token: Annotated[str, Form()],
    *,
    period: Annotated[str, Form(max_length=40)] = "",
    by: Annotated[str, Form(max_length=200)] = "",
    known_at: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Request the events behind a figure, or behind its change, and redirect to the page that will show them.

    Answers 503 if too many requests wait. Raises `NotAllowed` if the account may not see these events, and
    `WrongQuestion` for a wrong period or day.
    """
    check_form_origin(request, form_token)
    chosen, asked, needed = figure_of(number, found.account), typed(period), parts(request)
    names, then = breakdown(chosen, by), await past_day_of(needed, known_at)
    if not may_ask_why(found.account):
        raise NotAllowed
    if asked.wrong:
        raise WrongQuestion(parameter="period")
    if then.typed.wrong or _unknown(then):
        raise WrongQuestion(parameter="known_at")
    question = _question(needed, number, AskedPeriod(asked.period, _number(then)), names)
    if not await needed.officers.ask_why(_hash(request), question):
        return page(request, "problem.html", found, status=503, look_again="/figures", name="too_many", text="")
    more = f"&by={','.join(names)}" if names else ""
    more += f"&known_at={then.typed.text}" if then.edition else ""
    return RedirectResponse(f"/figures/{chosen.number}/why?period={asked.period}{more}", status_code=303)


def _unknown(then: PastDay) -> bool:
    """Whether a day was typed whose edition is not computed."""
    return then.known is not None and then.edition is None


def _number(then: PastDay) -> int | None:
    return None if then.edition is None else then.edition.known_at


def _question(needed: Parts, number: str, asked: AskedPeriod, names: Sequence[str]) -> WhyQuestion:
    return WhyQuestion(needed.figures.freshness.version or "", number, str(asked), ",".join(names))


def _hash(request: Request) -> bytes:
    return token_hash(request.cookies.get(parts(request).cookie, ""))
