"""The strategy: its four areas are levels, its years are counted, its objectives not invented."""

from collections.abc import Iterator

import pytest

from schemas.codec import decode_strict
from schemas.errors import BadMessage, Reason
from services.reporting.domain.declaration.figure import NEVER, Days
from services.reporting.domain.figures.partnership import strategy_progress as levels
from services.reporting.domain.read.reading import NotAdditive, total
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import activity, raw


def adopted(number: int, when: str, first: int = 2024, last: int = 2028, /, **more: object) -> Event:
    return "strategy.adopted", {"strategy": activity(number), "first_year": first, "last_year": last, **more}, when


def progress(area: str, level: str, when: str, objective: int | None = None, first: int = 2024) -> Event:
    data = {"first_year": first, "area": area, "progress": level}
    return "objective.progress_reported", data | ({} if objective is None else {"objective": objective}), when


LAUNCHED = adopted(1, "2024-06", areas_n=4, objectives_n=11)


def test_areas_and_objectives_stand_from_the_launch_to_the_last_year() -> None:
    amounts = {
        period: [reading(number, period, LAUNCHED).amount for number in ("P1a", "P1b", "P1d")]
        for period in ("2024-05", "2024-06-29", "2024", "2028", "2029")
    }
    assert amounts == {
        "2024-05": [0, 0, 0],
        "2024-06-29": [0, 0, 0],
        "2024": [4, 11, 5],
        "2028": [4, 11, 5],
        "2029": [0, 0, 0],
    }


def test_the_year_of_the_strategy_is_a_level_and_never_a_sum() -> None:
    periods = ("2024", "2025-01-01", "2025", "2028-12-31", "2024..2026", "2029")
    assert [reading("P1c", period, LAUNCHED).amount for period in periods] == [1, 2, 2, 5, 3, 0]
    with pytest.raises(NotAdditive):
        total(reading("P1c", "2024", LAUNCHED), reading("P1c", "2025", LAUNCHED))


def test_a_strategy_of_before_and_one_launched_late_do_not_reach_into_each_other() -> None:
    events = adopted(2, "2019-01-10", 2018, 2023, areas_n=3), LAUNCHED
    assert [reading("P1a", period, *events).amount for period in ("2018", "2023", "2024-01", "2024")] == [0, 3, 0, 4]
    assert [reading("P1c", period, *events).amount for period in ("2018", "2019", "2023", "2024")] == [0, 2, 6, 1]


def test_a_strategy_adopted_before_its_first_year_is_not_in_force_beside_the_one_before() -> None:
    events = adopted(2, "2019-01-10", 2019, 2023, areas_n=4), adopted(3, "2023-06-10", areas_n=5)
    found = {year: [reading(f"P1{of}", year, *events).amount for of in "acd"] for year in ("2023", "2024-01", "2024")}
    assert found == {"2023": [4, 5, 5], "2024-01": [5, 1, 5], "2024": [5, 1, 5]}


def test_a_strategy_adopted_anew_changes_no_year_before() -> None:
    events = LAUNCHED, adopted(1, "2026-03-01", 2024, 2030, areas_n=5, objectives_n=12)
    found = [[reading(f"P1{of}", year, *events).amount for of in "abcd"] for year in ("2024", "2025", "2026", "2029")]
    assert found == [[4, 11, 1, 5], [4, 11, 2, 5], [5, 12, 3, 7], [5, 12, 6, 7]]


def test_a_strategy_that_follows_replaces_the_former_on_the_days_that_both_cover() -> None:
    events = LAUNCHED, adopted(2, "2026-03-01", 2026, 2030, areas_n=5, objectives_n=13)
    periods = "2025", "2026-02", "2026", "2029"
    found = [[reading(f"P1{of}", period, *events).amount for of in "abcd"] for period in periods]
    assert found == [[4, 11, 2, 5], [4, 11, 3, 5], [5, 13, 1, 5], [5, 13, 4, 5]]


def test_one_adoption_under_two_ids_counts_once() -> None:
    assert [reading(f"P1{of}", "2024", LAUNCHED, adopted(2, "2024-06", areas_n=4)).value for of in "acd"] == [4, 1, 5]


def test_the_numbers_of_the_former_do_not_stand_in_for_those_that_nobody_gave() -> None:
    found = reading("P1b", "2026", LAUNCHED, adopted(2, "2026-03-01", 2026, 2030))
    assert (found.value, found.unknown) == (None, 1)


def test_numbers_that_nobody_gave_are_unknown_and_an_undated_launch_is_listed() -> None:
    found = reading("P1b", "2024", adopted(1, "2024-06"))
    assert (found.value, found.unknown) == (None, 1)
    assert reading("P1a", "2024", adopted(1, "", areas_n=4)).undated == 4
    assert reading("P1c", "2024", adopted(1, "")).undated == 1


def for_ever(reports: levels.AreaReports) -> Iterator[tuple[Days, str]]:
    """Each report holds whatever is reported after it."""
    return ((Days(when.last_day, NEVER), level) for when, level in reports if when is not None)


def test_progress_of_an_area_is_the_last_one_reported() -> None:
    events = (
        progress("prevention", "not_started", "2024-07-31"),
        progress("prevention", "under_way", "2024-12-31"),
        progress("protection", "under_way", "2024-12-31"),
        progress("protection", "achieved", "2025-03-03"),
    )

    def check() -> None:
        assert by(readings("P1e", "2024", *events, by=("progress",))) == {("under_way",): 2}

    holds_only_by((levels, "until_next"), for_ever, check)
    assert by(readings("P1e", "2024-08", *events, by=("progress",))) == {("not_started",): 1}
    assert by(readings("P1e", "2025", *events, by=("area", "progress"))) == {
        ("prevention", "under_way"): 1,
        ("protection", "achieved"): 1,
    }


def test_reports_on_a_strategy_that_follows_end_those_on_the_former() -> None:
    events = (
        progress("prevention", "achieved", "2023-11-30", first=2019),
        progress("protection", "delayed", "2023-11-30", first=2019),
        progress("prevention", "not_started", "2023-12-15"),
        progress("prevention", "achieved", "2023-12-15", 3, first=2019),
    )
    every = [by(readings("P1e", year, *events, by=("area", "progress"))) for year in ("2023", "2024")]
    assert every == [
        {("prevention", "achieved"): 1, ("protection", "delayed"): 1},
        {("prevention", "not_started"): 1},
    ]
    assert [reading("P1e", year, *events).amount for year in ("2023", "2024")] == [2, 1]
    assert [reading("P1f", year, *events).amount for year in ("2023", "2024")] == [1, 1]


def test_objectives_are_numbers_within_their_area_and_do_not_count_as_areas() -> None:
    events = (
        progress("prevention", "under_way", "2024-12-31", 1),
        progress("prevention", "achieved", "2024-12-31", 2),
        progress("prevention", "under_way", "2024-12-31"),
    )
    assert [reading(number, "2024", *events).amount for number in ("P1e", "P1f")] == [1, 2]


@pytest.mark.parametrize("objective", [0, 12])
def test_there_are_eleven_objectives(objective: int) -> None:
    name, data, when = progress("prevention", "under_way", "2024-12-31", objective)
    with pytest.raises(BadMessage) as refused:
        decode_strict(raw(name, 1, data, when, agency="council"))
    assert (refused.value.reason, refused.value.pointer) == (Reason.OUT_OF_RANGE, "/data/objective")


def test_a_strategy_that_ends_before_it_begins_is_refused() -> None:
    name, data, when = adopted(1, "2024-06", 2028, 2024)
    with pytest.raises(BadMessage) as refused:
        decode_strict(raw(name, 1, data, when, agency="council"))
    assert (refused.value.reason, refused.value.pointer) == (Reason.OUT_OF_RANGE, "/data/last_year")
