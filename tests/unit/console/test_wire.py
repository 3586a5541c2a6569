"""A line of which the broker does not say where it lies stays unconfirmed: whose receipt is whose goes by the place."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from services.console.publish.lines import Line
from services.console.publish.verdict import Status
from services.console.publish.wire import _Session

TOPIC = "atips.inbound.bpd.v1"


class Producer:
    """Acknowledges at once, at the place that it is given."""

    def __init__(self, offset: int | None) -> None:
        self._offset = offset

    def produce(self, topic: str, *_: object, on_delivery: Callable[..., None], **__: object) -> None:
        assert topic == TOPIC
        on_delivery(None, SimpleNamespace(partition=lambda: 0, offset=lambda: self._offset))

    def poll(self, seconds: float) -> None:
        """Nothing is owed."""


class Receipts:
    """One receipt, of what lies at the beginning of the topic."""

    def consume(self, count: int, seconds: float) -> list[Any]:
        data = {"status": "accepted", "inbound": {"topic": TOPIC, "partition": 0, "offset": 0}}
        found, self.consume = [orjson.dumps({"data": data})], lambda *_: []  # type: ignore[method-assign]
        return [SimpleNamespace(value=lambda each=each: each, error=lambda: None) for each in found]


@pytest.mark.parametrize(("offset", "status"), [(0, Status.ACCEPTED), (None, Status.UNCONFIRMED)])
def test_a_line_has_the_receipt_of_its_own_place(offset: int | None, status: Status) -> None:
    producer: Any = Producer(offset)
    receipts: Any = Receipts()
    [verdict] = _Session(producer, receipts, TOPIC, timeout=0.1).run([Line(1, b"{}")])
    assert verdict.status is status
