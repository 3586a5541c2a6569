"""A replay from beginning to end: snapshot of live, ledger and cells made from the topics, and comparison.

After an interruption at any point, a call with equal arguments continues the run; `--fresh` begins a new one.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from services.reporting.figure_version import figure_version
from services.reporting.replay import (
    comparison,
    event_copies_audit,
    live_state,
    processes,
    run_results,
    run_state,
    swap,
)
from services.reporting.replay.live_state import Topics
from services.reporting.replay.report import Audit, Mode, ReplayReport, Stage, StageProgress
from services.reporting.replay.run_state import Run, RunStart
from services.reporting.settings import Settings
from services.reporting.store import Store
from services.runtime import postgres, range_reader
from services.runtime.errors import Halt
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection
from services.runtime.threaded_consumer import Transport

if TYPE_CHECKING:
    from services.reporting.domain.ledger.event_row import LogPartition

_COUNTS: Final = """
SELECT count(*) AS copies, count(DISTINCT n) FILTER (WHERE n > 0) AS events
FROM replay_row WHERE $1::bigint IS NULL OR accepted_at <= $1
"""
# Advisory lock that allows one coordinator at a time. The number is arbitrary, and only replays use it.
_ALONE: Final = "SELECT pg_try_advisory_lock(7143000)"


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Request for a replay.

    `until`, in Unix ms: compare, or swap an edition, with the events accepted up to then; None for all. `fresh`: begin
    a new run instead of continuing an unfinished one.
    """

    mode: Mode
    processes: int
    until: int | None = None
    fresh: bool = False


class Replay:
    """Coordinator of one replay. `environment`: for its child processes. `progress` is called at each step."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        plan: ReplayRequest,
        progress: Callable[[StageProgress], None],
    ) -> None:
        self._settings = settings
        self._environment = environment
        self._plan = plan
        self._progress = progress
        self._topics = Topics(settings.deployment())
        self._version = figure_version()
        self._done: dict[Stage, int] = {}

    async def run(self) -> ReplayReport:
        """Run the replay and return its report.

        Raises `Halt` if it cannot be done, and `Retryable` if the database or the broker does not answer.
        """
        began = asyncio.get_running_loop().time()
        async with AsyncExitStack() as stack:
            connection = await stack.enter_async_context(run_results.connected(self._settings.postgres_dsn()))
            pool = await postgres.pool(self._settings, "reporting", size=1)
            stack.push_async_callback(pool.close)
            if not await connection.fetchval(_ALONE):
                msg = "another replay is running"
                raise Halt(msg)
            ids = await self._ids(connection)
            run = await self._begun(connection)
            await self._begins(run)
            await self._work(connection, run)
            if self._plan.mode is Mode.REBUILD and run.live_version is None:  # otherwise it was rebuilt before a crash
                await self._rebuild(connection, Store(pool, self._version), run, ids)
            report = await self._report(connection, run)
            failpoint("replay.compared")
            done = self._plan.mode is Mode.REBUILD
            if self._plan.mode is Mode.SWAP and not report.of(Audit.LEDGER):
                done = await self._swap(connection, pool, run, report)
            await run_state.finish(connection)
            return replace(report, done=done, seconds=asyncio.get_running_loop().time() - began)

    async def _ids(self, connection: Connection) -> Mapping[str, UUID]:
        transport = Transport(self._settings.kafka(), self._group)
        try:
            return await live_state.check_topics(connection, transport, self._topics.deployment)
        finally:
            await transport.close()

    async def _begun(self, connection: Connection) -> Run:
        wanted = (self._version, self._plan.mode, self._plan.until)
        if not self._plan.fresh:
            run = await run_state.claim_unfinished_run(connection, wanted)
            if run is not None:
                return run
        if self._plan.mode is Mode.REBUILD:
            await swap.refuse_live(connection)
            found = await self._written()
            async with connection.transaction():
                return await run_state.begin(connection, wanted, found)
        async with connection.transaction(isolation="repeatable_read"):
            found = await live_state.snapshot(connection, self._topics, self._version)
            run = await run_state.begin(connection, wanted, found)
            if self._plan.until is None:  # live has no cells of the past: they are folded from its ledger
                await live_state.copy_cells(connection, found.live_version)
            return run

    async def _begins(self, run: Run) -> None:
        """Raise `Halt` if the broker has deleted records that the replay has still to read."""
        unread = {
            (self._topics.name(part.place[0]), part.place[1]): part.next_offset
            for part in run.parts
            if part.next_offset < part.stop
        }
        bounds = await asyncio.to_thread(range_reader.bounds, self._settings.kafka(), self._group, list(unread))
        gone = [
            f"{topic}[{part}] before offset {at[0]}"
            for (topic, part), at in bounds.items()
            if at[0] > unread[topic, part]
        ]
        if gone:
            msg = f"the log is not whole, so nothing can be made again from it; gone is {', '.join(gone)}"
            raise Halt(msg)

    async def _written(self) -> RunStart:
        """Return the start of a rebuild, which ends at the offsets of the relay's last progress record."""
        config, topic = self._settings.kafka(), self._topics.deployment.progress
        complete_to, reached = await asyncio.to_thread(range_reader.progress, config, self._group, topic)
        offsets = {(self._topics.number(name), part): off for (name, part), off in reached.items()}
        stops = {place: offsets.get(place, -1) + 1 for place in self._topics.places}
        return RunStart(stops, None, complete_to, offsets)

    async def _work(self, connection: Connection, run: Run) -> None:
        """Run the worker processes, which read and fold. Then run the routing audit over their results."""
        total = sum(part.stop for part in run.parts)
        self._done = {
            "read": sum(part.next_offset for part in run.parts),
            "fold": sum(part.stop for part in run.parts if part.folded),
            "audit": 0,
        }

        def tell(stage: Stage, more: int) -> None:
            self._done[stage] += more
            self._progress(StageProgress(stage, min(self._done[stage], total), total))

        for stage in self._done:
            tell(stage, 0)
        await processes.run_workers(self._environment, run.claim, self._plan.processes, tell)
        async with connection.transaction():
            async for faults in event_copies_audit.audit(connection, run.complete_to):
                if faults:
                    await run_results.add_faults(connection, faults)
        tell("audit", total)

    async def _rebuild(self, connection: Connection, store: Store, run: Run, ids: Mapping[str, UUID]) -> None:
        """Fill live from the run's rows and cells, then fold and compare live as in any other replay."""
        await store.store_progress({run.complete_to: run.offsets} if run.complete_to else {})
        async with connection.transaction():
            logs = {topic: ids[topic] for topic in self._topics.deployment.logs}
            await swap.rebuild(connection, store, run, self._version, logs)
            version = await live_state.own_version(connection, self._version)
            await run_state.fold_again(connection, version)
            await live_state.copy_cells(connection, version)
        failpoint("replay.rebuilt")
        await self._work(connection, replace(run, parts=await run_state.read_partition_progress(connection)))

    async def _swap(self, connection: Connection, pool: asyncpg.Pool, run: Run, report: ReplayReport) -> bool:
        """Replace live's cells, or those of a stored edition, by the replay's.

        Returns False, and replaces nothing, if the edition does not exist.
        """
        if self._plan.until is None:
            await swap.swap(connection, Store(pool, self._version), self._topics, run, self._version)
        elif report.of_edition and report.known_at is not None:
            store = Store(pool, self._version, report.known_at)
            await swap.swap_edition(connection, store, run, self._version, report.known_at)
        else:
            return False
        return True

    async def _report(self, connection: Connection, run: Run) -> ReplayReport:
        until = self._plan.until
        known_at = None if until is None else await run_results.last_accepted(connection, until)
        edition = (
            None
            if known_at is None
            else await live_state.edition_version_of(connection, self._version, known_at, run.complete_to)
        )
        if edition is not None:
            await live_state.replace_live_cells_by_edition(connection, edition)
        found = await comparison.compare_live_with_replay(
            connection, [] if until is None else [part.place for part in run.parts]
        )
        every = await run_results.faults(connection) + await live_state.rows_beyond_live(connection, self._topics)
        unread = await self._unread(run)
        faults, unsettled = event_copies_audit.faults_to_report(every, run.offsets, goes_on=unread > 0)
        said = await self._said()
        unsaid, last = await run_results.copies_above(connection, said)
        counts = await connection.fetchrow(_COUNTS, until)
        version = await connection.fetchval("SELECT live_version FROM replay_run")
        return ReplayReport(
            run=run.number,
            mode=self._plan.mode,
            events=counts["events"] if counts else 0,
            copies=counts["copies"] if counts else 0,
            entities=sum(part.entities for part in await run_state.read_partition_progress(connection)),
            seconds=0.0,
            digest=found.digest,
            live_digest=found.live_digest,
            version=self._version,
            live_version=await live_state.hash_of(connection, version),
            different=found.different,
            withheld=found.withheld,
            faults=faults,
            audited_to=run.complete_to,
            said=said,
            unsettled=unsettled,
            unread=unread,
            unsaid=unsaid,
            unsaid_last=last,
            resumed=run.resumed,
            known_at=known_at,
            of_edition=edition is not None,
        )

    async def _said(self) -> int:
        """Return the number in the relay's last progress record. The log holds all events up to it."""
        topic = self._topics.deployment.progress
        said, _ = await asyncio.to_thread(range_reader.progress, self._settings.kafka(), self._group, topic)
        return said

    async def _unread(self, run: Run) -> int:
        """Count the log's records beyond the offsets at which the replay stopped."""
        stops: dict[tuple[str, int], LogPartition] = {
            (self._topics.name(part.place[0]), part.place[1]): part.place for part in run.parts
        }
        ends = await asyncio.to_thread(range_reader.read_end_offsets, self._settings.kafka(), self._group, list(stops))
        by_place = {part.place: part.stop for part in run.parts}
        return sum(max(end - by_place[stops[where]], 0) for where, end in ends.items())

    @property
    def _group(self) -> str:
        return self._topics.deployment.group("reporting")
