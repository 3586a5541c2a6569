"""A cohort keeps cells with the dimensions of all its breakdowns. Each is read from them as if its own were kept."""

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


def kept_by_itself(figure: Figure[Any], by: tuple[str, ...]) -> Figure[Any]:
    """Return a figure that keeps the cells of one breakdown alone."""
    return replace(figure, breakdowns=(by,))


def cells(figure: Figure[Any], persons: list[list[Counted]], openings: Mapping[str, list[Days | None]]) -> Cells:
    found: dict[CellKey, int] = {}
    for items in persons:
        add_changes(found, cells_of(figure, items))
    opened = replace(OPENINGS[figure.number], breakdowns=(tuple(figure.dimensions - {MEMBER}),))
    for case, days in openings.items():
        add_changes(found, cells_of(opened, [Counted(each, dims={MEMBER: (case,)}) for each in days]))
    return found


@given(victims(), st.fixed_dictionaries({case: st.lists(st.none() | SPANS, max_size=2) for case in "ab"}))
def test_each_breakdown_reads_as_if_its_cells_were_kept(
    persons: list[list[Counted]], openings: dict[str, list[Days | None]]
) -> None:
    for figure in COHORTS:
        wide = cells(figure, persons, openings)
        for by in figure.breakdowns:
            narrow = kept_by_itself(figure, by)
            cells_by = cells(narrow, persons, openings)
            found, expected = read(figure, wide, YEAR, by), read(narrow, cells_by, YEAR, by)
            assert [replace(each, figure=figure) for each in expected] == found
            brought, wanted = (
                sorted(contribution(*of, YEAR, by).values()) for of in ((figure, wide), (narrow, cells_by))
            )
            assert brought == wanted


def test_a_person_and_a_case_have_one_cell_each_for_all_breakdowns() -> None:
    for figure in COHORTS:
        assert figure.kept == OPENINGS[figure.number].kept == (tuple(sorted(figure.dimensions)),)
        assert figure.dimensions == {MEMBER, *(name for by in figure.breakdowns for name in by)}
        assert {figure.kept_for(by) for by in figure.breakdowns} == {figure.dimensions}
