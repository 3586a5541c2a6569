"""Writing to Kafka from the event loop: the synchronous producer, one poll thread, a future per record.

Create it when the service starts: an idempotent producer needs half a second before its first record.
"""

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Message
from confluent_kafka import Producer as KafkaProducer

from services.runtime.errors import Halt, Retryable

Written = tuple[int, int]

# After this long a send counts as failed; it may have been written all the same, so whoever reads is idempotent.
_DELIVERY_TIMEOUT_MS: Final = 30_000


class Producer:
    """An idempotent producer with acks=all; places keys as every other client does (murmur2)."""

    def __init__(self, config: Mapping[str, str | int | float | bool]) -> None:
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
                "message.max.bytes": 4 * 1024 * 1024,
            },
            logger=logging.getLogger("librdkafka"),
        )
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="kafka-producer", daemon=True)
        self._thread.start()

    def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]] = ()
    ) -> "asyncio.Future[Written]":
        """Send one record; the future gives (partition, offset) once it is acknowledged.

        It raises `Retryable` when the record may or may not have been written, `Halt` when it never can be.
        """
        future: asyncio.Future[Written] = self._loop.create_future()

        def delivered(error: KafkaError | None, message: Message) -> None:
            written = (message.partition() or 0, message.offset() or 0)
            self._loop.call_soon_threadsafe(_settle, future, error, written, topic)

        try:
            self._producer.produce(topic, value, key, headers=list(headers), on_delivery=delivered)
        except BufferError:
            future.set_exception(Retryable("the producer's queue is full"))
        except KafkaException as error:
            future.set_exception(_failure(error.args[0], topic))
        return future

    def close(self) -> None:
        """Give what is queued a few seconds to be written, then stop."""
        self._producer.flush(5)
        self._closing.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._closing.is_set():
            self._producer.poll(0.1)


def _settle(future: "asyncio.Future[Written]", error: KafkaError | None, written: Written, topic: str) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(written)
    else:
        future.set_exception(_failure(error, topic))


def _failure(error: KafkaError, topic: str) -> Exception:
    away = {KafkaError._MSG_TIMED_OUT, KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN}  # noqa: SLF001
    if error.retriable() or error.code() in away:
        return Retryable(f"{error.name()} {topic}")
    return Halt(f"{error.name()} {topic}")
