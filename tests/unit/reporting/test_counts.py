"""What is remembered of the cells of things, and what is not: memory must not grow with the largest entity."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from services.reporting.domain import counts
from services.reporting.domain.algebra import CellKey, cells_of
from services.reporting.domain.counts import Counting, Tally, remembered
from services.reporting.domain.figure import Counted, Days
from services.reporting.domain.figures import FIGURES

ARRESTED = Counting(distinct=True, figures=(FIGURES["O9"],))


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    remembered.cache_clear()
    yield
    remembered.cache_clear()


def counted(number: int) -> tuple[Counted, ...]:
    """So many arrests of one person, a day apart."""
    days = (date(2024, 1, 1) + timedelta(days=each) for each in range(number))
    return tuple(Counted(Days(day, day), dims={"sex": ("male",)}) for day in days)


def cells(number: int) -> dict[CellKey, int]:
    tally = Tally()
    tally.add({}, {"suspect": {ARRESTED: counted(number)}})
    return tally.cells()


@pytest.mark.parametrize(("number", "kept"), [(1, 1), (4, 1), (5, 0), (300, 0)])
def test_cells_are_remembered_of_a_few_things_alone_and_right_of_any(number: int, kept: int) -> None:
    for _ in range(2):
        assert cells(number) == cells_of(FIGURES["O9"], counted(number))
        assert remembered.cache_info().currsize == kept


def test_without_the_bound_those_of_the_largest_entity_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "_FEW", 10**9)
    cells(300)
    assert remembered.cache_info().currsize == 1
