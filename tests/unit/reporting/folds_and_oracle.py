"""Figures by the folds, held against what the oracle counts of the same events."""

from collections.abc import Iterable, Mapping, Sequence

from schemas.codec import encode
from schemas.envelope import Event
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.amounts_from_cells import read
from tests.support import oracle


def agrees(events: Sequence[Event], cells: Mapping[CellKey, int], period: Period, numbers: Iterable[str]) -> None:
    """Demand that these figures are those of the events: amounts, lengths, what is under way, and rows."""
    asked = (oracle.known(map(oracle.hear, map(encode, events))), period.first, period.last)
    wanted = frozenset(numbers)
    for number in sorted(wanted):
        (found,) = read(FIGURES[number], cells, period)
        assert (number, found.amount) == (number, oracle.COUNTS[number](*asked))
        if number in oracle.LENGTHS:
            assert (number, tuple(found.durations.items())) == (number, oracle.LENGTHS[number](*asked))
        if number in oracle.UNDER_WAY:
            assert (number, found.under_way) == (number, oracle.UNDER_WAY[number](*asked))
    for number, by in oracle.BREAKDOWNS:
        if number in wanted:
            counted = tuple(sorted(oracle.BREAKDOWNS[number, by](*asked).items()))
            rows = oracle.by_value(read(FIGURES[number], cells, period, (by,)), by)
            assert (number, by, rows) == (number, by, counted)
