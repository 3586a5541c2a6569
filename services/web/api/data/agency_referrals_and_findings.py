"""Data routes for the referrals and findings of the account's agency, as on an officer's pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from services.presentation.case_page import finding_text
from services.web.api.data.answer import LONGEST_PAGE, Table, fingerprint, json_response, page_of_rows, tagged_csv
from services.web.api.data.figures import AsOf, Cursor, Found, Limit
from services.web.api.dependencies import language, own_session, parts
from services.web.api.figure_question import time_of
from services.web.officer_rows import SeenFinding, SeenReferral
from services.web.worklist import Item, worklist

_REFERRAL_COLUMNS = (
    *("referral", "state", "sender", "receiver", "holder", "urgency", "person", "case"),
    *("waits_for", "to_do", "since", "due_at", "late"),
)
_FINDING_COLUMNS = ("finding", "case", "code", "severity", "opened_at", "closed_at", "closure", "text")


async def referrals(
    request: Request, found: Found, *, as_of: AsOf = None, limit: Limit = None, cursor: Cursor = None
) -> Response:
    """Referrals that the account's agency sent, received or holds, each with what waits first; and all that waits.

    With `as_of`: what waited at that time, without the referrals. A page has rows of both lists, referrals first.
    """
    rows, waits = await _referrals(request, found, time_of(as_of))
    every = [
        *(("referrals", _referral(each, _first(each, waits))) for each in rows),
        *(("waiting", _wait(each)) for each in waits),
    ]
    shown, more = page_of_rows(request, every, limit, cursor, state=fingerprint(repr(every).encode()))
    lists = {name: [row for of, row in shown if of == name] for name in ("referrals", "waiting")}
    return json_response(request, {**lists, "next": more})


async def referrals_csv(request: Request, found: Found) -> Response:
    """Referrals of the account's agency as CSV, one row each with what waits first."""
    rows, waits = await _referrals(request, found)
    lines = [_line(_referral(each, _first(each, waits)), _REFERRAL_COLUMNS) for each in rows]
    return tagged_csv(request, Table({}, _REFERRAL_COLUMNS, lines))


async def agency_findings(request: Request) -> Response:
    """Findings in cases, and dangers to persons, that the account's agency may know of; the newest first.

    The list has 1,000 rows at most, and `left_out` is the number of the others. `code` is null if the agency does not
    see all records of the finding.
    """
    found = await parts(request).officers.findings(own_session(request))
    body = {
        "findings": [_finding(each) for each in found[:LONGEST_PAGE]],
        "left_out": max(len(found) - LONGEST_PAGE, 0),
    }
    return json_response(request, body)


async def agency_findings_csv(request: Request) -> Response:
    """Findings of the account's agency as CSV, with the text in the reader's language."""
    found = await parts(request).officers.findings(own_session(request))
    lang = language(request).value
    rows = [_finding(each) | {"text": finding_text(each.code, lang)} for each in found]
    return tagged_csv(request, Table({}, _FINDING_COLUMNS, [_line(each, _FINDING_COLUMNS) for each in rows]))


async def _referrals(
    request: Request, found: Found, as_of: datetime | None = None
) -> tuple[list[SeenReferral], list[Item]]:
    needed, own = parts(request), own_session(request)
    now = as_of or needed.now()
    waits = await needed.officers.waits(own, now, past=as_of is not None)
    working = needed.policy.working_hours.working_time
    rows = await needed.officers.referrals(own) if as_of is None else []
    return rows, worklist(waits, found.account.agency, now, working)


def _first(each: SeenReferral, waits: Sequence[Item]) -> Item | None:
    about = (item for item in waits if item.wait.about == each.referral)
    return min(about, key=lambda item: item.wait.due_at, default=None)


def _referral(each: SeenReferral, first: Item | None) -> dict[str, Any]:
    return {
        "referral": each.referral,
        "state": each.state,
        "sender": each.sender,
        "receiver": each.receiver,
        "holder": each.holder,
        "urgency": each.urgency,
        "service_types": list(each.service_types),
        "person": each.person,
        "case": each.case_id,
        "waits_for": None if first is None else first.wait.agency,
        "to_do": None if first is None else first.wait.kind,
        "since": None if first is None else first.wait.since.isoformat(),
        "due_at": None if first is None else first.wait.due_at.isoformat(),
        "late": first is not None and first.over is not None,
        "moves": [dict(move) for move in each.moves],
    }


def _wait(item: Item) -> dict[str, Any]:
    wait = item.wait
    return {
        "waits_for": wait.agency,
        "to_do": wait.kind,
        "about": wait.about,
        "person": wait.person,
        "case": wait.case_id,
        "since": wait.since.isoformat(),
        "due_at": wait.due_at.isoformat(),
        "late": item.over is not None,
        "working_days": item.days,
        "urgency": wait.urgency,
        "sender": wait.sender,
        "receiver": wait.receiver,
        "holder": wait.holder,
        "state": wait.state,
        "service_types": list(wait.service_types),
        "escalated": wait.told,
    }


def _finding(each: SeenFinding) -> dict[str, Any]:
    return {
        "finding": each.finding,
        "case": each.case_id,
        "person": each.person,
        "code": each.code,
        "severity": each.severity,
        "records": list(each.records),
        "opened_at": each.opened_at.isoformat(),
        "closed_at": None if each.closed_at is None else each.closed_at.isoformat(),
        "closure": each.closure,
        "text": {lang: finding_text(each.code, lang) for lang in ("en", "es")},
    }


def _line(row: dict[str, Any], columns: Sequence[str]) -> list[object]:
    return ["" if row[name] is None else row[name] for name in columns]
