"""`GET /v1/inbox`: the messages that were delivered to the caller's agency in the last thirty days.

The referral service and the case tracker send messages. Each numbers its own, so a cursor has two numbers.
"""

from typing import Annotated, Any

import orjson
from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict

from schemas.errors import Reason
from services.intake.api.answer_time_limit import budget_of
from services.intake.api.authentication import Caller
from services.intake.api.dependencies import Of, Parts
from services.intake.api.problem import ErrorPlace, Problem
from services.intake.api.problem_titles import HttpRule
from services.intake.domain.merged_messages_to_agencies import InboxPlace, NumberedMessage, WrongCursor, merge_messages
from services.intake.domain.systems import MAIN
from services.intake.store.delivered_messages import InboxSource, read_delivered_messages

MOST = 500
_LAST_NUMBER = 2**63 - 1


class InboxMessage(BaseModel):
    """A message that was delivered to the caller's agency."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    number: int
    """Its place in the order of its service's messages; there are gaps."""
    source: InboxSource
    """The service that sent it: `case_tracker` for dangers and restrictions of cases, `referral` for all others."""
    event: dict[str, Any]
    """The CloudEvent, as it lies on the agency's delivery topic."""


class InboxPage(BaseModel):
    """Messages by time. Receipts are not among them: `GET /v1/receipts` has those."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    messages: list[InboxMessage]
    cursor: str
    """`cursor` of the next request, which returns the messages after these. It may be sent at once or later."""
    next: int
    """The `since` of a client of an earlier version, which reads the referral service's messages alone."""


async def messages(
    request: Request,
    parts: Of,
    agency: Caller,
    *,
    cursor: Annotated[str | None, Query(max_length=80, description="The cursor of the answer before.")] = None,
    since: Annotated[
        int | None,
        Query(
            ge=0,
            le=_LAST_NUMBER,
            deprecated=True,
            description="The referral service's messages alone, those with a number above.",
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = 100,
) -> InboxPage:
    """List what was delivered to the caller's agency: referrals, decisions, withdrawals, notices, dangers.

    A system with a key of its own has a delivery topic of its own, and is not told what its agency is.
    """
    system = request.state.system
    sender = agency if system == MAIN else f"{agency}/{system}"
    place = InboxPlace(since) if since is not None else _place(cursor)
    sources = [InboxSource.REFERRAL] if since is not None else list(InboxSource)
    asked = _delivered(parts, sender, sources, place, limit)
    found = await budget_of(request, parts.limits.answer_seconds).within(asked)
    for each in found:
        place = place.after(each.source, each.number)
    return InboxPage(
        messages=[
            InboxMessage(number=each.number, source=InboxSource(each.source), event=dict(each.event)) for each in found
        ],
        cursor=place.written(),
        next=place.referral,
    )


def _place(cursor: str | None) -> InboxPlace:
    """Return the place that a cursor names. Raises `Problem` if the text is not a cursor."""
    try:
        return InboxPlace.read(cursor)
    except WrongCursor:
        place = ErrorPlace(rule=Reason.WRONG_FORM.value, parameter="cursor")
        raise Problem(HttpRule.PARAMETER, (place,)) from None


async def _delivered(
    parts: Parts, sender: str, sources: list[InboxSource], place: InboxPlace, limit: int
) -> list[NumberedMessage]:
    after = {InboxSource.REFERRAL: place.referral, InboxSource.CASE_TRACKER: place.case_tracker}
    async with parts.lists.connection(sender.partition("/")[0]) as connection:
        lists = [
            [
                NumberedMessage(source.value, number, orjson.loads(value))
                for number, value in await read_delivered_messages(
                    connection, source, parts.delivery(sender), after[source], limit
                )
            ]
            for source in sources
        ]
    return merge_messages(lists, limit)
