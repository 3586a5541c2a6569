"""Data routes for findings of a period: between figures for committees, in cases for officers; and for the account."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import Response

from schemas.codebook.governance import FindingCode
from schemas.times import BELIZE, Period
from services.presentation.case_page import finding_text, is_of
from services.presentation.contradicting_figures import sentence
from services.presentation.pending_action_texts import MISSING_MOVE, MISSING_MOVE_TEXT
from services.referral.queries import WaitRow, may_see_maker
from services.reporting.domain.rules import Finding
from services.web.api.data.answer import (
    Table,
    answer,
    edition_of,
    fingerprint,
    json_response,
    page_of_rows,
    parse_months,
    period_of,
    tagged_csv,
)
from services.web.api.data.figures import Cursor, Found, Limit
from services.web.api.data.figures import Period as PeriodText
from services.web.api.dependencies import language, own_session, parts
from services.web.api.figure_question import NoPage, end_of, typed_day
from services.web.api.why_page import may_ask_why
from services.web.domain.account_rules import Session
from services.web.domain.roles import Part, Role, may_open
from services.web.officer_rows import SeenFinding

FindingsKnownAt = Annotated[
    str | None,
    Query(
        description="As they stood at the end of a day that is over, as 2025-03-31; to officers also at a time with "
        "its offset. Committees ask for the day on a page of a figure first."
    ),
]
_COLUMNS: Final = ("code", "severity", "state", "text", "finding", "case", "opened_at", "closed_at", "closure")


async def findings(
    request: Request,
    found: Found,
    *,
    period: PeriodText = None,
    known_at: FindingsKnownAt = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> Response:
    """Findings of a period. A committee gets figures that cannot all be right; no person is named.

    An officer gets records of cases and moves that do not go together, and dangers, as far as the agency may know of
    them. A finding of a case stands in the period in which the last of its records happened.
    """
    if may_open(found.account.role, Part.FINDINGS):
        return await _between(request, found, period, known_at, limit=limit, cursor=cursor)
    rows = await _in_cases(request, found, period_of(period).period, known_at)
    shown, more = page_of_rows(request, rows, limit, cursor, state=fingerprint(repr(rows).encode()))
    return json_response(request, {"findings": shown, "next": more, **_complete(request)})


async def findings_csv(
    request: Request, found: Found, period: PeriodText = None, known_at: FindingsKnownAt = None
) -> Response:
    """Findings of a period as CSV, with the text in the reader's language."""
    if may_open(found.account.role, Part.FINDINGS):
        return await _between(request, found, period, known_at, as_csv=True)
    lang = language(request).value
    listed = await _in_cases(request, found, period_of(period).period, known_at)
    rows = [each | {"text": each["text"][lang]} for each in listed]
    table = Table({}, _COLUMNS, [["" if row[name] is None else row[name] for name in _COLUMNS] for row in rows])
    return tagged_csv(request, table)


async def finding(request: Request, found: Found, finding: str) -> Response:
    """One finding of a case, or one danger of a person, that the account's agency may know of."""
    if may_open(found.account.role, Part.AGENCY_FINDINGS):
        for each in await parts(request).officers.findings(own_session(request)):
            if each.finding == finding:
                return json_response(request, _seen(each))
    raise NoPage


async def account(request: Request, found: Found) -> Response:
    """Give the account of the session or the token: name, role, agency, and whether it may look at persons' records."""
    own = found.account
    proved = own.role is Role.OFFICER and found.proved(parts(request).now())
    looks = proved or may_ask_why(own)
    told = {"account": own.name, "id": own.id, "role": own.role.value, "agency": own.agency, "looks": looks}
    return json_response(request, told)


async def _between(
    request: Request,
    found: Session,
    period: str | None,
    known_at: str | None,
    *,
    limit: int | None = None,
    cursor: str | None = None,
    as_csv: bool = False,
) -> Response:
    asked, needed = parse_months(period), parts(request)
    edition = await edition_of(needed, known_at)
    day = typed_day(known_at, needed.today()).day or needed.today()

    async def made() -> Table:
        told = await needed.figures.findings(asked.period, day, edition)
        shown, more = page_of_rows(request, told.findings, limit, cursor)
        body = {
            "findings": [_plain(each) for each in shown],
            "next": more,
            "complete_to": told.complete_to,
            "withheld": told.withheld,
        }
        lang = language(request).value
        rows = [_plain(each) | {"text": sentence(each, lang)} for each in told.findings]
        return Table(body, _COLUMNS, [["" if row[name] is None else row[name] for name in _COLUMNS] for row in rows])

    return await answer(request, found.account, made, as_csv=as_csv)


async def _in_cases(
    request: Request, found: Session, period: Period, known_at: str | None = None
) -> list[dict[str, Any]]:
    """Return the findings that the agency may know of, open ones first; with `known_at`, as they stood then.

    Which findings are visible follows from the present state in both cases.
    """
    needed, own = parts(request), own_session(request)
    then = None if known_at is None else end_of(known_at, needed.now())
    of_cases = await needed.officers.findings(own, then)
    waits = await needed.officers.waits(own, then or needed.now(), past=then is not None)
    rows = [
        *(_seen(each) for each in of_cases if is_of(each.happened_from, each.happened_to, period)),
        *_missing_moves(waits, found.account.agency, period),
    ]
    return sorted(rows, key=lambda each: each["state"] == "closed")


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code.value,
        "severity": finding.severity.value,
        "state": finding.state.value,
        "text": {lang: sentence(finding, lang) for lang in ("en", "es")},
        "finding": None,
        "case": None,
        "persons": [],
        "records": [],
        "opened_at": None,
        "closed_at": None,
        "closure": None,
    }


def _seen(each: SeenFinding) -> dict[str, Any]:
    return {
        "code": each.code,
        "severity": each.severity,
        "state": "open" if each.closed_at is None else "closed",
        "text": {lang: finding_text(each.code, lang) for lang in ("en", "es")},
        "finding": each.finding,
        "case": each.case_id,
        "persons": list(each.persons) if each.person is None else [each.person],
        "records": list(each.records),
        "opened_at": each.opened_at.isoformat(),
        "closed_at": None if each.closed_at is None else each.closed_at.isoformat(),
        "closure": each.closure,
    }


def _missing_moves(waits: list[WaitRow], agency: str, period: Period) -> Iterator[dict[str, Any]]:
    """Yield a finding for each move of the agency that waits for the move before it, if it began in the period.

    An agency that sees every matter gets the moves of all agencies.
    """
    for each in waits:
        began = each.since.astimezone(BELIZE).date()
        if each.kind == MISSING_MOVE and may_see_maker(agency, each) and period.first <= began <= period.last:
            yield {
                "code": FindingCode.MOVE_WITHOUT_PREDECESSOR.value,
                "severity": "warning",
                "state": "open",
                "text": {lang: MISSING_MOVE_TEXT.of(lang) for lang in ("en", "es")},
                "finding": None,
                "case": each.case_id,
                "persons": [],
                "records": [each.about],
                "opened_at": each.since.isoformat(),
                "closed_at": None,
                "closure": None,
            }


def _complete(request: Request) -> dict[str, int]:
    fresh = parts(request).figures.freshness
    return {"complete_to": fresh.complete_to, "withheld": fresh.withheld}
