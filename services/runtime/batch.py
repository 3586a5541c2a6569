"""Batches of records: a handler prepares them, and one fenced transaction writes each of them.

Kafka delivers at least once; the positions in PostgreSQL decide which records are new. Each batch has no gaps, and
begins where the batch before it ends. That one may still be in flight. `consumer_loop` and `faust_worker` use this.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
import structlog

from services.runtime import fenced_positions, metrics
from services.runtime.batch_halving import BatchSize
from services.runtime.clock import Clock, ClocksDiffer, check_database_clock
from services.runtime.errors import Conflict, Halt, Retryable, TooSlow, Unwritable
from services.runtime.failpoints import failpoint
from services.runtime.fenced_positions import Position, PositionMove, TopicPart
from services.runtime.handler import Handler, LeavesOutSlowWork
from services.runtime.postgres import Connection, borrow_connection
from services.runtime.record import Record

_BACKOFF_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0)
# After so long another copy of the service should have the partitions. A database that was killed is back earlier.
_GIVE_UP_SECONDS: Final = 6.0

# If a unique key refuses a batch again after a fresh read, that is a bug and no race.
_CONFLICTS: Final = 3

# Attempts with a slow record in a batch of its own, before its handler is asked to set it aside.
_ALONE: Final = 3

# Records of a batch that is prepared while its transaction is open, at most: some milliseconds of work.
_FEW: Final = 100

P = TypeVar("P")

Moves = Sequence[tuple[TopicPart, PositionMove]]
"""Pairs ((topic, partition), move of its position) of a batch."""

Described = Mapping[str, tuple[UUID, int]]
"""Id and partition count of topics, by name."""

Describe: TypeAlias = Callable[[Sequence[str]], Awaitable[Described]]
"""Asks the broker for the id and partition count of topics. Raises `Halt` if one is missing."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Batch(Generic[P]):
    """A prepared batch: the handler's result, the time of its preparation, the moves of positions, count of records."""

    prepared: P
    now: datetime
    moves: Moves
    records: int


class Batches(Generic[P]):
    """Runs the batches of one handler, moves its positions, and recovers when the outcome of a batch is unknown.

    `positions`: where the next batch begins; they are ahead of the stored ones by the batches in flight. `by_time`:
    the handler's decisions depend on the time, so nothing is written while the clock differs from the database's.
    `topics`: partition counts by name.
    """

    def __init__(
        self,
        *,
        topics: Mapping[str, int],
        pool: asyncpg.Pool,
        handler: Handler[P],
        clock: Clock,
        by_time: bool = False,
    ) -> None:
        self._topics = topics
        self._pool = pool
        self._handler = handler
        self._clock = clock
        self._by_time = by_time
        self._stop = asyncio.Event()
        self._describe: Describe | None = None
        self._topic_ids: dict[str, UUID] = {}
        self._conflicts = 0
        self._again = False
        self._landed: dict[TopicPart, int] = {}
        self._halves = BatchSize()
        self.positions: dict[TopicPart, Position] = {}

    @property
    def topics(self) -> tuple[str, ...]:
        """Names of the topics that are read."""
        return tuple(self._topics)

    def add_topics(self, topics: Mapping[str, int]) -> None:
        """Add topics (partition counts by name) that are read from the next call of `begin` on."""
        self._topics = {**self._topics, **topics}

    @property
    def committed_next_offsets(self) -> Mapping[TopicPart, int]:
        """Next offset of each partition that is held, as far as it is known to be committed."""
        return dict(self._landed)

    @property
    def partitions(self) -> frozenset[TopicPart]:
        """Every partition of the topics, whichever process holds it."""
        return frozenset((topic, part) for topic, parts in self._topics.items() for part in range(parts))

    async def begin(self, describe: Describe, stop: asyncio.Event) -> None:
        """Store the ids of the topics that `describe` returns. Waits for the broker and the database.

        Raises `Halt` if a topic is not the one that was read before, or has another partition count than expected. From
        now on, `stop` ends every wait.
        """
        self._stop, self._describe = stop, describe
        attempt = 0
        while not self._stop.is_set():
            try:
                described = await describe(self.topics)
                async with borrow_connection(self._pool) as connection:
                    for topic, (topic_id, partitions) in described.items():
                        if partitions != self._topics[topic]:
                            msg = f"topic {topic} has {partitions} partitions, expected {self._topics[topic]}"
                            raise Halt(msg)
                        await fenced_positions.remember_topic(connection, topic, topic_id, partitions)
            except Retryable as error:
                attempt = await self.back_off(attempt, error)
            else:
                self._topic_ids = {topic: topic_id for topic, (topic_id, _) in described.items()}
                return

    def next_batch_limit(self, limit: int) -> int:
        """Return the limit of the next batch: `limit` records, or fewer while a slow record is searched for."""
        return min(limit, self._halves.most or limit)

    async def run(self, records: Sequence[Record]) -> Mapping[TopicPart, int]:
        """Prepare records and write them in one transaction. Return the next offset of each partition, to acknowledge.

        No other batch may be in flight. Few records are prepared while the transaction begins. Many records, and those
        of a second attempt, are prepared before it, because the database ends a transaction that waits for long.
        """
        if len(records) > _FEW or self._again:
            return await self.land(await self.prepare(records))
        moves = self._moves(records)
        with self._noting_slow(moves, len(records)):
            return await self._run(records, moves)

    async def _run(self, records: Sequence[Record], moves: Moves) -> Mapping[TopicPart, int]:
        preparing = asyncio.create_task(self._prepared(records, moves))
        try:
            async with self._fenced(moves) as connection:
                batch = await preparing
                await self._apply(batch, connection)
        finally:
            preparing.cancel()
            await asyncio.wait([preparing])
        return await self._committed(batch)

    async def prepare(self, records: Sequence[Record]) -> Batch[P]:
        """Let the handler prepare the next records, which must follow `positions`. Raises `Halt` for a gap.

        The batch before may be in its transaction meanwhile.
        """
        moves = self._moves(records)
        with self._noting_slow(moves, len(records)):
            return await self._prepared(records, moves)

    async def land(self, batch: Batch[P]) -> Mapping[TopicPart, int]:
        """Write a prepared batch in one transaction, and return the next offset of each partition, to acknowledge.

        The batch before must be committed.
        """
        with self._noting_slow(batch.moves, batch.records):
            async with self._fenced(batch.moves) as connection:
                await self._apply(batch, connection)
        return await self._committed(batch)

    @contextmanager
    def _noting_slow(self, moves: Moves, records: int) -> Iterator[None]:
        """Halve the next batches if the body raises `TooSlow`. The error is passed on."""
        try:
            yield
        except TooSlow:
            self._halves.note(moves, records)
            log.warning("batch halved", records=records, topic=moves[0][0][0], part=moves[0][0][1])
            self._set_aside(moves)
            raise

    def _set_aside(self, moves: Moves) -> None:
        """Let the handler set aside a record that was too slow several times in a batch of its own.

        If the batch is too slow even then, the cause is the database and not the record. Then the record is handled in
        full again.
        """
        if self._halves.alone < _ALONE or not isinstance(self._handler, LeavesOutSlowWork):
            return
        [(place, move)] = moves
        aside = self._halves.alone % (_ALONE + 1) == _ALONE
        if aside:
            log.error("record set aside", topic=place[0], part=place[1], offset=move.position.next_offset)
        self._handler.leave_out_slow_work((*place, move.position.next_offset) if aside else None)

    async def _prepared(self, records: Sequence[Record], moves: Moves) -> Batch[P]:
        now = self._clock.now()
        prepared = await self._handler.prepare(records, now)
        failpoint("batch.prepared")
        for key, move in moves:
            self.positions[key] = Position(move.position.topic_id, move.next_offset, move.position.epoch)
        return Batch(prepared, now, moves, len(records))

    def _fenced(self, moves: Moves) -> AbstractAsyncContextManager[Connection]:
        return fenced_positions.fenced_transaction(self._pool, [move for _, move in moves])

    async def _apply(self, batch: Batch[P], connection: Connection) -> None:
        if self._by_time:
            await check_database_clock(connection, self._clock, batch.now)
        await self._handler.apply(batch.prepared, connection)

    async def _committed(self, batch: Batch[P]) -> Mapping[TopicPart, int]:
        self._landed |= {key: move.next_offset for key, move in batch.moves}
        failpoint("batch.committed")
        self._conflicts, self._again = 0, False
        self._halves.note_committed(self._landed)
        await self._handler.committed(batch.prepared)
        metrics.RECORDS.inc(batch.records)
        metrics.BATCHES.inc()
        return {key: move.next_offset for key, move in batch.moves}

    def _moves(self, records: Sequence[Record]) -> Moves:
        """Return the moves of the positions by `records`.

        Raises `Halt` unless each partition's records follow its position without a gap.
        """
        failpoint("batch.polled")
        ahead: dict[TopicPart, int] = {}
        for record in records:
            key = (record.topic, record.partition)
            position = self.positions.get(key)
            expected = ahead.get(key, position.next_offset if position else None)
            if expected is None or record.offset != expected:
                msg = f"{record.topic}[{record.partition}] gave offset {record.offset}, expected {expected}"
                raise Halt(msg)
            ahead[key] = record.offset + 1
        return [(key, PositionMove(self.positions[key], key[1], next_offset)) for key, next_offset in ahead.items()]

    async def return_to_stored_positions(
        self, error: Retryable, *, leaving: Callable[[], bool] = lambda: False
    ) -> bool:
        """Reset the handler and read the stored positions again, once the database answers. Return True then.

        No batch may be in flight. After `ClocksDiffer`, this also waits until the clocks agree. Returns False if `stop`
        is set, or `leaving` returns True, before that. Raises `Unwritable` after six seconds without either, and
        `Fenced` if another worker owns a partition. Raises `Halt` after several conflicts in a row, and if a stored
        position is older than a known commit.
        """
        self._conflicts = self._conflicts + 1 if isinstance(error, Conflict) else 0
        if self._conflicts >= _CONFLICTS:
            msg = (
                f"the same batch was refused {_CONFLICTS} times: {error}. The database may have been restored to"
                " another state than the log. Stop all services and follow docs/backup.md, database and log differ"
            )
            raise Halt(msg) from None
        self._again = True
        await self._handler.reset(frozenset(self.positions))
        loop = asyncio.get_running_loop()
        until = loop.time() + _GIVE_UP_SECONDS
        attempt = await self.back_off(0, error)
        while not (self._stop.is_set() or leaving()):
            try:
                async with borrow_connection(self._pool) as connection:
                    self.positions = self._none_behind(
                        await fenced_positions.reread_positions(connection, self.positions)
                    )
                    await self._check_clock_after(error, connection)
            except Retryable as again:
                if loop.time() > until:
                    raise Unwritable(error if isinstance(error, ClocksDiffer) else again) from None
                attempt = await self.back_off(attempt, again)
            else:
                return True
        return False

    async def wait_until_writable(self, error: Unwritable) -> None:
        """Wait until the database answers, and after `ClocksDiffer` until the clocks agree, or until `stop` is set.

        The partitions must have been given up.
        """
        log.warning("partitions given up", reason=str(error.cause))
        attempt = 0
        while not self._stop.is_set():
            try:
                async with borrow_connection(self._pool) as connection:
                    await connection.fetchval("SELECT 1")
                    await self._check_clock_after(error.cause, connection)
            except Retryable as again:
                attempt = await self.back_off(attempt, again)
            else:
                return

    async def _check_clock_after(self, error: Retryable, connection: Connection) -> None:
        if isinstance(error, ClocksDiffer):
            await check_database_clock(connection, self._clock, self._clock.now())

    def _none_behind(self, stored: dict[TopicPart, Position]) -> dict[TopicPart, Position]:
        """Return `stored`; raise `Halt` if a position is before the offset that is known to be committed."""
        for (topic, part), position in stored.items():
            if position.next_offset < self._landed[topic, part]:
                msg = (
                    f"{topic}[{part}] stands at {position.next_offset}, and was committed up to"
                    f" {self._landed[topic, part]}: the database is older than it was. Stop all services and follow"
                    " docs/backup.md, database and log differ"
                )
                raise Halt(msg)
        return stored

    async def on_partitions_assigned(self, partitions: frozenset[TopicPart]) -> dict[TopicPart, int]:
        """Take over new partitions and return the stored offsets to read from.

        The handler is reset. The epochs of these partitions are raised, so that an earlier owner can write nothing
        more. Waits for broker and database. Raises `Retryable` only if the worker's event `stop` is set meanwhile.
        Raises `Halt` if a topic was deleted and created again since `begin`.
        """
        await self._handler.reset(frozenset(self.positions) | partitions)
        taken = await self._take_over(partitions)
        self._landed |= {key: position.next_offset for key, position in taken.items()}
        self.positions |= taken
        metrics.PARTITIONS.set(len(self.positions))
        log.info("assigned", partitions=len(partitions), held=len(self.positions))
        return {key: position.next_offset for key, position in taken.items()}

    async def _take_over(self, partitions: frozenset[TopicPart]) -> dict[TopicPart, Position]:
        attempt = 0
        while True:
            try:
                await self._check_topics(sorted({topic for topic, _ in partitions}))
                async with borrow_connection(self._pool) as connection, connection.transaction():
                    ids = {key: self._topic_ids[key[0]] for key in partitions}
                    taken = await fenced_positions.take_over(connection, ids)
                    await self._handler.take_over(connection, partitions)
            except Retryable as error:
                if self._stop.is_set():
                    raise
                attempt = await self.back_off(attempt, error)
            else:
                return taken

    async def _check_topics(self, topics: Sequence[str]) -> None:
        """Raise `Halt` if a topic has another id than at `begin`: the stored position would skip its first records.

        The group assigns the partitions of a topic that was created again like any others.
        """
        described = {} if self._describe is None or not topics else await self._describe(topics)
        for topic, (topic_id, _) in described.items():
            if topic_id != self._topic_ids[topic]:
                raise fenced_positions.other_topic(topic)

    async def on_partitions_revoked(self, partitions: frozenset[TopicPart]) -> None:
        """Forget partitions that this process no longer holds, and reset the handler. No batch may be in flight."""
        for key in partitions:
            self.positions.pop(key, None)
            self._landed.pop(key, None)
            self._halves.forget(key)
        await self._handler.reset(frozenset(self.positions))
        metrics.PARTITIONS.set(len(self.positions))
        log.info("revoked", partitions=len(partitions), held=len(self.positions))

    async def back_off(self, attempt: int, error: Retryable) -> int:
        """Wait before the next attempt, longer each time, 1 s at most. Return the number of the next attempt."""
        metrics.RETRIES.inc()
        if attempt in {0, len(_BACKOFF_SECONDS)}:  # the first one, and once more if it lasts: not a line each second
            log.warning("retrying", error=type(error).__name__, reason=str(error))
        await asyncio.sleep(_BACKOFF_SECONDS[min(attempt, len(_BACKOFF_SECONDS) - 1)])
        return attempt + 1
