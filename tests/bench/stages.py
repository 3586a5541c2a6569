"""The parts of the pipeline as they run in earnest, one after the other on one log, and how fast each was.

Rates are from the first commit that is seen to the last: what a process needs to start is no part of them.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import asyncpg
from confluent_kafka import Producer

from infra.local import access
from infra.local.folder import write_private
from schemas.topics import Deployment
from services.runtime.postgres import Connection
from tests.bench.workload import Sent
from tests.soak.board import Board
from tests.soak.processes import Usage, watched
from tests.soak.replaying import replayed
from tests.support.pipeline import ROOT, Expired, Pipeline, Service, awaited

_STALLED_SECONDS: Final = 120.0
EVERYTHING: Final = 1_000_000_000
"""More entities than there are: all stay in memory."""

_COPIES: Final = "SELECT coalesce(sum(next_offset), 0)::bigint FROM reporting.position"
_NUMBERED: Final = "SELECT last_n FROM intake.line"
_RELAYED: Final = "SELECT last_n FROM intake.relay"

_OWNED: Final = "SELECT (SELECT count(*) FROM intake.position) + (SELECT count(*) FROM reporting.position)"

_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Measured:
    """One row of the table: so many in so many seconds, and the CPU seconds of our processes and the database's."""

    of: str
    done: int = 0
    seconds: float = 0.0
    python: float = 0.0
    postgres: float = 0.0
    kafka: float = 0.0
    memory: int = 0
    whole: int = 0
    """What the CPU seconds were for; `done` leaves out what the first look found done."""
    since: float = 0.0
    until: float = 0.0

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.done / self.seconds if self.seconds else 0.0


class Gauge(NamedTuple):
    """A number in the database that grows from where it stands to where it must come."""

    query: str
    until: int
    beginning: int = 0


@dataclass(slots=True)
class Bench:
    """One pipeline and what was measured on it."""

    pipeline: Pipeline
    say: Callable[[str], None]
    rows: dict[str, Measured] = field(default_factory=dict)
    _databases: int = 0
    _database: str = ""

    async def intake(self, events: int) -> None:
        """Judge, number and route what lies on the inbound topics."""
        service = self.pipeline.start("intake")
        connection = await self.pipeline.connect()
        gauges = {"acceptance": Gauge(_NUMBERED, events), "intake": Gauge(_RELAYED, events)}
        self.rows |= await self._followed("events", gauges, [service], connection)
        await connection.close()
        service.stop()

    async def live(self, name: str, copies: int, *, workers: int = 1, remembered: int = EVERYTHING) -> None:
        """Count the whole log into an empty database."""
        settings = {"postgres_dsn_file": str(await self._empty()), "remembered_entities": str(remembered)}
        services = [self.pipeline.start("reporting", **settings) for _ in range(workers)]
        connection = await asyncpg.connect(self.pipeline.dsn("postgres", self._database))
        try:
            self.rows |= await self._followed("rows", {name: Gauge(_COPIES, copies)}, services, connection)
        finally:
            await connection.close()
            for each in services:
                each.stop()

    async def limit(self, name: str, argument: str) -> None:
        """Run one of `limits` over the same log."""
        environment = self.pipeline.environment("postgres")
        environment |= {"ATIPS_POSTGRES_DSN_FILE": str(await self._empty("postgres"))}
        command = [sys.executable, "-m", "tests.bench.limits", argument]
        before = self._servers()
        ended = await asyncio.to_thread(watched, command, _inherited() | environment, ROOT)
        found = json.loads(ended.output)
        count, usage = found["records"], ended.usage
        row = Measured("records", count, found["seconds"], found["cpu"], memory=usage.largest, whole=count)
        self._charge(row, before)
        self.rows[name] = row
        self.say(f"{name}: {self.rows[name].rate:,.0f} {self.rows[name].of}/s")

    async def replay(self, name: str, copies: int, board: Board, processes: int) -> None:
        """Read everything again, compare and audit."""
        before = self._servers()
        found = await replayed(self.pipeline, board, processes)
        assert found.report["equal"], "the replay differs"
        usage = found.usage
        row = Measured("rows", copies, found.seconds, usage.cpu_seconds, memory=usage.largest, whole=copies)
        self._charge(row, before)
        self.rows[name] = row
        self.say(f"{name}: {self.rows[name].rate:,.0f} rows/s")

    async def counted(self, copies: int) -> None:
        """Count the log into the pipeline's own database, for a replay to be held against."""
        service = self.pipeline.start("reporting")
        connection = await self.pipeline.connect()
        await self._followed("rows", {"live_again": Gauge(_COPIES, copies)}, [service], connection)
        await connection.close()
        service.stop()

    async def whole(self, sent: Sequence[Sent]) -> None:
        """From the inbound topics to committed figures, all services at once, from events that lie there already."""
        for service in self.pipeline.services:
            service.stop()
        connection = await self.pipeline.connect()
        before, counted = int(await connection.fetchval(_NUMBERED)), int(await connection.fetchval(_COPIES))
        self.pipeline.publish((each.agency, each.raw) for each in sent)
        events, copies = before + sum(1 for each in sent if each.copies), counted + sum(each.copies for each in sent)
        services = [self.pipeline.start(name) for name in ("intake", "reporting")]
        gauges = {"begun": Gauge(_NUMBERED, events, before), "ended": Gauge(_COPIES, copies, counted)}
        found = await self._followed("events", gauges, services, connection)
        await connection.close()
        row = found["ended"]
        row.done, row.whole, row.seconds = events - before, events - before, row.until - found["begun"].since
        self.rows["pipeline"] = row

    async def first(self, sent: Sequence[Sent]) -> list[float]:
        """Start everything, and measure the very first events, at 50 a second."""
        for name in ("intake", "reporting"):
            self.pipeline.start(name)
        connection = await self.pipeline.connect()
        await awaited(lambda: _assigned(connection, self.pipeline.deployment), "the services have their partitions")
        await connection.close()
        return await self.latency(sent, 50)

    async def latency(self, sent: Sequence[Sent], rate: float) -> list[float]:
        """Milliseconds from producing each event to the commit of its last copy's cells, at so many events a second."""
        config = access.admin(self.pipeline.cluster.data_dir)
        # An idempotent producer's first record waits for its id, which a system that runs has: it is left out.
        producer = Producer({**config, "acks": "all", "linger.ms": 0})
        producer.list_topics(timeout=10)
        connection = await self.pipeline.connect()
        base = int(await connection.fetchval(_COPIES))
        due, waits = list[tuple[int, float]](), list[float]()
        begun, copies, next_one = time.perf_counter(), base, 0
        while next_one < len(sent) or due:
            now = time.perf_counter()
            while next_one < len(sent) and now - begun >= next_one / rate:
                producer.produce(self.pipeline.deployment.inbound(sent[next_one].agency), sent[next_one].raw)
                copies += sent[next_one].copies
                due.append((copies, now))
                next_one += 1
            producer.poll(0)
            there = int(await connection.fetchval(_COPIES))
            now = time.perf_counter()
            while due and due[0][0] <= there:
                waits.append((now - due.pop(0)[1]) * 1e3)
            if due and now - due[0][1] > _STALLED_SECONDS:
                msg = f"an event is not counted after {_STALLED_SECONDS:.0f} s"
                raise Expired(msg)
            await asyncio.sleep(0.002)
        producer.flush(5)
        await connection.close()
        return sorted(waits)

    async def _followed(
        self, of: str, gauges: Mapping[str, Gauge], services: Sequence[Service], connection: Connection
    ) -> dict[str, Measured]:
        """Watch gauges from their first move to their end; each has its own seconds, CPU is from the first of all."""
        usage, before = Usage(), self._servers()
        idle = 0.0
        first, last = dict[str, tuple[int, float]](), dict[str, tuple[int, float]]()
        while any(last.get(name, (0, 0.0))[0] < gauge.until for name, gauge in gauges.items()):
            for name, gauge in gauges.items():
                found, now = int(await connection.fetchval(gauge.query)), time.perf_counter()
                if found > gauge.beginning and found != last.get(name, (0, 0.0))[0]:
                    idle, before = (idle, before) if first else (usage.cpu_seconds, self._servers())
                    first.setdefault(name, (found, now))
                    last[name] = found, now
            for service in services:
                usage.look(service.process.pid)
                if not service.running:
                    msg = f"{service.name} ended: {service.text()[-500:]}"
                    raise Expired(msg)
            if last and time.perf_counter() - max(at for _, at in last.values()) > _STALLED_SECONDS:
                msg = f"nothing moved for {_STALLED_SECONDS:.0f} s: {last}"
                raise Expired(msg)
            await asyncio.sleep(0.02)
        measured = {}
        for name in gauges:
            (start, since), (end, until) = first[name], last[name]
            row = Measured(of, end - start, until - since, usage.cpu_seconds - idle, memory=usage.largest)
            row.whole, row.since, row.until = end - start, since, until
            self._charge(row, before)
            self.say(f"{name}: {row.rate:,.0f} {of}/s")
            measured[name] = row
        return measured

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

    def _servers(self) -> Mapping[str, float]:
        services = self.pipeline.cluster.status()["services"]
        return {each["name"]: _tree_cpu(each["pid"]) for each in services if each["name"] in {"postgres", "kafka"}}

    def _charge(self, measured: Measured, before: Mapping[str, float]) -> None:
        after = self._servers()
        measured.postgres = after["postgres"] - before["postgres"]
        measured.kafka = after["kafka"] - before["kafka"]


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}


def _tree_cpu(pid: int) -> float:
    """CPU seconds of a process, of its children that have ended, and of those that run."""
    seconds = 0.0
    for each in (pid, *_children(pid)):
        try:
            fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        seconds += sum(map(int, fields[11:15] if each == pid else fields[11:13])) / _TICKS
    return seconds


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


async def _assigned(connection: Connection, deployment: Deployment) -> bool:
    """Whether both services own every partition that they read."""
    wanted = len(deployment.publishers) + len(deployment.logs) * deployment.partitions
    return int(await connection.fetchval(_OWNED)) >= wanted
