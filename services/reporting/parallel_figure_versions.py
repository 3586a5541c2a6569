"""Counting of this code's version of the figures while processes with another version of the code run too."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import asyncpg
import structlog

from schemas.topics import Deployment
from services.reporting.store import Store
from services.reporting.version_catch_up import count_to_stored_position
from services.runtime.errors import Conflict, Retryable
from services.runtime.postgres import borrow_connection
from services.runtime.startup_retry import retry_until_ready

_LOOK_SECONDS: Final = 1.0
"""Least time between the starts of two rounds of counting.

A version whose processes read no partition lags by this time and by the time of the counting itself.
"""
_REST: Final = 1.0
"""Pause after a round of counting, as a multiple of the round's length: at 1.0 it takes half of one core at most."""
_NEAR_SECONDS: Final = 2.0
"""Length of a round of counting below which this version has caught up, although events still arrive."""

log = structlog.get_logger()


class FigureVersions:
    """Keeps the cells of this process's version complete, and has them served once no process counts the served one.

    No other task may use `store`, because `Store.forget` clears numbers that other tasks still need. `is_counted`
    returns, for a version's hash, whether a running process counts it (`running_copies`).
    """

    def __init__(
        self, pool: asyncpg.Pool, store: Store, deployment: Deployment, is_counted: Callable[[str], bool]
    ) -> None:
        self._pool = pool
        self._store = store
        self._kinds = dict(deployment.logs)
        self._is_counted = is_counted
        self.counted = asyncio.Event()
        """Set once this version has counted the ledger's rows. This process reads no partition of the log before."""

    async def run(self, stop: asyncio.Event) -> None:
        """Count the ledger's rows, set `counted`, then repeat `advance` until `stop` is set."""
        await retry_until_ready(lambda: self._begin(stop), stop)
        self.counted.set()
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            began = loop.time()
            with suppress(Retryable):
                await self.advance(stop)
            seconds = max(_LOOK_SECONDS, _REST * (loop.time() - began))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def advance(self, stop: asyncio.Event) -> int:
        """Count new rows once, and make this version the served one if allowed.

        Returns the number of offsets by which the counted positions rose, over all partitions.
        """
        moved = await self._count_on(stop)
        async with borrow_connection(self._pool) as connection, connection.transaction():
            self._store.forget()
            handed_over = await self._store.hand_over(connection, self._is_counted)
        if handed_over:
            log.info("served from now on")
        return moved

    async def _begin(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            began = loop.time()
            if not await self._count_on(stop) or loop.time() - began < _NEAR_SECONDS:
                return

    async def _count_on(self, stop: asyncio.Event) -> int:
        """Count each lagging partition to its stored position, in a transaction each.

        Returns the number of offsets by which the counted positions rose, over all partitions.
        """
        async with borrow_connection(self._pool) as connection, connection.transaction():
            self._store.forget()
            lagging = await self._store.lagging(connection, list(self._kinds))
        moved = 0
        for topic, place in lagging:
            if stop.is_set():
                break
            try:
                async with borrow_connection(self._pool) as connection, connection.transaction():
                    self._store.forget()
                    moved += await count_to_stored_position(self._store, connection, topic, place, self._kinds[topic])
            except Conflict:  # the partition's owner counted it at the same time
                continue
        if moved:
            log.info("counted beside", partitions=len(lagging), count=moved)
        return moved
