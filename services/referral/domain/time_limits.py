"""Time limits of the policy: office hours, and limits in hours or in working days by urgency."""

from datetime import time
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.codebook.referral import Urgency
from services.referral.domain.on_call import PolicyPart, Weekday
from services.referral.domain.working_time import WorkingTime


class OfficeHours(PolicyPart):
    """Hours and days on which offices are open."""

    opens: time
    closes: time
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _opens_first(self) -> Self:
        if self.opens >= self.closes:
            message = "opens is not before closes"
            raise ValueError(message)
        return self

    @cached_property
    def working_time(self) -> WorkingTime:
        """The office hours as a `WorkingTime`, for calculations."""
        return WorkingTime(self.opens, self.closes, frozenset(list(Weekday).index(day) for day in self.weekdays))


class Limit(PolicyPart):
    """A time limit: hours, counted day and night, or whole working days."""

    hours: Annotated[int, Field(ge=1, le=24 * 30)] | None = None
    working_days: Annotated[int, Field(ge=1, le=30)] | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.hours is None) == (self.working_days is None):
            message = "either hours or working_days"
            raise ValueError(message)
        return self


class LimitsByUrgency(PolicyPart):
    """A time limit for each urgency. Only that of `routine` may be in working days."""

    emergency: Limit
    urgent: Limit
    soon: Limit
    routine: Limit

    @model_validator(mode="after")
    def _only_routine_waits(self) -> Self:
        for urgency in (self.emergency, self.urgent, self.soon):
            if urgency.hours is None:
                message = "only routine may wait for working days"
                raise ValueError(message)
        return self

    def of(self, urgency: Urgency) -> Limit:
        """Return the limit of an urgency. An unknown one counts as urgent."""
        limits = {Urgency.EMERGENCY: self.emergency, Urgency.SOON: self.soon, Urgency.ROUTINE: self.routine}
        return limits.get(urgency, self.urgent)
