"""Look-up of the holders of API keys by the key's hash: one query at a time, for all requests that wait for it.

Nothing is cached. However many wrong keys come, their look-ups use only one database connection.
"""

import asyncio
from collections import defaultdict

import asyncpg

from services.intake.domain.api_keys import Holder
from services.intake.store.api_keys import Keys
from services.runtime.errors import Retryable
from services.runtime.postgres import borrow_connection


class Lookup:
    """Looks up the holders of API keys, without a cache. `seconds`: longest duration of one query."""

    def __init__(self, pool: asyncpg.Pool, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._waiting: dict[bytes, list[asyncio.Future[Holder | None]]] = defaultdict(list)
        self._running: asyncio.Task[None] | None = None

    async def find(self, key_hash: bytes) -> Holder | None:
        """Return the agency and system that hold a key; None if no valid key has this hash.

        Raises `Retryable` if the database does not answer in time.
        """
        future: asyncio.Future[Holder | None] = asyncio.get_running_loop().create_future()
        self._waiting[key_hash].append(future)
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, defaultdict(list)
            try:
                async with asyncio.timeout(self._seconds):
                    found = await self._found(list(waiting))
            except (Retryable, TimeoutError) as error:
                for future in (each for futures in waiting.values() for each in futures if not each.done()):
                    future.set_exception(Retryable(type(error).__name__))
            else:
                for key_hash, futures in waiting.items():
                    for future in (each for each in futures if not each.done()):
                        future.set_result(found.get(key_hash))

    async def _found(self, hashes: list[bytes]) -> dict[bytes, Holder]:
        async with borrow_connection(self._pool) as connection:
            return await Keys(connection).find_all(hashes)
