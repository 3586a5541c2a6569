"""Targets of a release's protection, read from the policy's sentences: small amounts, and few beside an amount."""

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.reporting.domain.disclosure.constraint_system import build_outside_view
from services.reporting.domain.disclosure.policy import OTHERS, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, ToldAmount
from services.reporting.domain.disclosure.suppression import NotProtected, check, large_or_fewer, primary, protect
from services.reporting.domain.disclosure.targets import targets
from services.reporting.domain.figures.all_figures import FIGURES
from tests.unit.reporting.disclosure.invented_register import YAML, truth_of
from tests.unit.reporting.disclosure.release_histories import SOLVER

EXACT_O9: Final = parse_disclosure_policy(
    YAML.replace("exact: []", "exact: [{figures: [O9], because: printed}]")
    + "    - {figure: O9, by: sex, rows: [female, male], years: 3}\n"
)
"""Both figures have a table by sex. The whole of O9 is told exactly, that of O32a where it is large enough."""
OF_PARTS: Final = parse_disclosure_policy(YAML.replace("totals: [O32a]", "totals: [O32a, O19a, O22a, O22b]"))
EXACT_WHOLE: Final = parse_disclosure_policy(
    YAML.replace("totals: [O32a]", "totals: [O22b]")
    .replace("exact: []", "exact: [{figures: [O22a], because: printed}]")
    .replace("revised: [O32a]", "revised: []")
)


def row(figure: str, value: str) -> ReleaseCell:
    return ReleaseCell(figure, 2022, 2024, (("sex", value),))


def demanded(amount: int, whole: int, *, exact: bool) -> Iterator[tuple[bool, int]]:
    """Give for a row of a table what is protected: itself (False) or the others (True), and how large it may seem."""
    reach = min(5, whole) if exact else 5
    if reach and amount < 10:
        yield False, reach
    if reach and whole - amount < 10:
        yield True, reach


@given(st.sampled_from(["O9", "O32a"]), st.integers(0, 30), st.integers(0, 30))
@example("O9", 0, 0)
@example("O9", 1, 0)
@example("O32a", 0, 0)
@example("O32a", 3, 0)
@example("O32a", 10, 10)
def test_a_row_is_protected_where_it_or_its_complement_is_small(figure: str, one: int, other: int) -> None:
    amounts = {"female": one, "male": other, OTHERS: 0}
    truth = {row(figure, value): amount for value, amount in amounts.items()} | {row(figure, "").whole: one + other}
    found = targets(EXACT_O9, FIGURES, [HeldRelease(2024, {}, truth)])
    for value, amount in amounts.items():
        own = [each for each in found if each.cell == row(figure, value)]
        assert [(each.within is not None, each.reach) for each in own] == list(
            demanded(amount, one + other, exact=figure == "O9")
        )
        assert all(each.least == 0 and each.release == 0 for each in own)
        assert {each.within for each in own} <= {None, row(figure, value).whole}
    assert {each.cell for each in found if each.cell.row} <= {row(figure, value) for value in amounts}


def test_a_row_by_a_dimension_without_a_table_and_a_total_that_is_told_exactly_are_not_protected() -> None:
    truth = {
        ReleaseCell("O9", 2024, 2024): 3,
        ReleaseCell("O9", 2024, 2024, (("citizenship", "BZ"),)): 1,
        ReleaseCell("O16", 2024, 2024): 2,
    }
    assert targets(EXACT_O9, FIGURES, [HeldRelease(2024, {}, truth)]) == []


@pytest.mark.parametrize(("amount", "protected"), [(0, True), (9, True), (10, False)])
def test_a_total_is_protected_where_it_is_small(amount: int, protected: bool) -> None:
    total = ReleaseCell("O32a", 2024, 2024)
    found = targets(OF_PARTS, FIGURES, [HeldRelease(2024, {}, {}), HeldRelease(2024, {}, {total: amount})])
    assert [(each.release, each.cell, each.within, each.reach) for each in found] == (
        [(1, total, None, 5)] if protected else []
    )


@pytest.mark.parametrize(
    ("part", "whole", "protected"),
    [(12, 12, True), (12, 21, True), (12, 22, False), (12, 11, False), (12, None, False)],
)
def test_those_outside_of_a_part_are_protected_where_they_are_few(
    part: int, whole: int | None, protected: bool
) -> None:
    """A part of more than its whole is no part: the two count other persons."""
    cell, above = ReleaseCell("O22b", 2024, 2024), ReleaseCell("O22a", 2024, 2024)
    truth = {cell: part} if whole is None else {cell: part, above: whole}
    for policy in (OF_PARTS, EXACT_WHOLE):
        found = targets(policy, FIGURES, [HeldRelease(2024, {}, truth)])
        assert [(each.within, each.reach) for each in found if each.cell == cell] == ([(above, 5)] if protected else [])


@pytest.mark.parametrize(("whole", "reach"), [(0, []), (1, [1]), (4, [4]), (5, [5]), (9, [5])])
def test_of_a_whole_that_is_told_exactly_no_more_is_demanded_than_it_is(whole: int, reach: list[int]) -> None:
    cell, above = ReleaseCell("O22b", 2024, 2024), ReleaseCell("O22a", 2024, 2024)
    found = targets(EXACT_WHOLE, FIGURES, [HeldRelease(2024, {}, {cell: 0, above: whole})])
    assert [each.reach for each in found if each.within == above] == reach
    other = targets(OF_PARTS, FIGURES, [HeldRelease(2024, {}, {cell: 0, above: whole})])
    assert [each.reach for each in other if each.within == above] == [5]


@pytest.mark.parametrize("figure", ["O19a", "O19c"])
def test_a_part_of_a_part_is_a_part_of_the_whole(figure: str) -> None:
    cell, above = ReleaseCell("O19a", 2024, 2024), ReleaseCell("O19b", 2024, 2024)
    truth = {cell: 20, above: 22} | ({} if figure == "O19a" else {ReleaseCell("O19c", 2024, 2024): 21})
    (*_, last) = found = targets(OF_PARTS, FIGURES, [HeldRelease(2024, {}, truth)])
    assert (last.within, len(found)) == (above, 1 if figure == "O19a" else 2)
    assert all(each.of_a_part and each.figures == {"O19a", each.within.figure} for each in found if each.within)
    assert [each.amount(truth) for each in found] == ([2] if figure == "O19a" else [1, 2])


@pytest.mark.parametrize(("amount", "told"), [(0, (0, 9)), (9, (0, 9)), (10, (10, 10)), (11, (11, 11))])
def test_a_total_is_told_from_the_smallest_on_and_else_as_fewer(amount: int, told: tuple[int, int]) -> None:
    assert large_or_fewer(EXACT_O9, amount) == ToldAmount(*told)


def test_an_outsider_reckons_with_the_cells_that_bear_on_what_is_protected_and_with_no_other() -> None:
    """Cells of each release are of no later year: later ones were unknown then, and bind nothing."""
    told = [ReleaseCell(figure, 2024, 2024) for figure in ("O22a", "O22b", "O1a", "O9")]
    new = HeldRelease(2024, {cell: ToldAmount(20, 20) for cell in told}, dict.fromkeys(told, 20))
    later = HeldRelease(2025, {told[0]: ToldAmount(20, 20)}, dict.fromkeys((*told, told[0]._replace(last=2025)), 20))
    outside = build_outside_view(OF_PARTS, FIGURES, [new, later], SOLVER)
    assert {cell.figure for cells in outside.places for cell in cells} == {"O22a", "O22b", "O32a"}
    assert [max(cell.last for cell in cells) for cells in outside.places] == [2024, 2025]


def test_what_would_be_told_by_itself_is_told() -> None:
    """An exact figure of the year, a total, and each row of a table that neither is small nor leaves few beside it."""
    truth = {row("O9", value): amount for value, amount in (("female", 12), ("male", 10), (OTHERS, 0))}
    truth |= {row("O9", "").whole: 22, ReleaseCell("O9", 2024, 2024): 3, ReleaseCell("O9", 2023, 2023): 9}
    truth |= {ReleaseCell("O9", 2024, 2024, (("sex", "female"),)): 2}
    truth |= {row("O32a", value): 4 for value in ("female", "male", OTHERS)} | {row("O32a", "").whole: 12}
    truth |= {
        ReleaseCell("O32a", 2022, 2024, (("citizenship", value),)): amount
        for value, amount in (("BZ", 12), ("GT", 0), ("HN", 0), (OTHERS, 0))
    }
    truth |= {ReleaseCell("O32a", 2024, 2024): 9}
    assert primary(EXACT_O9, truth, 2024) == {
        ReleaseCell("O9", 2024, 2024): ToldAmount(3, 3),
        ReleaseCell("O32a", 2024, 2024): ToldAmount(0, 9),
        row("O9", "").whole: ToldAmount(22, 22),
        row("O9", "female"): ToldAmount(12, 12),
        row("O9", "male"): ToldAmount(10, 10),
        row("O32a", "").whole: ToldAmount(12, 12),
    }


def test_what_the_policy_tells_exactly_is_never_withheld_rather_there_is_no_release() -> None:
    """Eleven were printed as paid for. That twelve were returned would now tell of one."""
    part, whole = ReleaseCell("O22b", 2024, 2024), ReleaseCell("O22a", 2024, 2024)
    printed = HeldRelease(2024, {part: ToldAmount(11, 11)}, {})
    truth = {**truth_of([], 2024), part: 11, whole: 12}
    new = HeldRelease(2024, {whole: ToldAmount(12, 12), part: ToldAmount(11, 11)}, truth)
    with pytest.raises(NotProtected, match="O22b"):
        protect(EXACT_WHOLE, FIGURES, [printed], new, SOLVER)
    as_a_total = protect(OF_PARTS, FIGURES, [printed], new, SOLVER)
    assert as_a_total == {}
    check(OF_PARTS, FIGURES, [printed], HeldRelease(2024, as_a_total, truth), SOLVER)
