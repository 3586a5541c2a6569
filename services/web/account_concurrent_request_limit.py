"""Limit of concurrent requests by account: some run, some more wait, and further ones are refused.

The database and intake answer few requests at once. With the limit, a program that sends many requests together delays
only its own account.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

AT_ONCE: Final = 4
WAITING: Final = 32
STREAMS: Final = 12
"""Largest number of open streams of one account: two browsers with as many pages each as they have connections."""


class TooManyAtOnce(Exception):
    """The account has the largest number of running and waiting requests; a further one is refused."""


@dataclass(slots=True)
class _Requests:
    """The requests of one account: `count` that run or wait, and the semaphore of those that run."""

    turn: asyncio.Semaphore
    count: int = 0


class AccountRequestLimit:
    """Counts requests by account. `at_once`: most that run. `waiting`: most that wait beyond these."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._accounts: dict[str, _Requests] = {}

    async def take(self, account: str) -> None:
        """Wait until a request of the account may run. Raises `TooManyAtOnce` if too many wait already.

        The caller must call `give_back` afterwards.
        """
        known = self._accounts.setdefault(account, _Requests(asyncio.Semaphore(self._at_once)))
        if known.count >= self._most:
            raise TooManyAtOnce
        known.count += 1
        try:
            await known.turn.acquire()
        except BaseException:
            self._forget(account, known)
            raise

    def of(self, account: str) -> int:
        """Return how many requests of an account run or wait."""
        known = self._accounts.get(account)
        return 0 if known is None else known.count

    def give_back(self, account: str) -> None:
        """Count a request of the account, for which `take` has returned, as ended, so that a waiting one may run."""
        known = self._accounts[account]
        known.turn.release()
        self._forget(account, known)

    def _forget(self, account: str, known: _Requests) -> None:
        known.count -= 1
        if not known.count:
            del self._accounts[account]
