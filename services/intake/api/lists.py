"""Lists that callers read: few connections of their own, one list of an agency at a time, and a rest after a slow one.

How long a list takes grows with what an agency has sent. Acceptance and the lookup of keys have other connections, so
that whoever lists much delays nobody but itself.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from services.runtime.postgres import Connection, acquired, milliseconds


class Lists:
    """The connections for lists. `seconds`: the longest query; `rest`: how many times its duration the next one waits.

    A query that takes longer is ended by the database too: whoever asked has gone by then.
    """

    def __init__(self, pool: asyncpg.Pool, seconds: float, rest: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._rest = rest
        self._turns: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def connection(self, agency: str) -> AsyncIterator[Connection]:
        """Wait for the agency's turn and lend a connection. Raises `Retryable` where the database does not answer."""
        now, turn = asyncio.get_running_loop().time, self._turns.setdefault(agency, asyncio.Semaphore(1))
        await turn.acquire()
        begun = now()
        try:
            async with acquired(self._pool) as connection:
                begun = now()
                await connection.execute(f"SET statement_timeout = '{milliseconds(self._seconds)}'")
                yield connection
        finally:
            asyncio.get_running_loop().call_later(self._rest * (now() - begun), turn.release)
