"""Working time: hours of the day, days of the week, and Belize's public holidays from the library `holidays`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import holidays

from schemas.times import BELIZE

_HOLIDAYS = holidays.country_holidays("BZ")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Times at which offices are open, in Belize's time. `weekdays`: 0 is Monday."""

    opens: time
    closes: time
    weekdays: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on a day: a day in `weekdays` that is no public holiday."""
        return day.weekday() in self.weekdays and day not in _HOLIDAYS

    def after(self, start: datetime, days: int) -> datetime:
        """Return the time (UTC) at which the hours of `days` working days have passed since `start`.

        A `start` while offices are closed counts from the next opening.
        """
        left = (self._at(date.min, self.closes) - self._at(date.min, self.opens)) * days
        now = start.astimezone(BELIZE)
        while True:
            day = now.date()
            opening, closing = (datetime.combine(day, at, BELIZE) for at in (self.opens, self.closes))
            begin = max(now, opening)
            if self.is_working_day(day) and begin < closing:
                if closing - begin >= left:
                    return (begin + left).astimezone(UTC)
                left -= closing - begin
            now = datetime.combine(day + _DAY, time.min, BELIZE)

    @staticmethod
    def _at(day: date, at: time) -> datetime:
        return datetime.combine(day, at)
