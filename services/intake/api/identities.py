"""`POST /v1/identities`: the shared id of what the caller knows under a number of its own."""

from typing import Final

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.byte_rules import canonical, parse, refuse_duplicate_keys
from schemas.errors import BadMessage
from schemas.ids import Kind
from schemas.pydantic_errors import diagnosis
from services.intake.api.access import Caller
from services.intake.api.answer_time import budget_of
from services.intake.api.body import JSON, media_type, read
from services.intake.api.dependencies import Of, Parts
from services.intake.api.problem import Problem, problem_at
from services.intake.api.problem_titles import HttpRule
from services.intake.domain.identities import Identity, IdentityRequest, identity
from services.intake.store.identities import known
from services.runtime.postgres import acquired

_MAX_BYTES: Final = 4096
_OWN_NAMES: Final = frozenset(IdentityRequest.model_fields)


class SharedIdentity(BaseModel):
    """The shared id; the number itself is not repeated."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    minted: bool
    """Whether this was the first time that anybody asked for it."""


async def identify(request: Request, parts: Of, agency: Caller) -> JSONResponse:
    """Give the id of (agency, kind, own number): new when it is asked for the first time, and the same ever after."""
    if wait := parts.group.wait(agency):
        raise Problem(HttpRule.TOO_OFTEN, retry_after=wait, close=True, shares=parts.shares)
    if media_type(request) != JSON:
        raise Problem(HttpRule.MEDIA_TYPE, close=True, accept=JSON)
    asked = _asked(await read(request, agency, _MAX_BYTES, parts.limits, parts.held))
    if asked.agency not in {None, agency}:
        raise problem_at(HttpRule.NUMBER_OF_ANOTHER_AGENCY, "/agency")
    found = identity(parts.identity_key, agency, asked.kind, asked.number)
    known_as = _known(parts, agency, asked.kind, found)
    shared, minted = await budget_of(request, parts.limits.answer_seconds).within(known_as)
    if minted:  # kept for ever, like an event
        parts.group.charge_minted(agency)
    return JSONResponse(SharedIdentity(id=shared, minted=minted).model_dump(), 201 if minted else 200)


async def _known(parts: Parts, agency: str, kind: Kind, found: Identity) -> tuple[str, bool]:
    async with acquired(parts.identities) as connection:
        return await known(connection, agency, kind, found, parts.clock.now())


def _asked(raw: bytes) -> IdentityRequest:
    try:
        document = parse(raw)
        refuse_duplicate_keys(raw, canonical(document))
        return IdentityRequest.model_validate_json(raw)
    except BadMessage as bad:
        wrong = problem_at(bad.reason, bad.pointer)
    except ValidationError as error:
        found = diagnosis(error, _OWN_NAMES, tagged=False)
        wrong = problem_at(found.reason, found.pointer)
    raise wrong
