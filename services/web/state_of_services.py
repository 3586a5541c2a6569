"""State of the services for the operator's page: counts and positions from the database, and readiness."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import asyncpg
import httpx2

from services.runtime.postgres import borrow_connection

_SECONDS: Final = 2.0
"""Longest wait for a service's answer, in seconds. All services are asked in parallel."""
HOST: Final = "127.0.0.1"
_UNREAD: Final = re.compile(r'^atips_unread_records\{topic="(?P<topic>[^"]+)"\} (?P<records>\S+)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Service:
    """State of a service. `ready`: None if it does not answer. `reasons`: failed checks, by code.

    `waiting`: records on its topics that it has not handled; None if not counted. `migration`: newest migration step.
    """

    name: str
    ready: bool | None
    reasons: Mapping[str, str]
    waiting: int | None
    migration: str | None


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Counts of an agency's refused events. `oldest`: when the oldest open one was first refused. `size`: bytes.

    `not_delivered`: open ones whose receiver still waits for the event. `not_kept`: refusals that were not stored
    because the agency's quarantine was full.
    """

    agency: str
    open: int
    not_delivered: int
    oldest: datetime | None
    size: int
    not_kept: int


@dataclass(frozen=True, slots=True)
class Accounts:
    """Numbers of active and disabled accounts of a role."""

    role: str
    active: int
    disabled: int


@dataclass(frozen=True, slots=True)
class State:
    """State of all services. `accepted_to`: last accepted number. `relayed_to`: last number on the log.

    `code`, `database`: versions. `inbound`: number of records of each inbound topic that intake has not judged, the
    largest first, without zeros; None if intake does not answer.
    """

    services: Sequence[Service]
    quarantine: Sequence[Quarantine]
    accounts: Sequence[Accounts]
    accepted_to: int
    relayed_to: int
    code: str
    database: str
    inbound: Mapping[str, int] | None = None


class Operations:
    """Reads the state in the database role `web`, and from the services. `admin`: their admin ports by name."""

    def __init__(self, pool: asyncpg.Pool, admin: Mapping[str, int]) -> None:
        self._pool = pool
        self._admin = admin

    async def state(self) -> State:
        """Read the state now. Raises `Retryable` when the database is away."""
        asked = asyncio.ensure_future(self._asked())
        try:
            async with borrow_connection(self._pool) as connection:
                positions = {row["service"]: row for row in await connection.fetch("SELECT * FROM service_positions()")}
                quarantine = await connection.fetch("SELECT * FROM quarantine_by_agency()")
                accounts = await connection.fetch(_ACCOUNTS)
                [line] = await connection.fetch("SELECT * FROM line_positions()")
                database = await connection.fetchval("SHOW server_version")
        except BaseException:
            asked.cancel()
            raise
        readiness, inbound = await asked
        names = dict.fromkeys((*self._admin, *positions))
        return State(
            services=[_service(name, readiness.get(name), positions.get(name)) for name in names],
            quarantine=[_quarantine(row) for row in quarantine],
            accounts=[Accounts(**row) for row in accounts],
            accepted_to=line["accepted_to"],
            relayed_to=line["relayed_to"],
            code=version("atips"),
            database=str(database).partition(" ")[0],
            inbound=inbound,
        )

    async def _asked(self) -> tuple[dict[str, tuple[bool, dict[str, str]] | None], dict[str, int] | None]:
        """Return (readiness by service, unjudged records by inbound topic), asked in parallel."""
        async with httpx2.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            inbound = asyncio.ensure_future(_unread(client, self._admin.get("intake")))
            found = await asyncio.gather(*(_ready(client, port) for port in self._admin.values()))
            return dict(zip(self._admin, found, strict=True)), await inbound


_ACCOUNTS: Final = """
SELECT role, count(*) FILTER (WHERE disabled_at IS NULL) AS active,
    count(*) FILTER (WHERE disabled_at IS NOT NULL) AS disabled
FROM account GROUP BY role ORDER BY role
"""


async def _ready(client: httpx2.AsyncClient, port: int) -> tuple[bool, dict[str, str]] | None:
    """Return (ready, reasons) of a service from its admin port; None if it does not answer in time."""
    try:
        said = (await client.get(f"http://{HOST}:{port}/readyz")).json()
        return bool(said["ready"]), {str(name): str(why) for name, why in said["reasons"].items()}
    except (httpx2.HTTPError, ValueError, KeyError, AttributeError):
        return None


async def _unread(client: httpx2.AsyncClient, port: int | None) -> dict[str, int] | None:
    """Return the unhandled records by topic from a service's metrics, the largest first; None without an answer."""
    if port is None:
        return None
    try:
        text = (await client.get(f"http://{HOST}:{port}/metrics")).text
    except httpx2.HTTPError:
        return None
    found = {match["topic"]: int(float(match["records"])) for match in _UNREAD.finditer(text)}
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _service(name: str, ready: tuple[bool, dict[str, str]] | None, row: asyncpg.Record | None) -> Service:
    return Service(
        name=name,
        ready=None if ready is None else ready[0],
        reasons={} if ready is None else ready[1],
        waiting=None if row is None else row["waiting"],
        migration=None if row is None else row["migration"],
    )


def _quarantine(row: asyncpg.Record) -> Quarantine:
    said = dict(row)
    oldest = said.pop("oldest_at")
    return Quarantine(oldest=None if oldest is None else datetime.fromtimestamp(oldest / 1000, UTC), **said)
