"""Worker process of a replay: it reads its share of the partitions, then folds and audits any that are left.

Finished work is committed before it is reported, so that another process can continue after a crash.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from services.reporting.domain.cells.counted_items import cached_cells
from services.reporting.domain.ledger.event_row import event_of
from services.reporting.replay import (
    comparison,
    digest,
    event_copies_audit,
    independent_row_conversion,
    partition_fold,
    run_results,
    run_state,
)
from services.reporting.replay.report import Stage
from services.reporting.replay.run_state import PartitionCourse
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection
from services.runtime.range_reader import Log
from services.runtime.record import Record
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition

_BATCH: Final = 2_000
_HELD: Final = 25_000
"""Most results (cells, parkings, faults, event numbers) in memory before they are written."""
_WEIGH: Final = 100
"""Entities between two counts of the results in memory: counting them takes as long as folding a row."""
_LOOK_SECONDS: Final = 0.05
_TELL: Final = 1_000

Tell = Callable[[Stage, int], None]


class Worker:
    """Worker for one share of a run. `claim`: the coordinator's claim. `share`: (which, counted from 0; of how many).

    `tell`: function that is called with a stage and the number of copies that were newly done in it.
    """

    def __init__(self, settings: Settings, claim: int, share: tuple[int, int], tell: Tell) -> None:
        self._settings = settings
        self._deployment = settings.deployment()
        self._topics = list(self._deployment.logs)
        self._kinds = list(self._deployment.logs.values())
        self._claim = claim
        self._share = share
        self._tell = tell

    async def run(self) -> None:
        """Read, wait until all processes have read, then fold.

        Raises `Fenced` if another coordinator has claimed the run.
        """
        async with run_results.connected(self._settings.postgres_dsn()) as connection:
            which, of = self._share
            mine = sorted(await run_state.read_partition_progress(connection), key=lambda part: -part.stop)[which::of]
            await self._read(connection, [part for part in mine if part.next_offset < part.stop])
            while not await run_state.all_read(connection):  # noqa: ASYNC110 - by other processes
                await asyncio.sleep(_LOOK_SECONDS)
            until = await self._until(connection)
            complete_to = await connection.fetchval("SELECT complete_to FROM replay_run")
            async with connection.transaction():
                led = await event_copies_audit.read_redirected_events(connection)
            while not await run_state.all_folded(connection):
                if not await self._fold(
                    connection, partition_fold.Folded(until), event_copies_audit.CopyDigests(led, complete_to)
                ):
                    await asyncio.sleep(_LOOK_SECONDS)  # other processes fold the partitions that are left

    async def _until(self, connection: Connection) -> int | None:
        """Return the number of the last event that counts; None if all count. Call it after all partitions are read."""
        until = await connection.fetchval("SELECT until FROM replay_run")
        return None if until is None else await run_results.last_accepted(connection, int(until))

    async def _read(self, connection: Connection, mine: Sequence[PartitionCourse]) -> None:
        """Copy the topics' records to `replay_row`. The next batch is fetched while one is written."""
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
        moved: dict[LogPartition, tuple[int, int]] = {}
        rows: list[tuple[LedgerRow, bool]] = []
        for each in records:
            topic = self._topics.index(each.topic)
            place = topic, each.partition
            moved[place] = moved.get(place, (each.offset, 0))[0], each.offset + 1
            rows.append(independent_row_conversion.read(each, topic, self._kinds[topic], self._deployment.partitions))
        async with connection.transaction():
            await run_results.append(connection, rows)
            await run_state.store_read_offsets(connection, self._claim, moved)
            failpoint("replay.copied")
        failpoint("replay.read")
        self._tell("read", len(records))

    async def _fold(
        self, connection: Connection, folded: partition_fold.Folded, routing: event_copies_audit.CopyDigests
    ) -> bool:
        """Fold one partition in one transaction. Returns False if there was no partition left to fold."""
        told = entities = 0
        async with connection.transaction():
            part = await run_state.next_part(connection)
            if part is None:
                return False
            async for topic_rows, ledger_rows in partition_fold.entities(connection, part.place, part.stop):
                partition_fold.fold(folded, topic_rows, ledger_rows)
                routing.take(topic_rows)
                if folded.copies - told >= _TELL:
                    self._tell("fold", folded.copies - told)
                    told = folded.copies
                    event_of.cache_clear()  # an event's other copies are in other partitions
                entities += 1
                if entities % _WEIGH == 0 and folded.held + len(routing.led) > _HELD:
                    await self._write(connection, part.place, folded, routing)
            await self._write(connection, part.place, folded, routing)
            replayed, live = folded.replayed.states, folded.live.states
            if folded.until is None:  # of the past, live's cells are known only after all partitions are folded
                of_cells = await comparison.partition_cell_digests(connection, part.place)
                replayed, live = digest.total((replayed, of_cells[0])), digest.total((live, of_cells[1]))
            await run_state.store_folded_partition(
                connection, self._claim, part.place, folded.entities, (replayed, live), bytes(routing)
            )
            failpoint("replay.folded")
        self._tell("fold", part.stop - told)
        return True

    async def _write(
        self,
        connection: Connection,
        place: "LogPartition",
        folded: partition_fold.Folded,
        routing: event_copies_audit.CopyDigests,
    ) -> None:
        """Write the results in memory to the tables and clear them."""
        await run_results.add_cells(connection, place, folded.replayed.cells, live=False)
        await run_results.add_parked(connection, place, folded.replayed.parked, live=False)
        if folded.until is not None:  # live has no cells of the past: those folded from its ledger replace them
            await run_results.add_cells(connection, place, folded.live.cells, live=True)
            await run_results.add_parked(connection, place, folded.live.parked, live=True)
        await run_results.add_faults(connection, folded.faults)
        await run_results.add_led(connection, routing.led)
        folded.written()
        routing.led.clear()
        cached_cells.cache_clear()  # the next entities have other days
