"""Agencies on call at a time: those that always are, unless a shift is on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from schemas.fields import AgencyCode
from schemas.times import BELIZE

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


class PolicyPart(BaseModel):
    """Base of the parts of the policy. An unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Weekday(StrEnum):
    """Days of the week, as the policy's table spells them."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Shift(PolicyPart):
    """A time in which these agencies are on call, in Belize's time. A field that is missing sets no limit.

    A shift over midnight belongs to the day on which it begins. Example: Friday 17:00 to 08:00 ends on Saturday.
    """

    agencies: Annotated[tuple[AgencyCode, ...], Field(min_length=1)]
    first_on: date | None = None
    """First day, inclusive."""
    last_on: date | None = None
    """Last day, inclusive."""
    weekdays: tuple[Weekday, ...] = ()
    every_weeks: Annotated[int, Field(ge=2, le=52)] | None = None
    """Number of weeks after which the shift is on again, counted from the week of `first_on`. Weeks begin on Monday."""
    begins: time | None = None
    """Inclusive."""
    ends: time | None = None
    """Exclusive."""

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if (self.begins is None) is not (self.ends is None):
            message = "begins and ends go together"
        elif self.begins is not None and self.begins == self.ends:
            message = "begins is ends"
        elif self.first_on is not None and self.last_on is not None and self.last_on < self.first_on:
            message = "last_on is before first_on"
        elif self.every_weeks is not None and self.first_on is None:
            message = "every_weeks needs first_on"
        elif not (self.first_on or self.last_on or self.weekdays or self.begins is not None):
            message = "a shift without a time: name the agency alone"
        else:
            return self
        raise ValueError(message)

    def holds(self, moment: datetime) -> bool:
        """Whether the shift is on at a time."""
        now = moment.astimezone(BELIZE)
        day, clock = now.date(), now.time()
        if self.begins is None or self.ends is None:
            return self._is_on(day)
        if self.begins < self.ends:
            return self._is_on(day) and self.begins <= clock < self.ends
        return (self._is_on(day) and clock >= self.begins) or (self._is_on(day - _DAY) and clock < self.ends)

    def _is_on(self, day: date) -> bool:
        if (self.first_on and day < self.first_on) or (self.last_on and day > self.last_on):
            return False
        if self.weekdays and list(Weekday)[day.weekday()] not in self.weekdays:
            return False
        if self.every_weeks is None or self.first_on is None:
            return True
        return ((_monday(day) - _monday(self.first_on)) // _WEEK) % self.every_weeks == 0


OnCall = Annotated[
    Annotated[AgencyCode, Tag("agency")] | Annotated[Shift, Tag("shift")],
    Discriminator(lambda each: "agency" if isinstance(each, str) else "shift"),
]
"""An agency that is on call whenever no shift is on, or a shift."""


def _monday(day: date) -> date:
    return day - _DAY * day.weekday()


def agencies_in_list(listed: Iterable[str | Shift]) -> Iterator[str]:
    """Yield each agency that a list of the policy's table names."""
    for each in listed:
        yield from each.agencies if isinstance(each, Shift) else (each,)


def on_call_at(listed: Sequence[str | Shift], moment: datetime) -> tuple[str, ...]:
    """Return the agencies on call at a time: those of all shifts that are on; if none is, those without a shift."""
    on = [each for each in listed if isinstance(each, Shift) and each.holds(moment)]
    return tuple(dict.fromkeys(agencies_in_list(on) if on else (each for each in listed if isinstance(each, str))))
