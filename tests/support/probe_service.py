"""`python -m tests.support.probe_service FORM`: the smallest service, which notes each record.

FORM is `faust` or `consumer`, our two, or one of `UNSAFE`, Faust as its guide has it. Two files in the folder of its
database's DSN change it. `raise` makes the handler raise once at the value that it holds. `slow` has seconds to block
for.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final, TypeAlias

import asyncpg
from faust.types.streams import StreamT
from mode.supervisors import OneForOneSupervisor

from schemas.ids import Kind
from services.runtime import admin_port, postgres, process, table_guard_sql
from services.runtime.clock import SystemClock
from services.runtime.consumer_loop import Stream
from services.runtime.faust_worker import FaustWorker, application
from services.runtime.fenced_positions import TABLES, TopicPart
from services.runtime.postgres import Connection
from services.runtime.record import Record
from services.runtime.settings import Settings
from services.runtime.threaded_consumer import Transport

SCHEMA = "probe"
SESSION_SECONDS = 1.0
SQL = (
    "CREATE SCHEMA probe",
    "SET search_path TO probe",
    *TABLES,
    *table_guard_sql.positions(SCHEMA),
    """
    CREATE TABLE noted (
        seq bigint GENERATED ALWAYS AS IDENTITY, part integer, off bigint, key bytea, value bytea, headers text
    )
    """,
)
Note: TypeAlias = Callable[[Sequence[bytes]], Awaitable[None]]
_NOTE = "INSERT INTO noted (part, off, key, value, headers) VALUES ($1, $2, $3, $4, $5)"


class Notes:
    """Notes each record in the transaction that moves the position."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Nothing is cached."""

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Nothing is owed."""

    async def prepare(self, records: Sequence[Record], now: datetime) -> Sequence[Record]:
        """Be slow, or raise once, where a file says so."""
        slow = self._folder / "slow"
        if slow.exists():
            Event().wait(float(slow.read_text()))  # it blocks the loop, as a slow fold does
        stumble(self._folder, [record.value for record in records])
        return records

    async def apply(self, prepared: Sequence[Record], connection: Connection) -> None:
        """Write them down."""
        await connection.executemany(
            _NOTE,
            [
                (
                    each.partition,
                    each.offset,
                    each.key,
                    each.value,
                    json.dumps([(name, (value or b"").decode()) for name, value in each.headers]),
                )
                for each in prepared
            ],
        )

    async def committed(self, prepared: Sequence[Record]) -> None:
        """Nothing is to be told."""


def stumble(folder: Path, values: Sequence[bytes | None], name: str = "raise") -> None:
    """Raise once, where a value is the one that the file holds."""
    file = folder / name
    if file.exists() and file.read_bytes() in values:
        file.unlink()
        msg = "the handler's own fault"
        raise ValueError(msg)


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Run the form that the command line names."""
    form = sys.argv[1]
    deployment = settings.deployment()
    group = deployment.group("referral")
    topics = {deployment.log(Kind.PERSON): deployment.partitions}
    notes = Notes(settings.postgres_dsn_file.parent)
    async with await postgres.pool(settings, SCHEMA) as pool:
        if form in UNSAFE:
            await unsafe(settings, form, next(iter(topics)), pool, stop)
            return
        worker: Stream[Sequence[Record]] | FaustWorker[Sequence[Record]]
        if form == "faust":
            worker = FaustWorker(
                config=settings.kafka(),
                group=group,
                topics=topics,
                pool=pool,
                handler=notes,
                clock=SystemClock(),
                batch=20,
                session_seconds=SESSION_SECONDS,
            )
        else:
            worker = Stream(
                transport=Transport(settings.kafka(), group),
                topics=topics,
                pool=pool,
                handler=notes,
                clock=SystemClock(),
                batch=20,
            )
        async with admin_port.serving(settings, {"assignment": worker.ready}):
            await process.run_tasks_together(stop, worker.run(stop))


async def unsafe(settings: Settings, form: str, topic: str, pool: asyncpg.Pool, stop: asyncio.Event) -> None:
    """Faust under its own supervisor, rows in their own transaction, under the form's name."""
    app = application(settings.kafka(), f"{settings.deployment_name}.{form}", SESSION_SECONDS)

    async def note(values: Sequence[bytes]) -> None:
        stumble(settings.postgres_dsn_file.parent, list(values), f"raise-{form}")
        async with pool.acquire() as connection:
            await connection.executemany(_NOTE, [(0, 0, form.encode(), value, "[]") for value in values])

    source = app.topic(topic, key_serializer="raw", value_serializer="raw")
    app.agent(source, name=form, supervisor_strategy=OneForOneSupervisor)(partial(UNSAFE[form], note))
    await app.start()
    await stop.wait()
    await app.stop()


async def _loop(note: Note, stream: StreamT[bytes]) -> None:
    async for value in stream:
        await note([value])


async def _take(note: Note, stream: StreamT[bytes]) -> None:
    async for values in stream.take(4, within=0.05):
        await note(list(values))


async def _acknowledging(note: Note, stream: StreamT[bytes]) -> None:
    async for event in stream.noack().events():  # type: ignore[attr-defined] # its class has it, the type does not
        await note([event.value])
        event.ack()


UNSAFE: Final[Mapping[str, Callable[[Note, StreamT[bytes]], Awaitable[None]]]] = {
    "loop": _loop,
    "take": _take,
    "acknowledging": _acknowledging,
}
"""Forms of Faust's guide: they acknowledge a record whose handler raised, or never come back to it."""


if __name__ == "__main__":
    sys.exit(process.run("probe", Settings.load(), main))
