"""Who is calling: an agency, by its key; nobody else is served, and nobody too often."""

import asyncio
from typing import Annotated, TypeAlias

import structlog
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.intake.api.parts import Of, Parts
from services.intake.api.problem import Problem
from services.intake.api.words import Rule
from services.intake.domain.keys import hashed
from services.intake.store.keys import Keys
from services.runtime.postgres import acquired

_bearer = HTTPBearer(
    auto_error=False, scheme_name="key", description="The agency's API key, as `Authorization: Bearer …`."
)
_Credentials: TypeAlias = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]

log = structlog.get_logger()


async def caller(request: Request, parts: Of, credentials: _Credentials) -> str:
    """Give the code of the agency whose key the request has; raises the problem of one without, or of too many."""
    now = asyncio.get_running_loop().time()
    address = request.client.host if request.client else ""
    key_hash = None if credentials is None else hashed(credentials.credentials)
    # The database is not asked for every guess, but always for a key that was right the last time: agencies share
    # addresses with strangers. What cannot be a key is never asked for, and so uses up nothing of those that may be.
    stranger = address if key_hash is None else f"{address} with a key"
    if key_hash not in parts.opened and (wait := parts.strangers.wait(stranger, now)):
        raise Problem(Rule.TOO_OFTEN, retry_after=wait)
    agency = None if key_hash is None else await _found(parts, key_hash)
    if agency is None:
        parts.opened.discard(key_hash)
        parts.strangers.take(stranger, now)
        log.warning("no key", reason="none given" if credentials is None else "not one that is let in")
        raise Problem(Rule.NO_KEY)
    parts.opened.add(key_hash)
    wait = parts.callers.take(agency, asyncio.get_running_loop().time())
    if wait:
        raise Problem(Rule.TOO_OFTEN, retry_after=wait)
    return agency


async def _found(parts: Parts, key_hash: bytes) -> str | None:
    async with asyncio.timeout(parts.limits.answer_seconds), acquired(parts.pool) as connection:
        agency = await Keys(connection).find(key_hash)
    return agency if agency in parts.agencies else None


Caller: TypeAlias = Annotated[str, Depends(caller)]
