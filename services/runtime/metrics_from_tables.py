"""Metrics that are read from a service's own tables at intervals.

Every process of a service reads the same values, so alert rules take the highest value of all its processes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import structlog
from prometheus_client import Gauge

from services.runtime import metrics
from services.runtime.clock import Clock
from services.runtime.errors import Retryable
from services.runtime.postgres import allow_full_scans, borrow_connection

log = structlog.get_logger()


async def call_repeatedly(look: Callable[[], Awaitable[None]], seconds: float, stop: asyncio.Event) -> None:
    """Call `look` now and every `seconds` after that, until `stop` is set.

    `Retryable` errors are ignored, and values stay as they were: another check reports a database that is away.
    """
    while not stop.is_set():
        with suppress(Retryable):
            await look()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


@dataclass(frozen=True, slots=True)
class TableMetric:
    """A gauge, and the SQL statement that reads its values.

    A row has the values of the gauge's labels, then the value. A gauge without labels has one row. `dated`: the
    statement takes the present time as its only argument.
    """

    gauge: Gauge
    statement: str
    dated: bool = False


class TableWatch:
    """Background task that sets the metrics `facts` from a service's tables. `seconds`: time between two readings."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock, facts: Sequence[TableMetric], seconds: float) -> None:
        self._pool = pool
        self._clock = clock
        self._facts = facts
        self._seconds = seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Read the metrics every `seconds` until `stop` is set."""
        await call_repeatedly(self.read_metrics, self._seconds, stop)

    async def read_metrics(self) -> None:
        """Read every metric once, each in a transaction of its own, because a long one would hold back the vacuum.

        A metric that the service may not read is logged and left out.
        """
        now = self._clock.now()
        for fact in self._facts:
            try:
                rows = await self._read(fact, now)
            except asyncpg.InsufficientPrivilegeError:  # no reason to stop a service that works
                log.warning("fact not allowed", name=next(iter(fact.gauge.describe())).name)
                continue
            read = [tuple(row.values()) for row in rows]
            if not read or len(read[0]) > 1:
                metrics.replace(fact.gauge, {tuple(map(str, row[:-1])): float(row[-1]) for row in read})
            else:
                fact.gauge.set(float(read[0][0]))

    async def _read(self, fact: TableMetric, now: datetime) -> list[asyncpg.Record]:
        async with borrow_connection(self._pool) as connection, connection.transaction(readonly=True):
            await allow_full_scans(connection)
            return await connection.fetch(fact.statement, *([now] if fact.dated else []))
