"""Pages of the findings of an officer's agency: the list, one finding, and the form for a ruling."""

from typing import Annotated, Final

from fastapi import Depends, Form, Request
from fastapi.responses import Response

from schemas.codebook.governance import FindingRuling
from schemas.ids import Kind, is_id
from services.presentation.case_page import agencies_told
from services.web.api.dependencies import check_form_origin, own_session, parts, session
from services.web.api.figure_question import NoPage, WrongQuestion
from services.web.api.officer.code_labels import cut, labels
from services.web.api.officer.form_events import Outcome, publish_form_event
from services.web.api.page import page as rendered
from services.web.domain.account_rules import Session

_MOST: Final = 50
"""Largest number of findings on one page of the list."""


async def listed(request: Request, found: Annotated[Session, Depends(session)], page: str | None = None) -> Response:
    """List the findings in the agency's cases, and dangers to persons: open ones first, critical ones before others."""
    every = await parts(request).officers.findings(own_session(request))
    every.sort(key=lambda each: (each.closed_at is not None, each.severity != "critical"))
    rows, at, last = cut(every, page, _MOST)
    return rendered(
        request, "agency_findings.html", found, findings=rows, total=len(every), at=at, last=last, **labels(request)
    )


async def one(request: Request, found: Annotated[Session, Depends(session)], finding: str) -> Response:
    """Show a finding with a form to rule on it."""
    return await _shown(request, found, finding, None)


async def rule(  # noqa: PLR0917 - fields of the form
    request: Request,
    found: Annotated[Session, Depends(session)],
    finding: str,
    form: Annotated[str, Form(max_length=100)],
    form_token: Annotated[str, Form(max_length=100)],
    ruling: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Publish a ruling on a finding as an event of the agency. It closes the finding until the ruling is retracted.

    Raises `NoPage` if the agency sees no such finding, and `WrongQuestion` for an unknown ruling.
    """
    check_form_origin(request, form_token)
    needed = parts(request)
    names = await needed.officers.names_of(own_session(request), finding) if is_id(finding, Kind.ACTIVITY) else None
    if names is None:
        raise NoPage
    if ruling not in {each.value for each in FindingRuling}:
        raise WrongQuestion(parameter="ruling")
    data = {"finding": finding, "ruling": ruling, "names": names}
    outcome = await publish_form_event(needed, found.account, form, "finding.ruled", data, subject=finding)
    return await _shown(request, found, finding, outcome)


async def _shown(request: Request, found: Session, finding: str, outcome: Outcome | None) -> Response:
    needed = parts(request)
    every = await needed.officers.findings(own_session(request))
    seen = next((each for each in every if each.finding == finding), None)
    if seen is None:
        raise NoPage
    acts = needed.door.has_key_of(found.account.agency)
    return rendered(
        request,
        "agency_finding.html",
        found,
        status=200 if outcome is None or outcome.good else 409,
        finding=seen,
        agencies_told=agencies_told(seen.code),
        outcome=outcome,
        acts=acts,
        rulings=FindingRuling if acts and seen.closed_at is None and not (outcome and outcome.good) else None,
        form=needed.token(),
        **labels(request),
    )
