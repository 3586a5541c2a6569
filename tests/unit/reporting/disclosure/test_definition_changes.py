"""Releases that show a figure by two definitions: of the same years an outsider holds only one of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.disclosure import suppression
from services.reporting.domain.disclosure.constraint_system import Unsolved
from services.reporting.domain.disclosure.definition_changes import cells_of_another_definition
from services.reporting.domain.disclosure.policy import DisclosurePolicy, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount
from services.reporting.domain.disclosure.suppression import check, primary, protect
from services.reporting.domain.figures.all_figures import FIGURES
from tests.unit.reporting.disclosure.attacker import WantedAmount
from tests.unit.reporting.disclosure.disclosed_to_attacker import seen, small_amounts
from tests.unit.reporting.disclosure.invented_register import POLICY, VALUES, YAML, Victim, many, truth_of
from tests.unit.reporting.disclosure.release_histories import COMPLEMENT, SOLVER, persons, released, revised
from tests.unit.reporting.disclosure.two_definitions import DefinitionsAttacker

Only: TypeAlias = tuple[str, str] | None

STEPS: Final = ((2024, 1), (2024, 2), (2025, 2), (2027, 2))
"""Year and definition of each release: a first one, a revision, one that shares two years, and one that shares none."""


def by_two_definitions(
    both: Sequence[Victim], alone: Sequence[Victim], *, wider: bool, steps: Sequence[tuple[int, int]] = STEPS
) -> list[HeldRelease]:
    """Give releases of persons whom both definitions count, and of those whom the second (`wider`) or the first has."""
    history: list[HeldRelease] = []
    for place, (year, version) in enumerate(steps):
        truth = truth_of([*both, *(alone if (version == 2) is wider else ())], year, place)
        if history and history[-1].year == year:
            history.append(revised(history, truth, version=version))
        else:
            history.append(released(history, year, truth, version=version))
    return history


def bounds(
    attacker: DefinitionsAttacker,
    history: Sequence[HeldRelease],
    wanted: Sequence[WantedAmount],
    spans: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Return the attacker's bounds of amounts, and of how many persons one definition counts alone in these years."""
    for release in history:
        attacker.see(release.year, seen(release.told))
    return [*attacker.bounds(wanted), *attacker.alone(spans)]


def learned(
    history: Sequence[HeldRelease], alone: Sequence[Victim], *, wider: bool, only: Only = None
) -> list[WantedAmount | tuple[int, int]]:
    """Return what releases by the second definition add to the attacker's knowledge by the first."""
    years = sorted({cell.first for release in history for cell in release.truth})
    by_wider = [(release.definitions["O32a"] == 2) is wider for release in history]
    first = [replace(each, told={}) if each.definitions["O32a"] == 2 else each for each in history]
    wanted = small_amounts(history)
    few = [span for span in ((2022, 2024), *((year, year) for year in years)) if _within(alone, span) < POLICY.smallest]
    before, after = (
        bounds(DefinitionsAttacker(VALUES, years, wider=by_wider, only=only), held, wanted, few)
        for held in (first, history)
    )
    every: list[WantedAmount | tuple[int, int]] = [*wanted, *few]
    found = zip(every, before, after, strict=True)
    return [each for each, then, now in found if now[0] > max(0, then[0]) or now[1] < min(POLICY.narrowest, then[1])]


def as_known(victim: Victim, only: Only) -> Victim:
    """Give the person the value that all have whom one definition counts alone."""
    if only is None:
        return victim
    by, value = only
    return replace(victim, sex=value) if by == "sex" else replace(victim, citizenship=value)


def _within(persons_alone: Sequence[Victim], span: tuple[int, int]) -> int:
    return sum(span[0] <= each.year <= span[1] for each in persons_alone)


@settings(max_examples=8, deadline=None)
@given(
    both=persons([0, 0, 0, 1], last=2027),
    alone=persons([0], last=2027),
    wider=st.booleans(),
    only=st.sampled_from([None, ("sex", "male"), ("citizenship", "GT")]),
)
def test_an_outsider_who_knows_both_definitions_learns_no_small_amount(
    both: list[list[Victim]], alone: list[list[Victim]], *, wider: bool, only: Only
) -> None:
    counted_by_one = [as_known(each, only) for group in alone for each in group]
    history = by_two_definitions([each for group in both for each in group], counted_by_one, wider=wider)
    assert learned(history, counted_by_one, wider=wider, only=only) == []


REGISTER: Final = [
    *many(2024, 40),
    *many(2024, 12, "male", "GT"),
    *many(2023, 3, "male", "GT"),
    *many(2022, 25, "male", "HN"),
    *many(2024, 30, "male", "MX"),
]
TWELVE: Final = many(2024, 12, "male", "GT")
"""Without them the total of 2024 is twelve less. So of the fifteen of GT in the table three are of other years."""
ONE: Final = many(2024, 1)
THREE: Final = WantedAmount(0, 2023, 2023, "citizenship", "GT")


@pytest.mark.parametrize(
    ("alone", "only", "wider", "gives_away"),
    [
        (TWELVE, ("citizenship", "GT"), False, THREE),
        (ONE, None, False, (2024, 2024)),
        (ONE, None, True, (2024, 2024)),
    ],
    ids=["twelve less", "one less", "one more"],
)
def test_two_definitions_of_the_same_years_give_a_small_amount_away_unless_one_is_withheld(
    alone: list[Victim],
    only: Only,
    gives_away: WantedAmount | tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
    *,
    wider: bool,
) -> None:
    """The audit alone lets both go: it knows no definition, and takes what differs for facts that came late."""
    both = list(REGISTER)
    for each in alone:
        both.remove(each)
    assert learned(by_two_definitions(both, alone, wider=wider), alone, wider=wider, only=only) == []
    monkeypatch.setattr(suppression, "cells_of_another_definition", lambda *_: set())
    history = by_two_definitions(both, alone, wider=wider, steps=STEPS[:2])
    check(POLICY, FIGURES, history[:1], history[1], SOLVER)
    assert gives_away in learned(history, alone, wider=wider, only=only)


def told(figure: str, first: int, last: int, **row: str) -> ReleaseCell:
    return ReleaseCell(figure, first, last, tuple(row.items()))


def a_release(year: int, version: int | None, *cells: ReleaseCell, untold: Sequence[ReleaseCell] = ()) -> HeldRelease:
    """Give a release that shows cells, and knows others. `version`: that of each figure in it."""
    known = dict.fromkeys((*cells, *untold), 20)
    definitions = {} if version is None else {cell.figure: version for cell in known}
    return HeldRelease(year, {cell: ToldAmount(20, 20) for cell in cells}, known, definitions)


WOMEN: Final = told("O32a", 2022, 2024, sex="female")


def apart(history: Sequence[HeldRelease], new: HeldRelease, policy: DisclosurePolicy = POLICY) -> set[ReleaseCell]:
    return cells_of_another_definition(policy.public, FIGURES, history, new)


@pytest.mark.parametrize(
    ("first", "last", "shares"),
    [
        *((2024, 2024, True), (2022, 2022, True), (2024, 2026, True), (2020, 2022, True)),
        *((2025, 2027, False), (2021, 2021, False)),
    ],
)
def test_a_definition_is_not_shown_in_a_year_of_another_one(first: int, last: int, shares: bool) -> None:
    """Shown or not: a row that is withheld beside rows that stand would be known to be small."""
    one, other = told("O32a", first, last), told("O32a", first, last, citizenship="GT")
    new = a_release(last, 2, one, untold=[other])
    assert apart([a_release(2024, 1, WOMEN)], new) == ({one, other} if shares else set())
    assert apart([a_release(2024, 1, WOMEN), a_release(2024, 2, WOMEN)], new) == ({one, other} if shares else set())
    for same in (a_release(2024, 2, WOMEN), a_release(2024, None, WOMEN), a_release(2024, 1, untold=[WOMEN])):
        assert apart([same], new) == set()


def test_a_release_without_versions_is_compared_by_its_amounts() -> None:
    assert apart([a_release(2024, 1, WOMEN)], a_release(2024, None, WOMEN)) == set()


OF_PARTS: Final = parse_disclosure_policy(
    YAML.replace("totals: [O32a]", "totals: [O32a, O22b]").replace(
        "exact: []", "exact: [{figures: [O1a, O22a], because: printed}]"
    )
)


def test_a_figure_that_no_audit_has_is_shown_by_its_new_definition() -> None:
    cases, returned = told("O1a", 2024, 2024), told("O22a", 2024, 2024)
    new = a_release(2024, 2, cases, returned)
    assert apart([a_release(2024, 1, cases, returned)], new, OF_PARTS) == {returned}
    assert apart([a_release(2024, 1, cases, returned)], new) == set()


def test_a_part_is_not_shown_beside_another_definition_of_its_whole() -> None:
    """Nobody knows how few were outside of the part by the definition that was shown."""
    whole, part = told("O22a", 2024, 2024), told("O22b", 2024, 2024)
    later = told("O22b", 2025, 2025)
    for one, other in ((whole, part), (part, whole)):
        before = HeldRelease(2024, {one: ToldAmount(30, 30)}, {one: 30}, {one.figure: 1})
        definitions = {one.figure: 2, other.figure: 1}
        new = HeldRelease(2025, {other: ToldAmount(20, 20)}, {one: 25, other: 20, later: 20}, definitions)
        assert apart([before], new, OF_PARTS) == {one, other}
        assert apart([replace(before, definitions={one.figure: 2})], new, OF_PARTS) == set()


def test_a_release_by_another_definition_of_the_same_years_is_refused() -> None:
    """When it was prepared, no such release lay before it. One was published meanwhile."""
    first = released([], 2024, truth_of(COMPLEMENT, 2024))
    truth = truth_of([*COMPLEMENT, *many(2024, 30)], 2024)
    new = HeldRelease(2024, primary(POLICY, truth, 2024), truth, {"O32a": 2})
    with pytest.raises(Unsolved, match="another definition of O32a"):
        check(POLICY, FIGURES, [first], new, SOLVER)
    assert protect(POLICY, FIGURES, [first], new, SOLVER) == {}
    check(POLICY, FIGURES, [first], replace(new, told={}), SOLVER)


def test_a_new_definition_blocks_no_release_and_no_year_for_ever() -> None:
    """Each year's total is shown by it at once, and tables when none of their years was shown by the earlier one."""
    everybody = [victim for year in range(2022, 2028) for victim in (*many(year, 20), *many(year, 20, "male", "GT"))]
    first = released([], 2024, truth_of(everybody, 2024))
    second = released([first], 2026, truth_of(everybody, 2026), version=2)
    third = released([first, second], 2027, truth_of(everybody, 2027), version=2)
    assert {cell.last - cell.first for cell in first.told} == {0, 2}
    assert set(second.told) == {told("O32a", 2026, 2026)}
    assert {cell.last - cell.first for cell in third.told} == {0, 2}
