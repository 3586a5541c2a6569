"""How long things take in the invented year, worked out by hand from what is written down there."""

from functools import lru_cache

from services.presentation.report_2024_numbers.comparison_with_figures import PERIOD
from services.reporting.domain.cells.cells_from_items import CellKey, add_changes
from services.reporting.domain.cells.counted_items import cells
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.amounts_from_cells import read
from services.reporting.domain.read.reading import Reading
from tests.unit.demo.counted_year import accepted, states


@lru_cache(maxsize=1)
def total() -> dict[CellKey, int]:
    found: dict[CellKey, int] = {}
    for state in states(accepted()).values():
        add_changes(found, cells(state))
    return found


def of(number: str, *by: str) -> dict[tuple[str, ...], Reading]:
    return {tuple(each.dimensions.values()): each for each in read(FIGURES[number], total(), PERIOD, by)}


def test_a_report_of_september_is_screened_in_october_and_one_of_november_waits() -> None:
    found = of("T1")[()]
    assert (found.few_durations, found.under_way) == ([3], 1)


def test_one_need_took_three_attempts_and_another_two() -> None:
    found = of("R4d")[()].durations
    assert (found[3], found[2]) == (1, 1)
    # 25 January at 10:10 to the 31st at 8:50; 2 April at 10:10 to the 9th at 14:00; one of December waits.
    waits = of("T5")[()]
    assert {8560, 7 * 1440 + 230} <= waits.durations.keys()
    assert waits.under_way == 1


def test_what_was_handed_back_was_held_for_four_days() -> None:
    assert of("T8")[()].few_durations == [4]


def test_who_was_asked_and_did_not_want_is_told_apart() -> None:
    found = of("R2d", "reason", "refused_by")
    assert {key: each.amount for key, each in found.items()} == {
        ("no_capacity", "provider"): 1,
        ("person_declined", "person"): 1,
    }


def test_the_second_of_two_acceptances_does_not_count() -> None:
    assert ("love_foundation",) not in of("R2c", "to_agency")


def test_two_referrals_are_open_at_the_years_end() -> None:
    found = of("R2j", "state", "to_agency")
    assert {key: each.amount for key, each in found.items()} == {("in_progress", "hti"): 1, ("sent", "cdf"): 1}


def test_times_at_court_are_those_of_the_three_convicted_and_their_sentences() -> None:
    assert of("T15")[()].few_durations == [28, 28, 37]
    assert of("T12")[()].few_durations == [69, 148]
