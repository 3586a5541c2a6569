"""Whole years drawn at random, which nobody fitted to the report: folds and oracle agree on every figure of them.

The oracle is written from the sentences of the map of figures, over the bytes, and knows nothing of the folds.
"""

import random
from functools import cache

import pytest

from schemas.times import Period
from services.reporting.domain.figures.all_figures import FIGURES
from tests.support import oracle
from tests.support.generator import History, Mix, accepted
from tests.unit.history.ledgers import figures, ledger, live, numbered, of_figures, rows

YEAR = Period.parse("2024")
SEEDS = (1, 11, 14)
"""Together they have every figure of the report, and a row of every breakdown.

A change of the contract draws other years from them. Where a figure or a breakdown is missing then, choose other seeds.
"""
EVENTS = 2_500
FACTS_ONLY = Mix(corrections=0, retractions=0, merges=0, cycles=0, unseen=0, new=0.05, active=10, detailed=0.7)
"""A mix in which few persons and cases recur, and much is said of them, so that every breakdown has rows."""
REPORTED = {number for number in FIGURES if number[0] in "OMP"} & oracle.COUNTS.keys()
"""The figures of the report that events move."""
COUNTED = tuple((number, by) for number in oracle.SPREADS for by in FIGURES[number].breakdowns if by)
"""The breakdowns that the oracle counts, by figure and dimensions."""


@cache
def drawn(seed: int) -> list[bytes]:
    return accepted(History(seed, FACTS_ONLY).submissions(EVENTS))


@cache
def known(seed: int) -> oracle.Known:
    return oracle.known(map(oracle.hear, drawn(seed)))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_drawn_at_random_agrees_with_the_oracle_on_every_figure_and_breakdown(seed: int) -> None:
    found = live(ledger(numbered(drawn(seed))), random.Random(seed))
    assert figures(found, YEAR) == oracle.answers(known(seed), YEAR.first, YEAR.last)
    cells = of_figures(found)
    for number, by in COUNTED:
        counted = oracle.SPREADS[number](known(seed), YEAR.first, YEAR.last, by)
        expected = {row: amount for row, amount in counted.items() if amount}
        assert (number, by, rows(FIGURES[number], cells[number], YEAR, by)) == (number, by, expected)


def shown(seed: int) -> set[tuple[str, tuple[str, ...]]]:
    """Give the figures that are more than nothing in a year, and the breakdowns with a row without an absent value.

    A breakdown of which every row is `absent` shows nothing of its dimensions.
    """
    amounts = {(number, ()) for number in REPORTED if oracle.COUNTS[number](known(seed), YEAR.first, YEAR.last)}
    return amounts | {
        (number, by)
        for number, by in COUNTED
        for row, amount in oracle.SPREADS[number](known(seed), YEAR.first, YEAR.last, by).items()
        if amount and "absent" not in row
    }


def test_every_figure_and_breakdown_of_the_report_has_a_row_in_one_of_the_years() -> None:
    every = {*((number, ()) for number in REPORTED), *COUNTED}
    assert every - set[tuple[str, tuple[str, ...]]]().union(*map(shown, SEEDS)) == set()


def test_every_breakdown_of_the_report_s_figures_is_counted_or_on_the_list_of_those_that_are_not() -> None:
    every = {(number, by) for number, figure in FIGURES.items() if number[0] in "OMP" for by in figure.breakdowns if by}
    assert every - set(COUNTED) == oracle.UNCOUNTED.keys()
    numbers = {number for number in FIGURES if number[0] in "OMP"}
    assert numbers == REPORTED | {number for number in oracle.NOT_OF_EVENTS if number[0] in "OMP"}
