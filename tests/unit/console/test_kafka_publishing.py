"""A receipt is matched by its place on the topic. A broker that is away is reported once, in our words."""

import asyncio
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from typing_extensions import override

from infra.local import connection_settings
from schemas.topics import Deployment
from services.console import lag
from services.console.publish.kafka_publishing import InboundTopic, _Session
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.verdict import VerdictStatus

# Nobody listens there.
AWAY = {"bootstrap.servers": "127.0.0.1:9"}
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


@pytest.mark.parametrize(("offset", "status"), [(0, VerdictStatus.ACCEPTED), (None, VerdictStatus.UNCONFIRMED)])
def test_a_line_has_the_receipt_of_its_own_place(offset: int | None, status: VerdictStatus) -> None:
    producer: Any = Producer(offset)
    receipts: Any = Receipts()
    [verdict] = _Session(producer, receipts, TOPIC, timeout=0.1).run([FileLine(1, b"{}")])
    assert verdict.status is status


async def test_a_broker_that_is_away_is_waited_for_as_long_as_was_asked(capfd: pytest.CaptureFixture[str]) -> None:
    async with asyncio.timeout(15):
        with pytest.raises(NotReachedError):
            await asyncio.to_thread(InboundTopic, AWAY, Deployment(), "bpd", timeout=0.5)
    assert capfd.readouterr().err == ""


def test_how_far_services_are_behind_is_asked_of_a_broker_that_is_away_but_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = []

    class Noted(lag.GroupLags):
        @override
        def of(self, group: str, topics: Sequence[str]) -> int:
            asked.append(group)
            return super().of(group, topics)

    monkeypatch.setattr(lag, "GroupLags", Noted)
    monkeypatch.setattr(lag, "_SECONDS", 0.5)
    monkeypatch.setattr(connection_settings, "deployment", lambda _: Deployment())
    monkeypatch.setattr(connection_settings, "admin", lambda _: AWAY)
    unknown: Any = SimpleNamespace(data_dir=None)
    assert lag.lags_of(unknown) == dict.fromkeys(("intake", "referral", "case_tracker", "reporting"))
    assert asked == ["atips.intake"]
    assert capfd.readouterr().err == ""
