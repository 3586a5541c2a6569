"""An outsider with all releases learns no protected amount: random histories, complements, differences, pools."""

import pytest
from hypothesis import given, settings

from services.reporting.domain.disclosure.constraint_system import (
    LinearSystem,
    Terms,
    Unsolved,
    build_outside_view,
    world_with_smallest,
)
from services.reporting.domain.disclosure.policy import OTHERS, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount
from services.reporting.domain.disclosure.suppression import NotProtected, check, primary, protect
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.release.linear_solver import HighsSolver
from tests.unit.reporting.disclosure.attacker import WantedAmount
from tests.unit.reporting.disclosure.disclosed_to_attacker import learned, moved_few
from tests.unit.reporting.disclosure.invented_register import POLICY, YAML, Victim, many, truth_of
from tests.unit.reporting.disclosure.release_histories import COMPLEMENT, SMALL_SUM, SOLVER, persons, released, revised


@settings(max_examples=12, deadline=None)
@given(persons([0, 0, 0, 1]))
def test_an_outsider_with_every_release_learns_no_small_amount(groups: list[list[Victim]]) -> None:
    everybody = [person for group in groups for person in group]
    history: list[HeldRelease] = []
    for place, year in enumerate((2024, 2025)):
        history.append(released(history, year, truth_of(everybody, year, place)))
    assert learned(history) == []


@settings(max_examples=12, deadline=None)
@given(persons([0, 0, 0, 1, 2], [9, 9, 9, 2]))
def test_an_outsider_with_two_revisions_learns_of_no_few_who_came_or_went(groups: list[list[Victim]]) -> None:
    everybody = [person for group in groups for person in group]
    history = [released([], 2024, truth_of(everybody, 2024))]
    for place in (1, 2):
        history.append(revised(history, truth_of(everybody, 2024, place)))
    assert moved_few(history) == []


def test_what_was_known_and_never_told_is_no_measure_of_what_moved() -> None:
    """Nine came late and were not told. Then ten others were taken back: one fewer than was told."""
    men = [*many(2023, 30, "male", "GT")]
    others = [*many(2024, 30), *many(2022, 20, "other", "MX")]
    history = [released([], 2024, truth_of([*others, *men], 2024))]
    history.append(revised(history, truth_of([*others, *men, *many(2023, 9, "male", "GT")], 2024)))
    fewer = truth_of([*others, *men[:29]], 2024)
    assert moved_few([*history, revised(history, fewer, carry=False)])
    assert moved_few([*history, revised(history, fewer)]) == []


def test_a_revision_that_tells_every_table_anew_tells_of_those_who_came_late() -> None:
    everybody = [*many(2024, 30), *many(2023, 30, "male", "GT"), *many(2022, 20, "other", "MX")]
    first = released([], 2024, truth_of(everybody, 2024))
    late = truth_of([*everybody, *many(2024, 3), *many(2023, 9, "male", "GT")], 2024)
    assert moved_few([first, revised([first], late, carry=False)])
    assert moved_few([first, revised([first], late)]) == []


@pytest.mark.parametrize("everybody", [COMPLEMENT, SMALL_SUM])
def test_what_is_shown_around_a_small_amount_gives_it_away_unless_more_is_withheld(everybody: list[Victim]) -> None:
    truth = truth_of(everybody, 2024)
    alone, protected = (released([], 2024, truth, secondary=each) for each in (False, True))
    assert learned([alone]) != []
    with pytest.raises(NotProtected):
        check(POLICY, FIGURES, [], alone, SOLVER)
    check(POLICY, FIGURES, [], protected, SOLVER)
    assert learned([protected]) == []
    assert len(protected.told) < len(alone.told)


def test_two_pools_that_overlap_differ_by_two_years() -> None:
    everybody = [
        *(each for year in (2023, 2024) for each in (*many(year, 20), *many(year, 15, "male", "GT"))),
        *many(2025, 3),
        *many(2025, 12, "male", "GT"),
        *many(2022, 12, "male", "GT"),
    ]
    first = released([], 2024, truth_of(everybody, 2024))
    alone = released([first], 2025, truth_of(everybody, 2025), secondary=False)
    assert WantedAmount(1, 2025, 2025, "sex", "female") in learned([first, alone])
    protected = released([first], 2025, truth_of(everybody, 2025))
    assert learned([first, protected]) == []


REPATRIATED = ReleaseCell("O22a", 2024, 2024)
PAID_BY_HTI = ReleaseCell("O22b", 2024, 2024)
OF_PARTS = parse_disclosure_policy(YAML.replace("totals: [O32a]", "totals: [O32a, O22a, O22b]"))


@pytest.mark.parametrize(("part", "told"), [(0, True), (9, True), (11, False), (12, False), (20, False), (3, False)])
def test_a_part_is_told_only_where_enough_are_outside_of_it(part: int, told: bool) -> None:
    """Of twelve who were returned eleven were paid for: that would tell of one. Of 19 more all may be told."""
    whole = 12 if part not in {0, 9, 20} else 29
    truth = {**truth_of([], 2024), REPATRIATED: whole, PAID_BY_HTI: part}
    new = HeldRelease(2024, primary(OF_PARTS, truth, 2024), truth)
    if not told:
        with pytest.raises(NotProtected):
            check(OF_PARTS, FIGURES, [], new, SOLVER)
    found = protect(OF_PARTS, FIGURES, [], new, SOLVER)
    assert (PAID_BY_HTI in found) is told
    assert found[REPATRIATED] == ToldAmount(whole, whole)


def test_a_part_that_was_printed_takes_its_whole_with_it_and_no_other_figure() -> None:
    """The printed report told of one outside of the part: by telling thirteen it would be known that it is two now."""
    printed = HeldRelease(2024, {REPATRIATED: ToldAmount(12, 12), PAID_BY_HTI: ToldAmount(11, 11)}, {})
    truth = {**truth_of(many(2024, 40), 2024), REPATRIATED: 13, PAID_BY_HTI: 11}
    told = primary(OF_PARTS, truth, 2024)
    found = protect(OF_PARTS, FIGURES, [printed], HeldRelease(2024, told, truth), SOLVER)
    assert {REPATRIATED, PAID_BY_HTI}.isdisjoint(found)
    assert found[ReleaseCell("O32a", 2024, 2024)] == ToldAmount(40, 40)


SERVED, SERVICES, HTI_SERVICES = (ReleaseCell(number, 2024, 2024) for number in ("O19b", "O21a", "O20"))
OF_SERVICES = parse_disclosure_policy(
    YAML.replace("totals: [O32a]", "totals: [O32a, O19b, O21a, O20]") + "  received: [{things: O21a, persons: O19b}]\n"
)


@pytest.mark.parametrize("told", [SERVICES, HTI_SERVICES])
def test_services_that_are_told_tell_of_a_person_who_received_them(told: ReleaseCell) -> None:
    """Three persons had twelve services. "0 to 9 persons" is not true to an outsider: it is at least one."""
    truth = {**truth_of(many(2024, 40), 2024), SERVED: 3, SERVICES: 12, HTI_SERVICES: 12}
    only = {SERVED: ToldAmount(0, 9), told: ToldAmount(12, 12)}
    with pytest.raises(NotProtected):
        check(OF_SERVICES, FIGURES, [], HeldRelease(2024, only, truth), SOLVER)
    found = protect(OF_SERVICES, FIGURES, [], HeldRelease(2024, primary(OF_SERVICES, truth, 2024), truth), SOLVER)
    assert {SERVICES, HTI_SERVICES}.isdisjoint(found)
    assert found[SERVED] == ToldAmount(0, 9)
    assert found[ReleaseCell("O32a", 2024, 2024)] == ToldAmount(40, 40)


def test_services_to_many_persons_or_of_unknown_number_are_told() -> None:
    for served, services in ((12, 30), (3, 8), (0, 0)):
        truth = {**truth_of(many(2024, 40), 2024), SERVED: served, SERVICES: services, HTI_SERVICES: 0}
        told = primary(OF_SERVICES, truth, 2024)
        found = protect(OF_SERVICES, FIGURES, [], HeldRelease(2024, told, truth), SOLVER)
        for cell in (SERVED, SERVICES, HTI_SERVICES):
            assert found[cell] == told[cell]


def test_there_are_never_more_persons_than_services_which_they_received_and_at_least_one() -> None:
    earlier = HeldRelease(2024, {SERVICES: ToldAmount(12, 12)}, {SERVICES: 12, SERVED: 3})
    outside = build_outside_view(OF_SERVICES, FIGURES, [earlier], SOLVER)
    for factor, extreme in ((-1, 12), (1, 1)):
        world = world_with_smallest(outside.system, {outside.places[0][SERVED]: factor}, SOLVER)
        assert outside.world(0, world)[SERVED] == extreme


def test_a_table_that_the_policy_no_longer_has_stays_protected() -> None:
    """Somebody who holds the old release learns its small rows from what a later policy tells of the same persons."""
    truth = truth_of(COMPLEMENT, 2024)
    first = released([], 2024, truth)
    later = parse_disclosure_policy(
        YAML.replace("    - {figure: O32a, by: citizenship, rows: [BZ, GT, HN], years: 3}\n", "")
    )
    hidden = ReleaseCell("O32a", 2022, 2024, (("citizenship", OTHERS),))
    assert hidden not in first.told
    own = {cell: amount for cell, amount in truth.items() if "citizenship" not in dict(cell.row)}
    told = protect(later, FIGURES, [first], HeldRelease(2024, primary(later, own, 2024), own), SOLVER)
    check(later, FIGURES, [first], HeldRelease(2024, told, own), SOLVER)
    with pytest.raises(NotProtected):
        check(later, FIGURES, [first], HeldRelease(2024, {**told, hidden: ToldAmount(3, 3)}, own), SOLVER)


def test_a_table_with_other_rows_of_the_same_years_is_refused() -> None:
    """The row of all others is then not the same, and what both tables tell together cannot be audited."""
    first = released([], 2024, truth_of(COMPLEMENT, 2024))
    other = parse_disclosure_policy(YAML.replace("rows: [BZ, GT, HN]", "rows: [BZ, GT]"))
    for year, refused in ((2026, True), (2027, False)):
        truth = truth_of(many(year, 40), year, policy=other)
        new = HeldRelease(year, primary(other, truth, year), truth)
        if refused:
            with pytest.raises(Unsolved, match="O32a by citizenship"):
                protect(other, FIGURES, [first], new, SOLVER)
        else:
            protect(other, FIGURES, [first], new, SOLVER)


class Broken:
    """A solver that says nothing, or anything."""

    def __init__(self, answer: int | None) -> None:
        self.answer = answer

    def smallest(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        return None if self.answer is None else [self.answer] * system.size


@pytest.mark.parametrize("answer", [None, 3, -1])
def test_a_solver_that_fails_or_errs_ends_in_a_refusal(answer: int | None) -> None:
    truth = truth_of(COMPLEMENT, 2024)
    new = HeldRelease(2024, primary(POLICY, truth, 2024), truth)
    with pytest.raises((Unsolved, NotProtected)):
        protect(POLICY, FIGURES, [], new, Broken(answer))


def test_a_solver_without_time_gives_no_answer() -> None:
    truth = truth_of(COMPLEMENT, 2024)
    new = HeldRelease(2024, primary(POLICY, truth, 2024), truth)
    with pytest.raises(Unsolved):
        protect(POLICY, FIGURES, [], new, HighsSolver(0))
