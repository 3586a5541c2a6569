"""Rate limits of callers, and the waiting times of their refusals, which are spread so that retries do not coincide."""

from collections import OrderedDict
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.intake.domain.client_rate_limits import DAY_SECONDS, Shares
from services.runtime.token_bucket import MOST_CALLERS, RateLimit

LONGEST_SECONDS: Final = 60.0
"""The longest spread of waiting times; a refusal names a longer one only if the rate itself demands it."""

SharedResource: TypeAlias = Literal[
    "requests", "wrong_keys", "records", "bytes", "refusals", "records_per_day", "refusals_per_day"
]


class Share(BaseModel):
    """A limit as answers state it: an average amount a second, and the largest amount at once."""

    model_config = ConfigDict(use_attribute_docstrings=True, frozen=True)

    what: SharedResource
    per_second: float
    at_once: float
    """The largest amount at once after a pause."""

    def sentence(self) -> str:
        """State the limit in English."""
        return f"{self.what.replace('_', ' ')}: {round(self.per_second, 2):.10g} a second, {self.at_once:.10g} at once"


def of_systems(shares: Shares) -> tuple[Share, ...]:
    """Return the limits of an agency and of each of its systems, as refusals state them."""
    each: tuple[tuple[SharedResource, float], ...] = (
        ("records", shares.records),
        ("bytes", shares.size),
        ("refusals", shares.refusals),
    )
    of_day: tuple[tuple[SharedResource, float], ...] = (
        ("records_per_day", shares.records_per_day),
        ("refusals_per_day", shares.refusals_per_day),
    )
    return (
        *(Share(what=what, per_second=rate, at_once=rate * shares.seconds_at_once) for what, rate in each),
        *(Share(what=what, per_second=amount / DAY_SECONDS, at_once=amount) for what, amount in of_day),
    )


class CallerRateLimit:
    """A rate limit for each caller, by name.

    The waiting times of a caller's refused requests lie apart by one unit of the rate. Otherwise all of them would come
    back in the same second, and most would be refused again.
    """

    def __init__(self, what: SharedResource, per_second: float, at_once: float) -> None:
        self.share = Share(what=what, per_second=per_second, at_once=at_once)
        self._rate = RateLimit(per_second, at_once)
        self._told: OrderedDict[str, float] = OrderedDict()

    def take(self, caller: str, now: float) -> float:
        """Count a request and return 0.0, or return the seconds after which this caller may send it again."""
        wait = self._rate.take(caller, now)
        if not wait:
            return 0.0
        before = self._told.pop(caller, now)
        moment = min(max(before + 1 / self.share.per_second, now + wait), now + max(wait, LONGEST_SECONDS))
        self._told[caller] = moment
        while len(self._told) > MOST_CALLERS:
            self._told.popitem(last=False)
        return moment - now
