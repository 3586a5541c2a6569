"""Start with empty tables beside a log: earlier decisions are read from the log and not published again.

Each decision is made once. Other code could decide otherwise under the same event id, which intake refuses. The group's
offsets are set back to the beginning of the log, because Faust delivers no record below the committed offsets.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg
import orjson
import structlog

from services.runtime import broker_queries, outbox, range_reader
from services.runtime.broker_queries import Config
from services.runtime.deciding.event_copy_rows import copy_row_of
from services.runtime.fenced_positions import TopicPart
from services.runtime.outbox import Message
from services.runtime.postgres import borrow_connection
from services.runtime.startup_retry import retry_until_ready

_EMPTY: Final = "SELECT NOT EXISTS (SELECT FROM position) AND NOT EXISTS (SELECT FROM outbox)"
_BATCH: Final = 1_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DecisionsPlace:
    """Location of a service's decisions: `topics` of the log with partition counts, and `source` of the events.

    `group`: the service's consumer group. `inbound`: the topic on which the service sends its decisions to intake.
    """

    group: str
    topics: Mapping[str, int]
    source: str
    inbound: str

    @property
    def places(self) -> frozenset[TopicPart]:
        """Every partition of the topics, as (topic, partition)."""
        return frozenset((topic, part) for topic, parts in self.topics.items() for part in range(parts))


async def restore_decisions(pool: asyncpg.Pool, config: Config, ours: DecisionsPlace, stop: asyncio.Event) -> None:
    """Copy the service's decisions from the log into its outbox, as sent, if outbox and positions are empty.

    Waits for the database and the broker, until `stop` is set.
    """
    await retry_until_ready(lambda: _restore(pool, config, ours), stop)


async def _restore(pool: asyncpg.Pool, config: Config, ours: DecisionsPlace) -> None:
    async with borrow_connection(pool) as connection:
        if not await connection.fetchval(_EMPTY):
            return
    found = await asyncio.to_thread(read_published_decisions, config, ours)
    if any((await broker_queries.committed_offsets(config, ours.group, ours.places)).values()):
        await broker_queries.rewind_group(config, ours.group, ours.places)
        log.info("rewound")
    if found:
        async with borrow_connection(pool) as connection, connection.transaction():
            await outbox.append(connection, found, sent=True)
        log.info("restored", count=len(found))


def read_published_decisions(config: Config, ours: DecisionsPlace) -> list[Message]:
    """Return the service's decisions on the log as outbox messages, one for each id. Other records are left out."""
    found: list[Message] = []
    with range_reader.Log(config, ours.group, range_reader.bounds(config, ours.group, sorted(ours.places))) as reader:
        while not reader.done:
            for record in reader.batch(_BATCH):
                row = copy_row_of(record)
                if row is not None and row.source == ours.source:
                    kind = str(orjson.loads(row.payload).get("type"))
                    found.append(Message(row.id, ours.inbound, kind, row.payload))
    return list({each.id: each for each in found}.values())
