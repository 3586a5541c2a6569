"""`python -m tests.bench.counts_by_key worker|table`: records counted by key, in our safe form of Faust or in its own.

`worker` is `services/runtime/faust_worker.py` with a row a key in PostgreSQL, in the fenced transaction. `table` is a
plain Faust Table with its changelog topic. It may count a record twice after a crash, or lose one that an agent raised
on. Both read the persons' log from its beginning. Prints one JSON line: records, seconds and CPU seconds.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg
from faust.types.streams import StreamT

from schemas.ids import Kind
from services.runtime import postgres, range_reader, table_guard_sql
from services.runtime.clock import SystemClock
from services.runtime.faust_worker import FaustWorker, application
from services.runtime.fenced_positions import TABLES, TopicPart
from services.runtime.postgres import Connection
from services.runtime.record import Record
from services.runtime.settings import Settings
from tests.bench.measure import SESSION_SECONDS

_SCHEMA: Final = "tallies"
_TALLY: Final = "CREATE TABLE tally (key bytea PRIMARY KEY, count bigint NOT NULL)"
_SQL: Final = (
    f"CREATE SCHEMA {_SCHEMA}",
    f"SET search_path TO {_SCHEMA}",
    *TABLES,
    _TALLY,
    *table_guard_sql.positions(_SCHEMA),
)
_ADD: Final = """
INSERT INTO tally AS t SELECT * FROM unnest($1::bytea[], $2::bigint[])
ON CONFLICT (key) DO UPDATE SET count = t.count + excluded.count
"""


class Course:
    """How many there are, and the time from the first to the last."""

    def __init__(self, records: int) -> None:
        self.records = records
        self.done = asyncio.Event()
        self._left = records
        self._begun = self._cpu = 0.0
        self.seconds = self.cpu = 0.0

    def begin(self) -> None:
        """Some came."""
        if not self._begun:
            self._begun, self._cpu = time.perf_counter(), time.process_time()

    def end(self, count: int) -> None:
        """So many are done with."""
        self._left -= count
        if not self._left:
            self.seconds, self.cpu = time.perf_counter() - self._begun, time.process_time() - self._cpu
            self.done.set()


class Tally:
    """The handler: how often each key came."""

    def __init__(self, course: Course) -> None:
        self._course = course

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Nothing is cached."""

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Nothing is owed."""

    async def prepare(self, records: Sequence[Record], now: datetime) -> Counter[bytes]:
        """Count."""
        self._course.begin()
        return Counter(record.key or b"" for record in records)

    async def apply(self, prepared: Counter[bytes], connection: Connection) -> None:
        """Add it up."""
        await connection.execute(_ADD, list(prepared), list(prepared.values()))

    async def committed(self, prepared: Counter[bytes]) -> None:
        """So many are done with."""
        self._course.end(prepared.total())


async def worker(settings: Settings, topic: str, course: Course) -> None:
    """Count with ours."""
    connection = await asyncpg.connect(settings.postgres_dsn())
    for statement in _SQL:
        await connection.execute(statement)
    await connection.close()
    async with await postgres.pool(settings, _SCHEMA) as pool:
        ours = FaustWorker(
            config=settings.kafka(),
            group=f"{settings.deployment_name}.tallies",
            topics={topic: settings.partitions},
            pool=pool,
            handler=Tally(course),
            clock=SystemClock(),
            session_seconds=SESSION_SECONDS,
        )
        await ours.run(course.done)


async def table(settings: Settings, topic: str, course: Course) -> None:
    """Count with Faust's own."""
    app = application(settings.kafka(), f"{settings.deployment_name}.table", SESSION_SECONDS)
    app.conf.topic_allow_declare = True
    tally = app.Table("tally", default=int, partitions=settings.partitions)

    async def count(stream: StreamT[bytes]) -> None:
        async for event in stream.events():
            course.begin()
            tally[event.key] += 1
            course.end(1)

    app.agent(app.topic(topic, key_serializer="raw", value_serializer="raw"))(count)
    await app.start()
    await course.done.wait()
    await app.stop()


def main(name: str) -> None:
    """Measure one."""
    settings = Settings.load()
    deployment = settings.deployment()
    topic = deployment.log(Kind.PERSON)
    places = [(topic, part) for part in range(settings.partitions)]
    records = sum(range_reader.read_end_offsets(settings.kafka(), deployment.group("reporting"), places).values())

    async def measured() -> Course:
        course = Course(records)
        await {"worker": worker, "table": table}[name](settings, topic, course)
        return course

    found = asyncio.run(measured())
    print(json.dumps({"records": records, "seconds": found.seconds, "cpu": found.cpu}))  # noqa: T201 - its result


if __name__ == "__main__":
    main(sys.argv[1])
