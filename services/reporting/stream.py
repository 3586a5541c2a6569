"""Readers of reporting's topics: one loop for the log's three topics, and one for the relay's progress."""

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

import asyncpg
import orjson
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

from schemas.topics import Deployment
from services.reporting.domain.ledger.event_row import LogPartition
from services.reporting.handlers import Counter, Prepared
from services.runtime import metrics
from services.runtime.broker_queries import is_permanent, translate_kafka_error
from services.runtime.clock import Clock
from services.runtime.consumer_loop import Stream
from services.runtime.errors import Halt, Retryable
from services.runtime.threaded_consumer import Transport

_POLL_SECONDS: Final = 0.2
_BACKOFF_SECONDS: Final = 1.0
_PARKED_SECONDS: Final = 5.0
_RECORDS: Final = 1_000


def topics(deployment: Deployment) -> dict[str, int]:
    """Return the partition count that each of the log's topics must have, by the topic's name."""
    return dict.fromkeys(deployment.logs, deployment.partitions)


def stream(
    *, transport: Transport, deployment: Deployment, pool: asyncpg.Pool, counter: Counter, clock: Clock, batch: int
) -> Stream[Prepared]:
    """Build the loop that reads the log's topics and passes batches of at most `batch` records to the counter."""
    return Stream(
        transport=transport, topics=topics(deployment), pool=pool, handler=counter, clock=clock, batch=batch, ahead=True
    )


class ProgressStore(Protocol):
    """Port that stores the relay's progress and counts withheld entities."""

    async def store_progress(self, progress: Mapping[int, Mapping[LogPartition, int]]) -> None:
        """Store, for each n, the last offset of each partition when the log held all events up to n."""

    async def count_parked_entities(self) -> int:
        """Return the number of entities that are withheld."""
        ...


class Follower:
    """Background task that stores the relay's progress, from the oldest retained record on.

    Every process reads all records, without a consumer group. The task also sets the metric of withheld entities, about
    every 5 s.
    """

    def __init__(
        self, config: Mapping[str, str | int | float | bool], deployment: Deployment, store: ProgressStore
    ) -> None:
        self._topic = deployment.progress
        self._topics = {topic: number for number, topic in enumerate(deployment.logs)}
        self._store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kafka-progress")
        self._consumer = Consumer(
            {
                **config,
                # The ACL needs this group's name. The consumer never joins the group and commits no offset.
                "group.id": deployment.group("reporting"),
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "error",
                "fetch.wait.max.ms": 100,
            },
            logger=logging.getLogger("librdkafka"),
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Read and store progress until `stop` is set. Records that cannot be stored are tried again after 1 s."""
        loop = asyncio.get_running_loop()
        self._consumer.assign([TopicPartition(self._topic, 0, OFFSET_BEGINNING)])
        pending: dict[int, dict[LogPartition, int]] = {}
        looked_at = 0.0
        try:
            while not stop.is_set():
                pending |= await loop.run_in_executor(self._thread, self._read)
                try:
                    if pending:
                        await self._store.store_progress(pending)
                        pending = {}
                    if loop.time() - looked_at > _PARKED_SECONDS:
                        metrics.PARKED.set(await self._store.count_parked_entities())
                        looked_at = loop.time()
                except Retryable:
                    await asyncio.sleep(_BACKOFF_SECONDS)
        finally:
            await loop.run_in_executor(self._thread, self._consumer.close)
            self._thread.shutdown()

    async def answers(self, seconds: float) -> bool:
        """Whether the broker answers this reader's client within `seconds`. It asks between two reads."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answers, seconds)

    def _answers(self, seconds: float) -> bool:
        try:
            self._consumer.list_topics(self._topic, timeout=seconds)
        except KafkaException:
            return False
        return True

    def _read(self) -> dict[int, dict[LogPartition, int]]:
        found: dict[int, dict[LogPartition, int]] = {}
        for message in self._consumer.consume(_RECORDS, _POLL_SECONDS):
            error = message.error()
            if error is not None and is_permanent(error):
                raise translate_kafka_error(error, self._topic)
            if error is None:
                n, offsets = self._progress(message.value() or b"")
                found[n] = offsets
        return found

    def _progress(self, value: str | bytes) -> tuple[int, dict[LogPartition, int]]:
        """Parse a progress record into n and the last offset of each partition.

        Raises `Halt` for a record of another form or with a topic that is not of the log, because completeness could
        not be known then.
        """
        try:
            progress = orjson.loads(value)
            offsets = {
                (self._topics[topic], int(part)): int(off)
                for topic, parts in progress["offsets"].items()
                for part, off in parts.items()
            }
            return int(progress["n"]), offsets
        except (ValueError, LookupError, TypeError, AttributeError):
            msg = f"a record of {self._topic} is not the relay's"
            raise Halt(msg) from None
