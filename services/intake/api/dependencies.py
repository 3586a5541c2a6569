"""Objects that the routes use. `__main__` hands them in, and each route takes them from its application."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

import asyncpg
from fastapi import Depends, Request

from schemas.topics import Deployment
from services.intake.api.body_memory import BodyMemory
from services.intake.api.key_lookup import Lookup
from services.intake.api.limits import HttpLimits
from services.intake.api.list_limits import ListTurns
from services.intake.api.rate_limits import Metered, Share
from services.intake.api.request_group import HttpGroup
from services.intake.domain.systems import SYSTEMS, Systems
from services.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Parts:
    """The objects of one application that its routes use. `identities`: a pool in the role that owns the identities."""

    pool: asyncpg.Pool
    identities: asyncpg.Pool
    identity_key: bytes = field(repr=False)
    group: HttpGroup
    clock: Clock
    agencies: frozenset[str]
    limits: HttpLimits
    callers: Metered
    """Requests with a right key, by agency."""
    strangers: Metered
    """Requests with a wrong key or none, by address."""
    keys: Lookup
    shares: tuple[Share, ...]
    """Shares of an agency and of each of its systems, over both doors together."""
    held: BodyMemory
    lists: ListTurns
    systems: Callable[[], Systems] = lambda: SYSTEMS
    delivery: Callable[[str], str] = Deployment().delivery
    """By an agency's code, its delivery topic."""


def parts_of(request: Request) -> Parts:
    """Give the parts of the application that serves a request."""
    parts: Parts = request.app.state.parts
    return parts


Of: TypeAlias = Annotated[Parts, Depends(parts_of)]
