"""`GET /v1/inbox`: the messages that were delivered to the caller's agency in the last thirty days."""

from typing import Annotated, Any

import orjson
from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict

from services.intake.api.access import Caller
from services.intake.api.budget import budget_of
from services.intake.api.parts import Of, Parts
from services.intake.domain.systems import MAIN
from services.intake.store.referrals import delivered
from services.runtime.postgres import acquired

MOST = 500
_LAST_NUMBER = 2**63 - 1


class InboxMessage(BaseModel):
    """One message."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    number: int
    """Its place in the order of all messages; there are gaps."""
    event: dict[str, Any]
    """The CloudEvent, as it lies on the agency's delivery topic."""


class InboxPage(BaseModel):
    """Messages in the order in which they were sent. Receipts are not among them: `GET /v1/receipts` has those."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    messages: list[InboxMessage]
    next: int
    """The `since` with which the next question goes on, at once or later."""


async def messages(
    request: Request,
    parts: Of,
    agency: Caller,
    *,
    since: Annotated[int, Query(ge=0, le=_LAST_NUMBER, description="Only those with a number above.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = 100,
) -> InboxPage:
    """List what was delivered to the caller's agency: referrals, decisions, withdrawals, dangers.

    A system with a key of its own has a delivery topic of its own, and is not told what its agency is.
    """
    system = request.state.system
    asked = _delivered(parts, agency if system == MAIN else f"{agency}/{system}", since, limit)
    found = await budget_of(request, parts.limits.answer_seconds).within(asked)
    listed = [InboxMessage(number=number, event=orjson.loads(value)) for number, value in found]
    return InboxPage(messages=listed, next=listed[-1].number if listed else since)


async def _delivered(parts: Parts, sender: str, since: int, limit: int) -> list[tuple[int, bytes]]:
    async with acquired(parts.pool) as connection:
        return await delivered(connection, parts.delivery(sender), since, limit)
