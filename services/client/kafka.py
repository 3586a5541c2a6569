"""Intake over Kafka: events go to the agency's inbound topic, receipts come from its delivery topic.

The end of the delivery topic is read before the first record is sent, so that no receipt is missed. An event without a
receipt within the time limit is sent again by the next flush; it counts once.
"""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from services.client.http_answers import NOT_VALID
from services.client.receipt_and_errors import Later, NotLetIn, NotTheDoor, Receipt, WaitingEvent

Config = Mapping[str, str | int | float | bool]

_HEADERS: Final[list[tuple[str, str | bytes | None]]] = [("content-type", b"application/cloudevents+json")]
_CONNECT_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.05
_DELIVERY_MS: Final = 30_000
_LARGEST: Final = 16 * 1024 * 1024
_UNVERIFIED: Final = "certificate verify failed"
"""Text of OpenSSL in an error of the connection, whose code stands for other failures of TLS too."""
_SHUT: Final = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError._AUTHENTICATION,  # noqa: SLF001
    }
)


class Kafka:
    """Kafka connection of one system of an agency. `config`: librdkafka's settings (address, credentials, group.id).

    `inbound`, `delivery`: names of the agency's topics.
    """

    most = 5_000

    def __init__(self, config: Config, *, inbound: str, delivery: str) -> None:
        self._config = {"log_level": 0, **config, "error_cb": self._on_error}
        self._inbound = inbound
        self._delivery = TopicPartition(delivery, 0)
        self._producer: Producer | None = None
        self._receipts: Consumer | None = None
        self._shut: NotLetIn | NotTheDoor | None = None

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Connect with the settings and topics in a system's client.json or a connection file."""
        said = json.loads(Path(path).read_text(encoding="utf-8"))["kafka"]
        return cls(said["config"], inbound=said["inbound"], delivery=said["delivery"])

    def send(self, events: Sequence[WaitingEvent], seconds: float) -> dict[int, Receipt]:
        """Send the events; return their receipts by `seq`, when all have come or after `seconds`.

        Raises `Later`, `NotLetIn` or `NotTheDoor`; `Later` only if no receipt has come.
        """
        deadline = time.monotonic() + seconds
        producer, receipts = self._connected(seconds)
        places: dict[tuple[int | None, int | None], WaitingEvent] = {}
        failed: list[KafkaError] = []

        def acknowledged(event: WaitingEvent, error: KafkaError | None, message: Message) -> None:
            if error is None:  # without an offset its receipt cannot be recognised, and the event is sent again
                places[message.partition(), message.offset()] = event
            elif error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
                found[event.seq] = Receipt("refused", event.id, reason="too_large", pointer="")
            else:
                failed.append(error)

        found: dict[int, Receipt] = {}
        early: dict[tuple[int, int], Receipt] = {}
        failed += self._handed_over(producer, events, acknowledged)
        while len(found) < len(events) and not failed and time.monotonic() < deadline:
            producer.poll(0)
            early.update(self._said(receipts))
            for place in [place for place in early if place in places]:
                found[places[place].seq] = early.pop(place)
            self._complain()
        if failed:
            self._let_go()
            error = _translated(failed[0])
            if isinstance(error, NotLetIn) or not found:  # else what was answered is kept first
                raise error
        elif len(found) < len(events):
            self._let_go()
        return found

    def close(self) -> None:
        """Close the connections."""
        self._let_go()

    def _handed_over(
        self,
        producer: Producer,
        events: Sequence[WaitingEvent],
        acknowledged: Callable[[WaitingEvent, KafkaError | None, Message], None],
    ) -> list[KafkaError]:
        """Pass the events to librdkafka. Return its error if it accepts no more, as for a topic that does not exist."""
        try:
            for event in events:
                told = partial(acknowledged, event)
                producer.produce(self._inbound, event.value, event.key, headers=_HEADERS, on_delivery=told)
                producer.poll(0)
        except KafkaException as raised:
            return [raised.args[0]]
        return []

    def _connected(self, seconds: float) -> tuple[Producer, Consumer]:
        if self._producer is None or self._receipts is None:
            self._receipts = self._following(min(seconds, _CONNECT_SECONDS))
            self._producer = Producer(
                {
                    **self._config,
                    "acks": "all",
                    "enable.idempotence": True,
                    # Strict order: no record is written after a lost one. Intake deletes records that it has judged. A
                    # restarted broker without any of this producer's records takes a later request before an earlier.
                    "enable.gapless.guarantee": True,
                    "max.in.flight.requests.per.connection": 1,
                    "partitioner": "murmur2_random",
                    "linger.ms": 5,
                    "message.max.bytes": _LARGEST,  # the broker refuses, not the client
                    "delivery.timeout.ms": _DELIVERY_MS,
                }
            )
        return self._producer, self._receipts

    def _following(self, seconds: float) -> Consumer:
        consumer = Consumer(
            {
                **self._config,
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "error",
                "fetch.wait.max.ms": 50,
            }
        )
        try:
            # The topic is named here: otherwise one that may not be read looks like one that does not exist.
            seen = consumer.list_topics(self._delivery.topic, timeout=seconds).topics[self._delivery.topic]
            if seen.error is not None:
                raise KafkaException(seen.error)  # noqa: TRY301 - one way out for what the client raises and says
            _, end = consumer.get_watermark_offsets(self._delivery, timeout=seconds)
        except KafkaException as error:
            consumer.poll(0)  # calls `_on_error` with the cause
            consumer.close()
            self._complain()
            raise _translated(error.args[0]) from None
        consumer.assign([TopicPartition(self._delivery.topic, 0, end)])
        return consumer

    def _said(self, receipts: Consumer) -> dict[tuple[int, int], Receipt]:
        found = {}
        for message in receipts.consume(500, _LOOK_SECONDS):
            value = message.value()
            if message.error() is not None or value is None:
                continue  # librdkafka retries by itself, and `send` has the deadline
            told = _told(value)
            if told is not None and told.topic == self._inbound:
                found[told.place] = told.receipt
        return found

    def _on_error(self, error: KafkaError) -> None:
        if _is_refused(error):
            self._shut = NotLetIn(error.name())
        elif _UNVERIFIED in error.str():
            self._shut = NotTheDoor(NOT_VALID)

    def _complain(self) -> None:
        if self._shut is not None:
            shut, self._shut = self._shut, None
            self._let_go()
            raise shut

    def _let_go(self) -> None:
        if self._receipts is not None:
            self._receipts.close()
        if self._producer is not None:
            self._producer.purge()
            self._producer.flush(0)
        self._producer = self._receipts = None


class _Told(NamedTuple):
    topic: str
    place: tuple[int, int]
    receipt: Receipt


def _told(value: bytes) -> _Told | None:
    """Return the receipt in a record of the delivery topic; None for other records, such as messages on referrals."""
    try:
        said = json.loads(value)
    except ValueError:
        return None
    match said:
        case {"data": {"status": str(), "inbound": {"topic": str(topic), "partition": int(part), "offset": int(at)}}}:
            return _Told(topic, (part, at), Receipt.read(said["data"]))
        case _:
            return None


def _translated(error: KafkaError) -> Later | NotLetIn:
    return NotLetIn(error.name()) if _is_refused(error) else Later(error.name())


def _is_refused(error: KafkaError) -> bool:
    """Whether the broker refuses login or rights. A login that timed out has an equal code, but a local reason."""
    timed_out = error.code() == KafkaError._AUTHENTICATION and "Local: " in error.str()  # noqa: SLF001
    return error.code() in _SHUT and not timed_out
