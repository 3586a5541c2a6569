"""The limit on how often TLS handshakes may begin at a listening socket. Each costs a signature, whoever asks."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from services.runtime.token_bucket import RateLimit

_ALL: Final = ""


class HandshakeRates(NamedTuple):
    """Limits of handshakes, on average a second and at once: shared by all addresses, and of each one's own."""

    per_second: float
    at_once: float
    own_per_second: float
    own_at_once: float


class Handshakes:
    """A limit on handshakes. Each address has a few of its own, and then may take a quarter of the shared ones.

    Therefore an address that connects rarely is admitted even when others have used up the shared ones.
    """

    def __init__(self, rates: HandshakeRates, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._own = RateLimit(rates.own_per_second, rates.own_at_once)
        self._quarter = RateLimit(rates.per_second / 4, rates.at_once / 4)
        self._shared = RateLimit(rates.per_second, rates.at_once)

    def begins(self, address: str) -> bool:
        """Whether this address may begin a handshake now; counts the handshake where it may."""
        now = self._now()
        if not self._own.take(address, now):
            return True
        if self._shared.wait(_ALL, now) or self._quarter.take(address, now):
            return False
        self._shared.take(_ALL, now)
        return True
