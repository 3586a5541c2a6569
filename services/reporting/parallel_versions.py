"""Versions of the figures side by side, while copies of two versions of the code run."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import asyncpg
import structlog

from schemas.topics import Deployment
from services.reporting.recount import count_on
from services.reporting.store import Store
from services.runtime.errors import Conflict, Retryable
from services.runtime.postgres import acquired
from services.runtime.startup_retry import patiently

_LOOK_SECONDS: Final = 1.0
"""Time between two looks: the figures of a version that reads nothing itself are so much older at most."""
_REST: Final = 1.0
"""After cells were counted, so many times as long passes before they are again: half of one core at most."""
_NEAR_SECONDS: Final = 2.0
"""A round of counting that took no longer has caught up, though events go on arriving."""

log = structlog.get_logger()


class FigureVersions:
    """Keeps the cells of this copy's version complete, and has them served when the time has come.

    `store`: a store of its own, which no other task forgets. `is_counted`: says of a version's hash whether a copy
    counts it (`running_copies`).
    """

    def __init__(
        self, pool: asyncpg.Pool, store: Store, deployment: Deployment, is_counted: Callable[[str], bool]
    ) -> None:
        self._pool = pool
        self._store = store
        self._kinds = dict(deployment.logs)
        self._is_counted = is_counted
        self.counted = asyncio.Event()
        """Set once this version has counted what the ledger holds: before that, this copy takes no partition."""

    async def run(self, stop: asyncio.Event) -> None:
        """Count what the ledger holds, then count on and be served when the time has come, until `stop` is set."""
        await patiently(lambda: self._begin(stop), stop)
        self.counted.set()
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            began = loop.time()
            with suppress(Retryable):
                await self.look(stop)
            seconds = max(_LOOK_SECONDS, _REST * (loop.time() - began))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def look(self, stop: asyncio.Event) -> int:
        """Count on once, and take the served version's place if it may be; gives by how many offsets cells moved."""
        moved = await self._count_on(stop)
        async with acquired(self._pool) as connection, connection.transaction():
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
        """Bring each partition that lags to its position, in a transaction of its own."""
        async with acquired(self._pool) as connection, connection.transaction():
            self._store.forget()
            lagging = await self._store.lagging(connection, list(self._kinds))
        moved = 0
        for topic, place in lagging:
            if stop.is_set():
                break
            try:
                async with acquired(self._pool) as connection, connection.transaction():
                    self._store.forget()
                    moved += await count_on(self._store, connection, topic, place, self._kinds[topic])
            except Conflict:  # its owner counted it at the same moment
                continue
        if moved:
            log.info("counted beside", partitions=len(lagging), count=moved)
        return moved
