"""The public's edition of the demo's year: it can be made beside the printed report, and tells no small number."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.reporting.domain.disclosure.constraint_system import MOST
from services.reporting.release.artefact import ReleaseRow, RowMark, ShownForm
from services.reporting.release.making import FrozenFigures
from services.reporting.release.public_edition import statements_of_release
from tests.unit.reporting.disclosure.demo_release import MEANS, POLICY, made, published


def of_year(figures: FrozenFigures) -> dict[tuple[str, ...], ReleaseRow]:
    return {(row.figure, *row.dimensions.values()): row for row in figures.rows if row.period == "2024"}


def test_the_year_of_the_report_is_told_and_no_small_number_of_victims() -> None:
    figures = made({})
    rows = of_year(figures)
    assert (rows["O1a",].value, rows["O9",].value, rows["O13a", "male"].value) == (18, 7, 1)
    assert (rows["O32a",].value, rows["O20",].value) == (12, 42)
    exactly = {number for group in POLICY.public.exact for number in group.figures}
    for row in figures.rows:
        small = row.value is not None and row.value < POLICY.smallest
        assert not small or row.figure in exactly, row.key
        assert row.form is not ShownForm.BAND or (row.low, row.high) == (0, POLICY.smallest - 1)
    pooled = [row for row in figures.rows if RowMark.POOLED in row.marks and row.dimensions]
    assert len(pooled) == sum(len(table.rows) + 1 for table in POLICY.public.tables)
    assert max(row.value or 0 for row in figures.rows) < MOST


def test_three_services_more_than_were_printed_are_not_told() -> None:
    assert of_year(made({("O20",): 3}))["O20",].form is ShownForm.WITHHELD
    assert of_year(made({("O20",): 10}))["O20",].value == 52


ONE_LATE: Final[Mapping[tuple[str, ...], int]] = {
    ("O9",): 1,
    ("O9", "male"): 1,
    ("O20",): 3,
    ("O24b",): 1,
    ("O32a",): 1,
    **{("O32a", code): 1 for code in ("female", "no", "GT")},
}
"""One more person was arrested. One more victim was sheltered and had three services."""


def test_a_revision_tells_nothing_of_what_became_of_one_late_victim() -> None:
    alone = replace(MEANS, printed=())
    first = published(made({}, by=alone))
    late = made(ONE_LATE, by=alone, before=first)
    rows = of_year(late)
    assert rows["O9",].value == 8
    # The demo has a victim of two years. So the audit may not let the number of victims go either: it stands.
    for number, amount in (("O20", 42), ("O24b", 13), ("O32a", 12)):
        assert (rows[number,].value, RowMark.EARLIER in rows[number,].marks) == (amount, True)
    pooled = [row for row in late.rows if row.period != "2024" and row.figure in {"O9", "O32a"}]
    assert pooled
    assert all(RowMark.EARLIER in row.marks for row in pooled)
    held_now = published(late)
    assert {(each.figure, each.row) for each in statements_of_release(held_now.artefact)} >= {("O9", ())}
    assert not {"O20", "O24b", "O32a"} & {each.figure for each in statements_of_release(held_now.artefact)}
