"""One process of a replay: reads its share of the partitions, folds them, then audits its share of the events.

Everything it has done is in the tables when it says so, so that a killed one's work is gone on with by the next.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from services.reporting.replay import audit, comparison, course, digest, fold, record, shadow
from services.reporting.replay.course import Part
from services.reporting.replay.report import Fault, Stage
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection
from services.runtime.settings import Settings
from services.runtime.spans import Log
from services.runtime.transport import Record

if TYPE_CHECKING:
    from services.reporting.domain.row import Place, Row

_BATCH: Final = 2_000
_HELD: Final = 10_000
"""How many things that are counted, faults and the like wait in memory to be written."""
_LOOK_SECONDS: Final = 0.05
_TELL: Final = 1_000

Tell = Callable[[Stage, int], None]


class Worker:
    """Does one share, (which, of how many), of the run that `claim` stands for; tells how much more is done."""

    def __init__(self, settings: Settings, claim: int, share: tuple[int, int], tell: Tell) -> None:
        self._settings = settings
        self._deployment = settings.deployment()
        self._topics = list(self._deployment.logs)
        self._kinds = list(self._deployment.logs.values())
        self._claim = claim
        self._share = share
        self._tell = tell

    async def run(self) -> None:
        """Do all of it; raises `Fenced` when another coordinator has taken the run over."""
        async with shadow.connected(self._settings.postgres_dsn()) as connection:
            which, of = self._share
            unread = [part for part in await course.parts(connection) if part.next_offset < part.stop]
            await self._read(connection, sorted(unread, key=lambda part: part.next_offset - part.stop)[which::of])
            while not await course.all_read(connection):  # noqa: ASYNC110 - by other processes
                await asyncio.sleep(_LOOK_SECONDS)
            until = await self._until(connection)
            while not await course.all_folded(connection):
                if not await self._fold(connection, until):
                    await asyncio.sleep(_LOOK_SECONDS)  # others are at what is left
            await self._audit(connection)

    async def _until(self, connection: Connection) -> int | None:
        """The number of the last event that counts; None where all do. When all is read."""
        until = await connection.fetchval("SELECT until FROM replay_run")
        return None if until is None else await shadow.last_accepted(connection, int(until))

    async def _read(self, connection: Connection, mine: Sequence[Part]) -> None:
        """Copy what the topics hold; the next batch is fetched while one is written."""
        if not mine:
            return
        spans = {(self._topics[part.place[0]], part.place[1]): (part.next_offset, part.stop) for part in mine}
        config, group = self._settings.kafka(), self._deployment.group("reporting")
        reader = await asyncio.to_thread(lambda: Log(config, group, spans).__enter__())
        try:
            records = await asyncio.to_thread(reader.batch, _BATCH)
            while records or not reader.done:
                fetched = asyncio.create_task(asyncio.to_thread(reader.batch, _BATCH))
                try:
                    await self._append(connection, records)
                finally:
                    records = await fetched
        finally:
            await asyncio.to_thread(reader.__exit__)

    async def _append(self, connection: Connection, records: Sequence[Record]) -> None:
        if not records:
            return
        moved: dict[Place, tuple[int, int]] = {}
        rows: list[tuple[Row, bool]] = []
        for each in records:
            topic = self._topics.index(each.topic)
            place = topic, each.partition
            moved[place] = moved.get(place, (each.offset, 0))[0], each.offset + 1
            rows.append(record.read(each, topic, self._kinds[topic]))
        async with connection.transaction():
            await shadow.append(connection, rows)
            await course.move(connection, self._claim, moved)
            failpoint("replay.copied")
        failpoint("replay.read")
        self._tell("read", len(records))

    async def _fold(self, connection: Connection, until: int | None) -> bool:
        """Fold a partition in one transaction: it is folded, or nothing of it is. Gives whether there was one."""
        folded, told = fold.Folded(until), 0
        async with connection.transaction():
            part = await course.next_part(connection)
            if part is None:
                return False
            async for topic_rows, ledger_rows in fold.entities(connection, part.place, part.stop):
                fold.fold(folded, topic_rows, ledger_rows)
                if folded.copies - told >= _TELL:
                    self._tell("fold", folded.copies - told)
                    told = folded.copies
                if folded.held > _HELD:
                    await self._write(connection, part.place, folded)
            await self._write(connection, part.place, folded)
            replayed, live = await comparison.cells(connection, part.place)
            digests = digest.total((folded.replayed.states, replayed)), digest.total((folded.live.states, live))
            await course.folded(connection, self._claim, part.place, folded.entities, digests)
            failpoint("replay.folded")
        self._tell("fold", part.stop - told)
        return True

    async def _write(self, connection: Connection, place: "Place", folded: fold.Folded) -> None:
        """Write what a fold has come to since it was last written."""
        await shadow.add_cells(connection, place, folded.replayed.cells, live=False)
        await shadow.add_parked(connection, place, folded.replayed.parked, live=False)
        if folded.until is not None:  # live has no cells of the past: its ledger's take their place
            await shadow.add_cells(connection, place, folded.live.cells, live=True)
            await shadow.add_parked(connection, place, folded.live.parked, live=True)
        await shadow.add_faults(connection, folded.faults)
        folded.written()

    async def _audit(self, connection: Connection) -> None:
        faults: list[Fault] = []
        led: list[int] = []
        async with connection.transaction():
            complete_to = await connection.fetchval("SELECT complete_to FROM replay_run")
            async for event in audit.audit(connection, self._share, complete_to):
                self._tell("audit", event.copies)
                faults += event.faults
                led += [event.n] if event.led else []
                if len(faults) + len(led) > _HELD:
                    await self._note(connection, faults, led)
            await self._note(connection, faults, led)
            await course.still_claimed(connection, self._claim)
            failpoint("replay.audited")

    async def _note(self, connection: Connection, faults: list[Fault], led: list[int]) -> None:
        """Write what an audit has found, and forget it."""
        await shadow.add_faults(connection, faults)
        await shadow.add_led(connection, led)
        faults.clear()
        led.clear()
