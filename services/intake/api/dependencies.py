"""Objects that the routes use. `__main__` builds them, and FastAPI passes them to each route."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

import asyncpg
from fastapi import Depends, Request

from schemas.topics import Deployment
from services.intake.api.api_key_holders import Lookup
from services.intake.api.body_memory import BodyMemory
from services.intake.api.group_commit import HttpGroup
from services.intake.api.limits import HttpLimits
from services.intake.api.list_limiter import ListLimiter
from services.intake.api.rate_limits import CallerRateLimit, Share
from services.intake.domain.systems import SYSTEMS, Systems
from services.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Parts:
    """Objects that the routes use. `identities`: database pool whose role may use the schema identity.

    `agencies`: codes of the agencies that may call. `identity_key`: see `own_number_ids`.
    """

    pool: asyncpg.Pool
    identities: asyncpg.Pool
    identity_key: bytes = field(repr=False)
    group: HttpGroup
    clock: Clock
    agencies: frozenset[str]
    limits: HttpLimits
    callers: CallerRateLimit
    """Rate limit of requests with a valid key, by agency."""
    strangers: CallerRateLimit
    """Rate limit of requests with a wrong key or none, by network address."""
    keys: Lookup
    shares: tuple[Share, ...]
    """Limits of an agency and of each of its systems, for Kafka and HTTP together."""
    held: BodyMemory
    lists: ListLimiter
    systems: Callable[[], Systems] = lambda: SYSTEMS
    delivery: Callable[[str], str] = Deployment().delivery
    """Returns the delivery topic of an agency or a system."""


def application_parts(request: Request) -> Parts:
    """Return the objects of the application that serves a request."""
    parts: Parts = request.app.state.parts
    return parts


Of: TypeAlias = Annotated[Parts, Depends(application_parts)]
