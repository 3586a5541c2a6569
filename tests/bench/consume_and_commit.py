"""`python -m tests.bench.consume_and_commit`: lands each record of one topic as it comes, and looks at nothing.

How long that takes is what nobody who reads Kafka and commits to PostgreSQL is under: one consumer, one fenced
transaction for whatever is there. Runs until it is ended; it reads from where its topic ends when its tables are there.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg
from confluent_kafka import Consumer, Message, TopicPartition

from services.runtime.settings import Settings
from tests.bench.limits import TABLES, land

_LIMIT = 5_000
_POLL_SECONDS = 0.1


def _consumer(settings: Settings) -> Consumer:
    deployment = settings.deployment()
    consumer = Consumer({**settings.kafka(), "group.id": deployment.group("reporting"), "enable.auto.commit": False})
    topic = next(iter(deployment.logs))
    ends = [
        (part, consumer.get_watermark_offsets(TopicPartition(topic, part), 10)[1])
        for part in range(deployment.partitions)
    ]
    consumer.assign([TopicPartition(topic, part, end) for part, end in ends])
    return consumer


def _there(consumer: Consumer) -> list[Message]:
    first = consumer.poll(_POLL_SECONDS)
    return [] if first is None else [first, *consumer.consume(_LIMIT, 0)]


async def landing(settings: Settings) -> None:
    """Land what comes."""
    consumer = _consumer(settings)
    connection: Any = await asyncpg.connect(settings.postgres_dsn())
    await connection.execute(TABLES)
    loop, thread, done = asyncio.get_running_loop(), ThreadPoolExecutor(1), 0
    while True:
        batch = await loop.run_in_executor(thread, _there, consumer)
        if batch:
            done = await land(connection, batch, done)


if __name__ == "__main__":
    asyncio.run(landing(Settings.load()))
