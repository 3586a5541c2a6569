"""Limits of requests for lists: few database connections, one list of an agency at a time, a pause after each list.

The duration of a list grows with the number of an agency's events. Acceptance and the look-up of keys use other
connections. So an agency with many requests for lists delays only its own.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from services.intake.api.problem import Problem
from services.intake.api.problem_titles import HttpRule
from services.runtime.postgres import Connection, borrow_connection, setting_milliseconds

_RETRY_SECONDS: Final = 1.0


class ListLimiter:
    """Lends database connections for lists, to one request of an agency at a time.

    `seconds`: longest duration of one query; the database then cancels it. `rest`: pause before the agency's next list,
    as a multiple of the list's duration. `waiting`: requests of an agency that may wait for their turn at most.
    """

    def __init__(self, pool: asyncpg.Pool, seconds: float, rest: float, waiting: int) -> None:
        self._pool = pool
        self._seconds = seconds
        self._rest = rest
        self._most = 1 + waiting
        self._asked = Counter[str]()
        self._turns: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def connection(self, agency: str) -> AsyncIterator[Connection]:
        """Wait for the agency's turn, and lend a connection while the `async with` body runs.

        Raises `Problem` (429) if too many of the agency's lists wait, `Retryable` if the database does not answer.
        """
        if self._asked[agency] >= self._most:
            raise Problem(HttpRule.TOO_OFTEN, retry_after=_RETRY_SECONDS)
        self._asked[agency] += 1
        try:
            async with self._turn(agency) as connection:
                yield connection
        finally:
            self._asked[agency] -= 1

    @asynccontextmanager
    async def _turn(self, agency: str) -> AsyncIterator[Connection]:
        now, turn = asyncio.get_running_loop().time, self._turns.setdefault(agency, asyncio.Semaphore(1))
        await turn.acquire()
        begun = now()
        try:
            async with borrow_connection(self._pool) as connection:
                begun = now()
                await connection.execute(f"SET statement_timeout = '{setting_milliseconds(self._seconds)}'")
                yield connection
        finally:
            asyncio.get_running_loop().call_later(self._rest * (now() - begun), turn.release)
