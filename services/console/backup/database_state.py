"""The database's account of the log: how far it was sent and read; and topics under new ids in its positions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg

from infra.postgres.roles import SERVICES
from schemas.topics import Deployment
from services.console.backup.erasures import TYPE, Erasure, erasure
from services.console.backup.errors import BackupError

_LINE: Final = """
SELECT (SELECT last_n FROM intake.line) AS n, (SELECT last_n FROM intake.relay) AS relayed,
    (SELECT max(n) FROM intake.quarantine WHERE n <= (SELECT last_n FROM intake.relay)) AS refused
"""
_SENT: Final = "SELECT topic, part, off FROM intake.relay_offset"
_ERASED: Final = "SELECT payload FROM intake.inbox WHERE type = $1 ORDER BY n"
DECIDING: Final = ("referral", "case_tracker")
"""Services that publish what they decide, from an outbox."""
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
    """The progress of a database: the line's end, the relay's last number and offsets, and the readers' next offsets.

    `ends` has for each partition of the log the offset behind everything that was sent or read; `inbound` the next
    offset of each inbound partition. `refused` is the last number in quarantine that was sent.
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
    """Give the positions of every service the ids of the topics as they were made again."""
    topics, new = list(ids), list(ids.values())
    async with connection.transaction():
        # Positions and topics change by two functions alone, which know no new topic. Only the administrator may do
        # without the triggers, and only here.
        await connection.execute("SET LOCAL session_replication_role = replica")
        for schema in SERVICES:
            for table in ("topic", "position", *(("passed",) if schema == "intake" else ())):
                await connection.execute(_rebinding(schema, table), topics, new)


async def send_again(connection: asyncpg.Connection, deployment: Deployment) -> int:
    """Have the deciding services send again what intake had not judged; gives how many decisions.

    They lay on inbound topics, which no backup holds. What intake has judged meanwhile it would know by its id.
    """
    count = 0
    for service in DECIDING:
        count += len(await connection.fetch(_SEND_AGAIN.format(service=service), deployment.inbound(service), service))
    return count


async def transaction_of(connection: asyncpg.Connection, n: int) -> str:
    """Give the id of the transaction that accepted or refused `n`. Raises `BackupError` where there is no such n."""
    found = await connection.fetchval(_TRANSACTION, n)
    if found is None:
        message = f"The backup has no event n {n}."
        raise BackupError(message)
    return str(found)


def missing_erasures(register: Collection[Erasure], erased: Collection[str]) -> list[Erasure]:
    """Give the erasures that a restored database does not know."""
    return [each for each in register if each.key not in erased]


def _positions(schema: str) -> str:
    return f"SELECT topic, part, next_offset FROM {schema}.position JOIN {schema}.topic USING (topic, topic_id)"  # noqa: S608 - our own names


def _rebinding(schema: str, table: str) -> str:
    return f"""
    UPDATE {schema}.{table} AS here SET topic_id = new.id
    FROM unnest($1::text[], $2::uuid[]) AS new (topic, id) WHERE here.topic = new.topic
    """  # noqa: S608 - our own names
