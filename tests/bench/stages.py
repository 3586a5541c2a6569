"""The parts of the pipeline as they run in earnest, one after the other on one log, and how fast each was.

Rates are from the first commit that is seen to the last: what a process needs to start is no part of them.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import asyncpg

from infra.local.protected_files import write_private
from schemas.ids import Kind
from services.runtime.postgres import Connection
from tests.bench.measure import COPIES, SESSION_SECONDS, Gauge, Measured, Meter
from tests.bench.workload import Sent
from tests.soak.processes import Usage, watched
from tests.soak.progress_board import Board
from tests.soak.replaying import replayed
from tests.support.pipeline import ROOT, UNSHARED, awaited

EVERYTHING: Final = 1_000_000
"""Megabytes, more than there are: all stay in memory."""

_WAITING: Final = 500
"""Events that wait for intake where they are sent as they happen."""

_NUMBERED: Final = "SELECT last_n FROM intake.line"
_RELAYED: Final = "SELECT last_n FROM intake.relay"


@dataclass(slots=True)
class Bench(Meter):
    """The services of one pipeline, one after the other."""

    _databases: int = 0
    _database: str = ""

    async def fed(self, sent: Iterable[Sent]) -> int:
        """Judge, number and route events as they happen, and give how many copies the log has then.

        Intake reads each agency's topic for itself. If events lay there for long, the log would hold one agency's
        events after the other's, and related ones far apart.
        """
        service = self.pipeline.start("intake", **UNSHARED)
        connection = await self.pipeline.connect()
        there = int(await connection.fetchval(_NUMBERED))
        usage, events, waiting = Usage(), there, iter(sent)
        idle, before, begun, began = 0.0, self.servers(), 0, 0.0
        while some := list(islice(waiting, _WAITING)):
            await asyncio.to_thread(self.pipeline.publish, [(each.agency, each.raw) for each in some])
            self.pipeline.submitted.clear()
            events += sum(1 for each in some if each.copies)
            await self._taken(connection, events - _WAITING if begun else events)
            if not begun:  # what it needs to start is no part of it
                usage.look(service.process.pid)
                idle, before, begun, began = usage.cpu_seconds, self.servers(), events, time.perf_counter()
        await self._taken(connection, events)
        usage.look(service.process.pid)
        done, seconds = events - begun, time.perf_counter() - began
        row = Measured("events", done, seconds, usage.cpu_seconds - idle, memory=usage.largest, whole=done)
        self.charge(row, before)
        self.rows["fed"] = row
        await connection.close()
        service.stop()
        return sum(self.pipeline.ends(list(self.pipeline.deployment.logs)).values())

    async def intake(self, sent: Sequence[Sent]) -> None:
        """Judge, number and route what lies on the inbound topics."""
        for service in self.pipeline.services:
            service.stop()
        connection = await self.pipeline.connect()
        before = int(await connection.fetchval(_NUMBERED))
        self.pipeline.publish((each.agency, each.raw) for each in sent)
        events = before + sum(1 for each in sent if each.copies)
        gauges = {"acceptance": Gauge(_NUMBERED, events, before), "intake": Gauge(_RELAYED, events, before)}
        self.rows |= await self.followed("events", gauges, [self.pipeline.start("intake", **UNSHARED)], connection)
        await connection.close()

    @staticmethod
    async def _taken(connection: Connection, events: int) -> None:
        async def reached() -> bool:
            return int(await connection.fetchval(_RELAYED)) >= events

        await awaited(reached, f"intake has taken {events:,} events")

    async def live(self, name: str, copies: int, *, workers: int = 1, remembered: int = EVERYTHING) -> None:
        """Count the whole log into an empty database."""
        settings = {"remembered_mb": str(remembered)}
        await self._reading("reporting", "rows", name, Gauge(COPIES, copies), workers, **settings)

    async def decided(self, name: str, kind: Kind) -> int:
        """Decide about all copies under entities of a kind, and send what is to be said; gives how many they are."""
        copies = sum(self.pipeline.ends([self.pipeline.deployment.log(kind)]).values())
        gauge = Gauge(f"SELECT coalesce(sum(next_offset), 0)::bigint FROM {name}.position", copies)
        await self._reading(name, "copies", name, gauge, session_seconds=str(SESSION_SECONDS))
        return copies

    async def _reading(self, service: str, of: str, name: str, gauge: Gauge, workers: int = 1, **settings: str) -> None:
        """Have workers of a service read the log into an empty database."""
        settings |= {"postgres_dsn_file": str(await self._empty(service))}
        services = [self.pipeline.start(service, **settings) for _ in range(workers)]
        connection = await asyncpg.connect(self.pipeline.dsn("postgres", self._database))
        try:
            self.rows |= await self.followed(of, {name: gauge}, services, connection)
        finally:
            await connection.close()
            for each in services:
                each.stop()

    async def limit(self, name: str, argument: str) -> None:
        """Run one of `limits` over the same log."""
        await self._alone(name, "records", "postgres", "tests.bench.limits", argument)

    async def tally(self, name: str, form: str) -> None:
        """Count the persons' log by key, with Faust in one of its forms."""
        await self._alone(name, "records", "postgres", "tests.bench.counts_by_key", form)

    async def line(self, name: str, events: int, batch: int) -> None:
        """Have the acceptance line take events that are judged already, so many at a time."""
        await self._alone(name, "events", "intake", "tests.bench.acceptance_line", str(events), str(batch))

    async def turns(self, copies: int, turns: int, batch: int) -> dict[str, list[float]]:
        """Count the log's beginning and its end in turns; gives CPU microseconds a copy, `early` and `late`."""
        early, late = await self._empty(), await self._empty()
        until = copies - turns * batch
        command = [sys.executable, "-m", "tests.bench.early_and_late", *map(str, (early, late, until, turns, batch))]
        environment = _inherited() | self.pipeline.environment("reporting")
        ended = await asyncio.to_thread(watched, command, environment, ROOT)
        assert ended.code == 0, "it ended before its last turn"
        found: dict[str, list[float]] = json.loads(ended.output.splitlines()[-1])
        return found

    async def _alone(self, name: str, of: str, role: str, *module: str) -> None:
        """Run a program of the bench on an empty database; it says how many it did in how many seconds."""
        environment = self.pipeline.environment(role)
        environment |= {"ATIPS_POSTGRES_DSN_FILE": str(await self._empty(role))}
        command = [sys.executable, "-m", *module]
        before = self.servers()
        ended = await asyncio.to_thread(watched, command, _inherited() | environment, ROOT)
        found = json.loads(ended.output.splitlines()[-1])
        count, usage = found["records"], ended.usage
        row = Measured(of, count, found["seconds"], found["cpu"], memory=usage.largest, whole=count)
        self.charge(row, before)
        self.rows[name] = row
        self.say(f"{name}: {row}")

    async def replay(self, name: str, copies: int, board: Board, processes: int) -> None:
        """Read everything again, compare and audit."""
        before = self.servers()
        found = await replayed(self.pipeline, board, processes)
        assert found.report["equal"], "the replay differs"
        usage = found.usage
        row = Measured("rows", copies, found.report["seconds"], usage.cpu_seconds, memory=usage.largest, whole=copies)
        self.charge(row, before)
        self.rows[name] = row
        self.say(f"{name}: {row}")

    async def counted(self, copies: int, before: int = 0) -> Measured:
        """Count what is new of the log into the pipeline's own database, for a replay to be held against."""
        service = self.pipeline.start("reporting")
        connection = await self.pipeline.connect()
        found = await self.followed("rows", {"counted": Gauge(COPIES, copies, before)}, [service], connection)
        await connection.close()
        service.stop()
        return found["counted"]

    async def whole(self, sent: Sequence[Sent]) -> None:
        """From the inbound topics to committed figures, all services at once, from events that lie there already."""
        for service in self.pipeline.services:
            service.stop()
        connection = await self.pipeline.connect()
        before, counted = int(await connection.fetchval(_NUMBERED)), int(await connection.fetchval(COPIES))
        self.pipeline.publish((each.agency, each.raw) for each in sent)
        events, copies = before + sum(1 for each in sent if each.copies), counted + sum(each.copies for each in sent)
        services = [self.pipeline.start(name) for name in ("intake", "reporting")]
        gauges = {"begun": Gauge(_NUMBERED, events, before), "ended": Gauge(COPIES, copies, counted)}
        found = await self.followed("events", gauges, services, connection)
        await connection.close()
        row = found["ended"]
        row.done, row.whole, row.seconds = events - before, events - before, row.until - found["begun"].since
        self.rows["pipeline"] = row

    async def _empty(self, role: str = "reporting") -> Path:
        """Make a database in which nothing is counted; gives where its name lies."""
        self._databases += 1
        name = self._database = f"{self.pipeline.deployment.name}_{self._databases}"
        server = await asyncpg.connect(self.pipeline.dsn("postgres", "postgres"))
        try:
            await server.execute(f'CREATE DATABASE "{name}" TEMPLATE atips')
        finally:
            await server.close()
        file = self.pipeline.folder / f"{name}.dsn"
        write_private(file, self.pipeline.dsn(role, name) + "\n")
        return file


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
