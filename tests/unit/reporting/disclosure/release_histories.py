"""Histories of releases: random persons, and releases that are made of them one after the other."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hypothesis import strategies as st

from services.reporting.domain.disclosure.release_cells import HeldRelease, Truth
from services.reporting.domain.disclosure.suppression import primary, protect
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.release.unchanged_rows_of_revision import unchanged_tables
from tests.unit.reporting.disclosure.invented_register import POLICY, Victim, many

SOLVER: Final = HighsSolver(100)


def persons(
    known_from: Sequence[int], known_until: Sequence[int] = (9,), last: int = 2025
) -> st.SearchStrategy[list[list[Victim]]]:
    """Give groups of persons of 2022 to `last`, known from one of these releases on, taken back with one of those."""
    return st.lists(
        st.builds(
            many,
            year=st.integers(2022, last),
            amount=st.integers(1, 14),
            sex=st.sampled_from(["female", "female", "male"]),
            citizenship=st.sampled_from(["BZ", "BZ", "GT", "HN", "MX"]),
            known_from=st.sampled_from(known_from),
            known_until=st.sampled_from(known_until),
        ),
        min_size=3,
        max_size=14,
    )


def released(
    history: Sequence[HeldRelease], year: int, truth: Truth, *, secondary: bool = True, version: int = 1
) -> HeldRelease:
    """Give the first release of a year, as it may be told beside earlier ones. `version`: that of the definition."""
    new = HeldRelease(year, primary(POLICY, truth, year), truth, {"O32a": version})
    return replace(new, told=protect(POLICY, FIGURES, history, new, SOLVER)) if secondary else new


def revised(history: Sequence[HeldRelease], truth: Truth, *, carry: bool = True, version: int = 1) -> HeldRelease:
    """Give a revision of the last release. `version`: that of the definition."""
    year = history[-1].year
    same = [each for each in history if each.year == year]
    kept = unchanged_tables(POLICY, truth, same, year) if carry else ()
    new = HeldRelease(year, primary(POLICY, truth, year, kept), truth, {"O32a": version})
    return replace(new, told=protect(POLICY, FIGURES, history, new, SOLVER))


COMPLEMENT: Final = [
    *many(2024, 40),
    *many(2023, 15, "male", "GT"),
    *many(2022, 12, "male", "HN"),
    *many(2024, 3, "male", "MX"),
]
"""Of 70 persons all but three have a row of their own that is large enough."""

SMALL_SUM: Final = [
    *many(2024, 40),
    *many(2023, 15, "male", "GT"),
    *many(2022, 2, "male", "HN"),
    *many(2022, 2, "male", "MX"),
]
"""Two rows are too small, and together they are fewer than five."""
