"""Rate limits of callers. The waiting times of their refusals differ, so that retries do not coincide."""

from collections import OrderedDict
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.intake.domain.client_rate_limits import DAY_SECONDS, Shares
from services.runtime.token_bucket import MOST_CALLERS, RateLimit

LONGEST_SECONDS: Final = 60.0
"""Longest waiting time in seconds up to which refusals are spread. Only the rate itself can require a longer one."""

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
        """Return the limit in English, such as `records: 1000 a second, 30000 at once`."""
        return f"{self.what.replace('_', ' ')}: {round(self.per_second, 2):.10g} a second, {self.at_once:.10g} at once"


def system_limits(shares: Shares) -> tuple[Share, ...]:
    """Return the limits of an agency, which also hold for each of its systems, in the form that refusals state."""
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
    """A rate limit that holds for each caller by itself.

    Each refused request of a caller gets a waiting time that is longer than the one before by one unit of the rate.
    Otherwise all would come back in the same second, and most would be refused again.
    """

    def __init__(self, what: SharedResource, per_second: float, at_once: float) -> None:
        self.share = Share(what=what, per_second=per_second, at_once=at_once)
        self._rate = RateLimit(per_second, at_once)
        self._told: OrderedDict[str, float] = OrderedDict()

    def take(self, caller: str, now: float) -> float:
        """Count a request and return 0.0; beyond the limit, return the seconds after which the caller may try again.

        `now`: seconds of a clock that does not step back.
        """
        wait = self._rate.take(caller, now)
        if not wait:
            return 0.0
        before = self._told.pop(caller, now)
        moment = min(max(before + 1 / self.share.per_second, now + wait), now + max(wait, LONGEST_SECONDS))
        self._told[caller] = moment
        while len(self._told) > MOST_CALLERS:
            self._told.popitem(last=False)
        return moment - now
