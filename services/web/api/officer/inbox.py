"""The page of an officer's inbox: dangers, open tasks, late tasks of others, who is on call, and delivered messages.

Messages are marked as read by account: what one person has seen may be new to a colleague on the next shift.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from schemas.agencies import agency_of
from schemas.codebook.governance import FindingSeverity
from services.presentation.messages_to_agencies import Delivery, deliveries, ordered, with_closed_dangers
from services.web.api.dependencies import Parts, check_form_origin, own_session, parts, session
from services.web.api.officer.code_labels import labels
from services.web.api.page import moment, page
from services.web.domain.account_rules import Account, Session
from services.web.domain.roles import Part
from services.web.intake_client import IntakeUnavailable, KeyRefused, NoKey
from services.web.worklist import worklist

MOST: Final = 50
"""Largest number of messages on the page. The command `atips inbox` shows all of the last thirty days."""


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message as the inbox shows it. `mark`: its key in the table of read marks, as AGENCY/SERVICE/NUMBER."""

    told: Delivery
    mark: str
    unread: bool = True


async def inbox(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Show the officer's inbox."""
    needed, own = parts(request), own_session(request)
    now = needed.now()
    agency = found.account.agency
    findings = await needed.officers.findings(own)
    items = worklist(await needed.officers.waits(own, now), agency, now, needed.policy.working_hours.working_time)
    messages, why = await _messages(needed, own, found.account)
    return page(
        request,
        "inbox.html",
        found,
        dangers=[each for each in findings if each.severity == FindingSeverity.CRITICAL and each.closed_at is None],
        mine=[each for each in items if each.mine],
        others=[each for each in items if not each.mine and each.over is not None],
        late=sum(each.mine and each.over is not None for each in items),
        on_call=needed.policy.on_call_at(agency, now),
        messages=messages[:MOST],
        unread=sum(each.unread for each in messages),
        left_out=max(len(messages) - MOST, 0),
        why=why,
        acts=needed.door.has_key_of(agency),
        form=needed.token(),
        moment_text=lambda text: moment(datetime.fromisoformat(text)),
        **labels(request),
    )


async def mark(
    request: Request,
    found: Annotated[Session, Depends(session)],
    form_token: Annotated[str, Form(max_length=100)],
    message: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Mark messages as read by the person. Only messages of the agency's own inbox can be marked."""
    check_form_origin(request, form_token)
    needed = parts(request)
    messages, _ = await _messages(needed, own_session(request), found.account)
    chosen = {each.mark for each in messages}.intersection(message or ())
    if chosen:
        await needed.store.mark_read(found.account.name, chosen)
    return RedirectResponse(Part.INBOX.address, status_code=303)


async def _messages(needed: Parts, own: bytes, account: Account) -> tuple[list[InboxMessage], str | None]:
    """Return the agency's messages, and the name of the text that says why some are missing (None: all are there).

    Unread messages come first, then dangers that are not over, then newer ones. Dangers and restrictions of cases
    come from the database, all others from intake.
    """
    from_door, why = await delivered(needed, account)
    closed = {each.finding for each in await needed.officers.findings(own) if each.closed_at is not None}
    of_cases = with_closed_dangers(deliveries(await needed.officers.messages(own)), closed)
    seen = await needed.store.read_marks(account.name)
    found = [
        InboxMessage(each, f"{agency_of(account.agency)}/{source}/{each.offset}")
        for source, several in (("referral", from_door), ("case_tracker", of_cases))
        for each in several
    ]
    marked = [replace(each, unread=each.mark not in seen) for each in found]
    return sorted(marked, key=_first), why


def _first(each: InboxMessage) -> tuple[bool, bool, float]:
    return not each.unread, not each.told.endangers, -each.told.at.timestamp()


async def delivered(needed: Parts, account: Account) -> tuple[list[Delivery], str | None]:
    """Return (the referral service's messages to the account's agency, name in `WORDS` of the text why there are none).

    The second value is None if intake answered.
    """
    try:
        return ordered(deliveries(await needed.door.inbox(account.agency))), None
    except NoKey:
        return [], "no_key"
    except KeyRefused:
        return [], "key_refused"
    except IntakeUnavailable:
        return [], "messages_away"
