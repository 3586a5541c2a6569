"""How often TLS handshakes may begin at the door over HTTP: each costs a signature, whoever asks for it."""

import time
from collections.abc import Callable
from typing import Final

from services.intake.api.limits import HttpLimits
from services.intake.domain.rate import RateLimit

_ALL: Final = ""
_OWN_PER_SECOND: Final = 1.0
_OWN_AT_ONCE: Final = 8.0


class Handshakes:
    """Each address has a few handshakes of its own, and beyond them a quarter of those that all addresses share.

    What the crowd takes from the shared ones keeps nobody out who comes seldom.
    """

    def __init__(self, limits: HttpLimits, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._own = RateLimit(_OWN_PER_SECOND, _OWN_AT_ONCE)
        self._quarter = RateLimit(limits.handshakes_per_second / 4, limits.handshakes_at_once / 4)
        self._shared = RateLimit(limits.handshakes_per_second, limits.handshakes_at_once)

    def begins(self, address: str) -> bool:
        """Whether this address may begin one now; counts it where it may."""
        now = self._now()
        if not self._own.take(address, now):
            return True
        if self._shared.wait(_ALL, now) or self._quarter.take(address, now):
            return False
        self._shared.take(_ALL, now)
        return True
