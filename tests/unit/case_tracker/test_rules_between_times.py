"""Rules where times are imprecise, and hearings that nobody reports on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codebook.governance import FindingSeverity
from schemas.times import Interval, surely_before
from services.case_tracker.domain import case_facts as spines
from services.case_tracker.domain.rules import RULES, danger, order_of_events
from tests.unit.case_tracker.case_statements import (
    DOWN,
    adjourned,
    arrested,
    charged,
    committed,
    committed_below,
    identified,
    log_of,
    sentence,
    set_down,
    verdict,
)
from tests.unit.case_tracker.sample import (
    START,
    day,
)
from tests.unit.case_tracker.test_rules import SAMPLES
from tests.unit.case_tracker.test_rules_of_danger import term_ends


def test_the_dangerous_are_critical_and_no_others() -> None:
    critical = {each.code for each in RULES if each.severity is FindingSeverity.CRITICAL}
    assert critical == {each.code for each in RULES if each.judge.__module__.startswith(f"{danger.__name__}.")}


def test_a_hearing_is_missed_only_when_its_day_and_the_time_to_tell_have_passed() -> None:
    (found,) = log_of(DOWN).standing()
    assert found.waits
    assert found.opens_at.isoformat() == "2024-03-15T06:00:00+00:00"


def test_a_hearing_on_a_day_after_all_years_waits_and_stops_nobody() -> None:
    """Books write 9999-12-31 for a day that is not set. The door took it, and the service ended on reading it."""
    (found,) = log_of((*DOWN, set_down("9999-12-31"))).standing()
    assert found.opens_at.isoformat() == "2200-01-03T06:00:00+00:00"


@pytest.mark.parametrize(
    ("said", "ends"), [({"ends_on": "9999-12-31"}, "2200-01-01T06:00:00+00:00"), ({"custodial_months": 99_999}, None)]
)
def test_a_term_that_ends_after_all_years_stops_nobody(said: dict[str, object], ends: str | None) -> None:
    """Books write so for a life."""
    told = (identified(), charged(), verdict("convicted"), sentence(kinds=["imprisonment"], **said))
    assert term_ends(log_of(told)) == ends


instants = st.integers(0, 6).map(lambda hours: START + timedelta(hours=hours))
intervals = st.tuples(instants, instants).map(lambda ends: Interval(min(ends), max(ends)))


@given(intervals, intervals)
def test_what_is_surely_before_is_so_at_whatever_time_it_was(one: Interval, other: Interval) -> None:
    """Against every instant that both may have been: an interval holds its start, and its end only if that is one."""

    def within(each: Interval) -> list[int]:
        hours = [int((edge - START).total_seconds()) // 1800 for edge in (each.start, each.end)]
        return list(range(hours[0], hours[1])) or [hours[0]]

    every = all(first < second for first in within(one) for second in within(other))
    assert surely_before(one, other) is every


def test_times_that_nobody_knows_are_before_nothing() -> None:
    known = Interval(START, START)
    assert not surely_before(None, known)
    assert not surely_before(known, None)


def test_the_samples_catch_a_comparison_that_looks_at_starts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(one: Interval | None, other: Interval | None) -> bool:
        return one is not None and other is not None and one.start < other.start

    for module in (order_of_events, danger, spines):
        if hasattr(module, "surely_before"):
            monkeypatch.setattr(module, "surely_before", careless)
    claimed = [each.code for each in SAMPLES for good in each.good if each.code in log_of(good).codes()]
    assert {"out_of_order", "committal_off_route", "after_death"} <= set(claimed)


@pytest.mark.parametrize("on", ["2024-03-12", "2024-03-20"])
def test_a_hearing_is_missed_once_where_it_was_put_off_to_a_day_and_set_down_anew(on: str) -> None:
    log = log_of((arrested(), adjourned(next_on="2024-03-12", **day("2024-02-20")), set_down(on)))
    assert [each.records for each in log.standing()] == [(log.entries[-1].event.ref,)]


def test_a_committal_of_what_nobody_filed_that_two_tell_of_is_one() -> None:
    log = log_of((arrested(), committed(), committed_below(**day("2024-03-02"))))
    assert [each.records for each in log.standing()] == [(log.entries[1].event.ref,)]
