"""Limits on how often callers may come, and the times to come back that a refusal names. These times lie apart."""

from collections import OrderedDict
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.intake.domain.client_rate_limits import DAY_SECONDS, Shares
from services.runtime.token_bucket import MOST_CALLERS, RateLimit

LONGEST_SECONDS: Final = 60.0
"""The latest moment that a refusal names."""

SharedResource: TypeAlias = Literal[
    "requests", "wrong_keys", "records", "bytes", "refusals", "records_per_day", "refusals_per_day"
]


class Share(BaseModel):
    """A limit as a caller is told it: so much of something a second on average, and so much at once."""

    model_config = ConfigDict(use_attribute_docstrings=True, frozen=True)

    what: SharedResource
    per_second: float
    at_once: float
    """The largest amount at once after a pause."""

    def sentence(self) -> str:
        """State the limit in English."""
        return f"{self.what.replace('_', ' ')}: {round(self.per_second, 2):.10g} a second, {self.at_once:.10g} at once"


def of_systems(shares: Shares) -> tuple[Share, ...]:
    """Give the shares of an agency and of each of its systems as refusals name them."""
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


class Metered:
    """A rate for each caller by name, and its share.

    Callers that must wait are told moments that lie apart, one for each unit of the rate: else all of them come back
    in the same second, and all but a few for nothing.
    """

    def __init__(self, what: SharedResource, per_second: float, at_once: float) -> None:
        self.share = Share(what=what, per_second=per_second, at_once=at_once)
        self._rate = RateLimit(per_second, at_once)
        self._told: OrderedDict[str, float] = OrderedDict()

    def take(self, caller: str, now: float) -> float:
        """Take one; gives 0.0, or the seconds after which there is one for this caller."""
        wait = self._rate.take(caller, now)
        if not wait:
            return 0.0
        before = self._told.pop(caller, now)
        moment = min(max(before + 1 / self.share.per_second, now + wait), now + max(wait, LONGEST_SECONDS))
        self._told[caller] = moment
        while len(self._told) > MOST_CALLERS:
            self._told.popitem(last=False)
        return moment - now
