"""Counting repeats no work: equal items are kept once, each cell once, and cells of a few things are cached."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.times import Interval
from services.reporting.domain.cells import counted_items
from services.reporting.domain.cells.cells_from_items import CellKey, cells_of, contributions, diff
from services.reporting.domain.cells.counted_items import NOTHING, Counting, Tally, cached_cells
from services.reporting.domain.declaration.figure import MEMBER, NEVER, Counted, Days
from services.reporting.domain.facts.victim_status_decisions import StatusGiven
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.figures.protection.identified.figures import persons_with_status
from services.reporting.domain.figures.protection.identified.state import Identification, Identified

ARRESTED = Counting(distinct=True, figures=(FIGURES["O9"],))


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    cached_cells.cache_clear()
    yield
    cached_cells.cache_clear()


def counted(number: int) -> tuple[Counted, ...]:
    """So many arrests of one person, a day apart."""
    days = (date(2024, 1, 1) + timedelta(days=each) for each in range(number))
    return tuple(Counted(Days(day, day), dims={"sex": ("male",)}) for day in days)


def cells(number: int) -> dict[CellKey, int]:
    tally = Tally()
    tally.add({}, {"suspect": {ARRESTED: counted(number)}})
    return tally.cells()


@pytest.mark.parametrize(("number", "kept"), [(1, 1), (4, 1), (5, 0), (300, 0)])
def test_cells_are_right_and_cached_only_for_a_few_things(number: int, kept: int) -> None:
    for _ in range(2):
        assert cells(number) == cells_of(FIGURES["O9"], counted(number))
        assert cached_cells.cache_info().currsize == kept


def test_without_the_bound_the_cells_of_the_largest_entity_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_items, "_FEW", 10**9)
    cells(300)
    assert cached_cells.cache_info().currsize == 1


@pytest.mark.parametrize("number", [1, 2, 40])
def test_equal_items_of_several_statements_are_kept_once(number: int) -> None:
    noon = datetime(2024, 3, 1, 18, tzinfo=UTC)
    since = Interval(noon, noon)
    said = Identification(since, 2, "suspected", "dhs", None, "yes", (), None, "new", None, ())
    identified = Identified(identifications=(said,) * number, decisions=(StatusGiven(since, 2, "suspected"),))
    (items,) = (
        items
        for counting, items in counted_items.counts({"identified": identified}, {}, NOTHING)["identified"].items()
        if FIGURES["O32a"] in counting.figures
    )
    assert len(items) == 1


def test_a_status_that_is_stated_again_adds_no_days_to_count_by() -> None:
    stated = tuple(
        StatusGiven(Interval(noon, noon), 2, "suspected", case)
        for number, case in enumerate(("one", "two", "three"))
        for noon in [datetime(2024, 3, 1, 18, tzinfo=UTC) + timedelta(days=number)]
    )
    (victim,) = persons_with_status(Identified(decisions=stated))
    assert [days for days, _ in victim.held] == [Days(date(2024, 3, 1), NEVER)]


dates = st.integers(0, 5).map(lambda day: date(2024, 1, 1) + timedelta(days=day))
spans = st.tuples(dates, dates).map(lambda ends: Days(min(ends), max(ends)))
statuses = st.builds(
    lambda when, status, asof: Counted(when, dims={"status": (status,)}, asof=asof),
    st.none() | spans,
    st.sampled_from(["suspected", "confirmed"]),
    st.none() | spans | dates.map(lambda day: Days(day, NEVER)),
)


@given(st.lists(statuses, max_size=5))
def test_what_counts_once_has_each_of_its_cells_once(items: list[Counted]) -> None:
    found = list(contributions(FIGURES["O3"], items))
    assert dict(found) == cells_of(FIGURES["O3"], items)
    assert len(dict(found)) == len(found)


members = st.builds(
    lambda item, member: Counted(item.when, dims={**dict(item.said), MEMBER: (member,)}),
    statuses,
    st.sampled_from(["a|x", "b|x", "c|x"]),
)


@given(st.lists(members, max_size=6), st.lists(members, max_size=6))
def test_members_are_counted_apart_and_cells_are_those_of_all_of_them(was: list[Counted], now: list[Counted]) -> None:
    counting, tally = Counting(distinct=True, figures=(FIGURES["O3"],)), Tally()
    before, after = ({"victims_of_opened_cases": {counting: tuple(dict.fromkeys(items))}} for items in (was, now))
    tally.add(before, after)
    assert tally.cells() == diff(cells_of(FIGURES["O3"], was), cells_of(FIGURES["O3"], now))


def test_a_member_that_did_not_change_is_not_counted_again() -> None:
    counting, tally = Counting(distinct=True, figures=(FIGURES["O3"],)), Tally()
    first, second, third = (Counted(None, dims={MEMBER: (f"case {number}|x",)}) for number in range(3))
    tally.add({"part": {counting: (first, second)}}, {"part": {counting: (first, second, third)}})
    assert len(tally) == 1
