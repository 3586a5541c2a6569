"""Metrics read from intake's tables: end of the line, quarantine, the database's standbys, each agency's last event."""

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg

from services.runtime import metrics
from services.runtime.metrics_from_tables import TableMetric, call_repeatedly
from services.runtime.postgres import borrow_connection

FACTS: Final[Sequence[TableMetric]] = (
    TableMetric(metrics.ACCEPTED_N, "SELECT last_n FROM line"),
    TableMetric(
        metrics.LINE_AHEAD,
        "SELECT greatest(last_at / 1000.0 - extract(epoch FROM clock_timestamp()), 0)::float8 FROM line",
    ),
    TableMetric(metrics.QUARANTINE_OPEN, "SELECT agency, count(*) FROM entry WHERE state = 'open' GROUP BY agency"),
    TableMetric(
        metrics.NOT_DELIVERED_OPEN,
        "SELECT agency, count(*) FROM entry WHERE must_arrive AND state = 'open' GROUP BY agency",
    ),
    TableMetric(metrics.QUARANTINE_BYTES, "SELECT agency, bytes FROM quarantine_volume"),
    TableMetric(metrics.QUARANTINE_LOST, "SELECT agency, not_kept FROM quarantine_volume"),
    TableMetric(metrics.STANDBYS, "SELECT count(*) FROM pg_stat_get_wal_senders()"),
    TableMetric(metrics.WAITS_FOR_STANDBY, "SELECT (current_setting('synchronous_standby_names') <> '')::int"),
)

# The first round reads so many numbers: more than the country has. An agency with only older events has no value.
_LOOK_BACK: Final = 100_000
_NEW: Final = """
SELECT agency, max(accepted_at) AS at, max(n) AS n FROM inbox
WHERE n > greatest($1, (SELECT last_n FROM line) - $2) GROUP BY agency
"""


class LastAccepted:
    """Background task that sets the metric of the time of each agency's last accepted event.

    Each round reads only the rows that are new since the last round.
    """

    def __init__(self, pool: asyncpg.Pool, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._read_to = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Read the new rows every `seconds` given to the constructor, until `stop` is set."""
        await call_repeatedly(self.read_new_rows, self._seconds, stop)

    async def read_new_rows(self) -> None:
        """Read the inbox rows that were accepted since the last round, and set the metric."""
        async with borrow_connection(self._pool) as connection:
            rows = await connection.fetch(_NEW, self._read_to, _LOOK_BACK)
        for row in rows:
            metrics.LAST_ACCEPTED.labels(row["agency"]).set(row["at"] / 1000)
            self._read_to = max(self._read_to, row["n"])
