"""A bucket of tokens that limits how often somebody may come. It fills at a steady rate up to a maximum."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

MOST_CALLERS: Final = 10_000
"""Of whom something is remembered; who came longest ago is forgotten first, and begins with a full bucket."""


@dataclass(slots=True)
class RateLimit:
    """A limit for each caller by name: `per_second` on average, `burst` at once.

    A caller whose clock was read too early loses nothing.
    """

    per_second: float
    burst: float
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, caller: str, now: float) -> float:
        """Take a token; gives 0.0, or the seconds to wait before there is one."""
        tokens = self._tokens(caller, now)
        wait = max(1 - tokens, 0.0) / self.per_second
        at = max(now, self._buckets.get(caller, (0.0, now))[1])
        self._buckets[caller] = (tokens if wait else tokens - 1, at)
        self._buckets.move_to_end(caller)
        while len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        return wait

    def wait(self, caller: str, now: float) -> float:
        """Give the seconds before there is a token, and take none."""
        return max(1 - self._tokens(caller, now), 0.0) / self.per_second

    def _tokens(self, caller: str, now: float) -> float:
        tokens, at = self._buckets.get(caller, (self.burst, now))
        return min(self.burst, tokens + max(now - at, 0.0) * self.per_second)
