"""The tests' agencies send again what no broker acknowledged, also after a fatal error of the Kafka client."""

from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from confluent_kafka import KafkaError, KafkaException

from tests.cluster.publishing import Acknowledged, Office, Sender

EVENTS = [b'{"source": "/agency/bpd", "id": "%d"}' % number for number in range(4)]


class Client:
    """A producer that acknowledges so many records, then takes no more."""

    def __init__(self, capacity: int, code: int) -> None:
        self._left, self._code = capacity, code
        self._reports: deque[Callable[[], None]] = deque()

    def produce(self, _topic: str, raw: bytes, on_delivery: Callable[[KafkaError | None, Any], None]) -> None:
        if self._left == 0:
            raise KafkaException(KafkaError(self._code))
        self._left -= 1
        place = SimpleNamespace(offset=lambda: 0 if self._left else None)  # the last is only concluded
        self._reports.append(lambda: on_delivery(None, place))

    def poll(self, _seconds: float) -> None:
        while self._reports:
            self._reports.popleft()()

    def flush(self, _seconds: float) -> int:
        self.poll(0)
        return 0


def sender(clients: list[Client], told: Acknowledged) -> Sender:
    left = iter(clients)
    return Sender(cast("Office", SimpleNamespace(topic="inbound", producer=lambda: next(left))), told)


def test_what_was_not_acknowledged_is_sent_by_another_producer_after_a_fatal_error() -> None:
    told = Acknowledged()
    sending = sender([Client(2, KafkaError._FATAL), Client(9, KafkaError._FATAL)], told)
    for raw in EVENTS:
        sending.send(raw)
    assert sending.flush(60) == 0
    assert set(told.events.values()) == set(EVENTS)


def test_another_error_is_raised() -> None:
    sending = sender([Client(0, KafkaError.UNKNOWN_TOPIC_OR_PART)], Acknowledged())
    with pytest.raises(KafkaException):
        sending.send(EVENTS[0])
