"""Generated events written to the agencies' own topics as they are made, and what must be found in the inbox."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson
from confluent_kafka import Producer

from schemas.topics import Deployment
from tests.support.generator import Submission

_WITHIN_SECONDS: Final = 120.0
_BITS: Final = 256


@dataclass(slots=True)
class Fingerprint:
    """Of a set of payloads: how many, and a sum of their hashes, which no order changes."""

    count: int = 0
    total: int = 0

    def add(self, payload: bytes) -> None:
        """Take one more into the set."""
        self.count += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(payload).digest(), "big")) % (1 << _BITS)


@dataclass(slots=True)
class Published:
    """Sent submissions, and of each event the one that arrives first."""

    submissions: int = 0
    events: Fingerprint = field(default_factory=Fingerprint)
    failed: str | None = None
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def note(self, submission: Submission) -> None:
        """An agency's submissions arrive in its order, so that a duplicate never comes before what it repeats."""
        self.submissions += 1
        event = orjson.loads(submission.raw)
        key = event["source"], event["id"]
        if key not in self._seen:
            self._seen.add(key)
            self.events.add(submission.raw)


def publish(
    config: Mapping[str, str | int | float | bool],
    deployment: Deployment,
    submissions: Iterable[Submission],
    told: Callable[[Published], None],
) -> Published:
    """Write them all; `told` hears of every submission. Blocking: use it on a thread of its own."""
    published = Published()
    producer = Producer({**config, "enable.idempotence": True, "linger.ms": 5, "queue.buffering.max.messages": 20_000})
    failures: list[str] = []
    for submission in submissions:
        published.note(submission)
        while True:
            try:
                producer.produce(
                    deployment.inbound(submission.agency),
                    submission.raw,
                    on_delivery=lambda error, _: failures.append(str(error)) if error else None,
                )
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
        told(published)
    left = producer.flush(_WITHIN_SECONDS)
    if left or failures:
        published.failed = f"{left + len(failures)} submissions were not written: {failures[:1]}"
    return published
