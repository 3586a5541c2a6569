"""Token buckets that limit how often each caller may act. A bucket fills at a steady rate up to a maximum."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

MOST_CALLERS: Final = 10_000
"""Callers whose buckets are kept, at most. The one seen longest ago is dropped first; its next bucket is a full one."""


@dataclass(slots=True)
class RateLimit:
    """A limit that holds for each caller by itself: `per_second` on average, `burst` at once.

    Times are in seconds of one clock. A time before an earlier one adds no tokens and removes none.
    """

    per_second: float
    burst: float
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, caller: str, now: float) -> float:
        """Take a token of the caller and return 0.0; if there is none, return the seconds until there is one."""
        tokens = self._tokens(caller, now)
        wait = max(1 - tokens, 0.0) / self.per_second
        at = max(now, self._buckets.get(caller, (0.0, now))[1])
        self._buckets[caller] = (tokens if wait else tokens - 1, at)
        self._buckets.move_to_end(caller)
        while len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        return wait

    def wait(self, caller: str, now: float) -> float:
        """Return the seconds until the caller has a token; 0.0 if there is one. No token is taken."""
        return max(1 - self._tokens(caller, now), 0.0) / self.per_second

    def _tokens(self, caller: str, now: float) -> float:
        tokens, at = self._buckets.get(caller, (self.burst, now))
        return min(self.burst, tokens + max(now - at, 0.0) * self.per_second)
