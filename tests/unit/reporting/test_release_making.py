"""The making of releases: what stands behind the public's, what a revision names, and what is refused."""

from collections.abc import Sequence
from typing import Final

import pytest
from pydantic import ValidationError

from schemas.times import Period
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.policy import OTHERS, CouncilPolicy, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport, Question
from services.reporting.release.artefact import (
    Artefact,
    ReleaseEdition,
    RevisionReason,
    RowMark,
    ShownAmount,
    ShownForm,
    WrongArtefact,
    load,
)
from services.reporting.release.changes import changes
from services.reporting.release.council_edition import breakdowns, council_questions, council_rows
from services.reporting.release.making import (
    FrozenFigures,
    ReleaseMeans,
    Unreleasable,
    build_artefact,
    check_again,
    freeze_rows,
    release_to_revise,
    releases_held_outside,
)
from services.reporting.release.public_edition import (
    ReleaseAmounts,
    RowFrame,
    amounts_behind_release,
    public_questions,
    public_rows,
    years_of,
)
from services.reporting.release.registry import KeptRelease, ReleaseStep
from tests.unit.reporting.disclosure.invented_register import POLICY, YAML, many, truth_of
from tests.unit.reporting.disclosure.release_histories import SOLVER
from tests.unit.reporting.kept_releases import LARGE, MEANS, SENT, WHOLE, a_release, a_row, asked, reading, reports


@pytest.mark.parametrize(
    ("edition", "steps", "outside"),
    [
        ("public", SENT[:1], False),
        ("public", SENT[:2], False),
        ("public", SENT, True),
        ("public", (*SENT, ReleaseStep.PUBLISHED), True),
        ("public", (*SENT, ReleaseStep.WITHDRAWN), True),
        ("public", (*SENT[:2], ReleaseStep.WITHDRAWN), False),
        ("council", SENT, False),
    ],
)
def test_somebody_outside_holds_what_was_sent_to_the_public_withdrawn_or_not(
    edition: str, steps: Sequence[ReleaseStep], *, outside: bool
) -> None:
    kept = a_release(1, [a_row()], steps, edition=edition)
    assert kept.held_outside is outside
    assert kept.state is steps[-1]
    printed = HeldRelease(2024, {}, {})
    assert len(releases_held_outside(ReleaseMeans(POLICY, SOLVER, [printed]), [kept])) == 1 + outside


def test_a_revision_names_the_last_published_release_of_its_edition_and_period() -> None:
    first, second = a_release(1), a_release(2)
    others = [a_release(3, steps=SENT[:2]), a_release(4, edition="council"), a_release(5, period="2023")]
    assert release_to_revise(asked(), []) is None
    assert release_to_revise(asked(), others) is None
    assert release_to_revise(asked(revises=2), [first, second, *others]) is second
    for request, said in (
        (asked(), "release 2 is of this edition and period: name it with --revises"),
        (asked(revises=1), "revised already: revise release 2"),
        (asked(revises=3), "no release [349] of this edition and period was published"),
        (asked(revises=4), "no release [349] of this edition and period was published"),
        (asked(revises=9), "no release [349] of this edition and period was published"),
        (asked(4, revises=2), "counts more events"),
    ):
        with pytest.raises(Unreleasable, match=said):
            release_to_revise(request, [first, second, *others])


def test_a_frozen_release_is_not_published_beside_another_of_its_period() -> None:
    previous = {"release": 1, "sha256": "0" * 64}
    check_again(MEANS, a_release(2, steps=SENT[:2], previous=previous), [a_release(1)])
    check_again(MEANS, a_release(2, steps=SENT[:2]), [a_release(1, steps=SENT[:2])])
    for frozen_one, history in (
        (a_release(2, steps=SENT[:2]), [a_release(1)]),
        (a_release(3, steps=SENT[:2], previous=previous), [a_release(1), a_release(2)]),
    ):
        with pytest.raises(Unreleasable, match="published meanwhile"):
            check_again(MEANS, frozen_one, history)


POOLED: Final = (("2022..2024", 2024, 40), ("2023..2025", 2025, 43))


def test_a_public_release_is_audited_again_with_what_was_published_meanwhile() -> None:
    """Forty women of three years, and forty-three of the next three: at least three of the last year."""
    everybody = [*many(2023, 40), *many(2025, 3), *many(2024, 30, "male", "GT"), *many(2023, 20, "male", "GT")]
    one, other = (
        a_release(
            number,
            [a_row("O32a", women, period, sex="female")],
            steps,
            truth_of(everybody, year),
            period=str(year),
        )
        for number, steps, (period, year, women) in zip((1, 2), (SENT, SENT[:2]), POOLED, strict=True)
    )
    check_again(MEANS, other, [])
    with pytest.raises(Unreleasable, match="O32a"):
        check_again(MEANS, other, [one])
    exact = a_release(2, [a_row("O32a", 3, sex="female")], SENT[:2], edition="council", period="2025")
    check_again(MEANS, exact, [one])


def test_the_publics_edition_waits_for_what_could_not_be_counted() -> None:
    report = FigureReport((), 5, 2, "v")
    with pytest.raises(Unreleasable, match="2 entities could not be counted"):
        freeze_rows(MEANS, asked(), [report], [], None)
    council = freeze_rows(MEANS, asked(edition=ReleaseEdition.COUNCIL), [report], [], None)
    assert (council.rows, council.withheld_entities, council.protected) == ((), 2, {})


def test_every_value_without_a_row_of_its_own_is_among_the_others() -> None:
    questions = [
        Question(Period.parse("2022..2024"), ("citizenship",), ("O32a",)),
        Question(Period.parse("2024"), ("sex",), ("O9",)),
        Question(Period.parse("2024"), (), ("O32a", "O9", "T12")),
        Question(Period.parse("2022..2024"), (), ("T12",)),
    ]
    found = amounts_behind_release(
        POLICY.public,
        questions,
        [
            FigureReport(
                tuple(reading("O32a", n, citizenship=of) for of, n in (("BZ", 3), ("MX", 2), ("CU", 4))), 5, 0, "v"
            ),
            FigureReport((reading("O9", 7, "2024", sex="other"),), 5, 0, "v"),
            FigureReport(
                (reading("O32a", 9, "2024"), reading("O9", 0, "2024", unknown=1), reading("T12", 0, "2024")), 5, 0, "v"
            ),
            FigureReport((reading("T12", 0, "2022..2024"),), 5, 0, "v"),
        ],
    )
    by = {value: ReleaseCell("O32a", 2022, 2024, (("citizenship", value),)) for value in ("BZ", "GT", "HN", OTHERS)}
    assert found.truth == {
        by["BZ"]: 3,
        by["GT"]: 0,
        by["HN"]: 0,
        by[OTHERS]: 6,
        ReleaseCell("O9", 2024, 2024, (("sex", "other"),)): 7,
        WHOLE: 9,
        ReleaseCell("O9", 2024, 2024): 0,
    }
    assert found.unknown == {ReleaseCell("O9", 2024, 2024)}
    assert [str(each.period) for each in found.durations] == ["2022..2024"]
    assert [str(each.period) for each in found.durations_by_year] == ["2024"]


def test_the_questions_are_of_the_year_of_each_pool_and_of_each_year_in_it() -> None:
    policy = disclosure_policy().public
    wanted = {(str(each.period), each.by): set(each.numbers) for each in public_questions(policy, 2024)}
    assert {period for period, _ in wanted} == {"2020", "2021", "2022", "2023", "2024", "2020..2024"}
    assert set(policy.totals) <= wanted["2024", ()]
    assert wanted["2024", ("offence",)] == {"O16"}
    assert "O16" in wanted["2024", ()]
    for table in policy.tables:
        for period in ("2020", "2021", "2022", "2023", "2024", "2020..2024"):
            assert table.figure in wanted[period, ()] & wanted[period, (table.by,)]
    for period in ("2020", "2021", "2022", "2023", "2024", "2020..2024"):
        assert {"T11", "T16"} <= wanted[period, ()]


def test_the_publics_edition_is_of_whole_years() -> None:
    assert years_of(Period.parse("2020..2024")) == (2020, 2024)
    assert years_of(Period.parse("2024")) == (2024, 2024)
    for period in ("2024-01..2024-06", "2024-03", "2023-07..2024-12"):
        with pytest.raises(ValueError, match="whole year"):
            years_of(Period.parse(period))


@pytest.mark.parametrize(("median", "told"), [(30, 30), (32, 30), (33, 35), (37, 35), (38, 40), (2, 0)])
def test_a_median_is_rounded_to_the_nearest_five(median: int, told: int) -> None:
    policy = disclosure_policy()
    of_ten = Reading(FIGURES["T12"], Period.parse("2020..2024"), {}, median, durations={median: 10})
    found = ReleaseAmounts({}, (of_ten,), frozenset())
    (row,) = [row for row in public_rows(policy, {}, found, RowFrame(2024, 5)) if row.figure == "T12"]
    assert (row.value, row.marks) == (told, (RowMark.POOLED, RowMark.ROUNDED))


def test_a_row_says_why_it_tells_nothing() -> None:
    """Nobody counted it, or it is withheld. Of several years nobody is told which of the two."""
    truth = truth_of(many(2024, 40), 2024)
    pool = ReleaseCell("O32a", 2022, 2024)
    found = ReleaseAmounts(truth, (), frozenset({WHOLE, pool}))
    rows = {row.period: row for row in public_rows(POLICY, {}, found, RowFrame(2024, 5)) if not row.dimensions}
    assert (rows["2024"].form, rows["2024"].marks) == (ShownForm.UNKNOWN, (RowMark.NOT_AVAILABLE,))
    assert (rows["2022..2024"].form, rows["2022..2024"].marks) == (
        ShownForm.WITHHELD,
        (RowMark.POOLED, RowMark.CONFIDENTIAL),
    )
    told = {WHOLE: ToldAmount(0, 9), pool: ToldAmount(40, 40)}
    again = {
        row.period: row
        for row in public_rows(POLICY, told, ReleaseAmounts(truth, (), frozenset()), RowFrame(2024, 5))
        if not row.dimensions
    }
    assert (again["2024"].low, again["2024"].high, again["2024"].marks) == (0, 9, (RowMark.CONFIDENTIAL,))
    assert (again["2022..2024"].value, again["2022..2024"].marks) == (40, (RowMark.POOLED,))


def test_a_revision_lists_what_moved_in_the_order_of_its_rows_and_what_is_gone_last() -> None:
    before = Artefact(
        head=a_release(1).artefact.head,
        rows=(a_row("O1a", 1), a_row("O2", 2), a_row("O9", 3), a_row("O9", None, sex="male"), a_row("O10", 4)),
    )
    after = (a_row("O1a", 1), a_row("O9", 5), a_row("O9", 2, sex="male"), a_row("O10", 4), a_row("O11", 6))
    found = changes(before, after, {"O9": (7, 8)})
    assert [(each.figure, dict(each.dimensions), each.events) for each in found] == [
        ("O9", {}, (7, 8)),
        ("O9", {"sex": "male"}, (7, 8)),
        ("O11", {}, ()),
        ("O2", {}, ()),
    ]
    moved = [(each.before and each.before.value, each.after and each.after.value) for each in found]
    assert moved == [(3, 5), (None, 2), (None, 6), (2, None)]
    assert found[1].before is not None
    assert (found[2].before, found[3].after) == (None, None)


def test_a_row_that_moved_is_marked_as_revised_and_no_other_is() -> None:
    before = a_release(1, [a_row("O9", 3), a_row("O9", 2, sex="male"), a_row("O10", 4)])
    rows = (a_row("O9", 5), a_row("O9", 2, sex="male"), a_row("O10", 4))
    made = build_artefact(2, asked(6, revises=1), POLICY, FrozenFigures(rows, 3), before)
    assert [row.marks for row in made.rows] == [(RowMark.REVISED,), (), ()]
    head = made.head
    assert head.previous is not None
    assert (head.release, head.known_at, head.withheld_entities, head.reason) == (2, 6, 3, RevisionReason.LATE_FACTS)
    assert (head.previous.release, head.previous.sha256, head.policy) == (1, before.sha256, POLICY.version)
    first = build_artefact(1, asked(), POLICY, FrozenFigures(rows), None)
    assert (first.head.previous, first.head.changes, {row.marks for row in first.rows}) == (None, (), {()})


def test_answers_that_are_not_of_the_questions_make_no_release() -> None:
    questions = public_questions(POLICY.public, 2024)
    with pytest.raises(ValueError, match="shorter"):
        amounts_behind_release(POLICY.public, questions, reports(LARGE)[:-1])


def test_the_councils_edition_has_few_dimensions_and_none_that_names_a_record() -> None:
    figure = FIGURES["O16"]
    three = CouncilPolicy(most_dimensions=3, without=("record",))
    assert next(breakdowns(three, figure)) == ()
    assert max(map(len, breakdowns(three, figure))) == 3
    one = CouncilPolicy(most_dimensions=1, without=("sex",))
    found = list(breakdowns(one, figure))
    assert {len(by) for by in found} == {0, 1}
    assert ("sex",) not in found
    assert ("offence",) in found
    asked_of = {each.by: each.numbers for each in council_questions(one, Period.parse("2024"))}
    assert set(asked_of[()]) == {number for number, each in FIGURES.items() if () in each.breakdowns}
    assert "O16" in asked_of["offence",]


def test_the_councils_rows_tell_what_is_beside_an_amount_where_there_is_any() -> None:
    year = Period.parse("2024")
    plain = Reading(FIGURES["O9"], year, {}, 3, undated=1, cut=0, twice=2)
    uncounted = Reading(FIGURES["O10"], year, {}, 0, unknown=1)
    for often, beside in ((19, {}), (20, {"ninth_decile": 30})):
        (row,) = council_rows([Reading(FIGURES["T12"], year, {}, 30, durations={30: often})], 5)
        assert row.beside == {"ended": often, **beside}
    first, second = council_rows([uncounted, plain], 5)
    assert (first.figure, first.value, first.beside, first.marks) == (
        "O9",
        3,
        {"undated": 1, "twice": 2},
        (RowMark.POSSIBLY_TWICE,),
    )
    assert (second.form, second.value, second.beside) == (ShownForm.UNKNOWN, None, {"unknown": 1})
    assert second.marks == (RowMark.NOT_AVAILABLE,)


def test_other_bytes_than_those_that_were_frozen_are_seen() -> None:
    kept = a_release(1, [a_row()])
    assert kept.unchanged
    assert load(kept.document) == kept.artefact
    assert b"null" not in kept.document
    assert not KeptRelease(1, kept.document + b" ", kept.sha256, {}).unchanged
    with pytest.raises(WrongArtefact, match="canonical"):
        load(kept.document + b" ")


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        (ShownForm.WITHHELD, {"value": 3}),
        (ShownForm.WITHHELD, {"low": 0, "high": 4}),
        (ShownForm.UNKNOWN, {"value": 0}),
        (ShownForm.BAND, {"low": 0, "high": 9, "value": 3}),
        (ShownForm.BAND, {"low": 0}),
        (ShownForm.BAND, {"high": 9}),
        (ShownForm.EXACT, {}),
        (ShownForm.EXACT, {"value": 3, "low": 0, "high": 9}),
    ],
)
def test_no_amount_lies_behind_the_form_that_a_row_shows(form: ShownForm, numbers: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        ShownAmount(form=form, **numbers)
    document = a_release(1, [a_row()]).document
    stated = b",".join(b'"%s":%d' % (name.encode(), number) for name, number in sorted(numbers.items()))
    hiding = document.replace(b'"form":"exact"', b'"form":"%s"' % form.value.encode()).replace(b'"value":3', stated)
    with pytest.raises(WrongArtefact):
        load(hiding)


def test_a_revision_has_the_tables_of_the_release_before_and_the_number_of_victims_anew() -> None:
    first = freeze_rows(MEANS, asked(), reports(LARGE), [], None)
    assert {row.value for row in first.rows if row.period == "2024"} == {40}
    made = build_artefact(1, asked(), POLICY, first, None)
    kept = KeptRelease(1, made.document(), made.sha256, first.protected, a_release(1).steps)
    late = [*LARGE, *many(2024, 1, "male", "GT")]
    second = freeze_rows(MEANS, asked(6, revises=1), reports(late), [kept], kept)
    assert {row.value for row in second.rows if row.period == "2024"} == {41}
    pooled = [row for row in second.rows if row.period != "2024"]
    assert pooled
    assert all(RowMark.EARLIER in row.marks and row.known_at == 5 for row in pooled)
    then = {row.key: row.value for row in first.rows}
    assert {row.key: row.value for row in pooled} == {row.key: then[row.key] for row in pooled}


def test_a_release_prepared_under_another_policy_is_not_published() -> None:
    """The Council withdrew from the policy what the release tells: the audit alone would not see it."""
    other = parse_disclosure_policy(YAML.replace("exact: []", "exact: [{figures: [O9], because: printed}]"))
    for edition in ("public", "council"):
        kept = a_release(1, [a_row()], SENT[:2], policy=other.version, edition=edition)
        check_again(ReleaseMeans(other, SOLVER), kept, [])
        with pytest.raises(Unreleasable, match="another disclosure policy"):
            check_again(MEANS, kept, [])


def test_a_total_that_nobody_counted_is_not_told_as_nought() -> None:
    found = freeze_rows(MEANS, asked(), reports([], unknown=1), [], None)
    assert {row.form for row in found.rows if row.period == "2024"} == {ShownForm.UNKNOWN}
