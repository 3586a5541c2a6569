"""A sweep of what time alone makes true: done once however many sweep, and never while an answer may lie on the log.

A timer only wakes the sweep; what is due is told by the database.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final, Protocol

import asyncpg
import structlog

from services.runtime import metrics, offset_ranges
from services.runtime.broker import Config
from services.runtime.clock import Clock, agree_now
from services.runtime.errors import Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection, acquired

_SWEEP_SECONDS: Final = 0.5
_AT_ONCE: Final = 100

log = structlog.get_logger()


class DueStore(Protocol):
    """The sweep's port to the tables."""

    async def any_due(self, now: datetime) -> bool:
        """Whether anything is due that was not said."""
        ...

    async def positions(self) -> Mapping[TopicPart, int]:
        """Give how far the log is decided about."""
        ...


class Decider(Protocol):
    """The port that decides what is due."""

    async def sweep(self, connection: Connection, now: datetime, limit: int) -> int:
        """Say what is due by now, in the given transaction; gives how much that was."""
        ...


def ends(config: Config, group: str, topics: Mapping[str, int]) -> Callable[[], Awaitable[Mapping[TopicPart, int]]]:
    """Ask the broker, on a thread of its own, where the log ends."""
    places = [(topic, part) for topic, parts in topics.items() for part in range(parts)]
    return partial(asyncio.to_thread, offset_ranges.ends, config, group, places)


class Sweeper:
    """Says what is due until it is told to stop."""

    def __init__(
        self,
        *,
        pool: asyncpg.Pool,
        store: DueStore,
        decider: Decider,
        clock: Clock,
        ends: Callable[[], Awaitable[Mapping[TopicPart, int]]],
    ) -> None:
        self._pool = pool
        self._store = store
        self._decider = decider
        self._clock = clock
        self._ends = ends

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until `stop` is set; whatever time repairs is tried again."""
        told = False
        while not stop.is_set():
            seconds = _SWEEP_SECONDS
            try:
                if await self.sweep() == _AT_ONCE:
                    seconds = 0.0
                told = False
            except Retryable as error:
                metrics.RETRIES.inc()
                if not told:  # not two lines a second
                    log.warning("sweep retrying", error=type(error).__name__, reason=str(error))
                told = True
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def sweep(self) -> int:
        """Say what is due by now; gives how much that was."""
        now = self._clock.now()
        if not await self._store.any_due(now):
            metrics.SWEEPS.inc()
            return 0
        if not await self._caught_up():
            return 0
        async with acquired(self._pool) as connection, connection.transaction():
            await agree_now(connection, self._clock, now)
            found = await self._decider.sweep(connection, now, _AT_ONCE)
        if found:
            log.warning("due", count=found)
        return found

    async def _caught_up(self) -> bool:
        """Whether everything is decided about that was on the log when the clock was read."""
        ends, positions = await self._ends(), await self._store.positions()
        return all(positions.get(place, 0) >= end for place, end in ends.items())
