"""Rules of counting that no single figure owns: totals beside items, and what lies over the end of a year."""

import pytest

from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.figures.prevention import inspection
from services.reporting.domain.read import amounts_from_cells
from tests.unit.reporting.figures_of_events import Said, holds_only_by, reading
from tests.unit.reporting.samples import activity, an_id, at, person

INSPECTION = "bz.atips.labour.inspection_completed.v1"


def inspected(number: int, when: str, **more: object) -> Said:
    return "labour.inspection_completed", {"inspection": activity(number), **more}, when, "labour"


ITEMS = inspected(1, "2024-03-04"), inspected(2, "2024-03-11"), inspected(3, "2024-03-18")


def test_a_control_total_and_a_claim_are_held_against_the_inspections_and_count_nothing() -> None:
    control: Said = (
        "period.closed",
        {"agency": "labour", "period": "2024-03", "counts": {INSPECTION: 3}},
        "2024-04-03",
        "labour",
    )
    claim: Said = (
        "figure.claimed",
        {"number": "O27a", "period": "2024-03", "amount": 3, "document": "agency_report"},
        "2024-04-03",
        "labour",
    )
    assert reading("O27a", "2024", *ITEMS, control, claim).amount == 3
    assert reading("O27a", "2024", control, claim).amount == 0, "a total alone is no item"


@pytest.mark.parametrize(("count", "together"), [(2, 3), (3, 3), (120, 120)])
def test_a_batch_of_inspections_and_the_items_within_it_never_both_count(count: int, together: int) -> None:
    """The larger number counts: of both the same inspections may be meant."""
    batch = inspected(9, "2024-03", count=count, count_basis="inspections")
    for events in ((*ITEMS, batch), (batch, *ITEMS)):
        assert reading("O27a", "2024", *events).amount == together


@pytest.mark.parametrize(
    "beside",
    [
        inspected(4, "2024-04-01"),
        inspected(4, "2024-03-04", district="cayo"),
        (*inspected(4, "2024-03-04", district="belize")[:3], "bpd"),
    ],
    ids=["of another month", "of another district", "of another agency"],
)
def test_an_inspection_that_lies_in_no_batch_counts_beside_it(beside: Said) -> None:
    batch = inspected(9, "2024-03", count=5, count_basis="inspections", district="belize")
    within = inspected(5, "2024-03-04", district="belize")
    assert reading("O27a", "2024", within, beside, batch).amount == 6


def test_an_estimate_of_inspections_is_no_number_of_them() -> None:
    estimate = inspected(9, "2024-03", count=5, count_basis="estimate")
    found = reading("O27a", "2024", estimate)
    assert (found.amount, found.unknown, found.value) == (0, 1, None)


def test_a_batch_restated_as_larger_replaces_itself_and_does_not_add() -> None:
    def check() -> None:
        batch = [inspected(1, "2024-03", count=n, count_basis="inspections") for n in (50, 64)]
        assert reading("O27a", "2024", *batch).amount == 64

    holds_only_by((inspection, "possible_days"), lambda _: None, check)


def test_a_participants_total_counts_and_its_split_by_sex_does_not_beside_it() -> None:
    data = {"session": activity(1), "programmes": ["iec_plan"], "participants_n": 20, "female_n": 12, "male_n": 8}
    assert reading("M1", "2024", ("training.session_delivered", data, "2024-05-02")).amount == 20


def test_a_span_over_a_year_s_end_is_shown_and_not_split() -> None:
    course = {
        "person": person(1),
        "service": an_id(Kind.SERVICE, 1),
        "service_type": "skills",
        "provider": "dhs",
    }
    over: Said = ("service.provided", course, at("2024-11-04", "2025-02-14"), "dhs")

    def check() -> None:
        years = [reading("O21a", year, over) for year in ("2024", "2025", "2024..2025")]
        assert [(each.amount, each.cut) for each in years] == [(0, 1), (0, 1), (1, 0)]

    def splits(key: CellKey, period: Period) -> bool:
        return key.on_from <= period.last and key.on_to >= period.first

    holds_only_by((amounts_from_cells, "_contained"), splits, check)
