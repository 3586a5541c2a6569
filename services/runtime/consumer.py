"""The one loop: consume, prepare, one fenced transaction, acknowledge.

Kafka delivers at least once and PostgreSQL decides: each batch begins at the stored position and is contiguous, and
anything but a known commit makes the handler forget and the reader go back to what is stored.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

import asyncpg
import structlog

from services.runtime import metrics, transaction
from services.runtime.clock import Clock
from services.runtime.errors import Conflict, Halt, Retryable
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection, acquired
from services.runtime.transaction import Move, Position, TopicPart
from services.runtime.transport import Record, Transport

if TYPE_CHECKING:
    from uuid import UUID

BATCH: Final = 5_000
"""Larger batches amortise the commit; at low rates a batch is whatever is there."""

_BACKOFF_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0)
# The same unique key refusing a batch again after a fresh read is a bug, not a race.
_CONFLICTS: Final = 3

P = TypeVar("P")

log = structlog.get_logger()


class Handler(Protocol[P]):
    """What a service does with records; the loop calls one method at a time."""

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Forget every cached state: the assignment changed, or something but a known commit happened."""
        ...

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Do what a new owner of these partitions must, in the transaction that raises their epochs."""
        ...

    async def prepare(self, records: Sequence[Record], now: datetime) -> P:
        """Decode, load and decide; writes nothing. May change cached states: `reset` follows if it is not committed."""
        ...

    async def apply(self, prepared: P, connection: Connection) -> None:
        """Write the consequences inside the fenced transaction; must not commit."""
        ...

    async def committed(self, prepared: P) -> None:
        """Hear that the batch is known to be committed."""
        ...


class Stream(Generic[P]):
    """Reads topics for one handler, exactly once in effect."""

    def __init__(
        self,
        *,
        transport: Transport,
        topics: Mapping[str, int],
        pool: asyncpg.Pool,
        handler: Handler[P],
        clock: Clock,
        batch: int = BATCH,
    ) -> None:
        self._batch_limit = batch
        self._transport = transport
        self._topics = topics
        self._pool = pool
        self._handler = handler
        self._clock = clock
        self._topic_ids: dict[str, UUID] = {}
        self._positions: dict[TopicPart, Position] = {}
        self._conflicts = 0
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop` is set; raises `Halt` (or a bug) when going on could lose or double something."""
        self._stop = stop
        await self._check_topics()
        if stop.is_set():
            return
        self._transport.subscribe(list(self._topics), self._assigned, self._revoked)
        try:
            while not stop.is_set():
                await self._step()
        finally:
            await self._transport.close()

    async def ready(self) -> str | None:
        """Say why this reader is not ready: it has no assignment (a group without an ACL sits there silently)."""
        return None if self._positions else "no assignment"

    async def _check_topics(self) -> None:
        """Refuse topics that are not the ones read before; wait for a broker or a database that is not there yet."""
        attempt = 0
        while not self._stop.is_set():
            try:
                described = await self._transport.describe(list(self._topics))
                async with acquired(self._pool) as connection:
                    for topic, (topic_id, partitions) in described.items():
                        if partitions != self._topics[topic]:
                            msg = f"topic {topic} has {partitions} partitions, expected {self._topics[topic]}"
                            raise Halt(msg)
                        await transaction.remember_topic(connection, topic, topic_id, partitions)
            except Retryable as error:
                attempt = await self._back_off(attempt, error)
            else:
                self._topic_ids = {topic: topic_id for topic, (topic_id, _) in described.items()}
                return

    async def _step(self) -> None:
        try:
            records = await self._transport.poll(self._batch_limit)
            if records:
                await self._batch(records)
        except Retryable as error:
            self._conflicts = self._conflicts + 1 if isinstance(error, Conflict) else 0
            if self._conflicts >= _CONFLICTS:
                msg = f"the same batch was refused {_CONFLICTS} times: {error}"
                raise Halt(msg) from None
            await self._go_back(error)

    async def _batch(self, records: Sequence[Record]) -> None:
        failpoint("batch.polled")
        moves = self._moves(records)
        prepared = await self._handler.prepare(records, self._clock.now())
        failpoint("batch.prepared")
        async with transaction.fenced(self._pool, [move for _, move in moves]) as connection:
            await self._handler.apply(prepared, connection)
        failpoint("batch.committed")
        for key, move in moves:
            self._positions[key] = Position(move.position.topic_id, move.next_offset, move.position.epoch)
        self._conflicts = 0
        await self._handler.committed(prepared)
        metrics.RECORDS.inc(len(records))
        metrics.BATCHES.inc()
        self._transport.acknowledge({key: move.next_offset for key, move in moves})
        failpoint("batch.acknowledged")

    def _moves(self, records: Sequence[Record]) -> list[tuple[TopicPart, Move]]:
        """Check that each partition's records follow the stored position without a gap."""
        ahead: dict[TopicPart, int] = {}
        for record in records:
            key = (record.topic, record.partition)
            position = self._positions.get(key)
            expected = ahead.get(key, position.next_offset if position else None)
            if expected is None or record.offset != expected:
                msg = f"{record.topic}[{record.partition}] gave offset {record.offset}, expected {expected}"
                raise Halt(msg)
            ahead[key] = record.offset + 1
        return [(key, Move(self._positions[key], key[1], next_offset)) for key, next_offset in ahead.items()]

    async def _go_back(self, error: Retryable) -> None:
        """Forget, and read again from the stored positions, as soon as the database answers."""
        await self._handler.reset(frozenset(self._positions))
        attempt = await self._back_off(0, error)
        while not self._stop.is_set():
            try:
                async with acquired(self._pool) as connection:
                    self._positions = await transaction.stored(connection, self._positions)
            except Retryable as again:
                attempt = await self._back_off(attempt, again)
            else:
                await self._transport.seek({key: position.next_offset for key, position in self._positions.items()})
                return

    async def _assigned(self, partitions: frozenset[TopicPart]) -> Mapping[TopicPart, int]:
        """Take new partitions over: no cached state survives, epochs are raised, reading begins where it is stored."""
        await self._handler.reset(frozenset(self._positions) | partitions)
        taken = await self._take_over(partitions)
        self._positions |= taken
        metrics.PARTITIONS.set(len(self._positions))
        log.info("assigned", partitions=len(partitions), held=len(self._positions))
        return {key: position.next_offset for key, position in taken.items()}

    async def _take_over(self, partitions: frozenset[TopicPart]) -> dict[TopicPart, Position]:
        attempt = 0
        while True:
            try:
                async with acquired(self._pool) as connection, connection.transaction():
                    ids = {key: self._topic_ids[key[0]] for key in partitions}
                    taken = await transaction.take_over(connection, ids)
                    await self._handler.take_over(connection, partitions)
            except Retryable as error:
                if self._stop.is_set():
                    raise
                attempt = await self._back_off(attempt, error)
            else:
                return taken

    async def _revoked(self, partitions: frozenset[TopicPart]) -> None:
        """Let partitions go. No batch is in flight: the loop waits for the poll that called this."""
        for key in partitions:
            self._positions.pop(key, None)
        await self._handler.reset(frozenset(self._positions))
        metrics.PARTITIONS.set(len(self._positions))
        log.info("revoked", partitions=len(partitions), held=len(self._positions))

    async def _back_off(self, attempt: int, error: Retryable) -> int:
        metrics.RETRIES.inc()
        if attempt in {0, len(_BACKOFF_SECONDS)}:  # the first, and once more when it lasts: not one line a second
            log.warning("retrying", error=type(error).__name__, reason=str(error))
        await asyncio.sleep(_BACKOFF_SECONDS[min(attempt, len(_BACKOFF_SECONDS) - 1)])
        return attempt + 1
