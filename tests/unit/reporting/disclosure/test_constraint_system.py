"""The system of constraints that an outsider has, the questions asked of a solver, and what is withheld first."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import pytest

from services.reporting.domain.disclosure.audit import ReleaseAuditor
from services.reporting.domain.disclosure.constraint_system import (
    MOST,
    LinearSystem,
    Terms,
    Unsolved,
    _change,
    build_outside_view,
    needed_cells,
)
from services.reporting.domain.disclosure.policy import OTHERS, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount
from services.reporting.domain.disclosure.suppression import _candidates, check, primary, protect
from services.reporting.domain.disclosure.targets import Target
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.release.linear_solver import HighsSolver
from tests.unit.reporting.disclosure.invented_register import POLICY, YAML, many, truth_of
from tests.unit.reporting.disclosure.release_histories import COMPLEMENT, SOLVER, released

TWO_FIGURES: Final = parse_disclosure_policy(
    YAML.replace("exact: []", "exact: [{figures: [O9], because: printed}]")
    + "    - {figure: O9, by: sex, rows: [female, male], years: 3}\n"
)
"""O32a has tables by sex and citizenship, O9 has one by sex, and its whole of a year is exact."""


def a_system(size: int = 2) -> LinearSystem:
    system = LinearSystem()
    for place in range(size):
        assert system.variable() == place
    return system


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([0, 0], True),
        ([MOST, 0], True),
        ([0, MOST], True),
        ([-1, 0], False),
        ([0, -1], False),
        ([MOST + 1, 0], False),
        ([0, MOST + 1], False),
        ([], False),
        ([0], False),
        ([0, 0, 0], False),
    ],
)
def test_values_are_as_many_as_variables_and_each_is_possible(values: list[int], *, kept: bool) -> None:
    assert a_system().kept_by(values) is kept


@pytest.mark.parametrize(
    ("low", "high", "sums"),
    [
        (1, 3, {1, 2, 3}),
        (2, None, {2, 3, 4, 5}),
        (None, 1, {-2, -1, 0, 1}),
        (2, 2, {2}),
        (None, None, set(range(-2, 6))),
    ],
)
def test_a_constraint_holds_from_its_lower_to_its_upper_end(low: int | None, high: int | None, sums: set[int]) -> None:
    """The sum is twice the one less the other."""
    system = a_system()
    system.add({0: 2, 1: -1}, low, high)
    reached = {(one, other): 2 * one - other for one in range(4) for other in range(3)}
    for values, found in reached.items():
        if -2 <= found <= 5:
            assert system.kept_by(values) is (found in sums)


def test_each_of_several_constraints_holds() -> None:
    system = a_system()
    system.add({0: 1}, 1, None)
    system.add({1: 1}, None, 3)
    assert [system.kept_by(values) for values in ((1, 3), (0, 3), (1, 4))] == [True, False, False]


def test_a_change_is_at_least_the_difference_of_two_amounts() -> None:
    system = a_system()
    assert _change(system, 0, 1) == 2
    for one in range(5):
        for other in range(5):
            least = next(change for change in range(9) if system.kept_by((one, other, change)))
            assert least == abs(one - other)


class Recorder:
    """A solver that writes down which questions demand whole numbers, and answers only some."""

    def __init__(self, answered: Sequence[bool] = (False, True)) -> None:
        self.answered = answered
        self.asked: list[bool] = []

    def smallest(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        self.asked.append(whole)
        return SOLVER.smallest(system, objective, whole=whole) if whole in self.answered else None


@cache
def protected() -> HeldRelease:
    """Give a release that passed its audit."""
    return released([], 2024, truth_of(COMPLEMENT, 2024))


def test_whole_numbers_are_demanded_where_no_world_is_found_without() -> None:
    """It takes longer, so it is asked in second place."""
    solver, second = Recorder(), Recorder(answered=[True])
    check(POLICY, FIGURES, [], protected(), solver)
    check(POLICY, FIGURES, [], protected(), second)
    assert solver.asked[0] is False
    assert second.asked[:2] == [False, True]


def test_the_fewest_changes_between_two_releases_are_whole_numbers() -> None:
    solver = Recorder()
    build_outside_view(
        POLICY, FIGURES, [protected(), released([protected()], 2025, truth_of(many(2025, 40), 2025))], solver
    )
    assert solver.asked == [True]
    alone = Recorder()
    build_outside_view(POLICY, FIGURES, [protected()], alone)
    assert alone.asked == []


class Wrong:
    """A solver whose answer cannot be, or that has none."""

    def __init__(self, answer: int | None) -> None:
        self._answer = answer

    def smallest(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        return None if self._answer is None else [self._answer] * system.size


@pytest.mark.parametrize("answer", [None, 3, -1])
def test_without_the_fewest_changes_nobody_knows_what_two_releases_tell(answer: int | None) -> None:
    with pytest.raises(Unsolved, match="cannot be true together"):
        build_outside_view(POLICY, FIGURES, [protected(), protected()], Wrong(answer))


def test_nobody_assumes_more_changes_than_are_needed() -> None:
    """A number that is in two releases is the same one as far as an outsider knows."""
    outside = build_outside_view(POLICY, FIGURES, [protected(), protected()], SOLVER)
    cell = ReleaseCell("O32a", 2024, 2024, (("citizenship", "GT"),))
    terms = {outside.places[0][cell]: 1, outside.places[1][cell]: -1}
    least = SOLVER.smallest(outside.system, terms, whole=True)
    assert least is not None
    assert sum(factor * least[place] for place, factor in terms.items()) == 0


FEMALE, BELIZEAN = (ReleaseCell("O32a", 2024, 2024, row) for row in ((("sex", "female"),), (("citizenship", "BZ"),)))


def test_what_earlier_releases_gave_away_is_a_breach_only_where_the_new_one_tells_more() -> None:
    """The printed three women bound every other row of the year. That is no fault of the new release."""
    truth = truth_of(many(2024, 3), 2024)
    printed = HeldRelease(2024, {FEMALE.whole: ToldAmount(3, 3), FEMALE: ToldAmount(3, 3)}, {})
    new = HeldRelease(2024, primary(POLICY, truth, 2024), truth)
    auditor = ReleaseAuditor(POLICY, FIGURES, [printed], new, SOLVER)
    assert auditor.breach(new.told) is None
    assert auditor.breach({**new.told, BELIZEAN: ToldAmount(2, 3)}) is not None
    assert auditor.breach(new.told) is None


def test_a_target_that_nothing_bounded_before_is_a_breach_as_it_is() -> None:
    truth = truth_of(many(2024, 3), 2024)
    new = HeldRelease(2024, {FEMALE.whole: ToldAmount(0, 9), FEMALE: ToldAmount(3, 3)}, truth)
    found = ReleaseAuditor(POLICY, FIGURES, [], new, SOLVER).breach(new.told)
    assert found is not None
    assert (found.least, found.reach) == (0, 5)


def test_rows_of_the_same_breakdown_are_withheld_first_and_other_figures_last() -> None:
    def row(figure: str, by: str, value: str) -> ReleaseCell:
        return ReleaseCell(figure, 2022, 2024, ((by, value),))

    women, men, belizeans = row("O32a", "sex", "female"), row("O32a", "sex", "male"), row("O32a", "citizenship", "BZ")
    pool, total, other = women.whole, ReleaseCell("O32a", 2024, 2024), row("O9", "sex", "male")
    truth = {women: 12, men: 10, belizeans: 9, pool: 30, total: 8, other: 2, other.whole: 5}
    exact, single = ReleaseCell("O9", 2024, 2024), ReleaseCell("O32a", 2024, 2024, (("sex", "male"),))
    told = {cell: ToldAmount(amount, amount) for cell, amount in {**truth, exact: 3, single: 1}.items()}
    target = Target(0, row("O32a", "sex", OTHERS), None, 5)
    found = list(_candidates(TWO_FIGURES, FIGURES, HeldRelease(2024, told, {**truth, exact: 3, single: 1}), target))
    assert found == [men, women, belizeans, pool, total, other, other.whole]


def test_what_is_withheld_for_one_figure_costs_no_row_of_another() -> None:
    years = {year: {"female": 20, "male": 15, OTHERS: 10} for year in (2022, 2023, 2024)}
    truth = dict(truth_of(COMPLEMENT, 2024))
    for first, last in ((2022, 2024), *((year, year) for year in years)):
        within = [rows for year, rows in years.items() if first <= year <= last]
        truth[ReleaseCell("O9", first, last)] = sum(sum(rows.values()) for rows in within)
        for value in ("female", "male", OTHERS):
            truth[ReleaseCell("O9", first, last, (("sex", value),))] = sum(rows[value] for rows in within)
    told = primary(TWO_FIGURES, truth, 2024)
    found = protect(TWO_FIGURES, FIGURES, [], HeldRelease(2024, told, truth), SOLVER)
    assert {cell for cell in told if cell.figure == "O9"} == {cell for cell in found if cell.figure == "O9"}
    assert len([cell for cell in found if cell.figure == "O32a"]) < len([c for c in told if c.figure == "O32a"])


def test_the_solver_tells_half_a_person_from_a_whole_one_and_goes_on_with_a_system_that_grows() -> None:
    solver, system = HighsSolver(20), a_system(1)
    system.add({0: 2}, 1, None)
    assert solver.smallest(system, {0: 1}, whole=False) is None
    assert solver.smallest(system, {0: 1}, whole=True) == [1]
    system.add({0: 1}, 3, None)
    assert solver.smallest(system, {0: 1}, whole=False) == [3]
    system.add({system.variable(): 1, 0: -1}, 2, None)
    assert solver.smallest(system, {1: 1}, whole=True) == [3, 5]
    assert solver.smallest(system, {0: -1, 1: -1}, whole=False) == [MOST - 2, MOST]
    system.add({0: 1}, None, 2)
    assert solver.smallest(system, {0: 1}, whole=True) is None
    assert solver.smallest(a_system(1), {0: -1}, whole=True) == [MOST]


def test_a_question_that_a_used_model_does_not_answer_is_asked_of_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    solver, system = HighsSolver(20), a_system(1)
    assert solver.smallest(system, {0: 1}, whole=True) == [0]
    used, ask = solver._model, HighsSolver._asked
    asked_of: list[bool] = []

    def fails_once(self: HighsSolver, of: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        found = ask(self, of, objective, whole=whole)
        asked_of.append(self._model is used)
        return None if self._model is used else found

    monkeypatch.setattr(HighsSolver, "_asked", fails_once)
    assert solver.smallest(system, {0: -1}, whole=True) == [MOST]
    assert asked_of == [True, False]


class Liar:
    """A solver that says what is wanted of each question, and not what the releases allow."""

    def smallest(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        return [0 if objective.get(place, 0) >= 0 else MOST for place in range(system.size)]


def test_no_world_is_believed_that_contradicts_what_was_told() -> None:
    alone = released([], 2024, truth_of(COMPLEMENT, 2024), secondary=False)
    with pytest.raises(Unsolved, match="not answered"):
        check(POLICY, FIGURES, [], alone, Liar())


OF_RETURNED: Final = parse_disclosure_policy(YAML.replace("totals: [O32a]", "totals: [O32a, O22a]"))
RETURNED: Final = ReleaseCell("O22a", 2024, 2024)


def test_a_bound_that_an_earlier_release_left_may_not_be_drawn_closer() -> None:
    """At most four were printed. That it is two at most is more than was known, and four at most is not."""
    printed = HeldRelease(2024, {RETURNED: ToldAmount(0, 4)}, {})
    truth = {**truth_of([], 2024), RETURNED: 1}
    for most, safe in ((4, True), (2, False)):
        told = {RETURNED: ToldAmount(0, most)}
        found = ReleaseAuditor(OF_RETURNED, FIGURES, [printed], HeldRelease(2024, told, truth), SOLVER).breach(told)
        assert (found is None) is safe


def test_figures_that_are_equal_to_no_protected_one_are_no_concern() -> None:
    policy = parse_disclosure_policy(YAML + "  equal: [[O3, O4], [O32a, O5]]\n").public
    told = {ReleaseCell(figure, 2024, 2024): 20 for figure in ("O3", "O5", "O32a")}
    found = {cell.figure for cell in needed_cells(policy, FIGURES, [HeldRelease(2024, {}, told)])}
    assert "O5" in found
    assert "O3" not in found


@pytest.mark.parametrize(
    ("amounts", "rows"), [((20, 15, 10), {"female", "male", OTHERS}), ((20, 3, 12), set()), ((3, 20, 12), set())]
)
def test_rows_that_stand_for_each_other_are_told_together_or_not_at_all(
    amounts: tuple[int, int, int], rows: set[str]
) -> None:
    both = parse_disclosure_policy(
        YAML.replace("rows: [female, male], years", "both: [female, male], rows: [female, male], years")
    )
    pool = FEMALE._replace(first=2022)
    truth = dict(truth_of([], 2024)) | {
        pool._replace(row=(("sex", value),)): amount
        for value, amount in zip(("female", "male", OTHERS), amounts, strict=True)
    }
    truth[pool.whole] = sum(amounts)
    told = primary(both, truth, 2024)
    assert {cell.row[0][1] for cell in told if cell.row and cell.row[0][0] == "sex"} == rows
    assert told[pool.whole] == ToldAmount(sum(amounts), sum(amounts))


@pytest.mark.parametrize(("amount", "told"), [(9, False), (10, True)])
def test_a_pool_is_told_from_the_smallest_amount_on(amount: int, *, told: bool) -> None:
    assert (FEMALE.whole._replace(first=2022) in primary(POLICY, truth_of(many(2024, amount), 2024), 2024)) is told
