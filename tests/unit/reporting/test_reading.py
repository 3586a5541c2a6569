"""Amounts keep their meaning: what does not add up is refused."""

import pytest

from schemas.times import Period
from services.reporting.domain.figures import FIGURES
from services.reporting.domain.reading import NotAdditive, Reading, UnlikeUnits, total


def amount(number: str, period: str = "2024", value: int = 1, **dimensions: str) -> Reading:
    return Reading(FIGURES[number], Period.parse(period), dimensions, value)


def test_months_of_an_additive_figure_add_up() -> None:
    assert total(amount("O27a", "2024-01", 30), amount("O27a", "2024-02", 12)) == 42


@pytest.mark.parametrize(("left", "right"), [("O13a", "O13b"), ("O9", "O1a"), ("M1", "O27a"), ("O6a", "O6b")])
def test_unlike_units_never_add(left: str, right: str) -> None:
    with pytest.raises(UnlikeUnits):
        total(amount(left), amount(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (amount("O27a"), amount("O27b")),  # 125 is part of the 834, never 959
        (amount("M1"), amount("M2")),
        (amount("O9", "2024-01"), amount("O9", "2024-02")),  # the same person twice
        (amount("O16", "2024-01"), amount("O16", "2024-02")),  # a stock is never summed over months
        (amount("O1b", "2023"), amount("O1b", "2024")),
        (amount("O12", "2023"), amount("O12", "2024")),
        (amount("O6b", "2023"), amount("O6b", "2024")),
        (amount("O27a", "2024"), amount("O27a", "2024-02")),  # periods that overlap
        (amount("O13b", "2023", exploitation="servitude"), amount("O13b", "2024", exploitation="forced_labour")),
    ],
)
def test_what_may_count_the_same_fact_twice_does_not_add(left: Reading, right: Reading) -> None:
    with pytest.raises(NotAdditive):
        total(left, right)
