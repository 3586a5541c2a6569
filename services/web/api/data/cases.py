"""Data routes for the cases of an officer's agency, for a purpose. Each case shown or listed is logged as a look."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response

from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind, is_id
from schemas.sight import may_ask
from services.presentation.case_page import page_of, plain
from services.web.api.case_cursor import cursor_of, place_of
from services.web.api.data.answer import StaleCursor, json_response
from services.web.api.data.figures import AsOf, Cursor, Found
from services.web.api.dependencies import language, own_session, parts
from services.web.api.figure_question import NoPage, NotProved, WrongQuestion, end_of, time_of
from services.web.domain.account_rules import Session

CASES_A_PAGE: Final = 25
"""Largest number of cases in one answer. Each is logged as a look, so the list is short."""

Purpose = Annotated[
    str | None, Query(description="What the case is needed for. Each agency may ask for some purposes.")
]
CaseKnownAt = Annotated[
    str | None, Query(description="The end of a day that is over, as 2025-03-31, or a time with its offset.")
]
Few = Annotated[int | None, Query(description=f"Cases of one page: 1 to {CASES_A_PAGE}. Each is noted as a look.")]


async def cases(
    request: Request, found: Found, purpose: Purpose = None, limit: Few = None, cursor: Cursor = None
) -> Response:
    """Cases of which the account's agency sees anything for a purpose, the newest first. Each is noted as a look.

    A case that changes comes to the top. A cursor that was given before answers 409: the list begins anew.
    """
    asked, most = _purpose(request, found, purpose), CASES_A_PAGE if limit is None else limit
    if not 1 <= most <= CASES_A_PAGE:
        raise WrongQuestion(parameter="limit")
    found_page = await parts(request).officers.cases(own_session(request), asked.value, most, place_of(cursor))
    if found_page is None:
        raise StaleCursor
    body = {
        "purpose": asked.value,
        "cases": [
            {
                "case": each.case_id,
                "events": each.facts,
                "newest": each.newest.isoformat(),
                "findings": each.findings,
                "dangers": each.dangers,
            }
            for each in found_page.cases
        ],
        "next": None if found_page.after is None else cursor_of(found_page.after),
    }
    return json_response(request, body)


async def case(
    request: Request,
    found: Found,
    case: str,
    *,
    purpose: Purpose = None,
    as_of: AsOf = None,
    known_at: CaseKnownAt = None,
) -> Response:
    """A case as the account's agency sees it for a purpose: what had happened by a time. The look is noted first.

    With `known_at`: what had been accepted by then. An event that was corrected since is left out and counted in
    `later`: its earlier words are not given. Findings are given as they stood. Sight is that of now.
    A case that was found to be one with another leads to that one (303).
    """
    asked, needed = _purpose(request, found, purpose), parts(request)
    now = time_of(as_of) or needed.now()
    if not is_id(case, Kind.CASE):
        raise NoPage
    known = None if known_at is None else end_of(known_at, needed.now())
    looked = await needed.officers.look(own_session(request), case, asked.value, now, known)
    page = None if looked is None else page_of(looked, found.account.agency, asked, now)
    if looked is None or page is None:
        raise NoPage
    if looked.alive != case:
        return RedirectResponse(f"/v1/cases/{looked.alive}?{urlencode(request.query_params)}", status_code=303)
    # Without `as_of` the time of the answer differs each time, and would change the tag of an unchanged case.
    return json_response(request, plain(page, language(request).value), apart=() if as_of else ("as_of",))


def _purpose(request: Request, found: Session, text: str | None) -> ViewPurpose:
    """Parse the parameter `purpose`. Raises `WrongQuestion` if it is missing, unknown or not permitted to the agency.

    Raises `NotProved` if the session's person must type the password again, or the token may not look at cases.
    """
    asked = next((each for each in ViewPurpose if each.value == text), None)
    if asked is None or not may_ask(found.account.agency, asked):
        raise WrongQuestion(parameter="purpose")
    if not found.proved(parts(request).now()):
        raise NotProved
    return asked
