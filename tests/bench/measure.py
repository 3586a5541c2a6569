"""How a stage is measured: from the first commit that is seen to the last, with the CPU of each process on the way.

What a process needs to start is no part of a rate.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from typing_extensions import override

from services.runtime.postgres import Connection
from tests.soak.processes import Usage
from tests.support.pipeline import Expired, Pipeline, Service

STALLED_SECONDS: Final = 120.0
SESSION_SECONDS: Final = 10
"""Session of a group's member. The shorter one of tests is too little for a backlog, and this broker refuses it."""

COPIES: Final = "SELECT coalesce(sum(next_offset), 0)::bigint FROM reporting.position"
"""How many copies are counted."""

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
    """Number of records for the CPU seconds; `done` leaves out those that the first look found done."""
    since: float = 0.0
    until: float = 0.0

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.done / self.seconds if self.seconds else 0.0

    @override
    def __str__(self) -> str:
        """Say the rate and the milliseconds of CPU for one."""
        each = [f"{seconds / max(self.whole, 1) * 1e3:.3f}" for seconds in (self.python, self.postgres, self.kafka)]
        return f"{self.rate:,.0f} {self.of}/s; CPU ms: Python {each[0]}, PostgreSQL {each[1]}, broker {each[2]}"

    @property
    def all_in(self) -> float:
        """Milliseconds of CPU for one: our processes, the database and the broker."""
        return (self.python + self.postgres + self.kafka) / self.whole * 1e3 if self.whole else 0.0


class Gauge(NamedTuple):
    """A number in the database that grows from where it stands to where it must come."""

    query: str
    until: int
    beginning: int = 0


@dataclass(slots=True)
class Meter:
    """One pipeline and what was measured on it."""

    pipeline: Pipeline
    say: Callable[[str], None]
    rows: dict[str, Measured] = field(default_factory=dict)

    async def followed(
        self, of: str, gauges: Mapping[str, Gauge], services: Sequence[Service], connection: Connection
    ) -> dict[str, Measured]:
        """Watch gauges from their first move to their end; each has its own seconds, CPU is from the first of all."""
        usage, before = Usage(), self.servers()
        idle = 0.0
        first, last = dict[str, tuple[int, float]](), dict[str, tuple[int, float]]()
        while any(last.get(name, (0, 0.0))[0] < gauge.until for name, gauge in gauges.items()):
            for name, gauge in gauges.items():
                found, now = int(await connection.fetchval(gauge.query)), time.perf_counter()
                if found > gauge.beginning and found != last.get(name, (0, 0.0))[0]:
                    idle, before = (idle, before) if first else (usage.cpu_seconds, self.servers())
                    first.setdefault(name, (found, now))
                    last[name] = found, now
            for service in services:
                usage.look(service.process.pid)
                if not service.running:
                    msg = f"{service.name} ended: {service.text()[-500:]}"
                    raise Expired(msg)
            if last and time.perf_counter() - max(at for _, at in last.values()) > STALLED_SECONDS:
                msg = f"nothing moved for {STALLED_SECONDS:.0f} s: {last}"
                raise Expired(msg)
            await asyncio.sleep(0.02)
        measured = {}
        for name in gauges:
            (start, since), (end, until) = first[name], last[name]
            row = Measured(of, end - start, until - since, usage.cpu_seconds - idle, memory=usage.largest)
            row.whole, row.since, row.until = end - start, since, until
            self.charge(row, before)
            self.say(f"{name}: {row}")
            measured[name] = row
        return measured

    def servers(self) -> Mapping[str, float]:
        """CPU seconds that broker and database have used, by name."""
        services = self.pipeline.cluster.status()["services"]
        return {each["name"]: _tree_cpu(each["pid"]) for each in services if each["name"] in {"postgres", "kafka"}}

    def charge(self, measured: Measured, before: Mapping[str, float]) -> None:
        """Charge a stage with what broker and database used since."""
        after = self.servers()
        measured.postgres = after["postgres"] - before["postgres"]
        measured.kafka = after["kafka"] - before["kafka"]


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
