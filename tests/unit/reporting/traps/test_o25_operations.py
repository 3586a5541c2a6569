"""O25: operations are counted as such, and who is arrested in one is among all arrested, not beside them."""

import pytest

from services.reporting.domain.figures.justice.suspect import arrest_figures
from services.reporting.domain.read.reading import NotAdditive, total
from tests.unit.reporting.figures_of_events import by, holds_only_by, reading, readings
from tests.unit.reporting.traps.justice import arrest, operation


def test_arrests_in_an_operation_are_part_of_all_arrests() -> None:
    def check() -> None:
        events = (
            operation(1, "2024-01-26", activities=["arrests", "search_warrants"]),
            arrest(1, 1, "2024-01-26", operation=1),
            arrest(2, 2, "2024-01-26", operation=1),
            arrest(3, 3, "2024-02-08"),
        )
        everybody, within = reading("O9", "2024", *events), reading("O25b", "2024", *events)
        assert (everybody.amount, within.amount) == (3, 2)
        with pytest.raises(NotAdditive):
            total(everybody, within)

    holds_only_by((arrest_figures, "in_operation"), lambda _: True, check)


def test_an_arrest_whose_operation_nobody_told_counts_and_makes_no_operation() -> None:
    events = (arrest(1, 1, "2024-01-26", operation=1),)
    assert reading("O25b", "2024", *events).amount == 1
    assert reading("O25a", "2024", *events).amount == 0


def test_an_operation_told_again_is_one_and_of_several_activities_stands_in_a_row_of_each() -> None:
    told = (
        operation(1, "2024-01-26", activities=["arrests"]),
        operation(1, "2024-01-27", activities=["arrests", "screening"]),
    )
    assert reading("O25a", "2024", *told).amount == 1
    found = by(readings("O25a", "2024", *told, by=("activity",)))
    assert found == {("arrests",): 1, ("screening",): 1}


def test_what_an_operation_did_is_no_number_of_anything() -> None:
    events = (operation(1, "2024-01-26", activities=["arrests", "interviews", "screening"]),)
    assert [reading(number, "2024", *events).amount for number in ("O9", "O25b", "O6a")] == [0, 0, 0]
