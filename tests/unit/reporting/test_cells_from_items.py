"""The algebra's laws, against brute force, for facts on any days and any period; and seeded bugs that they catch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import (
    CellKey,
    add_changes,
    diff,
    maximal,
    minimal,
    once_in_force,
    once_within,
)
from services.reporting.domain.declaration.figure import NEVER, Days

START = date(2024, 1, 1)
SEARCH = settings(max_examples=500, derandomize=True, report_multiple_bugs=False, phases=[Phase.generate])
Steps = Callable[[Iterable[Days]], Iterable[tuple[Days, int]]]


def on(day: int) -> date:
    return START + timedelta(days=day)


spans = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda ends: Days(on(min(ends)), on(max(ends))))
spells = st.one_of(spans, st.integers(0, 5).map(lambda day: Days(on(day), NEVER)))
# An imprecise spell may begin, surely, after it has ended, surely: active only in periods that hold both days.
surely_active = st.one_of(
    spells, st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda d: Days(on(d[0]), on(d[1])))
)
asked = st.tuples(st.integers(-1, 6), st.integers(-1, 6)).map(lambda ends: Period(on(min(ends)), on(max(ends))))


def check_contained(steps: Steps, facts: Sequence[Days], period: Period) -> None:
    expected = int(any(period.first <= fact.first and fact.last <= period.last for fact in facts))
    found = sum(n for days, n in steps(facts) if period.first <= days.first and days.last <= period.last)
    assert found == expected


def check_active(steps: Steps, facts: Sequence[Days], period: Period) -> None:
    expected = int(any(fact.first <= period.last and fact.last >= period.first for fact in facts))
    assert sum(n for days, n in steps(facts) if days.first <= period.last and days.last >= period.first) == expected


def check_in_force(steps: Steps, facts: Sequence[Days], period: Period) -> None:
    expected = int(any(fact.first <= period.last <= fact.last for fact in facts))
    assert sum(n for days, n in steps(facts) if days.first <= period.last <= days.last) == expected


@given(st.lists(spans, max_size=6), asked)
def test_an_entity_counts_once_in_any_period_that_holds_a_fact(facts: list[Days], period: Period) -> None:
    check_contained(once_within, facts, period)


@given(st.lists(surely_active, max_size=6), asked)
def test_an_entity_counts_once_in_any_period_that_it_is_active_in(facts: list[Days], period: Period) -> None:
    check_active(once_in_force, facts, period)


@given(st.lists(spells, max_size=6), asked)
def test_an_entity_counts_once_on_any_day_that_it_is_in_force(facts: list[Days], period: Period) -> None:
    check_in_force(once_in_force, facts, period)


@given(st.lists(spans, max_size=6))
def test_minimal_and_maximal_spans_rise_at_both_ends(facts: list[Days]) -> None:
    for kept in (minimal(facts), maximal(facts)):
        assert all(a.first < b.first and a.last < b.last for a, b in pairwise(kept))
        assert set(kept) <= set(facts)


def _without_taking_back(facts: Iterable[Days]) -> Iterator[tuple[Days, int]]:
    yield from ((step, 1) for step in minimal(facts))


def _with_every_span(facts: Iterable[Days]) -> Iterator[tuple[Days, int]]:
    steps = sorted(set(facts))
    yield from ((step, 1) for step in steps)
    yield from ((Days(a.first, b.last), -1) for a, b in pairwise(steps))


def _taken_back_too_wide(facts: Iterable[Days]) -> Iterator[tuple[Days, int]]:
    rungs = maximal(facts)
    yield from ((rung, 1) for rung in rungs)
    yield from ((Days(a.first, b.last), -1) for a, b in pairwise(rungs))


@pytest.mark.parametrize("bug", [_without_taking_back, _with_every_span])
def test_the_law_of_the_staircase_catches(bug: Steps) -> None:
    @SEARCH
    @given(st.lists(spans, max_size=6), asked)
    def law(facts: list[Days], period: Period) -> None:
        check_contained(bug, facts, period)

    with pytest.raises(AssertionError):
        law()


@pytest.mark.parametrize("bug", [_without_taking_back, _taken_back_too_wide])
def test_the_law_of_the_ladder_catches(bug: Steps) -> None:
    @SEARCH
    @given(st.lists(spells, max_size=6), asked)
    def law(facts: list[Days], period: Period) -> None:
        check_active(bug, facts, period)

    with pytest.raises(AssertionError):
        law()


keys = st.integers(0, 4).map(lambda number: CellKey("O9", on(number), on(number), again=False, dims=()))
amounts = st.dictionaries(keys, st.integers(-3, 3).filter(bool))


@given(amounts, amounts)
def test_a_difference_added_to_what_was_gives_what_is(before: dict[CellKey, int], after: dict[CellKey, int]) -> None:
    cells = dict(before)
    add_changes(cells, diff(before, after))
    assert cells == after
    assert all(diff(before, after).values())
