"""Relations that anybody reads from the definitions: totals, pools of years, equal figures, parts."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Final

import pytest

from services.reporting.domain.disclosure.policy import OTHERS, parse_disclosure_policy
from services.reporting.domain.disclosure.relations import relations
from services.reporting.domain.disclosure.release_cells import ReleaseCell
from services.reporting.domain.figures.all_figures import FIGURES
from tests.unit.reporting.disclosure.invented_register import YAML

POLICY: Final = parse_disclosure_policy(YAML + "  equal: [[O3, O4, O5], [O19a, O23]]\n").public
Found = set[tuple[frozenset[tuple[ReleaseCell, int]], int | None, int | None]]


def of(figure: str, first: int = 2024, last: int = 2024, **row: str) -> ReleaseCell:
    return ReleaseCell(figure, first, last, tuple(sorted(row.items())))


def found(amounts: Mapping[ReleaseCell, int], unknown: Iterable[ReleaseCell] = ()) -> Found:
    read = relations(POLICY, FIGURES, [*amounts, *unknown], amounts)
    return {(frozenset(each.terms.items()), each.low, each.high) for each in read}


def relation(terms: Mapping[ReleaseCell, int], low: int | None = 0, high: int | None = 0) -> Found:
    return {(frozenset(terms.items()), low, high)}


@pytest.mark.parametrize("figure", ["O32a", "O9"])
@pytest.mark.parametrize("whole", [6, 7, 8])
def test_rows_of_a_protected_table_add_up_to_their_whole(figure: str, whole: int) -> None:
    """A table is one of the policy, or one that an earlier policy had: it has a row of all others."""
    rows = {of(figure, sex=value): amount for value, amount in (("female", 3), ("male", 4), (OTHERS, 0))}
    other_year = {of(figure, 2023, 2023, sex="female"): 1, of(figure, 2022, 2022): 5}
    summed = relation(dict.fromkeys(rows, 1) | {of(figure): -1})
    every = found({**rows, **other_year, of(figure): whole})
    assert every.isdisjoint(summed) is (whole != 7)
    assert every - summed == {
        each for row, amount in rows.items() if amount <= whole for each in relation({of(figure): 1, row: -1}, 0, None)
    }


@pytest.mark.parametrize(("figure", "adds"), [("O32a", True), ("O9", False)])
def test_rows_of_no_protected_table_need_not_be_all_of_them(figure: str, adds: bool) -> None:
    row, whole = of(figure, citizenship="BZ"), of(figure)
    assert (relation({row: 1, whole: -1}) <= found({row: 7, whole: 7})) is adds
    assert relation({of(figure, age_group=OTHERS): 1, whole: -1}) <= found({of(figure, age_group=OTHERS): 7, whole: 7})


def test_years_add_up_to_what_takes_them_together_or_are_each_within_it() -> None:
    years = [of("O32a", year, year) for year in (2022, 2023, 2024)]
    pool = of("O32a", 2022, 2024)
    summed = dict.fromkeys(years, 1) | {pool: -1}
    assert found(dict(zip((*years, pool), (1, 2, 3, 6), strict=True))) == relation(summed)
    several = found(dict(zip((*years, pool), (1, 2, 3, 5), strict=True)))
    assert several == {
        each
        for terms in (summed, *({pool: 1, year: -1} for year in years))
        for each in relation(terms, 0, None)
    }  # fmt: skip
    assert found(dict(zip((*years[1:], pool), (2, 3, 6), strict=True))) == set()


def test_a_relation_that_the_amounts_do_not_keep_is_not_given_and_of_unknown_amounts_the_strongest_is() -> None:
    years, pool = [of("O32a", year, year) for year in (2022, 2023, 2024)], of("O32a", 2022, 2024)
    assert found(dict(zip((*years, pool), (1, 9, 3, 8), strict=True))) == set()
    summed = dict.fromkeys(years, 1) | {pool: -1}
    assert found({years[0]: 9, years[1]: 9, pool: 1}, [years[2]]) == relation(summed)


@pytest.mark.parametrize(("amounts", "equal"), [((4, 4, 4), 2), ((4, 4, 3), 1), ((4, 3, 3), 1), ((3, 4, 3), 0)])
def test_figures_that_count_the_same_are_equal_while_they_do(amounts: tuple[int, int, int], equal: int) -> None:
    for sex in ({}, {"sex": "female"}):
        cells = [of(figure, 2024, 2024, **sex) for figure in ("O3", "O4", "O5")]
        pairs = [relation({one: 1, other: -1}) for one, other in itertools.pairwise(cells)]
        kept = [each for each, (a, b) in zip(pairs, itertools.pairwise(amounts), strict=True) if a == b]
        assert found(dict(zip(cells, amounts, strict=True))) == set().union(*kept)
        assert len(kept) == equal
    assert found({of("O19a"): 1, of("O23", 2023, 2023): 1, of("O23", sex="female"): 1}) == set()


def test_a_part_is_at_most_each_figure_that_it_is_part_of_and_a_longer_row_each_row_around_it() -> None:
    one, all_of = of("O19a"), {of("O19c"): 5, of("O19b"): 9}
    within = relation({of("O19c"): 1, one: -1}, 0, None) | relation({of("O19b"): 1, one: -1}, 0, None)
    within |= relation({of("O19b"): 1, of("O19c"): -1}, 0, None)
    assert found({one: 5, **all_of, of("O19b", 2023, 2023): 1}) == within
    assert found({one: 6, **all_of}) == within - relation({of("O19c"): 1, one: -1}, 0, None)
    long, rows = of("O9", citizenship="BZ", sex="male"), (of("O9", citizenship="BZ"), of("O9", sex="male"), of("O9"))
    around = {each for row in rows for each in relation({row: 1, long: -1}, 0, None)}
    around |= {each for row in rows[:2] for each in relation({rows[2]: 1, row: -1}, 0, None)}
    assert found(dict.fromkeys((long, *rows), 2)) == around
