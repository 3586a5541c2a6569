"""The limit on how often TLS handshakes may begin at a listening socket. Each costs a signature, whoever asks."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from services.runtime.token_bucket import RateLimit

_ALL: Final = ""


class HandshakeRates(NamedTuple):
    """Handshakes a second on average and at once: those that all addresses share, and those of each address alone."""

    per_second: float
    at_once: float
    own_per_second: float
    own_at_once: float


class Handshakes:
    """A limit on handshakes. Each address has a few of its own, and then a quarter of those that all share.

    An address that comes seldom is not kept out by a crowd that uses up the shared ones.
    """

    def __init__(self, rates: HandshakeRates, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._own = RateLimit(rates.own_per_second, rates.own_at_once)
        self._quarter = RateLimit(rates.per_second / 4, rates.at_once / 4)
        self._shared = RateLimit(rates.per_second, rates.at_once)

    def begins(self, address: str) -> bool:
        """Whether this address may begin one now; counts it where it may."""
        now = self._now()
        if not self._own.take(address, now):
            return True
        if self._shared.wait(_ALL, now) or self._quarter.take(address, now):
            return False
        self._shared.take(_ALL, now)
        return True
