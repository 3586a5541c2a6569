"""The content of the inbound topics: read, not read yet, and deleted before it was read.

A submission lies there until it is judged (`deletion`), for `INBOUND_DAYS` at most: it may name somebody. After a
longer absence intake finds that the topic begins behind its position, and does not go on by itself.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from schemas.topics import Deployment
from services.intake.store import inbound_progress as store
from services.intake.store.inbound_progress import SkippedRecords
from services.runtime import broker, offset_ranges
from services.runtime.broker import Config
from services.runtime.postgres import Connection


@dataclass(frozen=True, slots=True)
class InboundReading:
    """One publisher's topic, which has one partition: where it begins and ends, and where reading goes on."""

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
    """Give each publisher's. Raises `Retryable` when the broker does not answer."""
    positions = await store.positions(connection)
    topics = {deployment.inbound(sender): sender for sender in deployment.senders}
    places = [(topic, 0) for topic in topics]
    bounds = await asyncio.to_thread(offset_ranges.bounds, config, deployment.group("intake"), places)
    return [
        InboundReading(publisher, topic, *bounds[topic, 0], positions.get((topic, 0), 0))
        for topic, publisher in topics.items()
    ]


async def passed_by(
    connection: Connection, config: Config, reading: InboundReading, *, operator: str, at: datetime
) -> SkippedRecords | None:
    """Go on behind what is gone, and keep on record who wanted it; None where nothing is."""
    topic_id, _ = (await broker.described(config, [reading.topic]))[reading.topic]
    async with connection.transaction():
        begun = await store.go_on(connection, reading.topic, topic_id, reading.begin)
        if begun >= reading.begin:
            return None
        passed = SkippedRecords(reading.topic, begun, reading.begin, int(at.timestamp() * 1000), operator)
        await store.note(connection, topic_id, passed)
    return passed
