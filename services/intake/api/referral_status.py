"""`GET /v1/referrals/{id}`: the state of a referral, and the referral service's decisions about the caller's moves."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Request
from pydantic import BaseModel, ConfigDict, Field

from schemas.ids import Kind, is_id
from services.intake.api.answer_time_limit import budget_of
from services.intake.api.authentication import Caller
from services.intake.api.dependencies import Of, Parts
from services.intake.api.problem import Problem
from services.intake.api.problem_titles import HttpRule
from services.intake.api.receipts import readable_by
from services.intake.domain.systems import MAIN
from services.intake.store import referral_status as store
from services.runtime.postgres import borrow_connection


class ReferralMove(BaseModel):
    """A move of the caller and the decision about it. `move`: its event as source/id."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    move: str
    effect: Literal["in_effect", "refused", "waits"]
    """`waits`: it is kept until the move that must come before it arrives."""
    reason: str | None = None
    """Code of the reason for which the move was refused."""
    missing: list[str] = Field(default_factory=list)
    """With `consent_missing`: what your agency's own records of age and consent lack."""
    type: str | None = None
    """The event type of the move."""
    at: datetime | None = None
    """When it was made."""


class ShownReferral(BaseModel):
    """A referral as the caller may see it.

    An agency that neither sent nor received it, but made a move, gets its own moves, the state and the holder.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    referral: str
    state: str | None = None
    """Absent until the sender has said that it was sent, and if that was refused."""
    holder: str | None = None
    """The agency that accepted it."""
    sender: str | None = None
    receiver: str | None = None
    person: str | None = None
    case: str | None = None
    urgency: str | None = None
    service_types: list[str] = Field(default_factory=list)
    decided_n: int
    """Number (`n`) of the last event up to which the referral service has decided about the person."""
    moves: list[ReferralMove]
    """The caller's own moves of the referral. A move that is not in the list is not decided yet."""


async def one(
    request: Request,
    parts: Of,
    agency: Caller,
    referral: Annotated[str, Path(alias="id", description="The referral's id.", max_length=64)],
) -> ShownReferral:
    """Say how a referral stands. A referral that the caller may not see is answered like one that is not there."""
    if not is_id(referral, Kind.REFERRAL):
        raise Problem(HttpRule.NOT_FOUND)
    asked = _shown(parts, referral, agency, request.state.system)
    found = await budget_of(request, parts.limits.answer_seconds).within(asked)
    if found is None:
        raise Problem(HttpRule.NOT_FOUND)
    return ShownReferral.model_validate(found, from_attributes=True)


async def _shown(parts: Parts, referral: str, agency: str, system: str) -> store.ReferralView | None:
    """Return the referral as the agency may see it, or None. A system with its own key must have sent a move of it."""
    async with borrow_connection(parts.pool) as connection:
        found = await store.read_referral_view(connection, referral, agency)
    if found is None:
        return None
    readable = readable_by(parts, agency, system)
    moves = tuple(each for each in found.moves if readable.allows(each["move"].rpartition("/")[0]))
    return None if system != MAIN and not moves else replace(found, moves=moves)
