"""The synthetic year by the pure path: what intake would accept, routed, resolved, folded, counted and read."""

from collections import defaultdict
from collections.abc import Iterable

from schemas.codec import decode
from schemas.envelope import Event
from schemas.required_copies import required
from services.demo.invented_year import history
from services.presentation.report_2024_numbers.comparison_with_figures import (
    PERIOD,
    ComparedLine,
    breakdowns_to_read,
    compare_printed_numbers,
)
from services.reporting.domain.cells.cells_from_items import GROUP, MARKS, CellKey, add_changes
from services.reporting.domain.cells.counted_items import cells
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger.entity_fold import fold
from services.reporting.domain.ledger.facts_ever_in_force import facts_in_force_of
from services.reporting.domain.read.amounts_from_cells import read


def states(events: Iterable[Event]) -> dict[str, EntityState]:
    """Return the state of each entity."""
    numbered = dict(enumerate(events, start=1))
    by_entity: dict[str, list[Event]] = defaultdict(list)
    for n, entities in required(numbered).items():
        for entity in entities:
            by_entity[entity].append(numbered[n])
    return {
        entity: fold(entity, (each.content for each in facts_in_force_of(entity, its_events)))
        for entity, its_events in by_entity.items()
    }


def counted(events: Iterable[Event]) -> list[ComparedLine]:
    total: dict[CellKey, int] = {}
    for state in states(events).values():
        add_changes(total, cells(state))
    of_figure: dict[str, dict[CellKey, int]] = defaultdict(dict)  # a reader looks through all that it is given
    for key, amount in total.items():
        of_figure[key.figure.rstrip(MARKS + GROUP)][key] = amount
    return compare_printed_numbers(
        reading
        for breakdown, numbers in breakdowns_to_read()
        for number in numbers
        for reading in read(FIGURES[number], of_figure[number], PERIOD, breakdown)
    )


def accepted() -> list[Event]:
    return [decode(entry.value) for entry in history() if entry.expected == "accepted"]


def disagreeing(lines: Iterable[ComparedLine]) -> set[str]:
    return {line.printed.number for line in lines if line.agrees is False}
