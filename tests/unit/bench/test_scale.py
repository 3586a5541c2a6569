"""A larger day on paper: it has its events, servers that suffice let nobody wait, and half of them do not suffice."""

import pytest

from tests.bench.scale import least, longest_wait, needs, rates, shares

MILLION = 86_400 * 1_000
COST = {"python": 0.1, "postgres": 0.02, "kafka": 0.03}
BENCH = {
    "rows_per_event": 2.0,
    "rates": {"line": 20_000.0},
    "decided_per_event": {"referral": 1.0, "case_tracker": 0.8},
    "cpu_seconds_per_1000": {"intake": COST, "line": COST, "live_1": COST, "referral": COST, "case_tracker": COST},
}


def test_a_day_has_its_events_and_its_noon_three_times_the_mean() -> None:
    day = list(rates(MILLION))
    assert sum(day) * 60 == pytest.approx(MILLION, rel=0.001)
    assert max(day) == day[720] == pytest.approx(3_000, rel=0.001)


def test_every_event_is_in_one_partition_and_the_busiest_has_more_than_its_share() -> None:
    assert sum(shares(16)) == pytest.approx(1)
    assert max(shares(16)) > 1 / 16


def test_who_is_fast_enough_lets_nobody_wait_and_who_is_not_does() -> None:
    day = list(rates(MILLION))
    assert longest_wait(day, 1, 1e6 / 3_001) == 0
    assert longest_wait(day, 1, 1e6 / 2_900) > 60


@pytest.mark.parametrize("microseconds", [50.0, 500.0, 5_000.0])
def test_the_least_number_suffices_and_half_of_it_does_not(microseconds: float) -> None:
    day = list(rates(MILLION))
    servers, wait = least(day, microseconds, lambda number: 1 / number)
    assert wait <= 1
    assert servers == 1 or longest_wait(day, 2 / servers, microseconds) > 1


def test_ten_times_the_events_keep_ten_times_the_cores_busy() -> None:
    small, large = needs(BENCH, MILLION), needs(BENCH, 10 * MILLION)
    for one, ten in zip(small, large, strict=True):
        assert ten.busy == pytest.approx(10 * one.busy)
        assert ten.least >= one.least


def test_the_line_is_as_fast_as_it_was_with_its_database_and_not_as_its_own_cpu_allows() -> None:
    def line(events: int) -> int:
        return next(each.least for each in needs(BENCH, events) if each.stage == "the line alone")

    a_day_at_noon = BENCH["rates"]["line"] / 3 * 86_400  # type: ignore[index]
    assert (line(int(a_day_at_noon * 0.99)), line(int(a_day_at_noon * 1.1))) == (1, 2)
