"""What the routes work with, handed in by `__main__`; each route takes it from the application that serves it."""

from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

import asyncpg
from fastapi import Depends, Request

from services.intake.api.group import Group
from services.intake.domain.rate import Rate
from services.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the door is, and with how many; seconds and bytes. How often an agency may come is a setting."""

    refusals_per_second: float = 1.0
    """Of keys that are none, from one address; of what cannot be a key as many again."""
    refusals_at_once: float = 20.0
    in_flight: int = 200
    answer_seconds: float = 10.0
    """How long a request waits for the database."""
    body_seconds: float = 10.0
    """How long nothing need come of a body; what comes buys time at `body_bytes_per_second`. So with an answer."""
    body_bytes_per_second: float = 2048.0
    """Slower than any office's line."""
    header_seconds: float = 10.0
    """From the connection, or the last answer, to the end of a request's headers."""
    connections: int = 500


@dataclass(frozen=True, slots=True)
class Parts:
    """One application's; `identities` is a pool in the role that owns them."""

    pool: asyncpg.Pool
    identities: asyncpg.Pool
    identity_key: bytes = field(repr=False)
    group: Group
    clock: Clock
    agencies: frozenset[str]
    limits: Limits
    callers: Rate
    strangers: Rate
    opened: set[bytes | None] = field(default_factory=set, repr=False)
    """The hashes of the keys that opened the door when they were last asked for: no more than there are keys."""


def parts_of(request: Request) -> Parts:
    """Give the parts of the application that serves a request."""
    parts: Parts = request.app.state.parts
    return parts


Of: TypeAlias = Annotated[Parts, Depends(parts_of)]
