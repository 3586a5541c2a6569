"""Reads what a database stores about the log (how far it was sent and read), and updates it after a restore."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg

from infra.postgres.roles import SERVICES
from schemas.topics import Deployment
from services.console.backup.erasure_register import TYPE, Erasure, erasure
from services.console.backup.errors import BackupError

_LINE: Final = """
SELECT (SELECT last_n FROM intake.line) AS n, (SELECT last_n FROM intake.relay) AS relayed,
    (SELECT max(n) FROM intake.quarantine WHERE n <= (SELECT last_n FROM intake.relay)) AS refused
"""
_SENT: Final = "SELECT topic, part, off FROM intake.relay_offset"
_ERASED: Final = "SELECT payload FROM intake.inbox WHERE type = $1 ORDER BY n"
DECIDING: Final = ("referral", "case_tracker")
"""Database schemas of the services that publish decisions from an outbox."""
_SEND_AGAIN: Final = """
UPDATE {service}.outbox SET sent = false
WHERE sent AND topic = $1
    AND id NOT IN (SELECT id FROM intake.inbox WHERE agency = $2)
    AND id NOT IN (SELECT id FROM intake.quarantine WHERE agency = $2 AND id IS NOT NULL)
RETURNING id
"""
_TRANSACTION: Final = """
SELECT xmin::text FROM intake.inbox WHERE n = $1 UNION ALL SELECT xmin::text FROM intake.quarantine WHERE n = $1
"""

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """How far a database says that the log was sent and read. A `Place` is (topic, partition).

    `n`: last accepted sequence number. `relayed`: last number that the relay sent. `refused`: last sent number that is
    in quarantine, 0 without one. `sent`: offset of the last record that the relay sent to each partition. `ends`: for
    each partition of the log, the offset after everything that was sent or read. `inbound`: next offset to read of each
    inbound partition. `erased`: keys of the erasures that the database knows.
    """

    n: int
    relayed: int
    refused: int
    sent: Mapping[Place, int]
    ends: Mapping[Place, int]
    inbound: Mapping[Place, int]
    erased: Collection[str] = field(default=())


async def read(connection: asyncpg.Connection, deployment: Deployment) -> DatabaseState:
    """Read the database's state, in one transaction."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        [line] = await connection.fetch(_LINE)
        sent = {(row["topic"], row["part"]): row["off"] for row in await connection.fetch(_SENT)}
        ends = {place: off + 1 for place, off in sent.items()}
        inbound: dict[Place, int] = {}
        for schema in SERVICES:
            for row in await connection.fetch(_positions(schema)):
                place = row["topic"], row["part"]
                into = ends if row["topic"] in deployment.logs else inbound
                into[place] = max(into.get(place, 0), row["next_offset"])
        erased = await connection.fetch(_ERASED, TYPE)
    return DatabaseState(
        int(line["n"]),
        int(line["relayed"]),
        int(line["refused"] or 0),
        sent,
        ends,
        inbound,
        frozenset(erasure(bytes(row["payload"])).key for row in erased),
    )


async def rebind(connection: asyncpg.Connection, ids: Mapping[str, UUID]) -> None:
    """Write the new ids of recreated topics into the positions of every service."""
    topics, new = list(ids), list(ids.values())
    async with connection.transaction():
        # Triggers allow changes of positions and topics by two functions only, and neither can give a topic a new id.
        # Only the administrator may switch the triggers off, and only this function does.
        await connection.execute("SET LOCAL session_replication_role = replica")
        for schema in SERVICES:
            for table in ("topic", "position", *(("passed",) if schema == "intake" else ())):
                await connection.execute(_rebinding(schema, table), topics, new)


async def send_again(connection: asyncpg.Connection, deployment: Deployment) -> int:
    """Mark as unsent each decision that intake had not judged, and return their number. The services send them again.

    They were on inbound topics, which no backup holds. Intake recognizes a decision that it knows by its id.
    """
    count = 0
    for service in DECIDING:
        count += len(await connection.fetch(_SEND_AGAIN.format(service=service), deployment.inbound(service), service))
    return count


async def transaction_of(connection: asyncpg.Connection, n: int) -> str:
    """Return the PostgreSQL transaction id (xid) that accepted or refused `n`. Raises `BackupError` without `n`."""
    found = await connection.fetchval(_TRANSACTION, n)
    if found is None:
        message = f"The backup has no event n {n}."
        raise BackupError(message)
    return str(found)


def missing_erasures(register: Collection[Erasure], erased: Collection[str]) -> list[Erasure]:
    """Return the erasures of the register whose keys are not in `erased`, those of the restored database."""
    return [each for each in register if each.key not in erased]


def _positions(schema: str) -> str:
    return f"SELECT topic, part, next_offset FROM {schema}.position JOIN {schema}.topic USING (topic, topic_id)"  # noqa: S608 - our own names


def _rebinding(schema: str, table: str) -> str:
    return f"""
    UPDATE {schema}.{table} AS here SET topic_id = new.id
    FROM unnest($1::text[], $2::uuid[]) AS new (topic, id) WHERE here.topic = new.topic
    """  # noqa: S608 - our own names
