"""Limit on how often TLS handshakes may begin at a listening socket. Each costs a signature."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from services.runtime.token_bucket import RateLimit

_ALL: Final = ""


class HandshakeRates(NamedTuple):
    """Limits of handshakes, a second on average and at once: shared by all addresses, and of each address alone."""

    per_second: float
    at_once: float
    own_per_second: float
    own_at_once: float


class Handshakes:
    """Limit on how often TLS handshakes may begin, for each address and for all addresses together.

    Each address has its own allowance. Beyond it, an address may use at most a quarter of the shared rate. So an
    address that connects rarely is admitted even when others have used up the shared allowance.
    """

    def __init__(self, rates: HandshakeRates, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._own = RateLimit(rates.own_per_second, rates.own_at_once)
        self._quarter = RateLimit(rates.per_second / 4, rates.at_once / 4)
        self._shared = RateLimit(rates.per_second, rates.at_once)

    def admit_handshake(self, address: str) -> bool:
        """Whether `address` may begin a handshake now. If so, the handshake is counted."""
        now = self._now()
        if not self._own.take(address, now):
            return True
        if self._shared.wait(_ALL, now) or self._quarter.take(address, now):
            return False
        self._shared.take(_ALL, now)
        return True
