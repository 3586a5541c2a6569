"""`GET /v1/receipts`: the outcomes of the caller's own submissions, over Kafka and HTTP."""

from typing import Annotated, Literal, NamedTuple

from fastapi import Path, Query, Request
from pydantic import BaseModel, ConfigDict

from services.intake.api.answer_time_limit import budget_of
from services.intake.api.authentication import Caller
from services.intake.api.dependencies import Of, Parts
from services.intake.api.problem import Problem
from services.intake.api.problem_titles import HttpRule
from services.intake.domain.receipt import Receipt
from services.intake.domain.systems import MAIN
from services.intake.store import receipt_queries as store
from services.intake.store.receipt_queries import ReadableSources
from services.runtime.postgres import borrow_connection

MOST = 1000
_LAST_NUMBER = 2**63 - 1


class ReceiptPage(BaseModel):
    """Receipts in the order of their numbers."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    receipts: list[Receipt]
    next: int
    """`since` of the next request, which returns the receipts after these. It may be sent at once or later."""


async def since(
    request: Request,
    parts: Of,
    agency: Caller,
    *,
    status: Annotated[Literal["accepted", "refused"] | None, Query(description="Only these.")] = None,
    since: Annotated[int, Query(ge=0, le=_LAST_NUMBER, description="Only those with a number above.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = 100,
    newest: Annotated[bool, Query(description="The last ones, the latest first.")] = False,
) -> ReceiptPage:
    """List the caller's receipts in the order of their numbers, those of repetitions left out."""
    wanted = _Wanted(since, limit, status or "", newest)
    asked = _since(parts, agency, wanted, request.state.system)
    found = await budget_of(request, parts.limits.answer_seconds).within(asked)
    return ReceiptPage(receipts=found, next=max((each.n or since for each in found), default=since))


async def of_event(
    request: Request,
    parts: Of,
    agency: Caller,
    event_id: Annotated[
        str,
        Path(alias="id", description="The event's id.", pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    ],
) -> Receipt:
    """Give the outcome of one event of the caller: that it was accepted, else its last refusal."""
    found = await budget_of(request, parts.limits.answer_seconds).within(
        _of(parts, agency, event_id, request.state.system)
    )
    if found is None:
        raise Problem(HttpRule.NOT_FOUND)
    return found


class _Wanted(NamedTuple):
    since: int
    limit: int
    status: str
    newest: bool


async def _since(parts: Parts, agency: str, wanted: _Wanted, system: str) -> list[Receipt]:
    readable = readable_by(parts, agency, system)
    async with parts.lists.connection(agency) as connection:
        return await store.receipts_since(
            connection,
            agency,
            wanted.since,
            readable,
            limit=wanted.limit,
            status=wanted.status,
            newest=wanted.newest,
        )


async def _of(parts: Parts, agency: str, event_id: str, system: str) -> Receipt | None:
    readable = readable_by(parts, agency, system)
    async with borrow_connection(parts.pool) as connection:
        return await store.outcome_of(connection, agency, event_id, readable)


def readable_by(parts: Parts, agency: str, system: str) -> ReadableSources:
    """Return the sources whose receipts a system may read.

    With the agency's key: all sources except those that have their own key. With a system's own key: its source, and
    those that the Council listed for it.
    """
    systems = parts.systems()
    readable = systems.readable_by(agency, system)
    if system == MAIN:
        return ReadableSources(but=sorted(each for each in systems.own_keys if each not in readable))
    return ReadableSources(only=sorted({*readable, f"{agency}/{system}"}))
