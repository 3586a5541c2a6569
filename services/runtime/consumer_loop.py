"""Consumer loop over confluent-kafka: poll records, prepare a batch, commit it, acknowledge its offsets.

One transaction may be in flight while the next batch is read and prepared. If a batch is not known to be committed, the
handler is reset, prepared batches are dropped, and reading starts again at the stored positions. A process that cannot
write for six seconds leaves the group, until it can.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final, Generic, TypeVar

import asyncpg
import structlog

from services.runtime.batch import Batches
from services.runtime.clock import Clock
from services.runtime.errors import Outside, Retryable, Unwritable
from services.runtime.failpoints import failpoint
from services.runtime.fenced_positions import TopicPart
from services.runtime.handler import Handler
from services.runtime.offset_continuity import SenderOffsets
from services.runtime.record import Record
from services.runtime.record_buffer import FairRecordQueue, RecordQueue
from services.runtime.sender_throttling import Pace, Pacing
from services.runtime.threaded_consumer import Transport

# A batch with fewer records than the limit divided by this number is awaited, so that the next one grows meanwhile.
_SMALL: Final = 20
# After a small batch of at least this many records the loop pauses, so that the next batch is larger. At 500 events a
# second that spares the database a fifth of its work.
_BUSY: Final = 3
_GROW_SECONDS: Final = 0.004
# Seconds between two checks whether a further topic exists.
_LOOK_SECONDS: Final = 2.0

# Bytes of a batch at most. Three batches are in memory at most: read, prepared, and in flight.
BATCH_BYTES: Final = 8 * 1024 * 1024

P = TypeVar("P")

log = structlog.get_logger()


class Stream(Generic[P]):
    """Reads topics for one handler, so that each record takes effect exactly once.

    `topics`, `further`: partition counts by name. Topics of `further` are read once they exist. A transaction has at
    most `batch` records and `batch_bytes` bytes; at low rates it has the records that are there. `ahead`: the next
    batch is prepared while one is in flight, so `prepare` must not read what `apply` writes of it. `pace`: each
    partition has its own sender. Partitions take turns, and one whose sender is beyond its share is read more slowly.
    A partition with wrong offsets is left aside; without `pace` wrong offsets raise `Halt`.
    """

    def __init__(
        self,
        *,
        transport: Transport,
        topics: Mapping[str, int],
        further: Callable[[], Mapping[str, int]] = dict,
        pool: asyncpg.Pool,
        handler: Handler[P],
        clock: Clock,
        batch: int,
        batch_bytes: int = BATCH_BYTES,
        ahead: bool = False,
        pace: Pace | None = None,
    ) -> None:
        self._batch_limit = batch
        self._batch_bytes = batch_bytes
        fair_queue = FairRecordQueue()
        self._waiting = RecordQueue() if pace is None else fair_queue
        self._pacing = None if pace is None else Pacing(pace, fair_queue)
        self._offsets = None if pace is None else SenderOffsets()
        self._waited_for = batch // _SMALL if ahead else batch + 1
        self._transport = transport
        self._further = further
        self._look_at = 0.0
        self._batches = Batches(topics=topics, pool=pool, handler=handler, clock=clock)
        self._landing: asyncio.Task[Mapping[TopicPart, int]] | None = None
        self._waits = False

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop` is set. Raises `Halt`, or a bug's error, if reading on could lose or double records."""
        await self._batches.begin(self._transport.describe, stop)
        if stop.is_set():
            return
        self._transport.subscribe(self._batches.topics, self._assigned, self._revoked)
        try:
            while not stop.is_set():
                await self._take_up(stop)
                await self._step()
            with suppress(Retryable):  # records that are not known to be committed are read again
                await self._landed()
        finally:
            await self._quiet()
            await self._transport.close()

    @property
    def topics(self) -> tuple[str, ...]:
        """Names of the topics that are read."""
        return self._batches.topics

    def committed_next_offsets(self) -> Mapping[TopicPart, int]:
        """Return the next offset of each partition that is held, as far as it is known to be committed."""
        return self._batches.committed_next_offsets

    def partitions_aside(self) -> frozenset[TopicPart]:
        """Return the partitions that are no longer read, because their sender gave their records wrong offsets."""
        return frozenset() if self._offsets is None else self._offsets.aside

    def waits(self) -> bool:
        """Whether the loop waits for the client at this moment, and has no record in hand."""
        return self._waits

    async def ready(self) -> str | None:
        """Readiness check: return "no assignment" while no partition is assigned, else None.

        A group without an ACL gets no assignment, and no error either.
        """
        return None if self._batches.positions else "no assignment"

    async def _take_up(self, stop: asyncio.Event) -> None:
        """Subscribe to topics of `further` that exist by now. The broker is asked every two seconds at most."""
        now = asyncio.get_running_loop().time()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_SECONDS
        wanted = {topic: parts for topic, parts in self._further().items() if topic not in self._batches.topics}
        if not wanted:
            return
        try:
            present = await self._transport.existing_topics(wanted)
        except Retryable:  # the next poll meets this error too
            return
        if present:
            self._batches.add_topics({topic: wanted[topic] for topic in present})
            await self._batches.begin(self._transport.describe, stop)
            self._transport.subscribe(self._batches.topics, self._assigned, self._revoked)
            log.info("further topics", count=len(present))

    async def _step(self) -> None:
        try:
            await self._read()
            records = self._waiting.take(self._batches.next_batch_limit(self._batch_limit), self._batch_bytes)
            small = len(records) < self._waited_for
            if records and small and self._landing is None:
                self._landing = asyncio.create_task(self._batches.run(records))
            else:
                batch = await self._batches.prepare(records) if records else None
                await self._landed()
                if batch is not None:
                    self._landing = asyncio.create_task(self._batches.land(batch))
            if small:
                await self._landed()
                if len(records) >= _BUSY:
                    await asyncio.sleep(_GROW_SECONDS)
        except Retryable as error:
            await self._go_back(error)

    async def _read(self) -> None:
        """Poll records if there is room. A partition whose sender is beyond its share is paused for a while."""
        now = asyncio.get_running_loop().time()
        if self._pacing is not None and (due := self._pacing.due(now)):
            await self._transport.release(due)
        room = self._waiting.room(self._batch_limit, self._batch_bytes)
        if not room:
            return
        self._waits = self._landing is None and not self._waiting.records
        try:
            records = await self._polled(room)
        finally:
            self._waits = False
        self._waiting.add(records)
        if self._pacing is not None and (beyond := self._pacing.read(records, now)):
            log.info("read slower", topics=sorted({topic for topic, _ in beyond}))
            await self._transport.hold(beyond)

    async def _polled(self, room: int) -> Sequence[Record]:
        """Return polled records. With `pace`, a partition whose offsets have a gap or go back is left aside."""
        try:
            records = await (self._transport.poll(room, 0.0) if self._waiting.records else self._transport.poll(room))
        except Outside as error:
            await self._led_outside(error)
            raise
        if self._offsets is None:
            return records
        kept, wrong = self._offsets.following(records)
        for place, (expected, found) in wrong.items():
            await self._leave(place, expected=expected, found=found)
        return kept

    async def _led_outside(self, error: Outside) -> None:
        """Raise `Retryable` if a sender's wrong offsets made the client seek outside of a topic.

        That is so if the topic still holds the next offset that is needed. The partition is left aside.
        """
        place = error.place
        if self._offsets is None or place is None or place not in self._batches.committed_next_offsets:
            return
        begin, end = await self._transport.bounds(place)
        stored = self._batches.committed_next_offsets[place]
        if not begin <= stored <= end:
            return
        if self._offsets.leave_aside(place):
            await self._leave(place, expected=stored, found=end)
        msg = f"{place[0]} was left aside: what was read with it is read again"
        raise Retryable(msg) from None

    async def _leave(self, place: TopicPart, *, expected: int, found: int) -> None:
        log.error("wrong offsets: left aside", topic=place[0], part=place[1], expected=expected, found=found)
        if self._pacing is not None:
            self._pacing.forget([place])
        await self._transport.hold([place])

    async def _landed(self) -> None:
        """Wait for the batch in flight, if there is one, and acknowledge it. Raises that batch's error."""
        landing, self._landing = self._landing, None
        if landing is not None:
            self._transport.acknowledge(await landing)
            failpoint("batch.acknowledged")

    async def _go_back(self, error: Retryable) -> None:
        try:
            await self._landed()
        except Retryable as earlier:
            error = earlier
        self._waiting.clear()
        if self._pacing is not None:
            await self._transport.release(self._pacing.held)
            self._pacing.forget(self._pacing.held)
        try:
            returned = await self._batches.return_to_stored_positions(error)
        except Unwritable as unwritable:
            await self._leave_the_group_until_writable(unwritable)
            return
        if returned:
            offsets = {key: position.next_offset for key, position in self._batches.positions.items()}
            if self._offsets is not None:
                self._offsets.begin(offsets)
            await self._transport.seek(
                {key: offset for key, offset in offsets.items() if key not in self.partitions_aside()}
            )

    async def _leave_the_group_until_writable(self, error: Unwritable) -> None:
        """Let other copies take over the partitions, and join the group again once this one could write."""
        await self._transport.leave()
        await self._batches.wait_until_writable(error)
        self._transport.subscribe(self._batches.topics, self._assigned, self._revoked)

    async def _quiet(self) -> None:
        """Wait until no batch is in flight. `_landed` raises its error."""
        if self._landing is not None:
            await asyncio.gather(self._landing, return_exceptions=True)

    async def _assigned(self, partitions: frozenset[TopicPart]) -> Mapping[TopicPart, int]:
        await self._quiet()
        self._forget(partitions)
        offsets = await self._batches.on_partitions_assigned(partitions)
        self._transport.acknowledge(offsets)  # the earlier owner may have ended before it acknowledged
        if self._offsets is not None:
            self._offsets.begin(offsets)
        return offsets

    async def _revoked(self, partitions: frozenset[TopicPart]) -> None:
        await self._quiet()
        self._forget(partitions)
        await self._batches.on_partitions_revoked(partitions)

    def _forget(self, partitions: frozenset[TopicPart]) -> None:
        """Drop the waiting records and other state of partitions that are assigned or revoked."""
        self._waiting.drop(partitions)
        if self._pacing is not None:
            self._pacing.forget(partitions)
        if self._offsets is not None:
            self._offsets.forget(partitions)
