"""`python -m tests.bench.limits raw|decode|landing`: what could be had at most, on the same topics by our clients.

`raw` looks at nothing, `decode` reads each record into its event. `landing` copies the bytes under a fenced position,
one transaction in flight: no key, no index, no decode. Prints one JSON line: records, seconds and CPU seconds.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import asyncpg
from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition

from schemas.codec import decode
from services.runtime.settings import Settings

_BATCH: Final = 5_000
TABLES: Final = """
CREATE SCHEMA IF NOT EXISTS bench;
DROP TABLE IF EXISTS bench.landed, bench.fence;
CREATE TABLE bench.landed (part smallint NOT NULL, off bigint NOT NULL, payload bytea NOT NULL);
CREATE TABLE bench.fence (name text PRIMARY KEY, done bigint NOT NULL);
INSERT INTO bench.fence VALUES ('landing', 0);
"""
_FENCE: Final = "UPDATE bench.fence SET done = $1 WHERE name = 'landing' AND done = $2"

Batch = Sequence[Message]
Spent = tuple[int, float, float]
"""Records, seconds, CPU seconds."""


class Log:
    """Every record of the log, from the beginning to what is its end now."""

    def __init__(self, settings: Settings) -> None:
        deployment = settings.deployment()
        self._consumer = Consumer(
            {
                **settings.kafka(),
                "group.id": deployment.group("reporting"),
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
                "fetch.queue.backoff.ms": 20,
            }
        )
        places = [(topic, part) for topic in deployment.logs for part in range(deployment.partitions)]
        ends = [self._consumer.get_watermark_offsets(TopicPartition(*place), 10)[1] for place in places]
        self.left = sum(ends)
        self._consumer.assign([TopicPartition(*place, OFFSET_BEGINNING) for place in places])

    def batch(self) -> Batch:
        """Give the next records; none only at the end."""
        while self.left:
            found = self._consumer.consume(_BATCH, 0.05)
            self.left -= len(found)
            if found:
                return found
        self._consumer.close()
        return ()


def raw(log: Log) -> Spent:
    """Consume and count."""
    return _timed(log, lambda batch: None)


def decoded(log: Log) -> Spent:
    """Consume and read each event."""

    def read(batch: Batch) -> None:
        for message in batch:
            decode(message.value() or b"")

    return _timed(log, read)


def _timed(log: Log, look: Callable[[Batch], None]) -> Spent:
    batch, count, begun, cpu = log.batch(), 0, time.perf_counter(), time.process_time()
    while batch:
        look(batch)
        count += len(batch)
        batch = log.batch()
    return count, time.perf_counter() - begun, time.process_time() - cpu


async def land(connection: Any, batch: Batch, done: int) -> int:  # noqa: ANN401 - the driver has no types
    """Copy a batch in a transaction that moves the position from `done`; gives where it is then."""
    async with connection.transaction():
        status = await connection.execute(_FENCE, done + len(batch), done)
        assert status == "UPDATE 1"
        rows = [(each.partition(), each.offset(), each.value()) for each in batch]
        await connection.copy_records_to_table("landed", schema_name="bench", records=rows)
    return done + len(batch)


async def landing(log: Log, dsn: str) -> Spent:
    """Consume on one thread, copy on the other."""
    connection: Any = await asyncpg.connect(dsn)
    await connection.execute(TABLES)
    loop, thread = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    batch, done = await loop.run_in_executor(thread, log.batch), 0
    begun, cpu = time.perf_counter(), time.process_time()
    while batch:
        following = loop.run_in_executor(thread, log.batch)
        done = await land(connection, batch, done)
        batch = await following
    spent = done, time.perf_counter() - begun, time.process_time() - cpu
    await connection.close()
    return spent


def main(name: str) -> None:
    """Measure one."""
    settings = Settings.load()
    log = Log(settings)
    if name == "landing":
        records, seconds, cpu = asyncio.run(landing(log, settings.postgres_dsn()))
    else:
        records, seconds, cpu = {"raw": raw, "decode": decoded}[name](log)
    print(json.dumps({"records": records, "seconds": seconds, "cpu": cpu}))  # noqa: T201 - its result


if __name__ == "__main__":
    main(sys.argv[1])
