"""Authentication by API key, and the limit of requests of each caller."""

import asyncio
from typing import Annotated, TypeAlias

import structlog
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.intake.api.answer_time_limit import budget_of
from services.intake.api.dependencies import Of
from services.intake.api.problem import Problem
from services.intake.api.problem_titles import HttpRule
from services.intake.domain.api_keys import hash_of_key
from services.runtime.connection_admission import network
from services.runtime.http_server import mark_trusted, slow_down

_bearer = HTTPBearer(
    auto_error=False, scheme_name="key", description="The agency's API key, as `Authorization: Bearer …`."
)
_Credentials: TypeAlias = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]

log = structlog.get_logger()


async def caller(request: Request, parts: Of, credentials: _Credentials) -> str:
    """Return the code of the agency that the request's API key belongs to, and set the key's system in `request.state`.

    Raises `Problem` (401 or 429) for a missing or wrong key, or for too many requests. Wrong keys from an address do
    not block a right key from that address, because agencies share addresses with strangers. Raises `Retryable` or
    `TimeoutError` if the key cannot be looked up in time.
    """
    now = asyncio.get_running_loop().time
    key_hash = None if credentials is None else hash_of_key(credentials.credentials)
    found = None
    if key_hash is not None:
        found = await budget_of(request, parts.limits.answer_seconds).within(parts.keys.find(key_hash))
    if found is None or found.agency not in parts.agencies:
        address = network(request.client.host) if request.client else ""
        if wait := parts.strangers.take(address, now()):
            slow_down(request.scope)
            raise Problem(HttpRule.TOO_OFTEN, retry_after=wait, shares=(parts.strangers.share,))
        log.warning("no key", reason="none given" if credentials is None else "not one that is let in")
        raise Problem(HttpRule.NO_KEY)
    mark_trusted(request.scope)
    wait = parts.callers.take(found.agency, now())
    if wait:
        raise Problem(HttpRule.TOO_OFTEN, retry_after=wait, shares=(parts.callers.share,))
    request.state.system = found.system
    return found.agency


Caller: TypeAlias = Annotated[str, Depends(caller)]
