"""Releases as they are made, one after the other: two years, each revised, one of them withdrawn."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseStatements, ToldAmount
from services.reporting.release.artefact import Artefact, RowMark, ShownForm
from services.reporting.release.making import build_artefact, freeze_rows
from services.reporting.release.public_edition import cell_of, read_truth
from services.reporting.release.registry import KeptRelease, ReleaseStep
from tests.unit.reporting.disclosure.disclosed_to_attacker import learned, learned_from_the_last, moved_few
from tests.unit.reporting.disclosure.invented_register import POLICY, Victim
from tests.unit.reporting.disclosure.release_histories import persons
from tests.unit.reporting.kept_releases import MEANS, SENT, a_release, asked, reports

YEARS = (2024, 2024, 2025, 2025)
"""A release of each year, and a revision of each."""


def made(everybody: Sequence[Victim], withdrawn: int) -> list[KeptRelease]:
    """Make the releases from those who are known at each; `withdrawn` is taken back at once."""
    history: list[KeptRelease] = []
    for place, year in enumerate(YEARS):
        known = [each for each in everybody if each.known_from <= place < each.known_until]
        before = history[-1] if year in YEARS[:place] else None
        request = asked(place + 5, None if before is None else before.number, year=year)
        frozen = freeze_rows(MEANS, request, reports(known, year=year), history, before)
        again = freeze_rows(MEANS, request, reports(known, year=year), history, before)
        found, second = (build_artefact(place + 1, request, POLICY, each, before) for each in (frozen, again))
        assert found.document() == second.document(), "the same release has the same bytes"
        steps = (*SENT, ReleaseStep.PUBLISHED, *([ReleaseStep.WITHDRAWN] if place == withdrawn else []))
        history.append(
            KeptRelease(place + 1, found.document(), found.sha256, frozen.protected, a_release(1, steps=steps).steps)
        )
    return history


def read(printed: Artefact) -> ReleaseStatements:
    """Read what the rows show anew, as a reader does who knows what the marks mean."""
    told = {}
    for row in printed.rows:
        if RowMark.EARLIER not in row.marks and row.form in {ShownForm.EXACT, ShownForm.BAND}:
            low, high = (row.value, row.value) if row.form is ShownForm.EXACT else (row.low, row.high)
            told[cell_of(row)] = ToldAmount(low or 0, high)
    return told


@settings(max_examples=8, deadline=None)
@given(persons([0, 0, 0, 1, 2, 3], [9, 9, 9, 2, 3]), st.integers(0, 3))
def test_an_outsider_with_each_release_and_revision_learns_of_no_few(
    groups: list[list[Victim]], withdrawn: int
) -> None:
    history = made([person for group in groups for person in group], withdrawn)
    held = [
        HeldRelease(year, read(each.artefact), read_truth(each.protected))
        for year, each in zip(YEARS, history, strict=True)
    ]
    assert learned(held[:1]) == []
    for releases in range(2, len(held) + 1):
        assert learned_from_the_last(held[:releases]) == []
    for first in (0, 2):
        assert moved_few(held[first : first + 2]) == []
