"""Times: the Belize calendar, what precision means, and periods."""

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from schemas.errors import Reason
from schemas.times import BELIZE, TIMESTAMP, Day, Interval, Period, Precision, Timestamp, day_after, occurrence
from tests.unit.schemas.event_strategies import Document, days, first_of, occurrences

UNITS = st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR])
READER: TypeAdapter[datetime] = TypeAdapter(Timestamp)
DAYS: TypeAdapter[date] = TypeAdapter(Day)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def known(time: str, precision: Precision = Precision.INSTANT, to: str | None = None) -> Interval:
    found = occurrence(at(time), precision, None if to is None else at(to))
    assert found is not None
    return found


def local(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BELIZE)


def reason_of(time: str | None, precision: Precision, to: str | None = None) -> tuple[str, str]:
    with pytest.raises(PydanticCustomError) as caught:
        occurrence(None if time is None else at(time), precision, None if to is None else at(to))
    assert caught.value.context is not None
    return caught.value.type, caught.value.context["pointer"]


def test_an_arrest_on_the_last_evening_of_the_year_counts_in_that_year() -> None:
    arrest = known("2024-12-31T20:00:00-06:00")
    assert arrest.start == datetime(2025, 1, 1, 2, tzinfo=UTC)
    assert arrest.end == arrest.start
    assert arrest.first_day == arrest.last_day == date(2024, 12, 31)


def test_an_instant_at_midnight_belongs_to_the_day_that_begins() -> None:
    midnight = known("2025-01-01T00:00:00-06:00")
    assert midnight.first_day == midnight.last_day == date(2025, 1, 1)


def test_the_same_instant_in_another_offset_is_the_same_occurrence() -> None:
    assert known("2024-12-31T20:00:00-06:00") == known("2025-01-01T02:00:00Z") == known("2025-01-01T07:30:00+05:30")


@pytest.mark.parametrize(
    ("time", "precision", "first", "last"),
    [
        ("2024-02-29T00:00:00-06:00", Precision.DAY, date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-02-29T06:00:00Z", Precision.DAY, date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-02-01T00:00:00-06:00", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02-01T00:00:00-06:00", Precision.MONTH, date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12-01T00:00:00-06:00", Precision.MONTH, date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-01-01T00:00:00-06:00", Precision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
        # Belize had summer time from 5 December 1973 and 18 December 1982, beginning at midnight.
        ("1973-12-05T06:00:00Z", Precision.DAY, date(1973, 12, 5), date(1973, 12, 5)),
        ("1982-12-18T01:00:00-05:00", Precision.DAY, date(1982, 12, 18), date(1982, 12, 18)),
        ("1983-01-01T00:00:00-05:00", Precision.YEAR, date(1983, 1, 1), date(1983, 12, 31)),
    ],
)
def test_an_imprecise_time_covers_its_unit_in_belize(time: str, precision: Precision, first: date, last: date) -> None:
    interval = known(time, precision)
    assert (interval.first_day, interval.last_day) == (first, last)


@given(days(), UNITS)
def test_a_unit_is_covered_whole_and_meets_the_next(day: date, precision: Precision) -> None:
    first = first_of(day, precision)
    interval = occurrence(local(first), precision)
    assert interval is not None
    assert interval.first_day == first
    assert first <= day <= interval.last_day
    following = interval.last_day + timedelta(days=1)
    assert following == first_of(following, precision)
    following_interval = occurrence(local(following), precision)
    assert following_interval is not None
    assert interval.end == following_interval.start


@given(days(), UNITS, st.timedeltas(timedelta(microseconds=1), timedelta(hours=20)))
def test_any_other_time_than_the_units_start_is_refused(day: date, precision: Precision, off: timedelta) -> None:
    time = local(first_of(day, precision)).astimezone(UTC) + off
    with pytest.raises(PydanticCustomError, match="do not agree"):
        occurrence(time, precision)


@given(days(), st.sampled_from([Precision.MONTH, Precision.YEAR]))
def test_a_day_is_not_a_month(day: date, precision: Precision) -> None:
    if day == first_of(day, precision):
        assert occurrence(local(day), precision) is not None
    else:
        with pytest.raises(PydanticCustomError):
            occurrence(local(day), precision)


def test_what_is_unknown_has_no_time_and_no_interval() -> None:
    assert occurrence(None, Precision.UNKNOWN) is None
    time = "2024-01-01T00:00:00-06:00"
    assert reason_of(time, Precision.UNKNOWN) == (Reason.TIME_WITHOUT_PRECISION, "/time")
    assert reason_of(None, Precision.UNKNOWN, time) == (Reason.TIME_WITHOUT_PRECISION, "/occurredto")


@pytest.mark.parametrize("precision", [each for each in Precision if each is not Precision.UNKNOWN])
def test_what_is_known_has_a_time(precision: Precision) -> None:
    assert reason_of(None, precision) == (Reason.MISSING_FIELD, "/time")


def test_a_span_reaches_from_one_unit_to_another() -> None:
    span = known("2024-04-01T00:00:00-06:00", Precision.MONTH, "2024-11-01T00:00:00-06:00")
    assert (span.first_day, span.last_day) == (date(2024, 4, 1), date(2024, 11, 30))
    year_end = known("2024-12-31T00:00:00-06:00", Precision.DAY, "2025-01-01T00:00:00-06:00")
    assert (year_end.first_day, year_end.last_day) == (date(2024, 12, 31), date(2025, 1, 1))


def test_a_span_of_instants_is_half_open() -> None:
    night = known("2024-12-31T22:00:00-06:00", Precision.INSTANT, "2025-01-01T00:00:00-06:00")
    assert (night.first_day, night.last_day) == (date(2024, 12, 31), date(2024, 12, 31))
    assert night.end - night.start == timedelta(hours=2)


def test_a_span_has_its_end_after_its_start_and_in_the_same_precision() -> None:
    reversed_ = reason_of("2024-04-02T00:00:00-06:00", Precision.DAY, "2024-04-01T00:00:00-06:00")
    assert reversed_ == (Reason.TIME_SPAN_REVERSED, "/occurredto")
    mixed = reason_of("2024-04-01T00:00:00-06:00", Precision.MONTH, "2024-05-02T00:00:00-06:00")
    assert mixed == (Reason.TIME_NOT_START_OF_UNIT, "/occurredto")


@given(occurrences())
def test_an_interval_never_ends_before_it_begins(members: Document) -> None:
    time, to = members.get("time"), members.get("occurredto")
    precision = Precision(members.get("occurredprecision", "instant"))
    interval = occurrence(time and at(time), precision, to and at(to))
    assert (interval is None) == (precision is Precision.UNKNOWN)
    if interval is not None:
        assert interval.start <= interval.end
        assert interval.first_day <= interval.last_day
        assert interval.start.tzinfo is interval.end.tzinfo is UTC


PERIODS = [
    ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ("2023-04..2024-03", date(2023, 4, 1), date(2024, 3, 31)),
    ("2021..2024", date(2021, 1, 1), date(2024, 12, 31)),
    ("2024-01-01..2024-01-31", date(2024, 1, 1), date(2024, 1, 31)),
    ("2024..2024-06", date(2024, 1, 1), date(2024, 6, 30)),
    ("2024-03-05..2024-04-30", date(2024, 3, 5), date(2024, 4, 30)),
    ("2024-03-05..2024-12-31", date(2024, 3, 5), date(2024, 12, 31)),
]


@pytest.mark.parametrize(("text", "first", "last"), PERIODS)
def test_a_period_is_written_in_several_ways(text: str, first: date, last: date) -> None:
    assert Period.parse(text) == Period.parse(str(Period(first, last))) == Period(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-13",
        "2023-02-29",
        "2024-1",
        "..2024",
        "2024..",
        "2024..2023",
        "2024..2025..2026",
        "0001",
        "2024 ",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Period.parse(text)


@given(days(), days())
def test_a_period_reads_back_what_it_writes(one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    assert Period.parse(str(period)) == period


@given(st.integers(1990, 2060), st.integers(1, 12), st.integers(0, 40))
def test_whole_months_and_years_are_written_short(year: int, month: int, more: int) -> None:
    last_year, last_month = divmod(year * 12 + month - 1 + more, 12)
    last = date(last_year, last_month + 1, calendar.monthrange(last_year, last_month + 1)[1])
    text = str(Period(date(year, month, 1), last))
    assert max(map(len, text.split(".."))) <= len("2024-04")
    assert str(Period(date(year, 1, 1), date(year, 12, 31))) == str(year)


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-03T20:15:00-06:00",
        "2024-06-03T20:15:00Z",
        "2024-06-03T20:15:00.5Z",
        "2024-06-03T20:15:00.123456789+05:30",
        "1900-01-01T00:00:00Z",
        "2199-12-31T23:59:59Z",
    ],
)
def test_a_timestamp_is_rfc_3339_with_an_offset(text: str) -> None:
    time = READER.validate_python(text)
    assert time.utcoffset() is not None
    assert READER.validate_json(READER.dump_json(time)) == time


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2024-06-03", Reason.WRONG_FORM),
        ("2024-06-03T20:15:00", Reason.WRONG_FORM),
        ("2024-06-03 20:15:00Z", Reason.WRONG_FORM),
        ("2024-06-03t20:15:00z", Reason.WRONG_FORM),
        ("20240603T201500Z", Reason.WRONG_FORM),
        ("2024-06-03T20:15Z", Reason.WRONG_FORM),
        ("2023-02-29T00:00:00Z", Reason.WRONG_FORM),
        ("2024-06-03T24:15:00Z", Reason.WRONG_FORM),
        ("2024-06-30T23:59:60Z", Reason.WRONG_FORM),
        ("2024-06-03T20:15:00+24:00", Reason.WRONG_FORM),
        ("2024-06-03T20:15:00Z\n", Reason.WRONG_FORM),
        ("٢٠٢٤-06-03T20:15:00Z", Reason.WRONG_FORM),
        ("1717445700", Reason.WRONG_FORM),
        (1717445700, Reason.WRONG_TYPE),
        (None, Reason.WRONG_TYPE),
        ("0001-01-01T00:00:00+14:00", Reason.OUT_OF_RANGE),
        ("1899-12-31T23:59:59Z", Reason.OUT_OF_RANGE),
        ("2200-01-01T00:00:00Z", Reason.OUT_OF_RANGE),
        ("9999-12-31T23:59:59-14:00", Reason.OUT_OF_RANGE),
        (datetime(2024, 6, 3), Reason.WRONG_FORM),  # noqa: DTZ001 - the bad sample
    ],
)
def test_anything_else_is_no_timestamp(value: object, reason: Reason) -> None:
    with pytest.raises(ValidationError) as caught:
        READER.validate_python(value)
    assert caught.value.errors()[0]["type"] == reason


def test_the_published_form_is_the_one_that_is_read() -> None:
    assert READER.json_schema() == {"type": "string", "format": "date-time", "pattern": TIMESTAMP}


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2024, 2, 29), date(2199, 12, 31)])
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert DAYS.validate_json(f'"{day}"', strict=True) == DAYS.validate_python(day, strict=True) == day
    assert day_after(day) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((text, Reason.WRONG_FORM) for text in ("", "0", "1717545600", "-86400", "1717545600000", "20240605")),
        *((text, Reason.WRONG_FORM) for text in ("2024-02-30", "2024-6-5", "2024-06-05\\n", " 2024-06-05", "2024")),
        *((text, Reason.WRONG_FORM) for text in ("2024-06-05T00:00:00Z", "٢٠٢٤-06-05", "2024-W23-3")),
        *((text, Reason.OUT_OF_RANGE) for text in ("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31")),
    ],
)
def test_any_other_text_is_no_day(text: str, reason: Reason) -> None:
    """A number of seconds in quotation marks was read as a day, which the published form `date` does not allow."""
    with pytest.raises(ValidationError) as caught:
        DAYS.validate_json(f'"{text}"', strict=True)
    assert [each["type"] for each in caught.value.errors()] == [reason]


def test_no_day_of_the_log_is_too_late_for_the_times_that_follow_from_it() -> None:
    assert day_after(date.max) == day_after(date(2200, 1, 1)) == date(2200, 1, 1)
    assert DAYS.json_schema() == {"type": "string", "format": "date"}
