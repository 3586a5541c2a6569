"""Rows of the report with words and no number: the amount that the year's events give, and the note beside it."""

from functools import lru_cache

import pytest

from services.presentation.report_2024_numbers import PRINTED
from services.presentation.report_2024_numbers.comparison_with_figures import ComparedLine
from tests.unit.demo.counted_year import accepted, counted


@lru_cache(maxsize=1)
def lines() -> list[ComparedLine]:
    return counted(accepted())


@pytest.mark.parametrize(
    ("number", "computed", "unknown"),
    [
        ("M5a", 82, 0),
        ("M7a", None, 1),
        ("M7b", 1, 0),
        ("M9b", 2, 0),
        ("M11a", 3, 3),
        ("M11b", None, 6),
        ("M13", 1, 0),
        ("M15a", 3, 0),
        ("M15b", 0, 0),
        ("M15c", 0, 0),
        ("M16", None, 1),
        ("P1e", 4, 0),
        ("P1f", 4, 0),
        ("P5", 1, 0),
        ("P6c", 3, 0),
        ("P7b", 0, 0),
        ("P10", 2, 0),
    ],
)
def test_what_is_told_in_words_is_counted_as_far_as_it_was(number: str, computed: int | None, unknown: int) -> None:
    (line,) = (each for each in lines() if each.printed.number == number and each.printed.value is None)
    assert (line.computed, line.unknown, line.agrees) == (computed, unknown, None)


def test_no_row_has_words_beside_a_number() -> None:
    assert [row.number for row in PRINTED if row.words and row.value is not None] == []
