"""Amounts keep their meaning: what does not add up is refused."""

import pytest

from schemas.times import Period
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import NotAdditive, Reading, UnlikeUnits, total


def amount(number: str, period: str = "2024", value: int = 1, **dimensions: str) -> Reading:
    return Reading(FIGURES[number], Period.parse(period), dimensions, value)


def test_months_of_an_additive_figure_add_up() -> None:
    assert total(amount("M1", "2024-01", 30), amount("M1", "2024-02", 12)) == 42


@pytest.mark.parametrize(("left", "right"), [("O13a", "O13b"), ("O9", "O1a"), ("M1", "O27a"), ("O6a", "O6b")])
def test_unlike_units_never_add(left: str, right: str) -> None:
    with pytest.raises(UnlikeUnits):
        total(amount(left), amount(right))


SAME_FACT, TWICE, VALUES, OVERLAP = "the same fact", "the same one twice", "two values", "overlap"


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        (amount("O27a", "2023"), amount("O27b", "2024"), SAME_FACT),  # 125 is part of the 834, never 959
        (amount("M1", "2023"), amount("M2", "2024"), SAME_FACT),
        (amount("O9", "2024-01"), amount("O9", "2024-02"), TWICE),  # the same person
        (amount("O16", "2024-01"), amount("O16", "2024-02"), TWICE),  # a stock is never summed over months
        (amount("O1b", "2023"), amount("O1b", "2024"), TWICE),
        (amount("O12", "2023"), amount("O12", "2024"), TWICE),
        (amount("O6b", "2023"), amount("O6b", "2024"), TWICE),
        (
            amount("O13b", "2023", exploitation="servitude"),
            amount("O13b", "2024", exploitation="forced_labour"),
            VALUES,
        ),
        (amount("M1", "2024"), amount("M1", "2024-02"), OVERLAP),
        (amount("M1", "2024-01"), amount("M1", "2024-01-31..2024-02"), OVERLAP),
    ],
)
def test_what_may_count_the_same_fact_twice_does_not_add(left: Reading, right: Reading, why: str) -> None:
    for one, other in ((left, right), (right, left)):
        with pytest.raises(NotAdditive, match=why):
            total(one, other)


@pytest.mark.parametrize("reader", [each for each in Reader if each is not Reader.SUM])
def test_a_figure_that_is_no_sum_of_cells_never_adds(reader: Reader) -> None:
    """A batch of O27a may reach over a month's end, and the most of O12 in two months are not the most in both."""
    numbers = [figure.number for figure in FIGURES.values() if figure.reader is reader]
    assert numbers
    for number in numbers:
        with pytest.raises(NotAdditive, match=TWICE):
            total(amount(number, "2024-01"), amount(number, "2024-02"))
