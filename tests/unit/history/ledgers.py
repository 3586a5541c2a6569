"""A history as reporting sees it: rows under entities as routing asks, folded entity by entity, read from cells."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import ENTITY_KINDS, bits, kind_of
from schemas.required_copies import required
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import GROUP, MARKS, CellKey, add_changes, diff
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger.entity import Entity, empty_entity, entity_known_at, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.domain.read.amounts_from_cells import read
from tests.support.oracle import BREAKDOWNS, COUNTS, LENGTHS, TWICE, UNDER_WAY, by_value

Accepted: TypeAlias = Sequence[tuple[bytes, Event]]
"""Events in the order of their numbers."""

Routing: TypeAlias = Callable[[Mapping[int, Event]], Mapping[int, Iterable[str]]]
Ledger: TypeAlias = Mapping[str, Sequence[LedgerRow]]
Cells: TypeAlias = Mapping[CellKey, int]


def numbered(payloads: Iterable[bytes]) -> Accepted:
    return [(payload, decode(payload)) for payload in payloads]


def ledger(accepted: Accepted, route: Routing = required) -> Ledger:
    """The rows of every entity once all of these are accepted."""
    events = {n: event for n, (_, event) in enumerate(accepted, start=1)}
    rows: dict[str, list[LedgerRow]] = {}
    for n, entities in route(events).items():
        for entity in sorted(entities):
            rows.setdefault(entity, []).append(_row(n, entity, events[n], accepted[n - 1][0]))
    return rows


def _row(n: int, entity: str, event: Event, payload: bytes) -> LedgerRow:
    return LedgerRow(
        n=n,
        topic=ENTITY_KINDS.index(kind_of(entity)),
        part=0,
        off=n,
        entity=bits(entity),
        source=event.source,
        id=UUID(event.id),
        primary_copy=entity == event.concerns()[0],
        accepted_at=n,
        payload=payload,
    )


def relayed(accepted: Accepted) -> Iterator[list[tuple[str, LedgerRow]]]:
    """Return the log's records when each event is accepted: its own copies, then those that earlier events now need.

    Of these, merges come first, as intake's relay sends them.
    """
    events: dict[int, Event] = {}
    sent: Mapping[int, Iterable[str]] = {}
    for x, (_, event) in enumerate(accepted, start=1):
        events[x] = event
        needed = required(events)
        yield [
            (entity, _row(n, entity, events[n], accepted[n - 1][0]))
            for n in [x, *sorted(range(1, x), key=lambda each: (not events[each].joins(), each))]
            for entity in sorted(needed[n].difference(sent.get(n, ())))
        ]
        sent = needed


def followed(accepted: Accepted) -> Iterator[Cells]:
    """The cells after each of these, as a worker keeps them that adds what changes; nobody is withheld meanwhile."""
    entities: dict[str, Entity] = {}
    total: dict[CellKey, int] = {}
    for rows in relayed(accepted):
        for entity_id, row in rows:
            before = entities.get(entity_id) or empty_entity(entity_id)
            after = entities[entity_id] = with_rows(before, [row])
            add_changes(total, diff(before.cells, after.cells))
            assert after.parked is None, (entity_id, after.parked)
        yield total


def live(rows: Ledger, dice: random.Random) -> Cells:
    """Return the counts once every row has come: in any order, in batches, some of them twice."""
    return _sum(_arrived(entity_id, list(every), dice) for entity_id, every in rows.items())


def known_at(rows: Ledger, n: int) -> Cells:
    """Return the state known at `n`, from rows of which some came later, some because of later ones."""
    return _sum(entity_known_at(entity_id, every, n) for entity_id, every in rows.items())


def _arrived(entity_id: str, rows: list[LedgerRow], dice: random.Random) -> Entity:
    dice.shuffle(rows)
    rows += [row for row in rows if dice.random() < 0.1]
    cuts = sorted(dice.randrange(len(rows) + 1) for _ in range(dice.randrange(4)))
    entity = empty_entity(entity_id)
    for begin, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        entity = with_rows(entity, rows[begin:end])
    return entity


def _sum(entities: Iterable[Entity]) -> Cells:
    total: dict[CellKey, int] = {}
    for entity in entities:
        assert entity.parked is None, (entity.id, entity.parked)
        add_changes(total, entity.cells)
    return total


def of_figures(found: Cells) -> dict[str, dict[CellKey, int]]:
    """The cells of each figure that the oracle counts, with those of its groups."""
    of_figure: dict[str, dict[CellKey, int]] = {number: {} for number in COUNTS}
    for key, amount in found.items():
        of_figure.get(key.figure.rstrip(MARKS + GROUP), {})[key] = amount
    return of_figure


def rows(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The rows of a figure by some dimensions that are not zero, as they are read from its cells."""
    return {
        tuple(reading.dimensions[name] for name in by): reading.amount
        for reading in read(figure, cells, period, by)
        if reading.amount
    }


def figures(found: Cells, period: Period) -> dict[str, Any]:
    """Every figure as it is read from cells, and by further names what is told beside it."""
    of_figure = of_figures(found)
    every = {number: read(FIGURES[number], cells, period)[0] for number, cells in of_figure.items()}
    return {
        **{number: reading.amount for number, reading in every.items()},
        **{f"{number} lengths": tuple(every[number].durations.items()) for number in LENGTHS},
        **{f"{number} under way": every[number].under_way for number in UNDER_WAY},
        **{f"{number} twice": every[number].twice for number in TWICE},
        **{
            f"{number} by {by}": by_value(read(FIGURES[number], of_figure[number], period, (by,)), by)
            for number, by in BREAKDOWNS
        },
    }
