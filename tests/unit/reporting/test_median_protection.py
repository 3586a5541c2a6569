"""Medians that `me_read` sees: the durations left out of one median and in another one are never few."""

from itertools import chain
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.council_input_tables import disclosure_policy
from services.reporting.values.stored_figures_and_rules import rules_of
from services.reporting.values.stored_value import ExactValue, ValueKey
from services.reporting.values.suppression import decide_displays
from services.reporting.values.value_display_rules import ValueDisplay

RULES: Final = rules_of(disclosure_policy())
YEAR: Final = ValueKey("T2", "2024")
QUARTERS: Final = [YEAR._replace(period=f"2024-Q{number}") for number in range(1, 5)]
ROWS: Final = [YEAR._replace(dimension="status", code=code) for code in ("confirmed", "presumed", "rejected")]
COUNTS: Final = st.sampled_from([0, 0, 1, 4, 9, 10, 12, 30])


def median(counted: int, days: float = 30) -> ExactValue:
    return ExactValue(days if counted else None, counted=counted)


def shown(values: dict[ValueKey, ExactValue]) -> set[ValueKey]:
    return {key for key, each in decide_displays(values, RULES).items() if each is ValueDisplay.SHOWN}


def years(parts: list[ValueKey], counts: tuple[int, ...]) -> dict[ValueKey, ExactValue]:
    """Give a year whose durations lie in these parts. Medians differ much: only the counts may decide."""
    own = {key: median(count, days=place) for place, (key, count) in enumerate(zip(parts, counts, strict=True))}
    return {YEAR: median(sum(counts), days=300), **own}


@settings(max_examples=200, deadline=None)
@given(counts=st.tuples(COUNTS, COUNTS, COUNTS, COUNTS))
def test_the_quarters_that_are_not_told_hold_no_few_durations(counts: tuple[int, ...]) -> None:
    values = years(QUARTERS, counts)
    told = shown(values)
    left = [values[key].counted or 0 for key in QUARTERS if key not in told]
    assert len(left) in {0, 4} or (len(left) > 1 and sum(left) >= RULES.fewest_of_a_rate)
    assert YEAR in told or not told


@settings(max_examples=200, deadline=None)
@given(counts=st.tuples(COUNTS, COUNTS, COUNTS))
def test_the_rows_that_are_not_told_hold_no_few_durations(counts: tuple[int, ...]) -> None:
    values = years(ROWS, counts)
    told = shown(values) - {YEAR}
    rest = sum(counts) - sum(values[key].counted or 0 for key in told)
    assert not told or rest >= RULES.fewest_of_a_rate
    assert all(sum(counts) - (values[key].counted or 0) >= RULES.fewest_of_a_rate for key in told)


@pytest.mark.parametrize("parts", [QUARTERS, ROWS])
def test_the_duration_of_one_person_is_no_difference_of_two_medians(parts: list[ValueKey]) -> None:
    """Ten durations are in one part and the eleventh is in another: both medians tell on which side it lies."""
    values = years(parts, (10, 1, *[0] * (len(parts) - 2)))
    assert shown(values) == {YEAR}


@pytest.mark.parametrize("parts", [QUARTERS, ROWS])
def test_medians_of_many_are_told_beside_that_of_the_year(parts: list[ValueKey]) -> None:
    """Rows are told up to the last one: further codes may have none. The four quarters are all that there is."""
    values = years(parts, (12,) * len(parts))
    told = shown(values)
    assert told == {YEAR, *(parts if parts is QUARTERS else told - {YEAR})}
    assert len(told) >= len(parts)


def test_a_row_is_told_whatever_its_median() -> None:
    """The median of a row may be longer than that of all, and as long."""
    for days in (300, 299, 5, 900):
        values = {YEAR: median(40, days=300), ROWS[0]: median(20, days=days), ROWS[1]: median(20, days=8)}
        assert list(chain(shown(values) & set(ROWS)))
