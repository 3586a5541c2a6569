"""How long something took: exact quantiles, what has not ended, and what nobody can say."""

from datetime import UTC, date, datetime
from fractions import Fraction
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration import durations
from services.reporting.domain.declaration.durations import (
    MEDIAN,
    NINTH_DECILE,
    after,
    duration_items,
    elapsed,
    quantile,
    starts_with_stops,
)
from services.reporting.domain.declaration.figure import Counted, Days, Unit
from tests.unit.reporting.figures_of_events import Event, holds_only_by, reading
from tests.unit.reporting.samples import an_id, person


def arrest(number: int, when: str, who: int = 1) -> Event:
    return "arrest.made", {"person": person(who), "arrest": an_id(Kind.ARREST, number)}, when


def charge(number: int, when: str, who: int = 1) -> Event:
    data = {"person": person(who), "charge": an_id(Kind.CHARGE, number), "offence": "tip_sex"}
    return "charge.filed", data, when


def month(number: int) -> Interval:
    """A month of 2024, from midnight to midnight in Belize."""
    return Interval(*(datetime(2024, each, 1, 6, tzinfo=UTC) for each in (number, number + 1)))


def charged_within(*hours: int) -> list[Event]:
    """Persons arrested at midnight and charged so many hours later."""
    return [
        event
        for who, hour in enumerate(hours, start=1)
        for event in (arrest(who, "2024-03-05T00:00", who), charge(who, f"2024-03-05T{hour:02d}:00", who))
    ]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.sampled_from([MEDIAN, NINTH_DECILE]))
def test_a_quantile_is_the_least_that_enough_of_them_do_not_exceed(lengths: list[int], share: Fraction) -> None:
    found = quantile({each: lengths.count(each) for each in lengths}, share)
    assert found in lengths
    assert found is not None
    assert sum(each <= found for each in lengths) >= share * len(lengths)
    assert sum(each < found for each in lengths) < share * len(lengths)


@given(st.lists(st.integers(0, 99), min_size=3, max_size=39).filter(lambda each: len(each) % 2 == 1))
def test_of_an_odd_number_the_median_is_everybodys(lengths: list[int]) -> None:
    assert quantile({each: lengths.count(each) for each in lengths}, MEDIAN) == quantiles(lengths, n=2)[0]


def test_of_none_there_is_no_median() -> None:
    assert quantile({}, MEDIAN) is None
    nothing = reading("T11", "2024")
    assert (nothing.value, nothing.few_durations, nothing.ended) == (None, [], 0)


def test_few_are_listed_and_the_ninth_decile_waits_for_twenty() -> None:
    few = reading("T11", "2024", *charged_within(5, 1, 3))
    assert (few.value, few.few_durations, few.ninth_decile) == (180, [60, 180, 300], None)
    assert reading("T11", "2024", *charged_within(*range(1, 11))).few_durations is None
    many = reading("T11", "2024", *charged_within(*range(1, 21)))
    assert (many.value, many.few_durations, many.ninth_decile, many.ended) == (600, None, 18 * 60, 20)


def test_what_has_not_ended_is_counted_beside_it_at_every_days_end() -> None:
    def check() -> None:
        events = arrest(1, "2024-03-05T00:00"), charge(1, "2024-03-07T12:00"), arrest(2, "2024-06-01T00:00", 2)
        found = {day: reading("T11", f"2024-01..{day}", *events) for day in ("2024-03-04", "2024-03-06", "2024-03-07")}
        assert [each.under_way for each in found.values()] == [0, 1, 0]
        assert [each.value for each in found.values()] == [None, None, 3600]
        assert reading("T11", "2024", *events).under_way == 1

    holds_only_by((durations, "certain_days"), lambda *_: None, check)


def test_a_duration_is_known_no_better_than_its_ends() -> None:
    by_day = reading("T11", "2024", arrest(1, "2024-03-05"), charge(1, "2024-03-05T12:00"))
    assert (by_day.value, by_day.unknown, by_day.ended) == (None, 1, 0)
    undated = reading("T11", "2024", arrest(1, ""), charge(1, "2024-03-05T12:00"))
    assert (undated.value, undated.undated, undated.under_way) == (None, 1, 0)


def test_what_ends_before_it_begins_has_no_duration() -> None:
    early = reading("T11", "2024", charge(1, "2024-03-05T09:00"), arrest(1, "2024-03-05T10:00"))
    assert (early.value, early.under_way) == (None, 1)


def test_each_arrest_has_the_charges_up_to_the_next() -> None:
    events = (
        arrest(1, "2024-03-05T00:00"), charge(1, "2024-03-05T02:00"), charge(2, "2024-03-05T05:00"),
        arrest(2, "2024-04-01T00:00"), charge(3, "2024-04-01T01:00"),
    )  # fmt: skip
    assert reading("T11", "2024", *events).few_durations == [60, 120]
    assert reading("T11", "2024", arrest(1, "2024-03-05T00:00"), *events[3:]).under_way == 1


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.MINUTES])
def test_without_both_ends_nothing_elapsed(unit: Unit) -> None:
    assert elapsed(None, None, unit) is None


def test_something_is_under_way_from_when_it_surely_began_until_it_may_have_ended() -> None:
    dims, outcome = {"agency": ("bpd",)}, {"answer": ("accepted",)}
    waits = Counted(Days(date(2024, 3, 31), date(2024, 4, 30)), dims=dims, under_way=True)
    ended = Counted(Days(date(2024, 5, 1), date(2024, 5, 31)), None, {**dims, **outcome})
    assert [*duration_items(month(3), [month(7), month(5)], Unit.DAYS, dims, outcome=outcome)] == [waits, ended]
    assert [*duration_items(month(3), [], Unit.DAYS, dims, unless=[month(7), month(5)])] == [waits]
    assert [*duration_items(month(5), [], Unit.DAYS, dims, unless=[month(3)])] == []
    nobody_knows = [Counted(None, dims=dims, under_way=True)]
    assert [*duration_items(month(3), [], Unit.DAYS, dims, unless=[month(5), None])] == nobody_knows
    assert [*duration_items(None, [], Unit.DAYS, dims)] == nobody_knows


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.MINUTES])
def test_what_is_known_to_the_month_at_either_end_has_no_length(unit: Unit) -> None:
    noon = Interval(*[datetime(2024, 3, 5, 18, tzinfo=UTC)] * 2)
    assert [elapsed(*ends, unit) for ends in ((month(2), noon), (noon, month(4)), (noon, noon))] == [None, None, 0]


def test_what_came_is_looked_for_up_to_the_next_start_and_what_has_no_date_only_where_nothing_else_came() -> None:
    assert after(month(3), [month(1), None, None]) == [None]
    assert after(month(3), [month(1), month(3), None, month(4)], month(4)) == [month(3)]
    turns = [(month(3), [month(4)]), (month(5), [month(5)]), (None, [])]
    assert [*starts_with_stops([None, month(5), month(3)], [month(5), month(4)])] == turns
