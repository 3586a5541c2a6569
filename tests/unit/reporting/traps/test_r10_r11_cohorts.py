"""R10 and R11: steps of one cohort, whenever they were taken; open is not acquitted."""

from services.reporting.domain.declaration.figure import Days
from services.reporting.domain.figures.justice.suspect import attrition
from services.reporting.domain.figures.justice.suspect.state import Suspect
from tests.unit.reporting.figures_of_events import Event, holds_only_by, reading
from tests.unit.reporting.samples import at
from tests.unit.reporting.traps.justice import (
    appeal,
    arrest,
    charge,
    committed,
    died,
    identified,
    released,
    sentenced,
    tried,
    verdict,
    withdrawn,
)

TO_PRISON: tuple[Event, ...] = (
    identified(1, "2023-12-05"),
    arrest(1, 1, "2023-12-20"),
    charge(1, 1, "2024-01-03"),
    committed(1, 1, "2024-05-01"),
    tried(1, 1, "2024-10-07"),
    verdict(1, 1, "2025-02-03"),
    sentenced(1, 1, "2025-03-03", "imprisonment", custodial_months=96),
)


def steps(period: str, *events: Event) -> str:
    return "".join(str(reading(f"R10{letter}", period, *events).amount) for letter in "abcdefgh")


def charged(period: str, *events: Event) -> str:
    return "".join(str(reading(f"R11{letter}", period, *events).amount) for letter in "abc")


def test_each_step_counts_in_the_cohort_and_in_no_other_year() -> None:
    assert [steps(year, *TO_PRISON) for year in ("2023", "2024", "2025")] == ["11111110", "00000000", "00000000"]
    assert [charged(year, *TO_PRISON) for year in ("2023", "2024", "2025")] == ["000", "110", "000"]


def test_a_step_that_is_not_reached_yet_leaves_the_person_open() -> None:
    found = [steps("2023", *TO_PRISON[:number]) for number in range(1, len(TO_PRISON) + 1)]
    assert found == ["10000001", "11000001", "11100001", "11110001", "11111001", "11111100", "11111110"]


def test_who_was_charged_and_never_arrested_is_in_the_cohort() -> None:
    assert steps("2024", charge(1, 1, "2024-02-27")) == "10100001"


def test_the_first_of_several_imprecise_days_is_as_imprecise_as_they_leave_it() -> None:
    def check() -> None:
        events = arrest(1, 1, at("2023-12", "2024-01")), charge(1, 1, "2024-01-10")
        assert [steps(year, *events)[0] for year in ("2023", "2024", "2023..2024")] == ["0", "0", "1"]

    holds_only_by((attrition, "first_of"), lambda times: Days(times[-1].first_day, times[-1].last_day), check)


def test_an_end_without_a_court_is_no_conviction_and_nothing_open() -> None:
    base = arrest(1, 1, "2024-02-01"), charge(1, 1, "2024-02-03")
    for end in (withdrawn(1, 1, "2024-04-01"), died(1, "2024-04-01"), verdict(1, 1, "2024-04-01", "discontinued")):
        assert (steps("2024", *base, end), charged("2024", *base, end)) == ("11100000", "100")


def test_who_was_let_go_for_good_is_not_open_and_who_is_on_bail_is() -> None:
    def check() -> None:
        free = arrest(1, 1, "2024-02-01"), released(1, 1, "2024-02-02", "without_charge")
        assert steps("2024", *free) == "11000000"
        waiting = arrest(1, 1, "2024-02-01"), released(1, 1, "2024-02-02", "police_bail")
        assert steps("2024", *waiting) == "11000001"

    holds_only_by((attrition, "LET_GO_FOR_GOOD"), frozenset(), check)


def test_a_release_ends_the_arrest_that_it_is_of_and_no_other() -> None:
    free = arrest(1, 1, "2024-02-01"), released(1, 1, "2024-02-02", "without_charge")
    again = *free, arrest(2, 1, "2024-06-01")

    def check() -> None:
        assert steps("2024", *again) == "11000001"
        assert steps("2024", *again, released(2, 1, "2024-06-02", "police_bail")) == "11000001"
        assert steps("2024", *again, released(2, 1, "2024-06-02", "mistaken_identity")) == "11000000"

    def of_all(suspect: Suspect) -> set[str]:
        return {*suspect.arrests} if attrition.LET_GO_FOR_GOOD.intersection(suspect.releases.values()) else set()

    holds_only_by((attrition, "let_go"), of_all, check)
    assert steps("2024", identified(1, "2024-01-10"), free[1]) == "10000000"


def test_who_is_arrested_after_all_charges_ended_is_open_and_who_was_before_is_not() -> None:
    base = arrest(1, 1, "2024-02-01"), charge(1, 1, "2024-02-03")

    def check() -> None:
        for end in (withdrawn(1, 1, "2024-04-01"), verdict(1, 1, "2024-04-01", "acquitted")):
            for again, still in (("2024-03-31", "0"), ("2024-04", "0"), ("2024-04-02", "1"), ("", "0")):
                assert steps("2024", *base, end, arrest(2, 1, again))[-1] == still
            assert steps("2024", *base, end, arrest(2, 1, "2024-06-01"), died(1, "2024-07-01"))[-1] == "0"
            let_go = arrest(2, 1, "2024-06-01"), released(2, 1, "2024-06-02", "without_charge")
            assert steps("2024", *base, end, *let_go)[-1] == "0"

    holds_only_by((attrition, "surely_before"), lambda *_: False, check)
    holds_only_by((attrition, "surely_before"), lambda *_: True, check)


def test_a_person_with_one_charge_decided_and_one_open_is_open() -> None:
    events = charge(1, 1, "2024-02-01"), charge(2, 1, "2024-02-01"), verdict(1, 1, "2024-06-01")
    assert charged("2024", *events) == "111"


def test_a_conviction_that_was_quashed_does_not_stand_and_a_retrial_opens_it() -> None:
    convicted = charge(1, 1, "2023-02-01"), verdict(1, 1, "2024-02-10")
    assert charged("2023", *convicted) == "110"
    assert charged("2023", *convicted, appeal(1, 1, "2025-02-10", "dismissed")) == "110"
    assert charged("2023", *convicted, appeal(1, 1, "2025-02-10", "conviction_quashed")) == "100"
    reopened = *convicted, appeal(1, 1, "2025-02-10", "retrial_ordered")
    assert charged("2023", *reopened) == "101"
    assert charged("2023", *reopened, verdict(1, 1, "2025-09-01")) == "110"


def test_prison_for_a_charge_that_was_no_conviction_as_charged_is_another_thing() -> None:
    less = charge(1, 1, "2024-02-01"), verdict(1, 1, "2024-05-01", "convicted_of_lesser")
    assert steps("2024", *less, sentenced(1, 1, "2024-06-01", "imprisonment")) == "10101000"
    fined = charge(1, 1, "2024-02-01"), verdict(1, 1, "2024-05-01"), sentenced(1, 1, "2024-06-01", "fine")
    assert steps("2024", *fined) == "10101100"
