"""`POST /v1/identities`: the shared id for one own number of the caller; `/v1/identities/batch`: for several."""

from typing import Annotated, Final, TypeVar

import structlog
from fastapi import Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.byte_rules import canonical, parse, refuse_duplicate_keys
from schemas.codes_at_pointer import value_at
from schemas.errors import BadMessage, Reason
from schemas.fields import Wire
from schemas.pydantic_errors import diagnosis
from services.intake.api.answer_time_limit import budget_of
from services.intake.api.authentication import Caller
from services.intake.api.body import JSON, media_type, read
from services.intake.api.dependencies import Of, Parts
from services.intake.api.problem import ErrorPlace, Problem, problem_at
from services.intake.api.problem_titles import HttpRule
from services.intake.domain.identity_kind_names import unknown_kind
from services.intake.domain.own_number_ids import IdentitiesRequest, IdentityRequest, shared_identity
from services.intake.own_number_secret_encryption import decrypt_secret, key_id
from services.intake.store.own_number_ids import agency_key, find_or_add_ids
from services.runtime.postgres import borrow_connection

_MAX_BYTES: Final = 4096
_MAX_BATCH_BYTES: Final = 32 * 1024
_OWN_NAMES: Final = frozenset((*IdentityRequest.model_fields, *IdentitiesRequest.model_fields))
_RETRY_SECONDS: Final = 60.0
"""Seconds in `Retry-After` while the secret of the caller's agency is not registered."""

_Asked = TypeVar("_Asked", bound=Wire)

log = structlog.get_logger()


class SharedIdentity(BaseModel):
    """The shared id; the number itself is not repeated."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    minted: bool
    """Whether this request was the first for this number, and its id is new."""


class SharedIdentities(BaseModel):
    """The shared ids of several numbers, in their order."""

    ids: list[SharedIdentity]


async def identify(request: Request, parts: Of, agency: Caller) -> JSONResponse:
    """Give the id of (agency, kind, own number): new when it is asked for the first time, and the same ever after.

    A sheet makes the same id of the same number.
    """
    asked = await _read(request, parts, agency, IdentityRequest, _MAX_BYTES)
    if asked.agency not in {None, agency}:
        raise problem_at(HttpRule.NUMBER_OF_ANOTHER_AGENCY, "/agency")
    [shared] = await _shared(request, parts, agency, (asked,))
    return JSONResponse(shared.model_dump(), 201 if shared.minted else 200)


async def identify_batch(
    request: Request,
    parts: Of,
    agency: Caller,
    *,
    dry_run: Annotated[bool, Query(description="Give the ids that they would have now; nothing is kept.")] = False,
) -> JSONResponse:
    """Give the ids of several own numbers, in their order: each as by itself."""
    asked = await _read(request, parts, agency, IdentitiesRequest, _MAX_BATCH_BYTES)
    for place, each in enumerate(asked.numbers):
        if each.agency not in {None, agency}:
            raise problem_at(HttpRule.NUMBER_OF_ANOTHER_AGENCY, f"/numbers/{place}/agency")
    shared = await _shared(request, parts, agency, asked.numbers, dry_run=dry_run)
    return JSONResponse(SharedIdentities(ids=shared).model_dump())


async def _shared(
    request: Request, parts: Parts, agency: str, asked: tuple[IdentityRequest, ...], *, dry_run: bool = False
) -> list[SharedIdentity]:
    found = _known(parts, agency, asked, dry_run=dry_run)
    shared = await budget_of(request, parts.limits.answer_seconds).within(found)
    if minted := sum(each.minted for each in shared):  # kept for ever, like events
        parts.group.charge_minted(agency, minted)
    return shared


async def _known(
    parts: Parts, agency: str, asked: tuple[IdentityRequest, ...], *, dry_run: bool
) -> list[SharedIdentity]:
    async with borrow_connection(parts.identities) as connection:
        sealed = await agency_key(connection, agency, key_id(parts.identity_key))
        secret = None if sealed is None else decrypt_secret(parts.identity_key, agency, sealed)
        if secret is None:
            # Without the secret the id would differ from the one that a sheet makes of the number.
            log.warning("own_numbers_key_missing", agency=agency)
            raise Problem(HttpRule.CANNOT_PROMISE, retry_after=_RETRY_SECONDS)
        found = [shared_identity(parts.identity_key, secret, agency, each) for each in asked]
        ids = await find_or_add_ids(connection, agency, found, parts.clock.now(), dry_run=dry_run)
    return [SharedIdentity(id=each, minted=minted) for each, minted in ids]


async def _read(request: Request, parts: Parts, agency: str, model: type[_Asked], most: int) -> _Asked:
    if wait := parts.group.wait(agency):
        raise Problem(HttpRule.TOO_OFTEN, retry_after=wait, close=True, shares=parts.shares)
    if media_type(request) != JSON:
        raise Problem(HttpRule.MEDIA_TYPE, close=True, accept=JSON)
    return _parsed(await read(request, agency, most, parts.limits, parts.held), model)


def _parsed(raw: bytes, model: type[_Asked]) -> _Asked:
    try:
        document = parse(raw)
        refuse_duplicate_keys(raw, canonical(document))
        return model.model_validate_json(raw)
    except BadMessage as bad:
        wrong = problem_at(bad.reason, bad.pointer)
    except ValidationError as error:
        found = diagnosis(error, _OWN_NAMES, tagged=False)
        wrong = problem_at(found.reason, found.pointer)
        if found.reason is Reason.UNKNOWN_CODE and found.pointer.endswith("/kind"):
            place = unknown_kind(found.pointer, value_at(raw, found.pointer))
            wrong = Problem(found.reason, (ErrorPlace(**dict(place)),))
    raise wrong
