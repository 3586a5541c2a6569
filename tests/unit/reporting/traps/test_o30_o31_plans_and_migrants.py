"""O30 and O31: persons with a plan and persons accompanied, and what CDF does for migrants, who are no victims."""

import pytest

from services.presentation.report_2024_numbers import PRINTED
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.declaration.figure import Counted, Days
from services.reporting.domain.figures.protection.service import state
from services.reporting.domain.read.reading import NotAdditive, total
from tests.unit.reporting.figures_of_events import Said, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import person
from tests.unit.reporting.traps.protection import identified, service


def each_by_itself(_: object, items: list[Counted]) -> list[tuple[Days | None, int, bool]]:
    return [(item.when, 1, False) for item in items]


def planned(who: int, when: str) -> Said:
    return "plan.approved", {"person": person(who)}, when, "dhs"


def of_cdf(number: int, kind: str = "legal_information", partner: str = "iom") -> Said:
    return service(number, number, "2024-04-11", kind, agency="cdf", provider="cdf", partners=[partner])


def test_o30_a_person_with_two_plans_is_one_and_a_service_is_no_plan() -> None:
    def check() -> None:
        events = planned(1, "2024-02-01"), planned(1, "2024-08-01"), service(1, 2, "2024-02-01")
        assert reading("O30a", "2024", *events).amount == 1

    holds_only_by((cells_from_items, "once"), each_by_itself, check)


def test_o30_only_who_was_accompanied_counts_as_such() -> None:
    events = service(1, 1, "2024-02-01", "accompaniment"), service(2, 2, "2024-02-01", "counselling")
    assert reading("O30b", "2024", *events).amount == 1


def test_o31_is_cdfs_work_with_iom_and_no_others() -> None:
    def check() -> None:
        events = (
            of_cdf(1), of_cdf(2, "advocacy"), of_cdf(3, "legal_information", "hti"),
            service(4, 4, "2024-04-11", "legal_information", partners=["iom"]),
        )  # fmt: skip
        found = by(readings("O31", "2024", *events, by=("service_type",)))
        assert found == {("advocacy",): 1, ("legal_information",): 1}

    holds_only_by((state.Service, "involved"), frozenset({"iom"}), check)


def test_o31_migrants_who_are_helped_are_no_victims() -> None:
    events = of_cdf(1), of_cdf(2), identified(9, "2024-01-01")
    found = {
        number: reading(number, "2024", *events).amount for number in ("O31", "O19a", "O19b", "O32a", "R1a", "R1f")
    }
    assert found == {"O31": 2, "O19a": 0, "O19b": 2, "O32a": 1, "R1a": 1, "R1f": 0}


def test_o31_is_a_part_of_all_services() -> None:
    events = of_cdf(1), service(2, 2, "2024-02-01")
    with pytest.raises(NotAdditive):
        total(reading("O31", "2024", *events), reading("O21a", "2024", *events))


def test_o31_what_the_report_says_in_words_is_no_number_and_not_nought() -> None:
    (row,) = (row for row in PRINTED if row.number == "O31")
    assert row.value is None
    assert row.words
