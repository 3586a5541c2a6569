"""Revisions of the public's edition: medians and totals stand while few moved, and small ones stay withheld."""

from collections.abc import Sequence
from typing import Final

import pytest

from services.reporting.domain.disclosure.policy import OTHERS, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport
from services.reporting.release.artefact import Artefact, ReleaseRow, RowMark, ShownForm
from services.reporting.release.making import ReleaseMeans, Unreleasable, build_artefact, check_again, freeze_rows
from services.reporting.release.public_edition import public_questions
from services.reporting.release.registry import KeptRelease
from services.reporting.release.unchanged_rows_of_revision import unchanged_tables
from tests.unit.reporting.disclosure.invented_register import POLICY, YAML, many, truth_of
from tests.unit.reporting.disclosure.release_histories import SOLVER
from tests.unit.reporting.kept_releases import a_release, asked, reading

OF_MEDIANS: Final = parse_disclosure_policy(YAML + "  durations: [{figures: [T12], years: 3, rounded_to: 5}]\n")


def of_medians(durations: dict[int, int], history: Sequence[KeptRelease], n: int = 5) -> tuple[ReleaseRow, KeptRelease]:
    """Make a release of 2024 with a median, and its revisions; give the median's row and the release as kept."""
    median = sorted(length for length, often in durations.items() for _ in range(often))
    questions = public_questions(OF_MEDIANS.public, 2024)
    answers = []
    for question in questions:
        readings = [reading("O32a", 0, str(question.period))] if "O32a" in question.numbers and not question.by else []
        if "T12" in question.numbers:
            own = durations if question.period.last.year == 2024 else {}
            amount = median[(len(median) - 1) // 2]
            readings.append(Reading(FIGURES["T12"], question.period, {}, amount, durations=own))
        answers.append(FigureReport(tuple(readings), n, 0, "v"))
    before = history[-1] if history else None
    request = asked(n, revises=None if before is None else before.number)
    made = freeze_rows(ReleaseMeans(OF_MEDIANS, SOLVER), request, answers, history, before)
    frozen_one = build_artefact(len(history) + 1, request, OF_MEDIANS, made, before)
    kept = KeptRelease(len(history) + 1, frozen_one.document(), frozen_one.sha256, made.protected, a_release(1).steps)
    return next(row for row in frozen_one.rows if row.figure == "T12"), kept


def test_a_median_stands_in_a_revision_while_fewer_than_ten_durations_moved() -> None:
    """One late case moves the median from 30 to 60: told anew it would tell of that case."""
    first, kept = of_medians({30: 6, 60: 5}, [])
    assert (first.value, first.marks) == (30, (RowMark.POOLED, RowMark.ROUNDED))
    one_late, revision = of_medians({30: 6, 60: 8}, [kept], 6)
    assert (one_late.value, one_late.known_at) == (30, 5)
    assert one_late.marks == (RowMark.POOLED, RowMark.ROUNDED, RowMark.EARLIER)
    nine_more, _ = of_medians({30: 6, 60: 14}, [kept, revision], 7)
    assert nine_more.value == 30
    ten_more, _ = of_medians({30: 6, 60: 15}, [kept, revision], 7)
    assert (ten_more.value, ten_more.known_at) == (60, 7)
    assert ten_more.marks == (RowMark.POOLED, RowMark.ROUNDED, RowMark.REVISED)


def test_a_row_that_stands_is_not_marked_as_revised_again() -> None:
    _, first = of_medians({30: 10}, [])
    revised_row, second = of_medians({30: 10, 60: 11}, [first], 6)
    standing, _ = of_medians({30: 10, 60: 11}, [first, second], 7)
    assert RowMark.REVISED in revised_row.marks
    assert standing.marks == (RowMark.POOLED, RowMark.ROUNDED, RowMark.EARLIER)


def test_a_median_is_compared_with_each_release_that_told_it_anew() -> None:
    first, kept = of_medians({30: 10}, [])
    second, revision = of_medians({30: 10, 60: 11}, [kept], 6)
    assert (first.value, second.value) == (30, 60)
    taken_back, _ = of_medians({30: 11}, [kept, revision], 7)  # one more than the first, and twelve moved since
    assert taken_back.value == 60


def test_durations_of_a_length_that_is_new_or_gone_count_as_moved() -> None:
    _, first = of_medians({30: 10}, [])
    ten_new, second = of_medians({30: 10, 60: 10}, [first], 6)
    assert RowMark.EARLIER not in ten_new.marks
    nine_gone, _ = of_medians({30: 10, 60: 1}, [second], 7)
    ten_gone, _ = of_medians({30: 10}, [second], 7)
    assert (RowMark.EARLIER in nine_gone.marks, RowMark.EARLIER in ten_gone.marks) == (True, False)


def test_a_median_that_was_withheld_for_nine_durations_is_not_told_for_the_tenth() -> None:
    first, kept = of_medians({30: 9}, [])
    tenth, _ = of_medians({30: 10}, [kept], 6)
    assert (first.form, tenth.form, tenth.value) == (ShownForm.WITHHELD, ShownForm.WITHHELD, None)


def test_a_median_of_a_release_that_kept_no_durations_stands() -> None:
    _, kept = of_medians({30: 10}, [])
    older = KeptRelease(1, kept.document, kept.sha256, {"cells": kept.protected["cells"]}, kept.steps)
    again, _ = of_medians({30: 10, 60: 40}, [older], 6)
    assert again.value == 30


def test_a_median_that_the_release_before_left_out_is_withheld_while_few_moved() -> None:
    """The policy dropped it for one release. The release before that told it."""
    _, kept = of_medians({30: 10}, [])
    second, revision = of_medians({30: 10}, [kept], 6)
    without = Artefact(
        head=revision.artefact.head, rows=tuple(row for row in revision.artefact.rows if row.figure != "T12")
    )
    dropped = KeptRelease(2, without.document(), without.sha256, revision.protected, revision.steps)
    third, _ = of_medians({30: 11}, [kept, dropped], 7)
    assert (second.value, third.form) == (30, ShownForm.WITHHELD)


def test_a_refused_release_names_the_figure_whose_median_it_may_not_show() -> None:
    """The release before it did not store its durations, so that nobody can tell what both medians disclose."""
    _, first = of_medians({30: 10}, [])
    row, second = of_medians({30: 10, 60: 11}, [first], 6)
    assert row.value == 60
    check_again(ReleaseMeans(OF_MEDIANS, SOLVER), second, [first])
    older = KeptRelease(1, first.document, first.sha256, {"cells": first.protected["cells"]}, first.steps)
    with pytest.raises(Unreleasable, match="the median of T12 would tell"):
        check_again(ReleaseMeans(OF_MEDIANS, SOLVER), second, [older])


OF_TOTALS: Final = parse_disclosure_policy(YAML.replace("totals: [O32a]", "totals: [O32a, O20, O24b]"))


def of_totals(
    services: int,
    history: Sequence[KeptRelease] = (),
    printed: int | None = None,
    sheltered: int | None = 30,
) -> KeptRelease:
    """Make a release of 2024 with totals of services and of sheltered persons. `printed`: services as printed."""
    questions, answers = public_questions(OF_TOTALS.public, 2024), []
    for question in questions:
        readings = []
        if not question.by:
            readings = [reading("O32a", 60, str(question.period))]
        if "O20" in question.numbers:
            readings.append(reading("O20", services, "2024"))
            readings.append(reading("O24b", sheltered or 0, "2024", unknown=sheltered is None))
        answers.append(FigureReport(tuple(readings), 5, 0, "v"))
    before = history[-1] if history else None
    request = asked(5 + len(history), revises=None if before is None else before.number)
    told = {} if printed is None else {ReleaseCell("O20", 2024, 2024): ToldAmount(printed, printed)}
    means = ReleaseMeans(OF_TOTALS, SOLVER, [HeldRelease(2024, told, {})])
    figures = freeze_rows(means, request, answers, history, before)
    made = build_artefact(len(history) + 1, request, OF_TOTALS, figures, before)
    return KeptRelease(len(history) + 1, made.document(), made.sha256, figures.protected, a_release(1).steps)


def total(kept: KeptRelease, figure: str) -> ReleaseRow:
    return next(row for row in kept.artefact.rows if (row.figure, row.period) == (figure, "2024"))


def test_a_total_that_is_few_more_than_was_printed_is_withheld_from_the_release() -> None:
    for printed, form in ((None, ShownForm.EXACT), (70, ShownForm.EXACT), (67, ShownForm.WITHHELD)):
        kept = of_totals(70, printed=printed)
        assert total(kept, "O20").form is form
        assert total(kept, "O24b").value == 30


def test_a_total_that_may_not_be_told_anew_has_its_earlier_amount() -> None:
    """Seventy were told and fifty-five printed. Fifty-eight are twelve fewer than told, and three more than printed."""
    first = of_totals(70, printed=55)
    second = of_totals(58, [first], printed=55)
    assert total(first, "O20").value == 70
    assert (total(second, "O20").value, total(second, "O20").marks) == (70, (RowMark.EARLIER,))
    assert total(of_totals(58, [first]), "O20").value == 58


def test_a_total_that_nobody_counts_any_more_does_not_stand_as_it_was() -> None:
    second = of_totals(70, [of_totals(70)], sheltered=None)
    assert (total(second, "O24b").form, total(second, "O24b").value) == (ShownForm.UNKNOWN, None)


def test_a_table_stays_as_it_was_while_few_moved_outside_of_a_row() -> None:
    """Every row changed by at least fifteen. The rows of men and others together changed by five."""
    before = [*many(2024, 40), *many(2024, 40, "male"), *many(2024, 40, "intersex")]
    first = HeldRelease(2024, {}, truth_of(before, 2024))
    for men, stays in ((60, True), (70, False)):
        after = truth_of([*many(2024, 70), *many(2024, men, "male"), *many(2024, 25, "intersex")], 2024)
        changed = {
            value: after[cell] - first.truth[cell]
            for value in ("female", "male", OTHERS)
            for cell in [ReleaseCell("O32a", 2022, 2024, (("sex", value),))]
        }
        assert min(map(abs, changed.values())) >= POLICY.smallest
        of_sex = [table for table in POLICY.public.tables if table.by == "sex"]
        only_sex = POLICY.model_copy(update={"public": POLICY.public.model_copy(update={"tables": tuple(of_sex)})})
        assert bool(unchanged_tables(only_sex, after, [first], 2024)) is stays
