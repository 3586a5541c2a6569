"""Sweep: publishes the consequences of deadlines that have passed, such as a referral without an answer.

Each is published once, however many processes sweep, and never while an answer may lie unread on the log. A timer only
starts a sweep; the database decides which deadlines have passed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Final, Protocol

import asyncpg
import structlog

from services.runtime import metrics, range_reader
from services.runtime.broker_queries import Config
from services.runtime.clock import Clock, check_database_clock
from services.runtime.errors import Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection, borrow_connection

_SWEEP_SECONDS: Final = 0.5
_AT_ONCE: Final = 100

log = structlog.get_logger()


class DueStore(Protocol):
    """Port to a service's stored deadlines, and to its stored positions on the log."""

    async def any_due(self, now: datetime) -> bool:
        """Whether `Decider.sweep` has work by `now`: a deadline to publish, or other work that only time makes due."""
        ...

    async def positions(self) -> Mapping[TopicPart, int]:
        """Return the stored next offset of each partition of the log."""
        ...


class Decider(Protocol):
    """Port to a service's decisions about deadlines that have passed."""

    async def sweep(self, connection: Connection, now: datetime, limit: int) -> int:
        """Publish deadlines that have passed by `now`, about `limit`, and do other work that is due.

        Returns how many were published, or the count of the other work if that is larger.
        Runs in the caller's transaction on `connection`.
        """
        ...


def end_offsets_reader(
    config: Config, group: str, topics: Mapping[str, int]
) -> Callable[[], Awaitable[Mapping[TopicPart, int]]]:
    """Return a function that asks the broker for the end offset of each partition, on another thread.

    `topics`: partition counts by name.
    """
    places = [(topic, part) for topic, parts in topics.items() for part in range(parts)]
    return partial(asyncio.to_thread, range_reader.read_end_offsets, config, group, places)


class Sweeper:
    """Background task that checks for passed deadlines every half second and has the `Decider` publish them.

    `patience`: seconds for which something must be due before the first sweep. After an outage, answers that were sent
    meanwhile lie on inbound topics, and are judged first.
    """

    def __init__(
        self,
        *,
        pool: asyncpg.Pool,
        store: DueStore,
        decider: Decider,
        clock: Clock,
        ends: Callable[[], Awaitable[Mapping[TopicPart, int]]],
        patience: float = 0.0,
    ) -> None:
        self._patience = patience
        self._due_since: float | None = None
        self._pool = pool
        self._store = store
        self._decider = decider
        self._clock = clock
        self._ends = ends

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until `stop` is set. After a `Retryable` error the next sweep tries again."""
        told = False
        while not stop.is_set():
            seconds = _SWEEP_SECONDS
            try:
                if await self.sweep() == _AT_ONCE:
                    seconds = 0.0
                told = False
            except Retryable as error:
                self._due_since = None
                metrics.RETRIES.inc()
                if not told:  # not two lines a second
                    log.warning("sweep retrying", error=type(error).__name__, reason=str(error))
                told = True
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def sweep(self) -> int:
        """Publish the deadlines that have passed, about 100 at most, and return how many were published.

        Publishes nothing and returns 0 in three cases: no deadline has passed, a deadline is known to have passed for
        less than `patience`, or the service has not read the log to its end. Raises `Retryable` if the broker or the
        database does not answer.
        """
        now = self._clock.now()
        if not await self._store.any_due(now):
            self._due_since = None
            metrics.SWEEPS.inc()
            return 0
        if self._is_too_soon() or not await self._caught_up():
            return 0
        async with borrow_connection(self._pool) as connection, connection.transaction():
            await check_database_clock(connection, self._clock, now)
            found = await self._decider.sweep(connection, now, _AT_ONCE)
        if found:
            log.warning("due", count=found)
        return found

    def _is_too_soon(self) -> bool:
        now = monotonic()
        if self._due_since is None:
            self._due_since = now
        return now - self._due_since < self._patience

    async def _caught_up(self) -> bool:
        """Whether the service has decided about every record that the log holds now, or holds it back (`held`)."""
        ends, positions = await self._ends(), await self._store.positions()
        return all(positions.get(place, 0) >= end for place, end in ends.items())
