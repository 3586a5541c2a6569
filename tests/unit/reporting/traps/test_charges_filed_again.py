"""Charges that are filed again after they ended are other charges, also under the id that they had."""

import pytest

from schemas.codebook.justice import MAY_BE_FILED_AGAIN
from services.reporting.domain.facts import charges_filed_again
from services.reporting.domain.figures.cases.investigation import folds as of_case
from services.reporting.domain.figures.justice import arrest_to_charge, suspect_and_victim_ties
from services.reporting.domain.figures.justice.suspect import folds as of_suspect
from tests.unit.reporting.figures_of_events import Event, holds_only_by, reading
from tests.unit.reporting.samples import case
from tests.unit.reporting.traps.justice import amended, arrest, charge, committed, verdict, withdrawn

YEARS = ("2023", "2024-02", "2024", "2025-04", "2025")
FILED, AGAIN = charge(1, 1, "2023-05-01"), charge(1, 1, "2025-05-01")
ENDS = [withdrawn(1, 1, "2024-03-01"), *(verdict(1, 1, "2024-03-01", each) for each in sorted(MAY_BE_FILED_AGAIN))]


def amounts(number: str, *events: Event, periods: tuple[str, ...] = YEARS) -> list[int]:
    return [reading(number, period, *events).amount for period in periods]


@pytest.mark.parametrize("end", ENDS)
def test_a_charge_that_is_filed_again_waits_again_and_waited_before(end: Event) -> None:
    """The filing of 2025 took the person out of the report of 2023, and nobody was before the court after it."""

    def check() -> None:
        assert amounts("O16", FILED, end, AGAIN) == [1, 1, 0, 0, 1]
        assert amounts("R22a", FILED, end, AGAIN, periods=("2023", "2024", "2025")) == [1, 0, 1]
        assert amounts("R11a", FILED, end, AGAIN, periods=("2023", "2025")) == [1, 0]

    holds_only_by((of_suspect, "is_filed_again"), lambda *_: False, check)
    third = withdrawn(1, 1, "2025-08-01"), charge(1, 1, "2026-01-01")
    assert amounts("O16", FILED, end, AGAIN, *third, periods=(*YEARS, "2026")) == [1, 1, 0, 0, 0, 1]


def test_who_was_first_suspected_by_the_charge_stays_so() -> None:
    def check() -> None:
        for number in ("R10a", "R8c"):
            assert amounts(number, FILED, ENDS[0], AGAIN, periods=("2023", "2025")) == [1, 0]

    holds_only_by((suspect_and_victim_ties, "is_filed_again"), lambda *_: False, check)


def test_the_time_from_arrest_to_charge_ends_with_the_first_filing() -> None:
    events = arrest(1, 1, "2023-05-01T08:00"), charge(1, 1, "2023-05-01T09:00"), ENDS[0], AGAIN

    def check() -> None:
        assert reading("T11", "2023", *events).few_durations == [60]
        assert reading("T11", "2025", *events).few_durations == []

    holds_only_by((arrest_to_charge, "is_filed_again"), lambda *_: False, check)


def of_one_case(event: Event) -> Event:
    name, data, when = event
    return name, {**data, "case": case(1)}, when


@pytest.mark.parametrize("end", ENDS)
def test_a_case_is_active_again_once_its_charge_is_filed_again(end: Event) -> None:
    """A case before the court counted as ended for good."""
    opened: Event = ("investigation.opened", {"case": case(1)}, "2023-01-10")
    events = opened, *map(of_one_case, (FILED, end, AGAIN))

    def check() -> None:
        assert amounts("O7", *events) == [1, 1, 0, 0, 1]
        assert reading("R23h", "2023", *events).amount == 1

    holds_only_by((of_case, "is_filed_again"), lambda *_: False, check)
    repeated = *events, of_one_case(charge(1, 1, "2025-06-01")), of_one_case(withdrawn(1, 1, "2025-09-01"))
    assert amounts("O7", *repeated, periods=("2025-08", "2025")) == [1, 0]


def test_what_became_of_the_former_charge_is_not_said_of_the_one_that_is_filed_again() -> None:
    former = FILED, amended(1, 1, "2023-06-01", "other"), committed(1, 1, "2023-07-01"), ENDS[0]
    assert amounts("R28e", *former, AGAIN) == [1, 1, 0, 0, 0]
    assert amounts("O16", *former, AGAIN) == [0, 0, 0, 0, 1]
    assert amounts("R28d", *former, AGAIN) == [0, 0, 0, 0, 0]
    assert reading("R22b", "2025", *former, AGAIN).amount == 0


@pytest.mark.parametrize(
    "between",
    [
        (),
        (verdict(1, 1, "2024-03-01", "acquitted"),),
        (verdict(1, 1, "2024-03-01", "convicted"),),
        (verdict(1, 1, "2024-03-01", "abated_by_death"),),
        (withdrawn(1, 1, ""),),
        (withdrawn(1, 1, "2025"),),
    ],
)
def test_a_filing_that_is_only_told_again_is_the_same_charge(between: tuple[Event, ...]) -> None:
    """Nobody is charged twice with what a court decided, and an end that may have come later ended this charge."""
    assert amounts("R22a", FILED, *between, AGAIN, periods=("2023..2025",)) == [1]


def test_former_charges_have_ids_of_their_own() -> None:
    ended = {"c": None, "d": None}
    first, over = charges_filed_again.with_former({"c": 1, "d": 2}, ended, "c")
    assert (first, set(over)) == ({"c 1": 1, "d": 2}, {"c 1", "d"})
    second, over = charges_filed_again.with_former({**first, "c": 3}, {**over, "c": None}, "c")
    assert (second, set(over)) == ({"c 1": 1, "c 2": 3, "d": 2}, {"c 1", "c 2", "d"})
