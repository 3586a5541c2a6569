import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.times import Period
from services.presentation.period_parsing import SeriesLength, period, period_text, series


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2024", "2024"),
        ("2024-Q1", "2024-01..2024-03"),
        ("2024-Q4", "2024-10..2024-12"),
        ("FY2024", "2024-04..2025-03"),
        ("2024-Q3..2025-Q1", "2024-07..2025-03"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_a_period_is_read(text: str, same: str) -> None:
    assert period(text) == Period.parse(same)


@pytest.mark.parametrize("text", ["2024-Q5", "2024-Q0", "FY24", "Q1", "", "2025..2024", "2024-13"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        period(text)


def test_a_series_of_quarters_is_cut_to_the_period() -> None:
    found = [str(each) for each in series(Period.parse("2024-02..2024-08"), SeriesLength.QUARTER)]
    assert found == ["2024-02..2024-03", "2024-04..2024-06", "2024-07..2024-08"]


_DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))


@given(_DAYS, st.integers(0, 1500), st.sampled_from(SeriesLength))
def test_a_series_covers_each_day_of_its_period_once(first: date, days: int, each: SeriesLength) -> None:
    whole = Period(first, first + timedelta(days=days))
    found = list(series(whole, each))
    assert (found[0].first, found[-1].last) == (whole.first, whole.last)
    assert all(two.first == one.last + timedelta(days=1) for one, two in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024-Q1", "2024-Q1"),
        ("2024-10..2024-12", "2024-Q4"),
        ("2024-01..2024-02", "2024-01..2024-02"),
        ("2024", "2024"),
    ],
)
def test_a_quarter_is_named_as_it_is_typed(text: str, name: str) -> None:
    assert period_text(period(text)) == name
