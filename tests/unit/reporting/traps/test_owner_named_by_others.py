"""Owner of a fact that another agency names: the owner's statement counts, also where it names nobody itself."""

import pytest

from schemas.ids import Kind
from tests.unit.reporting.figures_of_events import Said, reading
from tests.unit.reporting.samples import activity, an_id, person

YEARS = "2024", "2025"


def amounts(number: str, *events: Said) -> list[int]:
    return [reading(number, year, *events).amount for year in YEARS]


def screened(agency: str, when: str, requested_by: str | None = None) -> Said:
    data = {"screening": activity(1), "persons": [person(1)]}
    return "screening.completed", data | ({"requested_by": requested_by} if requested_by else {}), when, agency


@pytest.mark.parametrize("number", ["O6a", "R5a"])
def test_the_agency_that_another_names_as_requester_does_not_move_a_screening(number: str) -> None:
    performed = screened("bpd", "2024-12-31", "immigration")
    assert amounts(number, performed, screened("immigration", "2025-01-01")) == [1, 0]
    assert amounts(number, screened("bpd", "2025-01-01", "immigration"), screened("immigration", "2024-12-31")) == [
        0,
        1,
    ]


def test_a_screening_that_the_requester_alone_tells_counts_and_may_be_there_twice() -> None:
    alone = screened("immigration", "2024-03-01"), screened("immigration", "2024-03-02", "immigration")
    found = reading("O6a", "2024", *alone)
    assert (found.amount, found.twice) == (1, 1)


def placed(agency: str, when: str, operator: str | None = None) -> Said:
    data = {"person": person(1), "placement": an_id(Kind.PLACEMENT, 1), "population": "victim"}
    return "shelter.placement_started", data | ({"operator": operator} if operator else {}), when, agency


def left(agency: str, when: str, operator: str | None = None) -> Said:
    data = {"person": person(1), "placement": an_id(Kind.PLACEMENT, 1)}
    return "shelter.placement_ended", data | ({"operator": operator} if operator else {}), when, agency


@pytest.mark.parametrize(
    ("operator", "others"),
    [
        (placed("cdf", "2024-12-31", "cdf"), placed("dhs", "2025-01-01")),
        (placed("cdf", "2024-12-31"), placed("dhs", "2025-01-01", "cdf")),
        (placed("cdf", "2024-12-31", "cdf"), placed("dhs", "2025-01-01", "cdf")),
    ],
)
def test_a_placement_began_when_its_operator_says_whoever_names_the_operator(operator: Said, others: Said) -> None:
    assert amounts("O24c", operator, others) == [1, 0]
    assert reading("O24b", "2024", operator, others).amount == 1
    assert reading("O24d", "2024", operator, others).amount == 1


def test_a_placement_whose_operator_is_known_by_its_start_ended_when_the_operator_says() -> None:
    begun = placed("cdf", "2024-12-01", "cdf")
    ended = left("cdf", "2024-12-30"), left("dhs", "2025-01-02")
    assert reading("O24d", "2024", begun, *ended).amount == 0
    assert amounts("O24b", begun, *ended) == [1, 0]
    assert reading("T18", "2024", begun, *ended).few_durations == [29]


def test_a_placement_whose_operator_its_end_alone_names_began_when_the_operator_says() -> None:
    begun = placed("cdf", "2024-12-31"), placed("dhs", "2025-01-01")
    assert amounts("O24c", *begun) == [0, 1]
    assert amounts("O24c", *begun, left("dhs", "2025-03-01", "cdf")) == [1, 0]


def test_a_placement_without_an_operator_is_told_by_human_services_and_another_agencys_word_may_be_twice() -> None:
    assert amounts("O24c", placed("dhs", "2024-12-31"), placed("cdf", "2025-01-01")) == [1, 0]
    found = reading("O24c", "2025", placed("cdf", "2025-01-01"))
    assert (found.amount, found.twice) == (1, 1)


def bail(step: str, agency: str, when: str, **more: object) -> Said:
    return (
        f"bail.{step}",
        {"person": person(1), "bail": an_id(Kind.BAIL, 1), "court": "magistrates", **more},
        when,
        agency,
    )


def test_bail_was_granted_and_revoked_when_the_prosecution_says() -> None:
    granted = bail("granted", "odpp", "2024-12-31"), bail("granted", "bpd", "2025-01-01")
    assert amounts("R19a", *granted) == [1, 0]
    assert amounts("R19a", bail("granted", "bpd", "2024-12-31"), bail("granted", "odpp", "2025-01-01")) == [0, 1]
    assert amounts("R19a", *granted[1:]) == [0, 1]
    revoked = bail("revoked", "odpp", "2024-12-31"), bail("revoked", "bpd", "2025-01-01")
    assert amounts("R19d", bail("granted", "odpp", "2024-11-01"), *revoked) == [1, 0]


def test_bail_that_only_the_police_tell_of_counts_beside_another_time_that_the_prosecution_tells() -> None:
    first = bail("granted", "odpp", "2024-02-01"), bail("revoked", "odpp", "2024-05-01")
    assert amounts("R19a", *first, bail("granted", "bpd", "2025-03-01")) == [1, 1]
