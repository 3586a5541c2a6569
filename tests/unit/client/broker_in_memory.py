"""A broker of a test's own, and librdkafka's producer and consumer as far as the client's door needs them.

What is written to the inbound topic is answered on the delivery topic, among whatever else lies there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import orjson
from confluent_kafka import KafkaError, KafkaException, TopicPartition

INBOUND, DELIVERY = "atips.inbound.bpd.v1", "atips.delivery.bpd.v1"
# What referral tells an agency, in its own form.
TOLD = orjson.dumps({"type": "bz.atips.delivery.sent.v1", "data": {"to": "bpd", "person": "per-1", "state": "sent"}})


def receipt(offset: int, *, topic: str = INBOUND, **said: object) -> bytes:
    """Give a receipt as intake writes it."""
    data = {"status": "accepted", "id": "x", "n": offset + 1, "accepted_at": 1, "reason": None, "pointer": None} | said
    inbound = {"topic": topic, "partition": 0, "offset": offset}
    return orjson.dumps({"source": "council/intake", "data": {**data, "inbound": inbound}})


@dataclass
class Broker:
    """One inbound and one delivery topic of one partition each; `answer` gives what a record brings about.

    `faults` are what the next records fail with. `raised` is why none but the first is taken at all. `shut` is why
    nobody gets in. `unplaced` are offsets of records that are acknowledged without their offset.
    """

    answer: Callable[[int], list[bytes | KafkaError | None]] = lambda offset: [receipt(offset)]
    inbound: list[bytes] = field(default_factory=list)
    delivery: list[bytes | KafkaError | None] = field(default_factory=list)
    faults: list[KafkaError | None] = field(default_factory=list)
    raised: KafkaError | None = None
    shut: KafkaError | None = None
    unplaced: frozenset[int] = frozenset()
    connected: int = 0
    closed: int = 0


@dataclass
class Message:
    """One record, or an error in its place."""

    said: bytes | KafkaError | None
    at: int | None = 0

    def value(self) -> bytes | None:
        return None if isinstance(self.said, KafkaError) else self.said

    def error(self) -> KafkaError | None:
        return self.said if isinstance(self.said, KafkaError) else None

    def partition(self) -> int:
        return 0

    def offset(self) -> int | None:
        return self.at


class Producer:
    """Acknowledges at the next poll but one, so that receipts come ahead of it."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._acknowledgements: list[Callable[[], None]] = []
        self._polls = 0

    def produce(self, topic: str, value: bytes, key: str | None, *, headers: object, on_delivery: Any) -> None:  # noqa: ANN401
        assert (topic, headers) == (INBOUND, [("content-type", b"application/cloudevents+json")])
        if self._broker.inbound and self._broker.raised is not None:
            raise KafkaException(self._broker.raised)
        fault = self._broker.faults.pop(0) if self._broker.faults else None
        at = len(self._broker.inbound)
        if fault is None:
            self._broker.inbound.append(value)
            self._broker.delivery += self._broker.answer(at)
        told = None if at in self._broker.unplaced else at
        self._acknowledgements.append(lambda: on_delivery(fault, Message(b"", told)))

    def poll(self, seconds: float) -> None:
        self._polls += 1
        if self._polls % 2 == 0:
            acknowledgements, self._acknowledgements = self._acknowledgements, []
            for acknowledge in acknowledgements:
                acknowledge()

    def purge(self) -> None:
        self._acknowledgements = []

    def flush(self, seconds: float) -> None:
        assert not self._acknowledgements


class Consumer:
    """Reads the delivery topic from where it is assigned, all that is there at once."""

    def __init__(self, broker: Broker, on_error: Callable[[KafkaError], None]) -> None:
        self._broker = broker
        self._on_error = on_error
        self._next = -1
        broker.connected += 1

    def list_topics(self, topic: str, timeout: float) -> SimpleNamespace:
        return SimpleNamespace(topics={topic: SimpleNamespace(error=self._broker.shut)})

    def get_watermark_offsets(self, place: TopicPartition, timeout: float) -> tuple[int, int]:
        assert place.topic == DELIVERY
        return 0, len(self._broker.delivery)

    def assign(self, places: list[TopicPartition]) -> None:
        [place] = places
        self._next = place.offset

    def consume(self, count: int, seconds: float) -> list[Message]:
        found = self._broker.delivery[self._next : self._next + count]
        self._next += len(found)
        return [Message(each) for each in found]

    def poll(self, seconds: float) -> None:
        if self._broker.shut is not None:
            self._on_error(self._broker.shut)

    def close(self) -> None:
        self._broker.closed += 1
