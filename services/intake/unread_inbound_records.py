"""Unread records of the inbound topics, and records that the broker deleted before intake read them.

A submission stays on its topic until it is judged and relayed (`inbound_record_deletion`), for `INBOUND_DAYS` at most,
because it may name a person. After a longer outage a topic begins after intake's position. Intake then stops until an
operator skips the gap.
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
    """Offsets of a publisher's inbound topic: its begin, its exclusive end, and the next offset to read."""

    publisher: str
    topic: str
    begin: int
    end: int
    next_offset: int

    @property
    def unread(self) -> int:
        """Number of records that wait to be read."""
        return max(self.end - max(self.begin, self.next_offset), 0)

    @property
    def gone(self) -> int:
        """Number of records that were deleted before intake read them."""
        return max(self.begin - self.next_offset, 0)


async def read_inbound_offsets(connection: Connection, config: Config, deployment: Deployment) -> list[InboundReading]:
    """Return the offsets of each publisher's inbound topic. Raises `Retryable` if the broker does not answer."""
    positions = await store.positions(connection)
    topics = {deployment.inbound(sender): sender for sender in deployment.senders}
    places = [(topic, 0) for topic in topics]
    bounds = await asyncio.to_thread(range_reader.bounds, config, deployment.group("intake"), places)
    return [
        InboundReading(publisher, topic, *bounds[topic, 0], positions.get((topic, 0), 0))
        for topic, publisher in topics.items()
    ]


async def skip_deleted_records(
    connection: Connection, config: Config, reading: InboundReading, *, operator: str, at: datetime
) -> SkippedRecords | None:
    """Move intake's position past deleted records, store the skip with its operator, and return it.

    None, without a change, if no records were deleted unread.
    """
    topic_id, _ = (await broker_queries.describe_topics(config, [reading.topic]))[reading.topic]
    async with connection.transaction():
        begun = await store.skip_to_topic_begin(connection, reading.topic, topic_id, reading.begin)
        if begun >= reading.begin:
            return None
        passed = SkippedRecords(reading.topic, begun, reading.begin, int(at.timestamp() * 1000), operator)
        await store.store_skipped_records(connection, topic_id, passed)
    return passed
