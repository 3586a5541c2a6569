"""State of the inbound topics: records that are unread, and records that the broker deleted before they were read.

A submission stays on its topic until it is judged (`deletion`), for `INBOUND_DAYS` at most, as it may name a person.
After a longer outage a topic begins after intake's position. Intake then stops until an operator skips the gap.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from schemas.topics import Deployment
from services.intake.store import inbound_progress as store
from services.intake.store.inbound_progress import SkippedRecords
from services.runtime import broker_queries, range_reader
from services.runtime.broker_queries import Config
from services.runtime.postgres import Connection


@dataclass(frozen=True, slots=True)
class InboundReading:
    """Offsets of a publisher's inbound topic of one partition: its begin, its exclusive end, the next to read."""

    publisher: str
    topic: str
    begin: int
    end: int
    next_offset: int

    @property
    def unread(self) -> int:
        """The number of records that wait to be read."""
        return max(self.end - max(self.begin, self.next_offset), 0)

    @property
    def gone(self) -> int:
        """The number of records that were deleted before anybody read them."""
        return max(self.begin - self.next_offset, 0)


async def readings(connection: Connection, config: Config, deployment: Deployment) -> list[InboundReading]:
    """Return the offsets of each publisher's inbound topic. Raises `Retryable` when the broker does not answer."""
    positions = await store.positions(connection)
    topics = {deployment.inbound(sender): sender for sender in deployment.senders}
    places = [(topic, 0) for topic in topics]
    bounds = await asyncio.to_thread(range_reader.bounds, config, deployment.group("intake"), places)
    return [
        InboundReading(publisher, topic, *bounds[topic, 0], positions.get((topic, 0), 0))
        for topic, publisher in topics.items()
    ]


async def passed_by(
    connection: Connection, config: Config, reading: InboundReading, *, operator: str, at: datetime
) -> SkippedRecords | None:
    """Move intake's position past deleted records and store which operator asked for it; None if none were deleted."""
    topic_id, _ = (await broker_queries.described(config, [reading.topic]))[reading.topic]
    async with connection.transaction():
        begun = await store.go_on(connection, reading.topic, topic_id, reading.begin)
        if begun >= reading.begin:
            return None
        passed = SkippedRecords(reading.topic, begun, reading.begin, int(at.timestamp() * 1000), operator)
        await store.note(connection, topic_id, passed)
    return passed
