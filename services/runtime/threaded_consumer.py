"""Consumer of Kafka for the event loop. confluent-kafka's blocking calls run on a thread of their own.

Reading begins at offsets that the caller gives, and is never reset. An offset outside the log raises `Outside`, which
is a `Halt`. The group's offsets are committed only when the caller acknowledges them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final
from uuid import UUID

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from services.runtime.broker_queries import Broker, Config, describe_topics, is_permanent, translate_kafka_error
from services.runtime.errors import Halt, Outside, Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.partition_merge import HELD, MIXED, PartitionReader
from services.runtime.record import Record, record_of

# Logger of librdkafka's lines, which have addresses and states of brokers.
_LOGGER: Final = logging.getLogger("librdkafka")

# Seconds that one poll waits for the first record, and after which a stop is noticed at the latest.
_POLL_SECONDS: Final = 0.1
_ACKNOWLEDGE_SECONDS: Final = 1.0
_LIST_SECONDS: Final = 5.0
# Seconds in which the client must leave its group. Without an answer of its coordinator it may wait for ever.
_LEAVE_SECONDS: Final = 15.0

_IN_MEMORY: Final[Config] = {
    # By default the client reads 64 MB ahead of us. Sixteen hold a second's worth of the largest records.
    "queued.max.messages.kbytes": 16 * 1024,
    "fetch.max.bytes": 8 * 1024 * 1024,
    # One fetch brings so much of each partition, and at least one record however large.
    "max.partition.fetch.bytes": 2 * 1024 * 1024,
}

_OF_ONE_LOG: Final[Config] = {
    # Records fetched ahead of a paused partition are dropped and fetched again later: fetch no more than `HELD`.
    "queued.min.messages": HELD,
    # Each worker gets as much of every topic. By default the first keeps the whole topic of persons. The second gets
    # those of cases and activities: half of the partitions, a third of the copies.
    "group.remote.assignor": "range",
}


Assigned = Callable[[frozenset[TopicPart]], Awaitable[Mapping[TopicPart, int]]]
Revoked = Callable[[frozenset[TopicPart]], Awaitable[None]]


class Transport:
    """A consumer under the group protocol of KIP-848. Its callbacks run on the event loop while the poll waits.

    `merge_partitions`: merge the partitions by the times of their records, so that none is read far ahead of the
    others. Use it only for the partitions of one log. If each has its own sender, one that sends old records would
    delay the others.
    """

    def __init__(self, config: Config, group: str, *, merge_partitions: bool = False) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kafka-consumer")
        self._config = dict(config)
        self._consumer = Consumer(
            {
                **config,
                "group.id": group,
                "group.protocol": "consumer",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                # A jump to the beginning or the end would be a silent double count or loss.
                "auto.offset.reset": "error",
                # The default of 1000 ms stalls a reader that keeps its queue full.
                "fetch.queue.backoff.ms": 20,
                "fetch.wait.max.ms": 100,
                **_IN_MEMORY,
                **(_OF_ONE_LOG if merge_partitions else {}),
                "error_cb": self._on_error,
                "on_commit": self._on_commit,
            },
            logger=_LOGGER,
        )
        # Over the consumer's own connection each question would wait behind a fetch that waits for records.
        self._broker = Broker(config)
        self._merging_reader = PartitionReader(self._consumer, self._fetched) if merge_partitions else None
        self._failure: Exception | None = None
        self._generation = 0
        self._unacknowledged: dict[TopicPart, int] = {}
        self._acknowledged_at = 0.0

    async def describe(self, topics: Sequence[str]) -> dict[str, tuple[UUID, int]]:
        """Return each topic's id and partition count. Raises `Halt` if one is missing, `Retryable` if no answer."""
        return await describe_topics(self._config, topics)

    async def existing_topics(self, topics: Collection[str]) -> list[str]:
        """Return those of `topics` that exist and that this principal may see. Raises `Retryable` without an answer."""
        found = await self._broker.topics(_LIST_SECONDS)
        return [topic for topic in topics if topic in found]

    async def bounds(self, place: TopicPart) -> tuple[int, int]:
        """Return a partition's (first offset, end offset). Raises `Retryable` if the broker does not answer."""
        return await self._broker.bounds(place)

    def subscribe(self, topics: Sequence[str], assigned: Assigned, revoked: Revoked) -> None:
        """Join the group. `assigned` returns the offsets to begin at; `revoked` returns when no batch is in flight."""

        def on_assign(consumer: Consumer, partitions: list[TopicPartition]) -> None:
            self._forget(_parts(partitions))
            offsets = self._on_loop(assigned(_parts(partitions)))
            if offsets is not None:
                consumer.incremental_assign(
                    [TopicPartition(topic, part, offset) for (topic, part), offset in offsets.items()]
                )
                consumer.resume(partitions)  # one that was paused when it was revoked is read again

        def on_revoke(consumer: Consumer, partitions: list[TopicPartition]) -> None:
            self._forget(_parts(partitions))
            self._on_loop(revoked(_parts(partitions)))
            consumer.incremental_unassign(partitions)

        def on_lost(_: Consumer, partitions: list[TopicPartition]) -> None:
            self._forget(_parts(partitions))
            self._on_loop(revoked(_parts(partitions)))

        self._consumer.subscribe(list(topics), on_assign=on_assign, on_revoke=on_revoke, on_lost=on_lost)

    async def poll(self, limit: int, seconds: float = _POLL_SECONDS) -> list[Record]:
        """Wait `seconds` for a first record; return it with the others that are there, at most `limit` in all.

        Raises the error of a callback or of the client if there was one.
        """
        self._tell()
        records = await self._loop.run_in_executor(self._thread, self._poll, limit, seconds)
        if self._failure is not None:
            raise self._failure
        return records

    async def seek(self, offsets: Mapping[TopicPart, int]) -> None:
        """Continue reading at these offsets. Records that were fetched before are dropped."""
        await self._loop.run_in_executor(self._thread, self._seek, offsets)

    def acknowledge(self, offsets: Mapping[TopicPart, int]) -> None:
        """Note the next offsets of partitions. They are committed to the group within a second, only for lag tools."""
        self._unacknowledged.update(offsets)

    def _tell(self) -> None:
        """Commit the noted offsets of partitions that are still assigned, at most once a second.

        An offset that the broker refuses is committed again later.
        """
        if not self._unacknowledged or self._loop.time() - self._acknowledged_at < _ACKNOWLEDGE_SECONDS:
            return
        self._acknowledged_at = self._loop.time()
        told, self._unacknowledged = self._unacknowledged, {}
        try:
            mine = [(*place, told[place]) for place in _parts(self._consumer.assignment()) if place in told]
            if mine:
                self._consumer.commit(offsets=[TopicPartition(*each) for each in mine], asynchronous=True)
        except KafkaException:
            self._unacknowledged = told

    def _on_commit(self, error: KafkaError | None, partitions: Sequence[TopicPartition]) -> None:
        refused = {
            (each.topic, each.partition): each.offset
            for each in partitions
            if error is not None or each.error is not None
        }
        if refused:
            self._loop.call_soon_threadsafe(self._again, refused)

    def _again(self, refused: Mapping[TopicPart, int]) -> None:
        self._unacknowledged = {**refused, **self._unacknowledged}

    async def leave(self) -> None:
        """Leave the group, until `subscribe` joins it again. Returns when the partitions are revoked.

        Raises `Halt` if the client has not left after 15 s: only a new client is sure to join again.
        """
        try:
            await asyncio.wait_for(self._loop.run_in_executor(self._thread, self._leave), _LEAVE_SECONDS)
        except TimeoutError:
            msg = "the Kafka client does not leave its group"
            raise Halt(msg) from None

    async def close(self) -> None:
        """Leave the group at once, so that others take over the partitions. A client that does not is given up."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._loop.run_in_executor(self._thread, self._consumer.close), _LEAVE_SECONDS)
        self._thread.shutdown(wait=False)

    async def hold(self, places: Collection[TopicPart]) -> None:
        """Stop reading these partitions until `release`.

        Their fetched records that `poll` has not returned are dropped, and fetched again after `release`.
        """
        await self._loop.run_in_executor(self._thread, self._pause, places)

    async def release(self, places: Collection[TopicPart]) -> None:
        """Continue to read these partitions, at the offsets where they were held."""
        if places:
            await self._loop.run_in_executor(self._thread, self._resume, places)

    def _leave(self) -> None:
        self._consumer.unsubscribe()
        while self._consumer.assignment():
            self._consumer.poll(_POLL_SECONDS)  # calls `on_revoke`; the next owner reads a record again

    def _pause(self, places: Collection[TopicPart]) -> None:
        self._consumer.pause([TopicPartition(*place) for place in self._mine(places)])

    def _resume(self, places: Collection[TopicPart]) -> None:
        self._consumer.resume([TopicPartition(*place) for place in self._mine(places)])

    def _mine(self, places: Collection[TopicPart]) -> frozenset[TopicPart]:
        return _parts(self._consumer.assignment()).intersection(places)

    def _poll(self, limit: int, seconds: float) -> list[Record]:
        return (self._fetched if self._merging_reader is None else self._merging_reader.poll)(limit, seconds)

    def _fetched(self, limit: int, seconds: float) -> list[Record]:
        first = self._consumer.poll(seconds)
        if first is None:
            return []
        generation = self._generation
        messages = [first, *self._consumer.consume(limit - 1, 0)]
        if generation != self._generation:
            raise Retryable(MIXED)
        return [record for message in messages if (record := _record(message)) is not None]

    def _forget(self, places: Collection[TopicPart]) -> None:
        if self._merging_reader is not None:
            self._merging_reader.forget(places)

    def _seek(self, offsets: Mapping[TopicPart, int]) -> None:
        if self._merging_reader is not None:
            self._merging_reader.begin_again()
        for (topic, part), offset in offsets.items():
            self._consumer.seek(TopicPartition(topic, part, offset))

    def _on_error(self, error: KafkaError) -> None:
        if is_permanent(error):
            self._failure = translate_kafka_error(error, "")

    def _on_loop(self, work: Awaitable[object]) -> Mapping[TopicPart, int] | None:
        """Run a callback's work on the loop, from the consumer's thread. Its error is raised by the next poll."""
        self._generation += 1

        async def run() -> object:
            return await work

        try:
            return asyncio.run_coroutine_threadsafe(run(), self._loop).result()  # type: ignore[return-value]
        except Exception as error:  # noqa: BLE001 - kept, and raised where the loop can see it
            self._failure = error
            return None


_LOW64: Final = (1 << 64) - 1


def _record(message: Message) -> Record | None:
    error = message.error()
    if error is not None:
        failure = translate_kafka_error(error, message.topic() or "")
        if isinstance(failure, Retryable):
            return None  # the client retries by itself
        if isinstance(failure, Outside):
            failure.place = (message.topic() or "", message.partition() or 0)
        raise failure
    return record_of(message)


def _parts(partitions: Sequence[TopicPartition]) -> frozenset[TopicPart]:
    return frozenset((partition.topic, partition.partition) for partition in partitions)
