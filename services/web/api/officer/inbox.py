"""The inbox of an officer: dangers first, then what waits, what is late, who is on call, and what was delivered."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.responses import Response

from schemas.codebook.governance import FindingSeverity
from services.presentation.messages import Delivery, deliveries, ordered
from services.web.api.officer.shown import labels
from services.web.api.page import moment, page
from services.web.api.parts import Parts, own_session, parts, session
from services.web.domain.account import Account, Session
from services.web.door import DoorAway, NoKey
from services.web.worklist import worklist

MOST: Final = 50
"""Messages on the page. The command `atips inbox` shows all of the last thirty days."""


async def inbox(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Show what an officer has to look at first."""
    needed, own = parts(request), own_session(request)
    now = needed.now()
    agency = found.account.agency
    findings = await needed.officers.findings(own)
    items = worklist(await needed.officers.waits(own, now), agency, now, needed.policy.working_hours.working_time)
    messages, why = await delivered(needed, found.account)
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
        left_out=max(len(messages) - MOST, 0),
        why=why,
        acts=needed.door.acts(agency),
        form=needed.token(),
        moment_text=lambda text: moment(datetime.fromisoformat(text)),
        **labels(request),
    )


async def delivered(needed: Parts, account: Account) -> tuple[list[Delivery], str | None]:
    """Give the messages of the account's agency, dangers first, and why there are none to show; None: all are there."""
    try:
        return ordered(deliveries(await needed.door.inbox(account.agency))), None
    except NoKey:
        return [], "no_key"
    except DoorAway:
        return [], "messages_away"
