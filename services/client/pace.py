"""Pauses of a client between two requests, so that many clients of one agency share intake."""

from collections.abc import Callable
from typing import Final

FIRST_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 60.0
SPREAD_SECONDS: Final = 1.0
"""Seconds by which retries are spread. Retry-After has whole seconds, so many clients would retry at one moment."""
FIRST_REST_SECONDS: Final = 0.25
LONGEST_REST_SECONDS: Final = 10.0
SHORTER: Final = 0.7
NO_REST_SECONDS: Final = 0.02


class ClientPace:
    """Pace of one client: slower after each answer "too often" (429), a little faster after each answer with receipts.

    `chance`: returns random numbers from 0 to 1. Times are seconds of one monotonic clock.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._longest = FIRST_SECONDS
        self._rest = 0.0
        self._next_at = 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until the next request may be sent; 0.0 if it may be sent now."""
        return max(self._next_at - now, 0.0)

    def put_off(self, now: float, said: float | None, *, too_often: bool) -> None:
        """Note that intake was away or busy. `said`: Retry-After in seconds, or None. `too_often`: it answered 429."""
        own = self._longest * (1 + self._chance()) / 2
        told = 0.0 if said is None else said + self._chance() * SPREAD_SECONDS
        self._longest = min(2 * self._longest, LONGEST_SECONDS)
        self._next_at = now + max(own, told)
        if too_often:
            self._rest = min(max(2 * self._rest, FIRST_REST_SECONDS), LONGEST_REST_SECONDS)

    def answered(self, now: float) -> None:
        """Note that intake answered with receipts."""
        self._longest = FIRST_SECONDS
        self._rest = self._rest * SHORTER if self._rest > NO_REST_SECONDS else 0.0
        self._next_at = now + self._rest * (0.5 + self._chance())
