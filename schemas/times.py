"""Times of events with their precision, and periods of figures.

An imprecise time is a half-open interval in UTC. Days, months and years begin and end at midnight in Belize. An arrest
at 20:00 on the last evening of 2024 counts in 2024, although it is in 2025 in UTC. No clock is read here.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import override

from schemas.errors import Reason

BELIZE: Final = ZoneInfo("America/Belize")

YEARS: Final = range(1900, 2200)
"""Permitted years: others are mistakes, and date arithmetic would overflow at the ends of the calendar."""

TIMESTAMP: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$"
"""Pattern of RFC 3339 with an offset, upper-case T and Z; digits beyond microseconds are dropped."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP: Final = re.compile(TIMESTAMP[1:-1])
_MONTHS: Final = 12
_LAST_DAY: Final = date(YEARS.stop - 1, 12, 31)
_MICROSECOND: Final = timedelta(microseconds=1)


class Precision(StrEnum):
    """The precision with which a time of occurrence is known."""

    INSTANT = "instant"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Interval(NamedTuple):
    """Half-open interval [start, end) in UTC; for an instant, end equals start."""

    start: datetime
    end: datetime

    @property
    def first_day(self) -> date:
        """The first Belize day that the interval touches."""
        return belize_day(self.start)

    @property
    def last_day(self) -> date:
        """The last Belize day that the interval touches."""
        return belize_day(self.start if self.end == self.start else self.end - _MICROSECOND)


def surely_before(one: Interval | None, other: Interval | None) -> bool:
    """Whether `one` ended before `other` began, for all times that they may mean; False if they may overlap."""
    if one is None or other is None:
        return False
    return one.end < other.start or (one.end == other.start and one.start != one.end)


# Cached, as every figure needs the days of the same few instants.
@lru_cache(maxsize=4_096)
def belize_day(instant: datetime) -> date:
    """Return the day in Belize at an instant, which may have any offset."""
    return instant.astimezone(BELIZE).date()


def day_after(day: date) -> date:
    """Return the next day; for a day after the permitted years, the first day after them.

    So the times that follow from it can be calculated with, whatever an event of the log says.
    """
    return min(day, _LAST_DAY) + timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BELIZE).astimezone(UTC)


def _first_of_unit(day: date, precision: Precision) -> date:
    if precision is Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision is Precision.MONTH else day


def _first_of_next_unit(day: date, precision: Precision) -> date:
    if precision is Precision.YEAR:
        return date(day.year + 1, 1, 1)
    if precision is Precision.MONTH:
        return date(day.year + day.month // _MONTHS, day.month % _MONTHS + 1, 1)
    return day + timedelta(days=1)


def _unit_of(time: datetime, precision: Precision, pointer: str) -> date:
    day = belize_day(time)
    if day != _first_of_unit(day, precision) or time != _midnight(day):
        raise _wrong(Reason.TIME_NOT_START_OF_UNIT, pointer)
    return day


def _wrong(reason: Reason, pointer: str) -> PydanticCustomError:
    return PydanticCustomError(reason.value, "the time and its precision do not agree", {"pointer": pointer})


def occurrence(time: datetime | None, precision: Precision, to: datetime | None = None) -> Interval | None:
    """Return the interval of an event's `time`, `occurredprecision` and `occurredto`; None if it is unknown.

    Raises `PydanticCustomError` (a `ValueError`) with a reason code and a pointer if the three disagree.
    """
    if precision is Precision.UNKNOWN:
        if time is not None or to is not None:
            raise _wrong(Reason.TIME_WITHOUT_PRECISION, "/time" if time is not None else "/occurredto")
        return None
    if time is None:
        raise _wrong(Reason.MISSING_FIELD, "/time")
    if to is not None and to < time:
        raise _wrong(Reason.TIME_SPAN_REVERSED, "/occurredto")
    if precision is Precision.INSTANT:
        start = time.astimezone(UTC)
        return Interval(start, start if to is None else to.astimezone(UTC))
    first = _unit_of(time, precision, "/time")
    last = first if to is None else _unit_of(to, precision, "/occurredto")
    return Interval(_midnight(first), _midnight(_first_of_next_unit(last, precision)))


_PERIOD: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def _unit(text: str) -> tuple[date, date]:
    match = _PERIOD.fullmatch(text)
    if match is None or int(match[1]) not in YEARS:
        message = "a period is a year, a month, a day, or two of these joined by '..'"
        raise ValueError(message)
    year = int(match[1])
    if match[2] is None:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(match[2])
    if match[3] is None:
        first = date(year, month, 1)
        return first, first.replace(day=monthrange(year, month)[1])
    day = date(year, month, int(match[3]))
    return day, day


def days_of(text: str) -> Interval:
    """Return the interval of Belize days of a partial date: `2024`, `2024-04` or `2024-04-12`.

    Raises ValueError for anything else.
    """
    first, last = _unit(text)
    return Interval(_midnight(first), _midnight(last + timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Period:
    """A period from one Belize day to another, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = "a period ends before it begins"
            raise ValueError(message)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `2024`, `2024-04`, `2024-04-12`, or two of these joined by `..`. Raises `ValueError` for other text."""
        begin, _, end = text.partition("..")
        return cls(_unit(begin)[0], _unit(end if ".." in text else begin)[1])

    @override
    def __str__(self) -> str:
        """The shortest text that `parse` reads as this period."""
        begin, end = self.first.isoformat(), self.last.isoformat()
        if begin.endswith("-01-01") and end.endswith("-12-31"):
            begin, end = begin[:4], end[:4]
        elif self.first.day == 1 and (self.last + timedelta(days=1)).day == 1:
            begin, end = begin[:7], end[:7]
        return begin if begin == end else f"{begin}..{end}"


class _Timestamp:
    """Mark of a field that takes RFC 3339 text (or an aware datetime, in Python) and no other form of a time."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _read,
            serialization=core_schema.plain_serializer_function_ser_schema(datetime.isoformat, when_used="json"),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "date-time", "pattern": TIMESTAMP}


def _read(value: object) -> datetime:
    time = value
    if isinstance(value, str) and _TIMESTAMP.fullmatch(value):
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError(Reason.WRONG_FORM.value, "no such day or time") from None
    if not isinstance(time, datetime) or time.tzinfo is None:
        reason = Reason.WRONG_FORM if isinstance(value, str | datetime) else Reason.WRONG_TYPE
        raise PydanticCustomError(reason.value, "not an RFC 3339 time with an offset")
    if time.year not in YEARS:
        raise PydanticCustomError(Reason.OUT_OF_RANGE.value, "no year of this pipeline")
    return time


Timestamp = Annotated[datetime, _Timestamp]


def _read_day(value: object) -> object:
    # pydantic alone reads "1717545600", a number of seconds, as a day.
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError:
        raise PydanticCustomError(Reason.WRONG_FORM.value, "no such day") from None


def _within_years(day: date) -> date:
    if day.year not in YEARS:
        raise PydanticCustomError(Reason.OUT_OF_RANGE.value, "no year of this pipeline")
    return day


Day = Annotated[date, BeforeValidator(_read_day), AfterValidator(_within_years)]
"""A day of the permitted years, written 2024-06-05. A book that has 9999-12-31 for "no end" leaves the field out."""
