"""Positions of readers in PostgreSQL. A position moves in the transaction that writes the records' consequences.

A position is keyed by the topic's id: a topic that was deleted and created again has another id. Each assignment of a
partition raises the position's epoch. An update that finds another epoch means that another worker owns the partition;
then all is rolled back.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from services.runtime.errors import Fenced, Halt
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection, borrow_connection, translate_driver_errors

# Every service puts these into its own first migration: names are resolved in its own schema.
TABLES: Final[tuple[str, ...]] = (
    """
    CREATE TABLE topic (
        topic text PRIMARY KEY,
        topic_id uuid NOT NULL,
        partitions integer NOT NULL CHECK (partitions > 0)
    )
    """,
    """
    CREATE TABLE position (
        topic_id uuid NOT NULL,
        part integer NOT NULL,
        topic text NOT NULL,
        next_offset bigint NOT NULL CHECK (next_offset >= 0),
        epoch bigint NOT NULL,
        PRIMARY KEY (topic_id, part)
    )
    """,
)

_REMEMBER_TOPIC: Final = """
INSERT INTO topic (topic, topic_id, partitions) VALUES ($1, $2, $3) ON CONFLICT (topic) DO NOTHING
"""
_OTHER_GENERATION: Final = """
SELECT topic FROM topic
WHERE topic <> $1::text AND regexp_replace(topic, '[.]v[0-9]+$', '') = regexp_replace($1::text, '[.]v[0-9]+$', '')
"""
_KNOWN_TOPIC: Final = "SELECT topic_id, partitions FROM topic WHERE topic = $1"
# A service may read its positions; only two functions move them (`table_guards.positions`).
_TAKE_OVER: Final = """
SELECT topic, part, topic_id, next_offset, epoch FROM take_over_positions($1::uuid[], $2::integer[], $3::text[])
"""
_STORED: Final = """
SELECT p.topic, p.part, p.topic_id, p.next_offset, p.epoch
FROM position AS p JOIN unnest($1::uuid[], $2::integer[]) AS mine (topic_id, part) USING (topic_id, part)
"""
_FENCE: Final = """
SELECT advance_positions($1::uuid[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[])
"""

TopicPart = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Position:
    """Next offset of a reader in one partition, and the epoch of its ownership."""

    topic_id: UUID
    next_offset: int
    epoch: int


@dataclass(frozen=True, slots=True)
class PositionMove:
    """Move of one partition's position by a batch: from the stored `position` to `next_offset`."""

    position: Position
    part: int
    next_offset: int


async def remember_topic(connection: Connection, topic: str, topic_id: UUID, partitions: int) -> None:
    """Store a topic's id and partition count when it is first read. Raises `Halt` if either is another one later.

    Also raises `Halt` if another generation of the topic was read before (see `atips generation`).
    """
    with translate_driver_errors():
        if (other := await connection.fetchval(_OTHER_GENERATION, topic)) is not None:
            msg = (
                f"{topic} is not the generation that is read, which is {other}:"
                " stop the services, and run atips generation again"
            )
            raise Halt(msg)
        await connection.execute(_REMEMBER_TOPIC, topic, topic_id, partitions)
        row = await connection.fetchrow(_KNOWN_TOPIC, topic)
    if row is None or row["topic_id"] != topic_id or row["partitions"] != partitions:
        raise other_topic(topic)


def other_topic(topic: str) -> Halt:
    """Return the error for a topic that was deleted and created again, or was given more partitions."""
    return Halt(
        f"topic {topic} is not the one read before: its id or its partition count changed. The stored"
        " positions do not fit it, so nothing more is read. Stop all services and follow docs/backup.md, database and"
        " log differ"
    )


async def take_over(connection: Connection, topic_ids: Mapping[TopicPart, UUID]) -> dict[TopicPart, Position]:
    """Raise the epoch of each partition, which fences off its earlier owner. Return its stored position, 0 at first."""
    with translate_driver_errors():
        rows = await connection.fetch(
            _TAKE_OVER, list(topic_ids.values()), [part for _, part in topic_ids], [topic for topic, _ in topic_ids]
        )
    return _positions(rows)


async def reread_positions(
    connection: Connection, positions: Mapping[TopicPart, Position]
) -> dict[TopicPart, Position]:
    """Return the stored positions of these partitions. Raises `Fenced` if an epoch has changed.

    Call this after a batch that is not known to be committed.
    """
    with translate_driver_errors():
        rows = await connection.fetch(
            _STORED, [position.topic_id for position in positions.values()], [part for _, part in positions]
        )
    now = _positions(rows)
    if {key: position.epoch for key, position in now.items()} != {
        key: position.epoch for key, position in positions.items()
    }:
        msg = "a newer owner holds one of the partitions"
        raise Fenced(msg)
    return now


@asynccontextmanager
async def fenced_transaction(pool: asyncpg.Pool, moves: Sequence[PositionMove]) -> AsyncIterator[Connection]:
    """Open the transaction of a batch, and move its positions first. It commits unless the body raises.

    Raises `Fenced` if a position or epoch is not the expected one, and `Retryable` if the outcome is unknown.
    """
    async with borrow_connection(pool) as connection, connection.transaction():
        failpoint("batch.begun")
        await advance(connection, moves)
        failpoint("batch.fenced")
        yield connection
        failpoint("batch.applied")


async def advance(connection: Connection, moves: Sequence[PositionMove]) -> None:
    """Move positions forward in the caller's transaction. Raises `Fenced` unless each is stored as expected."""
    moved = await connection.fetchval(
        _FENCE,
        [move.position.topic_id for move in moves],
        [move.part for move in moves],
        [move.position.next_offset for move in moves],
        [move.position.epoch for move in moves],
        [move.next_offset for move in moves],
    )
    if moved != len(moves):
        msg = "a stored position or its epoch is not the one this worker read"
        raise Fenced(msg)


def _positions(rows: Sequence[asyncpg.Record]) -> dict[TopicPart, Position]:
    return {(row["topic"], row["part"]): Position(row["topic_id"], row["next_offset"], row["epoch"]) for row in rows}
