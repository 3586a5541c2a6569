"""`POST /v1/events`: events are judged and numbered like those from Kafka, and answered after the commit."""

from dataclasses import replace
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.intake.api.answer_time_limit import budget_of
from services.intake.api.authentication import Caller
from services.intake.api.body import read_submissions
from services.intake.api.dependencies import Of
from services.intake.api.group_commit import BeyondShareError
from services.intake.api.problem import Problem, problem_of_refusal
from services.intake.api.problem_titles import HttpRule
from services.intake.domain.receipt import Receipt


class Receipts(BaseModel):
    """Receipts of a batch, in its order."""

    receipts: list[Receipt]


async def submit(
    request: Request,
    parts: Of,
    agency: Caller,
    *,
    dry_run: Annotated[bool, Query(description="Judge, and say what would become of it now; nothing is kept.")] = False,
) -> JSONResponse:
    """Submit one event or a batch; the answer comes when it is on disk, and stands.

    An event sent again gets its first receipt. A refused one is kept in quarantine under a number and may be repaired
    under its id. In a batch each event is judged for itself, and the batch is answered with 202 whatever they got.
    """
    if wait := parts.group.wait(agency):
        raise Problem(HttpRule.TOO_OFTEN, retry_after=wait, close=True, shares=parts.shares)
    found, several = await read_submissions(request, agency, parts.limits, parts.held, parts.group)
    inbounds = [replace(each, system=request.state.system) for each in found]
    judged = parts.group.rehearse(inbounds) if dry_run else parts.group.accept(inbounds)
    try:
        receipts = await budget_of(request, parts.limits.answer_seconds).within(judged)
    except BeyondShareError as beyond:
        raise Problem(HttpRule.TOO_OFTEN, retry_after=beyond.seconds, shares=parts.shares) from None
    status = 200 if dry_run else 202
    if several:
        return JSONResponse(Receipts(receipts=receipts).model_dump(mode="json", exclude_none=True), status)
    [receipt] = receipts
    if receipt.status == "refused":
        raise problem_of_refusal(receipt)
    return JSONResponse(receipt.model_dump(mode="json", exclude_none=True), status)
