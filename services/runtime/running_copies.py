"""Running copies (processes) of a service. Each renews a row in `running_copy`, and checks the version of the tables.

A copy ends if the tables have taken a step with which its code does not work. It knows the versions of the other
copies: reporting serves a new version of the figures when no copy of the old version runs.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

import asyncpg
import structlog

from schemas import contract_version_by_size
from services.runtime import schema_compatibility
from services.runtime.errors import Retryable
from services.runtime.postgres import borrow_connection
from services.runtime.settings import ProcessSettings
from services.runtime.startup_retry import retry_until_ready

if TYPE_CHECKING:
    from uuid import UUID

_BEATS: Final = 5
"""Renewals of a copy's row before the row counts as old: one late answer of the database must not end a copy."""
_FAREWELL_SECONDS: Final = 1.0
"""Seconds that an ending process waits for its row to be deleted. A row that stays soon counts as old."""

# Commit without waiting for a standby: one that does not answer must not make a copy count as gone.
_UNCONFIRMED: Final = "SET LOCAL synchronous_commit = off"
_RENEW: Final = """
INSERT INTO running_copy (copy, revision, figures, contract, seen_at)
VALUES (coalesce($1, gen_random_uuid()), $2, $3, $4, clock_timestamp())
ON CONFLICT (copy) DO UPDATE SET seen_at = excluded.seen_at RETURNING copy
"""
_FORGET: Final = "DELETE FROM running_copy WHERE seen_at < clock_timestamp() - interval '1 day'"
_BESIDE: Final = """
SELECT figures, contract, seen_at > clock_timestamp() - make_interval(secs => $2) AS seen
FROM running_copy WHERE copy <> $1
"""
_LEAVE: Final = "DELETE FROM running_copy WHERE copy = $1"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RunningCopy:
    """Another copy of the service. `figures`: version of its figures (of reporting only).

    `contract`: size of its contract. `seen`: whether it renewed its row in time. A copy that ended well has no row. The
    row of a killed copy stays a while.
    """

    figures: str
    contract: int
    seen: bool


class Presence:
    """The row of this process in `running_copy`, and the service's other copies as they were last read.

    `figures`: version of the figures (only reporting). `contract`: size of the contract; None computes it.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        service: str,
        settings: ProcessSettings,
        *,
        figures: str = "",
        contract: int | None = None,
    ) -> None:
        self._pool = pool
        self._service = service
        self._known = schema_compatibility.newest_known_step(service)
        self._figures = figures
        self._contract = contract_version_by_size.size() if contract is None else contract
        self._gone_seconds = settings.silent_session_seconds
        self._copy: UUID | None = None
        self._looked_at: float | None = None
        self._uninterrupted = 0.0
        self._beside: tuple[RunningCopy, ...] = ()

    async def begin(self, stop: asyncio.Event) -> None:
        """Write this copy's row; waits for the database. Raises `SchemaDiffers` if its code does not fit the tables."""
        await retry_until_ready(self.renew, stop)

    async def run(self, stop: asyncio.Event) -> None:
        """Renew this copy's row and check the tables until `stop` is set; then delete it. Raises `SchemaDiffers`."""
        try:
            while not stop.is_set():
                with suppress(Retryable, TimeoutError):
                    async with asyncio.timeout(self._gone_seconds):
                        await self.renew()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self._gone_seconds / _BEATS)
        finally:
            with suppress(Retryable, TimeoutError):
                async with asyncio.timeout(_FAREWELL_SECONDS), borrow_connection(self._pool) as connection:
                    await connection.execute(_LEAVE, self._copy)

    async def renew(self) -> None:
        """Renew the row, and read the tables' steps and the other copies. Raises `SchemaDiffers` or `Retryable`."""
        async with borrow_connection(self._pool) as connection:
            schema_compatibility.check_schema_compatibility(self._service, self._known, await _steps(connection))
            async with connection.transaction():
                await connection.execute(_UNCONFIRMED)
                self._copy = await connection.fetchval(_RENEW, self._copy, self._known, self._figures, self._contract)
                await connection.execute(_FORGET)
            rows = await connection.fetch(_BESIDE, self._copy, self._gone_seconds)
        now = monotonic()
        gap = None if self._looked_at is None else now - self._looked_at
        self._uninterrupted = 0.0 if gap is None or gap > self._gone_seconds else self._uninterrupted + gap
        self._looked_at = now
        self._beside = tuple(RunningCopy(**dict(row)) for row in rows)

    def is_version_counted(self, figures: str) -> bool:
        """Whether a copy that computes this version of the figures runs, or may run.

        An old row proves that its copy has ended only if this copy could always read the table. After a change of
        database servers no row is new.
        """
        if figures == self._figures:
            return True
        rows = [each for each in self._beside if each.figures == figures]
        return any(each.seen for each in rows) or (bool(rows) and self._uninterrupted < self._gone_seconds)

    def has_newer_contract_copy(self) -> bool:
        """Whether another copy runs that reads a newer contract, by `schemas.contract_version_by_size`."""
        return any(each.seen and each.contract > self._contract for each in self._beside)


async def _steps(connection: "asyncpg.pool.PoolConnectionProxy | asyncpg.Connection") -> Mapping[str, str]:
    try:
        return {row["revision"]: row["works_with"] for row in await connection.fetch(schema_compatibility.READ)}
    except asyncpg.UndefinedTableError:  # no migration has run here that knows of steps
        return {}
