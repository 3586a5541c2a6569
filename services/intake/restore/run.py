"""Inbox, quarantine, line, relay and positions from the copies, records and receipts that intake once sent.

What cannot come back: what was numbered but not sent (its submissions are judged again, under new numbers), what
operators did about refused events (closed ones are open again), receipts of duplicates that were not yet sent (a sender
that sends again gets one), and where an event came in whose receipt is gone after its thirty days.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from schemas.errors import BadMessage
from services.intake.domain.restored import Answers, Primary, primary, quarantined, said_of, wrong
from services.intake.store.restore import Restore, empty
from services.intake.stream import topics as inbound_topics
from services.runtime import spans
from services.runtime.errors import Halt
from services.runtime.postgres import Connection, translated
from services.runtime.settings import Settings
from services.runtime.transport import Record, Transport

if TYPE_CHECKING:
    from schemas.topics import Deployment
    from services.runtime.transaction import TopicPart

_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class Restored:
    """How much came back; `last_n` is the line's end."""

    accepted: int
    refused: int
    last_n: int


class Restoring:
    """One restoration. The Kafka credentials are the administrator's: intake itself may not read what it writes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._deployment: Deployment = settings.deployment()
        self._answers = Answers()
        self._accepted: set[int] = set()
        self._refused: set[int] = set()

    async def run(self) -> Restored | None:
        """Do it, all or nothing; None when intake is not empty, `Halt` when the topics do not have every number."""
        async with _connected(self._settings.postgres_dsn()) as connection:
            if not await empty(connection):
                return None
            async with connection.transaction():
                await self._restore(connection)
        return Restored(len(self._accepted), len(self._refused), len(self._accepted) + len(self._refused))

    async def _restore(self, connection: Connection) -> None:
        restore = Restore(connection)
        await restore.begin()
        inbound = inbound_topics(self._deployment)
        bounds = await asyncio.to_thread(
            spans.bounds, self._settings.kafka(), self._group, [(topic, 0) for topic in inbound]
        )
        await self._read_receipts()
        await self._read_quarantine(restore)
        await self._read_log(restore)
        relayed, reached = await asyncio.to_thread(
            spans.progress, self._settings.kafka(), self._group, self._deployment.progress
        )
        fault = wrong(self._accepted, self._refused, {relayed, self._answers.last_n})
        if fault is not None:
            msg = f"intake cannot be restored: {fault}"
            raise Halt(msg)
        last_n, last_repeat = len(self._accepted) + len(self._refused), self._answers.last_repeat
        if last_n == 0:  # a new deployment: nothing to restore, and nobody is disturbed
            return
        await restore.index()
        await restore.line(last_n, last_repeat)
        # The relay begins behind its last word: of what it sent after that, copies or receipts may be missing.
        await restore.relay(relayed, last_repeat, reached)
        offsets = {place: self._answers.next_offset(place, begin) for place, (begin, _) in bounds.items()}
        await restore.positions(await self._described(list(inbound)), offsets)

    async def _read_receipts(self) -> None:
        topics = {self._deployment.delivery(publisher): 1 for publisher in self._deployment.publishers}
        async for records in self._records(topics):
            for record in records:
                self._answers.note(record.value or b"")

    async def _read_quarantine(self, restore: Restore) -> None:
        async for records in self._records({self._deployment.quarantine: 1}):
            rows = []
            for record in records:
                said = said_of(record.value or b"")
                if said is None:
                    continue
                self._answers.note_refused(said["inbound"])
                if said["n"] not in self._refused:
                    self._refused.add(said["n"])
                    rows.append(quarantined(said))
            await restore.refused(rows)

    async def _read_log(self, restore: Restore) -> None:
        async for records in self._records(dict.fromkeys(self._deployment.logs, self._deployment.partitions)):
            found = []
            for record in records:
                copy = primary(record.headers, record.value)
                if copy is not None and copy.n not in self._accepted:
                    self._accepted.add(copy.n)
                    found.append(copy)
            await restore.accepted([self._row(copy) for copy in found])

    def _row(self, copy: Primary) -> tuple[object, ...]:
        try:
            return copy.row(self._answers.places.get(copy.n))
        except BadMessage as bad:
            msg = f"the primary copy of n {copy.n} cannot be read: {bad}"
            raise Halt(msg) from None

    async def _records(self, topics: dict[str, int]) -> AsyncIterator[Sequence[Record]]:
        """Give all that the topics hold now, a batch at a time."""
        config, group = self._settings.kafka(), self._group
        places: list[TopicPart] = [(topic, part) for topic, parts in topics.items() for part in range(parts)]
        log = spans.Log(config, group, await asyncio.to_thread(spans.bounds, config, group, places))
        await asyncio.to_thread(log.__enter__)
        try:
            while not log.done:
                yield await asyncio.to_thread(log.batch, _BATCH)
        finally:
            log.__exit__()

    async def _described(self, topics: Sequence[str]) -> dict[str, tuple[UUID, int]]:
        transport = Transport(self._settings.kafka(), self._group)
        try:
            return await transport.describe(topics)
        finally:
            await transport.close()

    @property
    def _group(self) -> str:
        return self._deployment.group("intake")


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Connection]:
    """Open a connection without the services' time limits: one transaction holds the whole restoration."""
    with translated():
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "intake", "synchronous_commit": "on"})
        try:
            yield connection
        finally:
            await connection.close()
