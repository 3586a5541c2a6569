"""The outbox: messages that a service writes in the deciding transaction, and sends until the broker has them.

A message's id is derived from its content. So it is written once, and readers recognise it when it is sent twice.
"""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

import asyncpg
import structlog

from schemas.service_decisions import first_id
from schemas.topics import DELIVERY_DAYS
from services.runtime import metrics
from services.runtime.clock import Clock, check_database_clock
from services.runtime.errors import Halt, Retryable
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection, borrow_connection

# Every service that sends messages puts these statements into a migration of its own.
TABLES: Final[tuple[str, ...]] = (
    """
    CREATE TABLE outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id uuid NOT NULL UNIQUE,
        topic text NOT NULL,
        type text NOT NULL,
        value bytea NOT NULL,
        sent boolean NOT NULL DEFAULT false
    )
    """,
    "CREATE INDEX outbox_unsent ON outbox (seq) WHERE NOT sent",
)

_CONTENT_TYPE: Final = b"application/cloudevents+json"
_POLL_SECONDS: Final = 0.1
_ROWS: Final = 500
_PRUNED: Final = 1_000
_PRUNE_SECONDS: Final = 3_600.0
_BACKOFF_SECONDS: Final = 1.0
# The transaction's advisory lock: one relay of a service sends at a time, and in order. The number is arbitrary.
_LOCK: Final = 7142003

_TRY_LOCK: Final = "SELECT pg_try_advisory_xact_lock($1, hashtext(current_schema()))"
_APPEND: Final = """
INSERT INTO outbox (id, topic, type, value, sent)
SELECT id, topic, type, value, $5 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[])
    WITH ORDINALITY AS said (id, topic, type, value, place)
ORDER BY place ON CONFLICT (id) DO NOTHING
"""
_UNSENT: Final = "SELECT seq, id::text AS id, topic, type, value FROM outbox WHERE NOT sent ORDER BY seq LIMIT $1"
_PRUNE: Final = """
DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE sent AND topic = ANY ($1::text[]) AND id < $2 LIMIT $3)
RETURNING seq
"""
_AGAIN: Final = "UPDATE outbox SET sent = false WHERE sent AND topic = $1 AND NOT id = ANY ($2::uuid[])"
_SENT: Final = "UPDATE outbox SET sent = true WHERE seq = ANY ($1::bigint[])"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the outbox: one CloudEvent in structured mode (`value`, as JSON) for a topic."""

    id: UUID
    topic: str
    type: str
    value: bytes = field(repr=False)


class Sender(Protocol):
    """Port to a producer. The future raises `Retryable` (perhaps written) or `Halt` (never written)."""

    def send(
        self, topic: str, key: bytes | None, value: bytes, headers: Sequence[tuple[str, bytes]]
    ) -> "asyncio.Future[tuple[int, int]]":
        """Send one record. The future's result is its (partition, offset)."""
        ...


async def append(connection: Connection, messages: Sequence[Message], *, sent: bool = False) -> None:
    """Add messages to the outbox, in the caller's transaction. A message whose id is there already is ignored.

    `sent`: the messages were sent before, and are stored as sent.
    """
    await connection.execute(
        _APPEND,
        [message.id for message in messages],
        [message.topic for message in messages],
        [message.type for message in messages],
        [message.value for message in messages],
        sent,
    )


async def send_again(connection: Connection, topic: str, arrived: Collection[UUID]) -> None:
    """Mark the sent messages of a topic to be sent again, except those with ids in `arrived`.

    Used when the broker has lost the others. Runs in the caller's transaction.
    """
    await connection.execute(_AGAIN, topic, list(arrived))


class OutboxRelay:
    """Background task that sends the outbox's messages in order, and marks them once the broker has them.

    It never skips a message, and may send one twice. One relay of a service sends at a time.
    """

    def __init__(self, pool: asyncpg.Pool, sender: Sender) -> None:
        self._pool = pool
        self._sender = sender

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set. After a `Retryable` error it tries again. Raises `Halt`."""
        failures = 0
        while not stop.is_set():
            try:
                seconds = 0.0 if await self._step() else _POLL_SECONDS
                failures = 0
            except Retryable as error:
                metrics.RETRIES.inc()
                if not failures:  # not one line a second
                    log.warning("outbox retrying", error=type(error).__name__, reason=str(error))
                failures += 1
                seconds = _BACKOFF_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def _step(self) -> bool:
        """Send a batch of unsent messages. Return True if more may wait."""
        async with borrow_connection(self._pool) as connection, connection.transaction():
            if not await connection.fetchval(_TRY_LOCK, _LOCK):
                return False
            rows = await connection.fetch(_UNSENT, _ROWS)
            if not rows:
                return False
            failpoint("outbox.read")
            sent = [self._sender.send(row["topic"], None, row["value"], _headers(row)) for row in rows]
            results = await asyncio.gather(*sent, return_exceptions=True)
            failures = [found for found in results if isinstance(found, BaseException)]
            for failure in sorted(failures, key=lambda error: not isinstance(error, Halt)):
                raise failure
            failpoint("outbox.sent")
            await connection.execute(_SENT, [row["seq"] for row in rows])
            failpoint("outbox.marked")
        return len(rows) == _ROWS


class Pruner:
    """Background task that deletes sent messages to delivery topics after 30 days, when they expire on the broker too.

    Decisions are never deleted, so that none is published twice. `topics`: the delivery topics.
    """

    def __init__(self, pool: asyncpg.Pool, clock: Clock, topics: Collection[str]) -> None:
        self._pool = pool
        self._clock = clock
        self._topics = list(topics)

    async def run(self, stop: asyncio.Event) -> None:
        """Delete expired messages every hour until `stop` is set. After a `Retryable` error it tries again."""
        while not stop.is_set():
            seconds = _PRUNE_SECONDS
            try:
                if await self.prune():
                    seconds = _POLL_SECONDS
            except Retryable as error:
                metrics.RETRIES.inc()
                log.info("pruning retrying", error=type(error).__name__, reason=str(error))
                seconds = _BACKOFF_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def prune(self) -> int:
        """Delete up to 1,000 expired messages, and return how many were deleted."""
        now = self._clock.now()
        before = first_id(now - timedelta(days=DELIVERY_DAYS))
        async with borrow_connection(self._pool) as connection:
            await check_database_clock(connection, self._clock, now)
            return len(await connection.fetch(_PRUNE, self._topics, before, _PRUNED))


def _headers(row: asyncpg.Record) -> list[tuple[str, bytes]]:
    return [("content-type", _CONTENT_TYPE), ("ce_id", row["id"].encode()), ("ce_type", row["type"].encode())]
