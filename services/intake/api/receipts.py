"""`GET /v1/receipts`: what became of the caller's own submissions, over whichever door they came."""

from typing import Annotated, Literal

from fastapi import Path, Query, Request
from pydantic import BaseModel, ConfigDict

from services.intake.api.access import Caller
from services.intake.api.budget import budget_of
from services.intake.api.parts import Of, Parts
from services.intake.api.problem import Problem
from services.intake.api.words import Rule
from services.intake.domain.receipt import Receipt
from services.intake.store import receipts as store
from services.runtime.postgres import acquired

MOST = 1000
_LAST_NUMBER = 2**63 - 1


class Page(BaseModel):
    """Receipts in the order of their numbers."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    receipts: list[Receipt]
    next: int
    """The `since` with which the next question goes on, at once or later."""


async def since(
    request: Request,
    parts: Of,
    agency: Caller,
    *,
    status: Annotated[Literal["accepted", "refused"] | None, Query(description="Only these.")] = None,
    since: Annotated[int, Query(ge=0, le=_LAST_NUMBER, description="Only those with a number above.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = 100,
) -> Page:
    """List the caller's receipts in the order of their numbers, those of repetitions left out."""
    asked = _since(parts, agency, since, limit=limit, status=status or "")
    found = await budget_of(request, parts.limits.answer_seconds).within(asked)
    return Page(receipts=found, next=(found[-1].n if found else None) or since)


async def of_event(
    request: Request,
    parts: Of,
    agency: Caller,
    event_id: Annotated[
        str,
        Path(alias="id", description="The event's id.", pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    ],
) -> Receipt:
    """Say what became of one event of the caller's: that it was accepted, else how it was refused the last time."""
    found = await budget_of(request, parts.limits.answer_seconds).within(_of(parts, agency, event_id))
    if found is None:
        raise Problem(Rule.NOT_FOUND)
    return found


async def _since(parts: Parts, agency: str, number: int, *, limit: int, status: str) -> list[Receipt]:
    async with acquired(parts.pool) as connection:
        return await store.since(connection, agency, number, limit=limit, status=status)


async def _of(parts: Parts, agency: str, event_id: str) -> Receipt | None:
    async with acquired(parts.pool) as connection:
        return await store.of(connection, agency, event_id)
