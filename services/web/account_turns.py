"""Turns of accounts: so many requests of one are at work at once, so many more wait, and what is beyond is refused.

The database and intake's door answer few questions at once. A program that asks all of its questions together waits
for itself, and not everybody else for it.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

AT_ONCE: Final = 4
WAITING: Final = 32


class TooManyAtOnce(Exception):
    """The account has as many requests at work and waiting as it may."""


@dataclass(slots=True)
class _Requests:
    """The requests of one account: their number, and the turns of those at work."""

    turn: asyncio.Semaphore
    count: int = 0


class AccountTurns:
    """Requests by account. `at_once` are at work; `waiting` more wait for their turn."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._accounts: dict[str, _Requests] = {}

    async def take(self, account: str) -> None:
        """Wait for the account's turn. Raises `TooManyAtOnce` where too many of it wait."""
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
        """Give how many requests of an account are at work or wait."""
        known = self._accounts.get(account)
        return 0 if known is None else known.count

    def give_back(self, account: str) -> None:
        """End a request that had its turn."""
        known = self._accounts[account]
        known.turn.release()
        self._forget(account, known)

    def _forget(self, account: str, known: _Requests) -> None:
        known.count -= 1
        if not known.count:
            del self._accounts[account]
