"""librdkafka's own mock of a broker, in the test's process: for what a client hears that a real one says rarely."""

from collections.abc import Iterator, Sequence

import pytest
from confluent_kafka import Producer


class MockBroker:
    """One that takes whatever is written, and is gone at once when it is told so."""

    def __init__(self) -> None:
        self._producer: Producer | None = Producer(
            {"test.mock.num.brokers": 1, "bootstrap.servers": "mock", "log_level": 0}
        )
        (broker,) = self._producer.list_topics(timeout=10).brokers.values()
        self.config: dict[str, str | int | float | bool] = {
            "bootstrap.servers": f"{broker.host}:{broker.port}",
            "log_level": 0,
        }

    def write(self, topic: str, *values: bytes, headers: Sequence[tuple[str, bytes]] = (), part: int = 0) -> None:
        """Write to a partition, the first by default; the topic is there then, whatever was written."""
        assert self._producer is not None
        self._producer.list_topics(topic, timeout=10)
        for value in values:
            self._producer.produce(topic, value, b"key", partition=part, headers=list(headers))
        assert self._producer.flush(10) == 0

    def gone(self) -> None:
        """Close its port and every connection."""
        self._producer = None


@pytest.fixture
def mock_broker() -> Iterator[MockBroker]:
    """A broker of a test's own."""
    made = MockBroker()
    yield made
    made.gone()
