"""The public's edition: rows that are always there, tables that stand while few moved, and what an artefact tells."""

from collections.abc import Sequence

import pytest

from schemas.times import Period
from services.presentation.report_2024_numbers.report_as_release_zero import release_zero
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.policy import OTHERS, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount
from services.reporting.domain.disclosure.suppression import NotProtected, check, primary
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.release.artefact import Artefact, ReleaseEdition, ReleaseHead, ReleaseRow, RowMark, ShownForm
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.release.public_edition import (
    ReleaseAmounts,
    RowFrame,
    held_release,
    public_rows,
    read_truth,
    statements_of_release,
    written_truth,
)
from services.reporting.release.unchanged_rows_of_revision import (
    cells_in,
    moved_since_printed,
    unchanged_rows,
    unchanged_tables,
    unchanged_totals,
)
from tests.unit.reporting.disclosure.invented_register import POLICY, YAML, Victim, many, truth_of

LARGE = [*many(2024, 40), *many(2023, 20, "male", "GT"), *many(2022, 15, "male", "HN"), *many(2022, 12, "female", "MX")]

EVERYWHERE = [
    *(each for sex, of in (("female", "BZ"), ("male", "GT"), ("other", "HN")) for each in many(2024, 10, sex, of)),
    *many(2024, 10, "other", "MX"),
]
"""Ten persons or more for each row of each table, and outside of each."""


def artefact_of(rows: tuple[ReleaseRow, ...]) -> Artefact:
    head = ReleaseHead(release=1, edition=ReleaseEdition.PUBLIC, period="2024", known_at=5, code="c", policy="p")
    return Artefact(head=head, rows=rows)


def shown(persons: list[Victim]) -> Artefact:
    truth = truth_of(persons, 2024)
    told = primary(POLICY, truth, 2024)
    return artefact_of(public_rows(POLICY, told, ReleaseAmounts(truth, (), frozenset()), RowFrame(2024, 5)))


def test_every_row_of_a_table_is_there_whatever_its_amount() -> None:
    for persons in (LARGE, many(2024, 3), []):
        rows = [row.dimensions["sex"] for row in shown(list(persons)).rows if "sex" in row.dimensions]
        assert sorted(rows) == ["female", "male", OTHERS]


def test_an_artefact_tells_what_its_rows_show_and_no_more() -> None:
    made = shown(LARGE)
    told = statements_of_release(made)
    withheld = [row for row in made.rows if row.form is ShownForm.WITHHELD]
    assert withheld
    assert all(row.value is None and row.low is None and row.high is None for row in withheld)
    assert told[ReleaseCell("O32a", 2022, 2024, (("sex", "female"),))] == ToldAmount(52, 52)
    assert len(told) == len(made.rows) - len(withheld)


def told_anew(persons: Sequence[Victim]) -> HeldRelease:
    """Give a release that tells each large row."""
    truth = truth_of(persons, 2024)
    return HeldRelease(2024, primary(POLICY, truth, 2024), truth)


def told_as_before(persons: Sequence[Victim]) -> HeldRelease:
    """Give a revision that leaves every table as it was."""
    truth = truth_of(persons, 2024)
    return HeldRelease(2024, primary(POLICY, truth, 2024, POLICY.public.tables), truth)


def test_a_table_stands_while_fewer_moved_than_may_be_told() -> None:
    before, few = [told_anew(LARGE)], truth_of([*LARGE, *many(2024, 1, "male", "BZ")], 2024)
    assert unchanged_tables(POLICY, few, before, 2024) == POLICY.public.tables
    assert unchanged_tables(POLICY, truth_of([*LARGE, *EVERYWHERE], 2024), before, 2024) == ()
    assert unchanged_tables(POLICY, truth_of([*LARGE, *EVERYWHERE[1:]], 2024), before, 2024) == POLICY.public.tables
    assert unchanged_tables(POLICY, truth_of([*LARGE, *EVERYWHERE[:-1]], 2024), before, 2024) == POLICY.public.tables

    kept = tuple(unchanged_rows(shown(LARGE), cells_in(POLICY.public.tables, 2024)))
    assert {row.value for row in kept if row.dimensions == {"sex": "female"}} == {52}
    again = artefact_of(
        public_rows(
            POLICY,
            primary(POLICY, few, 2024, POLICY.public.tables),
            ReleaseAmounts(few, (), frozenset()),
            RowFrame(2024, 6),
            kept,
        )
    )
    pooled = [row for row in again.rows if RowMark.POOLED in row.marks]
    assert pooled
    assert all(RowMark.EARLIER in row.marks and row.known_at == 5 for row in pooled)
    assert set(statements_of_release(again)) == {ReleaseCell("O32a", 2024, 2024)}


def test_a_table_stands_where_all_who_moved_are_in_one_row() -> None:
    """Thirty Belizean women came late. Told anew, the tables would say that nobody else is among them."""
    assert (
        unchanged_tables(POLICY, truth_of([*LARGE, *many(2024, 30)], 2024), [told_anew(LARGE)], 2024)
        == POLICY.public.tables
    )
    nobody_from_mexico = [*EVERYWHERE[:30], *many(2024, 10, "other", "HN")]
    late = truth_of([*LARGE, *nobody_from_mexico], 2024)
    assert unchanged_tables(POLICY, late, [told_anew(LARGE)], 2024) == POLICY.public.tables


def test_rows_of_two_tables_do_not_make_few_persons_many() -> None:
    """Six late persons stand in both tables: that is twelve rows, and still six persons."""
    before = [told_anew(LARGE)]
    assert (
        unchanged_tables(POLICY, truth_of([*LARGE, *many(2024, 6, "male", "BZ")], 2024), before, 2024)
        == POLICY.public.tables
    )


def test_a_table_stands_where_few_of_many_who_moved_are_in_one_row_or_outside_of_it() -> None:
    before = [told_anew(LARGE)]
    for late in (
        [*many(2024, 20, "female", "BZ"), *many(2024, 1, "male", "BZ")],  # one row moved by one
        [*many(2024, 20, "female", "BZ"), *many(2024, 3, "female", "MX")],  # outside of the row of BZ three moved
    ):
        assert unchanged_tables(POLICY, truth_of([*LARGE, *late], 2024), before, 2024) == POLICY.public.tables


def test_a_table_is_compared_with_what_was_told_and_not_with_what_was_known() -> None:
    """Nine came late and were not told. Ten others were taken back: against what was told, one row is one fewer."""
    nine = [*LARGE, *many(2023, 9, "male", "GT")]
    history = [told_anew(LARGE), told_as_before(nine)]
    ten_fewer = [*LARGE[:40], *many(2023, 19, "male", "GT"), *LARGE[60:]]
    truth = truth_of(ten_fewer, 2024)
    row = ReleaseCell("O32a", 2022, 2024, (("citizenship", "GT"),))
    assert history[0].told[row].low - truth[row] == 1
    assert history[1].truth[row] - truth[row] == 10
    assert unchanged_tables(POLICY, truth, history, 2024) == POLICY.public.tables


def test_a_table_is_compared_with_every_release_that_told_it() -> None:
    """Forty were added and told, then 39 of them taken back: the first and the third release differ by one."""
    history = [told_anew(LARGE), told_anew([*LARGE, *EVERYWHERE])]
    assert unchanged_tables(POLICY, truth_of([*LARGE, *many(2024, 1)], 2024), history, 2024) == POLICY.public.tables
    assert unchanged_tables(POLICY, truth_of(LARGE, 2024), history, 2024) == ()
    assert unchanged_tables(POLICY, truth_of([*LARGE, *EVERYWHERE], 2024), history, 2024) == POLICY.public.tables


def test_a_table_is_told_anew_when_ten_have_moved_since_it_was_told() -> None:
    history = [told_anew(LARGE), told_as_before([*LARGE, *many(2024, 6)]), told_as_before([*LARGE, *many(2024, 9)])]
    assert unchanged_tables(POLICY, truth_of([*LARGE, *EVERYWHERE], 2024), history, 2024) == ()


def test_a_table_of_which_nothing_was_told_yet_is_compared_with_the_last_release() -> None:
    few = [HeldRelease(2024, {}, truth_of(many(2024, 6), 2024))]
    assert unchanged_tables(POLICY, truth_of(EVERYWHERE[:-4], 2024), few, 2024) == POLICY.public.tables
    assert unchanged_tables(POLICY, truth_of(EVERYWHERE[:-4], 2024), [], 2024) == ()


def test_a_table_stands_where_few_moved_outside_of_a_row_though_many_moved_in_each() -> None:
    """Thirteen came to one row, and ten left another: all rows but that of BZ have three more together."""
    before = [told_anew([*LARGE, *many(2022, 10, "male", "HN")])]
    late = truth_of([*LARGE, *many(2024, 23), *many(2024, 13, "female", "GT")], 2024)
    moved = [late[cell] - before[0].truth[cell] for cell in cells_in(POLICY.public.tables, 2024)]
    assert all(abs(each) >= 10 for each in moved if each)
    assert unchanged_tables(POLICY, late, before, 2024) == POLICY.public.tables


def test_what_no_release_told_is_compared_with_the_last_one_alone() -> None:
    untold = [HeldRelease(2024, {}, truth_of(persons, 2024)) for persons in (EVERYWHERE[2:], [])]
    assert unchanged_tables(POLICY, truth_of(EVERYWHERE, 2024), untold, 2024) == ()
    assert unchanged_tables(POLICY, truth_of(EVERYWHERE, 2024), untold[:1], 2024) == POLICY.public.tables


def test_a_cell_that_an_earlier_release_did_not_have_was_nought_there() -> None:
    nothing = [HeldRelease(2024, {}, {})]
    assert unchanged_tables(POLICY, truth_of(EVERYWHERE, 2024), nothing, 2024) == ()
    assert unchanged_tables(POLICY, truth_of(EVERYWHERE[1:], 2024), nothing, 2024) == POLICY.public.tables


def test_an_artefact_tells_its_bands_and_nothing_of_what_it_withholds() -> None:
    assert statements_of_release(shown(many(2024, 3))) == {ReleaseCell("O32a", 2024, 2024): ToldAmount(0, 9)}


OF_TOTALS = parse_disclosure_policy(YAML.replace("totals: [O32a]", "totals: [O32a, O20, O24b]"))
VICTIMS, SERVICES, SHELTERED = (ReleaseCell(number, 2024, 2024) for number in ("O32a", "O20", "O24b"))


def amounts_of(victims: int, services: int, sheltered: int) -> dict[ReleaseCell, int]:
    return {**truth_of(many(2024, victims), 2024), SERVICES: services, SHELTERED: sheltered}


def test_totals_beside_the_number_of_victims_stand_while_few_moved() -> None:
    """One victim who came late was sheltered and had three services: nobody is told so."""
    before = amounts_of(18, 42, 12)
    history = [HeldRelease(2024, primary(OF_TOTALS, before, 2024), before)]
    one_late = amounts_of(19, 45, 13)
    standing = unchanged_totals(OF_TOTALS, one_late, history, 2024)
    assert set(standing) == {SERVICES, SHELTERED}
    told = primary(OF_TOTALS, one_late, 2024, (), standing)
    assert told[VICTIMS] == ToldAmount(19, 19)
    assert told.keys().isdisjoint(standing)
    revision = HeldRelease(2024, told, one_late)
    more = amounts_of(24, 51, 22)  # nine services more than were told, and ten sheltered
    assert set(unchanged_totals(OF_TOTALS, more, [*history, revision], 2024)) == {SERVICES}
    assert unchanged_totals(OF_TOTALS, before, [], 2024) == ()


@pytest.mark.parametrize(
    ("printed", "now", "hidden"),
    [
        *((42, 42, False), (42, 43, True), (42, 45, True), (42, 51, True), (42, 52, False), (42, 32, False)),
        *((3, 5, False), (9, 11, True), (9, 10, True), (10, 9, True), (8, 9, False)),
    ],
)
def test_a_total_is_not_told_where_it_is_few_more_or_less_than_was_printed(
    printed: int, now: int, *, hidden: bool
) -> None:
    report = HeldRelease(2024, {VICTIMS: ToldAmount(18, 18), SERVICES: ToldAmount(printed, printed)}, {})
    found = moved_since_printed(OF_TOTALS, amounts_of(19, now, 12), [report], 2024)
    assert found == ({SERVICES} if hidden else set())


def test_a_total_that_stands_has_the_row_of_the_earlier_release() -> None:
    before, late = amounts_of(18, 42, 3), amounts_of(19, 45, 11)
    frame, later = RowFrame(2024, 5), RowFrame(2024, 6)
    first = artefact_of(
        public_rows(OF_TOTALS, primary(OF_TOTALS, before, 2024), ReleaseAmounts(before, (), frozenset()), frame)
    )
    held_first = held_release(first, written_truth(before))
    standing = unchanged_totals(OF_TOTALS, late, [held_first], 2024)
    told = primary(OF_TOTALS, late, 2024, OF_TOTALS.public.tables, standing)
    kept = tuple(unchanged_rows(first, {*standing, *cells_in(OF_TOTALS.public.tables, 2024)}))
    again = artefact_of(public_rows(OF_TOTALS, told, ReleaseAmounts(late, (), frozenset()), later, kept))
    rows = {row.figure: row for row in again.rows if row.period == "2024"}
    assert (rows["O32a"].value, rows["O32a"].known_at) == (19, 6)
    assert (rows["O20"].value, rows["O20"].known_at, rows["O20"].marks) == (42, 5, (RowMark.EARLIER,))
    assert (rows["O24b"].form, rows["O24b"].high) == (ShownForm.BAND, 9)  # eleven now, and eight more than before
    assert SERVICES not in statements_of_release(again)


def test_a_figure_that_is_withheld_as_a_whole_has_its_row() -> None:
    truth = truth_of(LARGE, 2024)
    (row,) = [
        row
        for row in public_rows(POLICY, {}, ReleaseAmounts(truth, (), frozenset()), RowFrame(2024, 5))
        if (row.figure, row.period, dict(row.dimensions)) == ("O32a", "2024", {})
    ]
    assert row.form is ShownForm.WITHHELD


def test_amounts_come_back_from_the_registry_as_they_were() -> None:
    truth = truth_of(LARGE, 2024)
    assert read_truth(written_truth(truth)) == truth
    definitions = {"O32a": FIGURES["O32a"].version}
    expected = HeldRelease(2024, statements_of_release(shown(LARGE)), truth, definitions)
    assert held_release(shown(LARGE), written_truth(truth)) == expected


@pytest.mark.parametrize(("ended", "form"), [(9, ShownForm.WITHHELD), (10, ShownForm.EXACT)])
def test_a_median_needs_ten_durations_and_is_rounded(ended: int, form: ShownForm) -> None:
    policy = disclosure_policy()
    truth = dict.fromkeys((ReleaseCell(number, 2024, 2024) for number in policy.public.totals), 0)
    reading = Reading(FIGURES["T12"], Period.parse("2020..2024"), {}, 33, durations={33: ended})
    found = ReleaseAmounts(truth, (reading,), frozenset())
    (row,) = [row for row in public_rows(policy, {}, found, RowFrame(2024, 5)) if row.figure == "T12"]
    assert row.form is form
    assert row.value in {None, 35}
    assert statements_of_release(artefact_of((row,))) == {}


def test_the_printed_report_is_held_by_everybody() -> None:
    zero = release_zero()
    assert zero.told[ReleaseCell("O1a", 2024, 2024)] == ToldAmount(18, 18)
    assert zero.told[ReleaseCell("O13a", 2024, 2024, (("sex", "female"),))] == ToldAmount(1, 1)


def test_what_an_earlier_release_gave_away_is_not_asked_again_and_may_not_get_worse() -> None:
    truth = truth_of(many(2024, 3), 2024)
    whole, female, belizean = (
        ReleaseCell("O32a", 2024, 2024, row) for row in ((), (("sex", "female"),), (("citizenship", "BZ"),))
    )
    printed = HeldRelease(2024, {whole: ToldAmount(3, 3), female: ToldAmount(3, 3)}, {})
    new = HeldRelease(2024, primary(POLICY, truth, 2024), truth)
    check(POLICY, FIGURES, [printed], new, HighsSolver(100))
    worse = HeldRelease(2024, {**new.told, belizean: ToldAmount(2, 3)}, truth)
    with pytest.raises(NotProtected):
        check(POLICY, FIGURES, [printed], worse, HighsSolver(100))
