"""Hashing of passwords with argon2id, on threads, two at a time so that guessing does not use more than that."""

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE: Final = 2
"""Largest number of hashes computed at once. Each takes 64 MiB and some tenths of a second of one core."""


class Passwords:
    """Hashes and verifies passwords."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def hashed(self, password: str) -> str:
        """Return the argon2id hash of a password."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, secret: str | None, password: str) -> bool:
        """Whether a password matches the hash `secret`. For None the result is False, after as much work.

        So the time of an answer does not reveal whether an account exists.
        """
        if secret is None and self._nobody is None:
            self._nobody = await self.hashed("nobody has this password")
        async with self._turn:
            found = await asyncio.to_thread(self._verified, secret or self._nobody or "", password)
        return found and secret is not None

    def _verified(self, secret: str, password: str) -> bool:
        try:
            return self._hasher.verify(secret, password)
        except (VerificationError, InvalidHashError):
            return False
