"""Sending to Kafka from the event loop: a synchronous producer, one thread that polls, one future per batch.

Create it when the service starts: an idempotent producer needs half a second before its first record.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol, TypeVar

from confluent_kafka import KafkaError, KafkaException, Message
from confluent_kafka import Producer as KafkaProducer

from schemas.topics import LARGEST
from services.runtime.errors import Halt, Retryable
from services.runtime.partitioner import partition_of

Written = tuple[int, int]

T = TypeVar("T")

# After this long a send counts as failed. The record may have been written all the same, so readers are idempotent.
_DELIVERY_TIMEOUT_MS: Final = 30_000


# The broker is away or slow: the record may have been written all the same.
_AWAY: Final = frozenset(
    {
        KafkaError._MSG_TIMED_OUT,  # noqa: SLF001 - librdkafka's own names begin so
        KafkaError._TIMED_OUT,  # noqa: SLF001
        KafkaError._TIMED_OUT_QUEUE,  # noqa: SLF001
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
        KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001 - of a topic whose partitions the broker does not name yet
    }
)


class TooLarge(Halt):
    """Raised for a record that is larger than its topic accepts."""


class Outgoing(Protocol):
    """Port to a record that is to be sent."""

    @property
    def topic(self) -> str:
        """Name of the record's topic."""
        ...

    @property
    def key(self) -> bytes | None:
        """Key of the record, from which its partition follows; None for any partition."""
        ...

    @property
    def value(self) -> bytes | None:
        """Content of the record."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Headers of the record, as pairs (name, value)."""
        ...


class _Single(NamedTuple):
    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Producer:
    """An idempotent producer with acks=all. A key gets the partition that Kafka's Java client chooses.

    `partitions`: counts of partitions by topic that this producer uses, whatever the topic has. Keys keep their
    partitions there when somebody gives the topic more: an entity's events in two partitions would lose their order.
    """

    def __init__(
        self,
        config: Mapping[str, str | int | float | bool],
        partitions: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._partitions = partitions
        self._loop = asyncio.get_running_loop()
        self._producer = KafkaProducer(
            {
                **config,
                "acks": "all",
                "enable.idempotence": True,
                "partitioner": "murmur2_random",
                "linger.ms": 0,
                "delivery.timeout.ms": _DELIVERY_TIMEOUT_MS,
                "queue.buffering.max.messages": 1_000_000,
                "message.max.bytes": LARGEST,
            },
            logger=logging.getLogger("librdkafka"),
        )
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="kafka-producer", daemon=True)
        self._thread.start()

    def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]] = ()
    ) -> "asyncio.Future[Written]":
        """Send one record. The future's result is (partition, offset), once the record is acknowledged.

        The future raises `Retryable` if the record may have been written, and `Halt` if it never can be. For a record
        that is too large it raises `TooLarge`.
        """
        future: asyncio.Future[Written] = self._loop.create_future()
        sending = _Sending(1, lambda sent: _settle(future, sent.failure, sent.written[0]), self._loop)
        sending.produce(self._producer, 0, _Single(topic, key, value, headers), self._partition(topic, key))
        return future

    def send_all(self, records: Sequence[Outgoing]) -> "asyncio.Future[list[Written]]":
        """Send records in their order. The future's result is (partition, offset) of each, once all are acknowledged.

        If some fail, the future raises the first `Halt` of them, or without a `Halt` the first `Retryable`.
        """
        future: asyncio.Future[list[Written]] = self._loop.create_future()
        if not records:
            future.set_result([])
            return future
        sending = _Sending(len(records), lambda sent: _settle(future, sent.failure, sent.written), self._loop)
        for number, record in enumerate(records):
            sending.produce(self._producer, number, record, self._partition(record.topic, record.key))
        return future

    def _partition(self, topic: str, key: bytes | None) -> int:
        """Return the partition of a record, or -1: the client chooses it."""
        count = self._partitions.get(topic)
        return -1 if count is None or key is None else partition_of(key, count)

    async def answers(self, seconds: float) -> bool:
        """Whether the broker answers this client within `seconds`."""
        try:
            await asyncio.to_thread(self._producer.list_topics, timeout=seconds)
        except KafkaException:
            return False
        return True

    def close(self) -> None:
        """Wait 5 s at most until queued records are written, then stop the poll thread."""
        self._producer.flush(5)
        self._closing.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._closing.is_set():
            self._producer.poll(0.1)


class _Sending:
    """Records in flight. Acknowledgements come on the poll thread; the event loop is called once, after the last."""

    __slots__ = ("_left", "_lock", "_loop", "_settle", "failure", "written")

    def __init__(self, records: int, settle: "Callable[[_Sending], None]", loop: asyncio.AbstractEventLoop) -> None:
        self._left = records
        self._lock = threading.Lock()
        self._loop = loop
        self._settle = settle
        self.failure: Exception | None = None
        self.written: list[Written] = [(0, 0)] * records

    def produce(self, producer: KafkaProducer, number: int, record: Outgoing, part: int) -> None:
        """Pass one record to the client. `number`: its index among the records in flight. `part`: its partition."""
        try:
            deliver = partial(self._delivered, number)
            producer.produce(
                record.topic, record.value, record.key, part, headers=list(record.headers), on_delivery=deliver
            )
        except BufferError:
            self._done(Retryable("the producer's queue is full"))
        except KafkaException as error:
            self._done(_failure(error.args[0], record.topic))

    def _delivered(self, number: int, error: KafkaError | None, message: Message) -> None:
        part, offset, topic = message.partition(), message.offset(), message.topic() or ""
        if error is not None:
            self._done(_failure(error, topic))
        elif part is None or offset is None:
            # The client sent the record twice. For the second one the broker only states that it has the record.
            self._done(Retryable(f"written at no known offset {topic}"))
        else:
            self.written[number] = part, offset
            self._done(None)

    def _done(self, failure: Exception | None) -> None:
        with self._lock:
            if failure is not None and (self.failure is None or isinstance(failure, Halt)):
                self.failure = failure
            self._left -= 1
            last = self._left == 0
        if last:
            self._loop.call_soon_threadsafe(self._settle, self)


def _settle(future: "asyncio.Future[T]", failure: Exception | None, result: T) -> None:
    if future.done():
        return
    if failure is None:
        future.set_result(result)
    else:
        future.set_exception(failure)


def _failure(error: KafkaError, topic: str) -> Exception:
    if error.retriable() or error.code() in _AWAY:
        return Retryable(f"{error.name()} {topic}")
    if error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
        return TooLarge(f"{error.name()} {topic}")
    return Halt(f"{error.name()} {topic}")
