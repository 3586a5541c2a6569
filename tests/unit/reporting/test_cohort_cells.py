"""A cohort keeps cells of its widest breakdowns only. Narrower ones are read from them as if they were kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import CellKey, Cells, add_changes, cells_of
from services.reporting.domain.declaration.figure import MEMBER, Counted, Days, Figure, Reader
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.figures.protection import case_openings_for_cohorts
from services.reporting.domain.read.amounts_from_cells import contribution, read

COHORTS = [figure for figure in FIGURES.values() if figure.reader is Reader.COHORT]
OPENINGS = dict(zip([figure.number for figure in COHORTS], case_openings_for_cohorts.PART.beside, strict=True))
YEAR = Period.parse("2024")
NAMES = sorted({name for figure in COHORTS for names in figure.breakdowns for name in names})
EDGES = st.sampled_from([YEAR.first, YEAR.last]) | st.dates(date(2023, 6, 1), date(2025, 6, 30))
SPANS = st.tuples(EDGES, EDGES).map(lambda pair: Days(*sorted(pair)))
SAID = st.fixed_dictionaries({name: st.sampled_from([(), ("p",), ("q",), ("p", "q")]) for name in NAMES})


@st.composite
def victims(draw: st.DrawFn) -> list[list[Counted]]:
    """Items of each of three persons in two cases. Those of a person in a case all have days, or one has none."""
    return [
        [
            Counted(days, dims=draw(SAID) | {MEMBER: (f"{case}|{person}",)})
            for case in draw(st.lists(st.sampled_from("ab"), unique=True))
            for days in draw(st.just([None]) | st.lists(SPANS, max_size=3))
        ]
        for person in "xyz"
    ]


def kept_by_itself(figure: Figure[Any]) -> Figure[Any]:
    """Return a figure that keeps the cells of each of its breakdowns."""
    copy = replace(figure)
    object.__setattr__(copy, "kept", tuple(tuple(sorted(figure.keys(by))) for by in figure.breakdowns))
    return copy


def cells(figure: Figure[Any], persons: list[list[Counted]], openings: Mapping[str, list[Days | None]]) -> Cells:
    found: dict[CellKey, int] = {}
    for items in persons:
        add_changes(found, cells_of(figure, items))
    opened = OPENINGS[figure.number]
    if figure is not FIGURES[figure.number]:
        breakdowns = tuple(tuple(name for name in names if name != MEMBER) for names in figure.kept)
        opened = replace(opened, breakdowns=breakdowns)
    for case, days in openings.items():
        add_changes(found, cells_of(opened, [Counted(each, dims={MEMBER: (case,)}) for each in days]))
    return found


@given(victims(), st.fixed_dictionaries({case: st.lists(st.none() | SPANS, max_size=2) for case in "ab"}))
def test_each_breakdown_reads_as_if_its_cells_were_kept(
    persons: list[list[Counted]], openings: dict[str, list[Days | None]]
) -> None:
    for figure in COHORTS:
        every = kept_by_itself(figure)
        fewer, all_cells = cells(figure, persons, openings), cells(every, persons, openings)
        for by in figure.breakdowns:
            found, expected = read(figure, fewer, YEAR, by), read(every, all_cells, YEAR, by)
            assert [replace(each, figure=figure) for each in expected] == found
            brought, wanted = (
                sorted(contribution(*of, YEAR, by).values()) for of in ((figure, fewer), (every, all_cells))
            )
            assert brought == wanted


def test_a_breakdown_within_another_has_no_cells_of_its_own() -> None:
    for figure in COHORTS:
        kept = [set(names) for names in figure.kept]
        assert not [names for names in kept if any(names < others for others in kept)]
        assert all(figure.keys(by) <= figure.kept_for(by) for by in figure.breakdowns)
        assert {figure.kept_for(by) for by in figure.breakdowns} <= set(map(frozenset, figure.kept))
        assert set(figure.kept) < set(OPENINGS[figure.number].kept)
