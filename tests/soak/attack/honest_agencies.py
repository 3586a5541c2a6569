"""Honest agencies: each publishes at a steady rate through one door and waits for each receipt."""

import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import httpx2
import orjson
from confluent_kafka import Consumer, Producer, TopicPartition
from typing_extensions import override

from tests.support.generator import Submission

INTERVAL_SECONDS: Final = 1.0
"""Between two events of one agency: twenty agencies together publish twenty events a second."""

_ANSWER_SECONDS: Final = 60.0
_LATER: Final = frozenset({429, 503})
_SETTLED: Final = frozenset({"accepted", "duplicate", "refused"})


@dataclass(frozen=True, slots=True)
class Wait:
    """One event's way: when it was sent first (monotonic seconds) and how long its receipt took."""

    at: float
    seconds: float


@dataclass(slots=True)
class Told:
    """Events sent and receipts heard by one agency."""

    waits: list[Wait] = field(default_factory=list)
    accepted: set[tuple[str, str]] = field(default_factory=set)
    """(source, id) of each event with the receipt `accepted` or `duplicate`."""
    refused: list[str] = field(default_factory=list)
    """Reasons of refusals: an honest agency should get none."""
    unanswered: set[tuple[str, str]] = field(default_factory=set)
    """(source, id) of each event without a receipt in time."""
    later: Counter[int] = field(default_factory=Counter)
    """Answers that ask to come again, by HTTP status."""


class Honest(threading.Thread):
    """One agency's system. `client`: its folder's client.json, read."""

    def __init__(self, client: dict[str, Any], submissions: Sequence[Submission], door: str) -> None:
        super().__init__(daemon=True)
        self.told = Told()
        self._settings = client
        self._submissions = submissions
        self._door = door
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Send nothing after the event in flight."""
        self._stopped.set()

    @override
    def run(self) -> None:
        """Publish one event each interval until told to stop."""
        with self._opened() as door:
            for submission in self._submissions:
                begun = time.monotonic()
                self._note(submission, begun, self._answer(door, submission, begun))
                if self._stopped.wait(max(0.0, begun + INTERVAL_SECONDS - time.monotonic())):
                    return

    def _opened(self) -> "_Http | _Kafka":
        return _Http(self._settings, self.told) if self._door == "http" else _Kafka(self._settings)

    def _answer(self, door: "_Http | _Kafka", submission: Submission, begun: float) -> dict[str, Any] | None:
        again = False
        while time.monotonic() < begun + _ANSWER_SECONDS:
            receipt = door.sent(submission.raw, again=again)
            again = True
            if receipt is not None:
                return receipt
        return None

    def _note(self, submission: Submission, begun: float, receipt: dict[str, Any] | None) -> None:
        event = orjson.loads(submission.raw)
        if receipt is None:
            self.told.unanswered.add((event["source"], event["id"]))
            return
        self.told.waits.append(Wait(begun, time.monotonic() - begun))
        if receipt["status"] == "refused":
            self.told.refused.append(str(receipt.get("reason")))
        else:
            self.told.accepted.add((event["source"], event["id"]))


class _Http:
    def __init__(self, client: dict[str, Any], told: Told) -> None:
        http = client["http"]
        self._told = told
        self._pace = threading.Event()
        self._client = httpx2.Client(
            base_url=http["address"],
            headers={
                "authorization": f"Bearer {Path(http['key_file']).read_text(encoding='utf-8').strip()}",
                "content-type": "application/cloudevents+json",
            },
            verify=ssl.create_default_context(cafile=http["ca"]),
            timeout=20,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def sent(self, raw: bytes, *, again: bool) -> dict[str, Any] | None:
        """Send once; None where the door asks to come again or does not answer."""
        try:
            answer = self._client.post("/v1/events", content=raw)
        except httpx2.TransportError:
            self._pace.wait(0.2)
            return None
        if answer.status_code in _LATER:
            self._told.later[answer.status_code] += 1
            self._pace.wait(float(answer.headers.get("retry-after", 1)))
            return None
        found: dict[str, Any] = answer.json()
        receipt: dict[str, Any] = found.get("receipt", found)
        return receipt if receipt.get("status") in _SETTLED else {"status": "refused", "reason": found.get("title")}


class _Kafka:
    def __init__(self, client: dict[str, Any]) -> None:
        kafka = client["kafka"]
        shared = {name: value for name, value in kafka["config"].items() if name != "group.id"} | {"log_level": 0}
        self._inbound = kafka["inbound"]
        self._producer = Producer({**shared, "enable.idempotence": True, "linger.ms": 0})
        self._consumer = Consumer(
            {
                **shared,
                "group.id": kafka["config"]["group.id"],
                "enable.auto.commit": False,
                "auto.offset.reset": "latest",
                "fetch.queue.backoff.ms": 20,
            }
        )
        self._delivery = kafka["delivery"]

    def __enter__(self) -> Self:
        # "latest" is found out later, perhaps behind the first receipt: the end is fixed before anything is sent.
        topic = self._consumer.list_topics(self._delivery, timeout=_ANSWER_SECONDS).topics[self._delivery]
        found = [TopicPartition(self._delivery, each) for each in topic.partitions]
        for each in found:
            each.offset = self._consumer.get_watermark_offsets(each, timeout=_ANSWER_SECONDS)[1]
        self._consumer.assign(found)
        return self

    def __exit__(self, *_: object) -> None:
        self._producer.flush(10)
        self._consumer.close()

    def sent(self, raw: bytes, *, again: bool) -> dict[str, Any] | None:
        """Produce once and look for the receipt; None while there is none yet. `again`: it was produced before."""
        if not again:
            self._producer.produce(self._inbound, raw)
        self._producer.poll(0)
        wanted = orjson.loads(raw)["id"]
        for receipt in self._receipts():
            if receipt.get("id") == wanted:
                return receipt
        return None

    def _receipts(self) -> Iterator[dict[str, Any]]:
        record = self._consumer.poll(0.5)
        if record is None or record.error() is not None:
            return
        found = json.loads(record.value() or b"{}")
        if "submission" in found.get("type", ""):
            yield found["data"]
