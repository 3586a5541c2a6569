"""The making of releases after a definition changed: rows of the same years stand, and other years go on."""

from typing import Final

import pytest

from services.reporting.domain.disclosure.release_cells import ReleaseCell
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.release.artefact import Artefact, RowMark, ShownForm
from services.reporting.release.making import Unreleasable, build_artefact, check_again, freeze_rows
from services.reporting.release.public_edition import held_release, present_definitions
from services.reporting.release.registry import KeptRelease
from services.reporting.release.unchanged_rows_of_revision import unchanged_rows
from tests.unit.reporting.disclosure.invented_register import POLICY, Victim, many, truth_of
from tests.unit.reporting.kept_releases import LARGE, MEANS, SENT, WHOLE, a_release, a_row, asked, reports

OTHER_VERSION: Final = FIGURES["O32a"].version + 1
"""Any other version than the present one."""


def by_another_definition(kept: KeptRelease) -> KeptRelease:
    rows = tuple(row.model_copy(update={"version": OTHER_VERSION}) for row in kept.artefact.rows)
    made = Artefact(head=kept.artefact.head, rows=rows)
    return KeptRelease(kept.number, made.document(), made.sha256, kept.protected, kept.steps)


def published(persons: list[Victim]) -> KeptRelease:
    """Give a published release of 2024."""
    figures = freeze_rows(MEANS, asked(), reports(persons), [], None)
    made = build_artefact(1, asked(), POLICY, figures, None)
    return KeptRelease(1, made.document(), made.sha256, figures.protected, a_release(1).steps)


FEWER: Final = [*LARGE[:20], *many(2023, 3, "male", "GT")]
"""Another definition leaves out twenty women, seventeen men of GT, and all of HN. A row that was told is small now."""


def test_a_revision_has_every_row_of_the_release_before_where_the_definition_is_another() -> None:
    """A row that is withheld among rows that stand would be known to be small by the new definition."""
    first = published([*LARGE])
    for before, stands in ((first, False), (by_another_definition(first), True)):
        second = freeze_rows(MEANS, asked(6, revises=1), reports(FEWER), [before], before)
        assert all(RowMark.EARLIER in row.marks for row in second.rows) is stands
        if stands:
            then = {row.key: (row.form, row.value, row.version, row.known_at) for row in before.artefact.rows}
            assert {row.key: (row.form, row.value, row.version, row.known_at) for row in second.rows} == then
            made = build_artefact(2, asked(6, revises=1), POLICY, second, before)
            assert made.head.changes == ()
            assert made.definitions() == {"O32a": OTHER_VERSION}


def test_a_later_year_has_its_total_by_the_new_definition_and_no_table() -> None:
    """The tables of the year before share two of their three years."""
    earlier = a_release(1, [a_row("O32a", 60, "2021..2023", sex="female")], period="2023")
    rows = freeze_rows(MEANS, asked(), reports([*LARGE]), [by_another_definition(earlier)], None).rows
    (total,) = [row for row in rows if row.period == "2024"]
    assert (total.form, total.value, total.version) == (ShownForm.EXACT, 40, FIGURES["O32a"].version)
    assert {row.form for row in rows if row.period != "2024"} == {ShownForm.WITHHELD}
    same = freeze_rows(MEANS, asked(), reports([*LARGE]), [earlier], None).rows
    assert ShownForm.EXACT in {row.form for row in same if row.period != "2024"}


def test_a_total_that_nobody_counts_by_the_new_definition_is_unknown() -> None:
    before = by_another_definition(published([*LARGE]))
    rows = freeze_rows(MEANS, asked(6, revises=1), reports([], unknown=1), [before], before).rows
    assert {row.form for row in rows if row.period == "2024"} == {ShownForm.UNKNOWN}


def test_a_frozen_release_is_refused_beside_one_by_another_definition_that_was_published_meanwhile() -> None:
    frozen_one = a_release(2, [a_row("O32a", 40)], SENT[:2], truth_of(LARGE, 2024))
    meanwhile = a_release(1, [a_row("O32a", 60, "2023..2025", sex="female")], period="2025")
    check_again(MEANS, frozen_one, [])
    with pytest.raises(Unreleasable, match="another definition of O32a"):
        check_again(MEANS, frozen_one, [by_another_definition(meanwhile)])


def test_a_release_holds_the_definitions_of_the_rows_that_it_shows_anew() -> None:
    earlier = by_another_definition(a_release(1, [a_row("O32a", 40)]))
    assert held_release(earlier.artefact, earlier.protected).definitions == {"O32a": OTHER_VERSION}
    revision = a_release(2, [a_row("O9", 7), *unchanged_rows(earlier.artefact, [WHOLE])])
    found = held_release(revision.artefact, revision.protected)
    assert found.told.keys() == {ReleaseCell("O9", 2024, 2024)}
    assert found.definitions == {"O9": FIGURES["O9"].version}
    assert present_definitions(truth_of(LARGE, 2024)) == {"O32a": FIGURES["O32a"].version}
