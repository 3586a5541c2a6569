"""Whole years drawn at random, which nobody fitted to the report: folds and oracle agree on every figure of them.

The oracle is written from the sentences of the map of figures, over the bytes, and knows nothing of the folds.
"""

import random

import pytest

from schemas.times import Period
from services.reporting.domain.figures.table import FIGURES
from tests.support import oracle
from tests.support.generator import History, Mix, accepted
from tests.support.oracle.uncounted import UNCOUNTED
from tests.unit.history.ledgers import figures, ledger, live, numbered

YEAR = Period.parse("2024")
YEARS = (705, 708)
"""Seeds: in each some figure is more than nothing that rarely is."""
EVENTS = 2_500
FACTS_ONLY = Mix(corrections=0, retractions=0, merges=0, cycles=0, unseen=0)
REPORTED = {number for number in FIGURES if number[0] in "OMP"} & oracle.COUNTS.keys()
"""The figures of the report that events move."""


def drawn(seed: int) -> list[bytes]:
    return accepted(History(seed, FACTS_ONLY).submissions(EVENTS))


@pytest.mark.parametrize("seed", YEARS)
def test_a_year_drawn_at_random_agrees_with_the_oracle_on_every_figure(seed: int) -> None:
    payloads = drawn(seed)
    found = figures(live(ledger(numbered(payloads)), random.Random(seed)), YEAR)
    assert found == oracle.answers(oracle.known(map(oracle.hear, payloads)), YEAR.first, YEAR.last)


def test_every_figure_of_the_report_is_more_than_nothing_in_one_of_the_years() -> None:
    counted: set[str] = set()
    for seed in YEARS:
        everything = oracle.known(map(oracle.hear, drawn(seed)))
        year = {number: oracle.COUNTS[number](everything, YEAR.first, YEAR.last) for number in REPORTED}
        counted |= {number for number, amount in year.items() if amount}
    assert counted == REPORTED


def test_every_breakdown_of_the_report_s_figures_is_counted_or_on_the_list_of_those_that_are_not() -> None:
    asked = {
        (number, breakdown)
        for number, figure in FIGURES.items()
        if number[0] in "OMP" or number == "R10a"
        for breakdown in figure.breakdowns
        if breakdown
    }
    listed = {
        (number, tuple(each.split("×")))
        for numbers, names in UNCOUNTED.items()
        for number in numbers.split()
        for each in names.split()
    }
    counted = {(number, (name,)) for number, name in oracle.BREAKDOWNS} & asked
    assert not listed & counted
    assert listed | counted == asked
    numbers = {number for number in FIGURES if number[0] in "OMP"}
    assert numbers == REPORTED | {number for number in oracle.NOT_OF_EVENTS if number[0] in "OMP"}
