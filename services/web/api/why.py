"""The page of the events behind a figure, by register number. Reporting works the answer out; each answer is a look."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from schemas.sight import sees_every_matter
from services.web.api.dependencies import NotAllowed, Parts, from_here, parts, session
from services.web.api.figure_question import Typed, WrongQuestion, breakdown, figure_of, typed
from services.web.api.page import page
from services.web.domain.account import Account, Session, token_hash
from services.web.domain.roles import Role
from services.web.officer_rows import WhyQuestion

_ROLES = frozenset({Role.AUDITOR, Role.M_AND_E})


def may_ask_why(account: Account) -> bool:
    """Whether an account is shown the events behind a figure. The database decides the same from its own tables."""
    return account.role in _ROLES and sees_every_matter(account.agency)


async def why(
    request: Request,
    found: Annotated[Session, Depends(session)],
    number: str,
    period: str | None = None,
    by: str | None = None,
) -> Response:
    """Show the events behind a figure, where they were asked for."""
    chosen, asked, needed = figure_of(number, found.account), typed(period), parts(request)
    names = breakdown(chosen, by)
    [whole] = (await needed.figures.report(asked.period, (), [number])).figures
    allowed = may_ask_why(found.account)
    answer = None
    if allowed and not asked.wrong:
        answer = await needed.officers.why(_hash(request), _question(needed, number, asked, names))
    return page(
        request,
        "why.html",
        found,
        status=400 if asked.wrong else 200,
        asked=asked,
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
) -> Response:
    """Ask for the events behind a figure, and lead to the page on which they will stand."""
    from_here(request, form_token)
    chosen, asked, needed = figure_of(number, found.account), typed(period), parts(request)
    names = breakdown(chosen, by)
    if not may_ask_why(found.account):
        raise NotAllowed
    if asked.wrong:
        raise WrongQuestion(parameter="period")
    if not await needed.officers.ask_why(_hash(request), _question(needed, number, asked, names)):
        return page(request, "problem.html", found, status=503, name="too_many", text="")
    more = f"&by={','.join(names)}" if names else ""
    return RedirectResponse(f"/figures/{chosen.number}/why?period={asked.period}{more}", status_code=303)


def _question(needed: Parts, number: str, asked: Typed, names: Sequence[str]) -> WhyQuestion:
    return WhyQuestion(needed.figures.freshness.version or "", number, str(asked.period), ",".join(names))


def _hash(request: Request) -> bytes:
    return token_hash(request.cookies.get(parts(request).cookie, ""))
