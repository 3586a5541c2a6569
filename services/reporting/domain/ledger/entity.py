"""One entity in reporting: its ledger rows, and the state, items and cells computed from them.

A row that cannot be read, or a fold that raises, parks the entity. It then has no cells, and figures show that
something is withheld and not a wrong number. Other entities are not affected.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Final
from uuid import UUID

from msgspec import Struct, field

from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.cells.counted_items import Counts, cells_from, counts
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.ledger.amendments import Amendments
from services.reporting.domain.ledger.entity_fold import EMPTY, EVERY_PART, evolve, evolve_by_all, parts_that_fold
from services.reporting.domain.ledger.event_row import (
    LedgerRow,
    OrderKey,
    ParkingCause,
    ReadEvent,
    UnreadableRow,
    decode_event,
)
from services.reporting.domain.ledger.facts_ever_in_force import amends, ids_ever_merged_with

# Exceptions that a bug in a fold or a figure raises; they park the entity. Any other exception is not caused by the
# entity, and stops the process.
FAILURES: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


_IN_ORDER: Final = attrgetter("key")


class Parking(Struct, frozen=True):
    """Why an entity is parked, and the number (`n`) of the row that caused it; 0 if no row is known."""

    cause: ParkingCause
    n: int


class Entity(Struct, frozen=True):
    """An entity, its rows by (source, event id), and everything computed from them.

    `last`: order key of the latest event in `state`. `parked`: None unless the entity is withheld. `amendments`: result
    of its corrections, retractions and merges; None if it has none.
    """

    id: str
    rows: Mapping[tuple[str, UUID], LedgerRow]
    state: EntityState
    last: OrderKey | None = None
    parked: Parking | None = None
    counts: Counts = field(default_factory=dict)
    amendments: Amendments | None = None

    @property
    def cells(self) -> dict[CellKey, int]:
        """All cells of the entity. They are computed at each call from `counts`, which needs less memory."""
        return cells_from(self.counts)


def empty_entity(entity_id: str) -> Entity:
    """Return an entity without rows."""
    return Entity(entity_id, {}, EMPTY)


def with_rows(entity: Entity, rows: Iterable[LedgerRow]) -> Entity:
    """Return the entity with more rows. Rows that it already has are ignored.

    New rows are added to the present state if possible, else all rows are folded again. Both give equal results.
    """
    every = {**entity.rows}
    for row in rows:
        every.setdefault(row.key, row)
    new = list(islice(every.values(), len(entity.rows), None))
    if not new:
        return entity
    if entity.parked is None:
        evolved = _evolved(entity, every, new)
        if evolved is not None:
            return evolved
    return _folded(entity, every)


def new_rows(before: Entity, after: Entity) -> list[LedgerRow]:
    """Return the rows that `after` has and `before` has not, in the order in which they were added."""
    return list(islice(after.rows.values(), len(before.rows), None))


def entity_known_at(entity_id: str, rows: Iterable[LedgerRow], n: int) -> Entity:
    """Return the entity as it was known when `n` events had been accepted in all. `rows`: all rows that it has now.

    The result for one `n` never changes. A row that is stored under the entity because of a merge after `n` does not
    park it. A row without a number (`n` below 1) is left out.
    """
    every = {row.key: row for row in rows}
    then = {key: row for key, row in every.items() if 0 < row.n <= n}
    return _folded(empty_entity(entity_id), then, strict=not _amended_later(every.values(), n))


def known_at_each(entity_id: str, rows: Sequence[LedgerRow], numbers: Iterable[int]) -> Iterator[Entity]:
    """Yield the entity as it was known at each of `numbers`, which must rise.

    The last object is yielded again if no row was added in between.

    Without corrections, retractions and merges, each result extends the previous one by a few rows.
    """
    ordered = sorted((row for row in rows if row.n > 0), key=attrgetter("n"))
    own = [row.n for row in ordered]
    amended = any(map(_amends, ordered))
    entity, done = empty_entity(entity_id), 0
    for n in numbers:
        so_far = bisect_right(own, n)
        if so_far > done:
            entity = entity_known_at(entity_id, rows, n) if amended else with_rows(entity, ordered[done:so_far])
            done = so_far
        yield entity


def _amended_later(rows: Iterable[LedgerRow], n: int) -> bool:
    return any(row.n > n and _amends(row) for row in rows)


def _amends(row: LedgerRow) -> bool:
    try:
        return decode_event(row).amends
    except UnreadableRow:
        return False


def _evolved(entity: Entity, every: Mapping[tuple[str, UUID], LedgerRow], new: Sequence[LedgerRow]) -> Entity | None:
    """Return the entity with `new` rows added to its state, or None if the full fold is needed.

    If rows come before the latest event in order, all facts in force are folded anew into the parts that the rows
    change. None if an event amends another or is amended, does not concern the entity, cannot be read, or its fold
    raises.
    """
    amendments = entity.amendments
    try:
        said = sorted(map(decode_event, new), key=_IN_ORDER)
        for each in said:
            if not _adds(entity, each):
                return None
        state, last, parts = entity.state, entity.last, EVERY_PART
        if amendments is not None and amendments.merged_away:
            said = []
        elif last is not None and said[0].key < last:
            # Parts do not read each other, so only parts that fold the new events can change.
            parts = parts_that_fold(entity.id, {each.event.type for each in said})
            begun, said = _anew(amendments, list(map(decode_event, every.values())))
            state = {name: held for name, held in state.items() if name not in parts}
            state |= {name: held for name, held in begun.items() if name in parts}
        events = [each.event if amendments is None else amendments.said(each.event) for each in said]
        state, last = evolve_by_all(entity.id, state, events, parts), said[-1].key if said else last
        # Most copies of an event change nothing in the entity that they are stored under.
        found = counts(state, entity.state, entity.counts)
        return Entity(entity.id, every, state, last, None, found, amendments)
    except (UnreadableRow, *FAILURES):
        return None  # the full fold finds the row


def _adds(entity: Entity, new: ReadEvent) -> bool:
    """Whether an event concerns the entity, amends no other event, and is amended by none."""
    if entity.amendments is not None:
        return entity.amendments.adds(new)
    return not new.amends and entity.id in new.concerns


def _anew(amendments: Amendments | None, events: list[ReadEvent]) -> tuple[EntityState, list[ReadEvent]]:
    """Return the state with which a full fold starts, and the facts to fold, in the order in which they happened."""
    if amendments is None:
        return EMPTY, sorted(events, key=_IN_ORDER)
    return amendments.begun, amendments.in_force(events)


def _folded(before: Entity, rows: Mapping[tuple[str, UUID], LedgerRow], *, strict: bool = True) -> Entity:
    """Return the entity folded from all of its rows, or parked because of the first row that cannot be read or folded.

    Of `before` only the items of equal parts are reused. `strict`: park it also for a row of a fact that concerns
    neither the entity nor an id that was ever merged with it.
    """
    every = []
    for row in sorted(rows.values(), key=lambda each: (each.n, each.source, each.id)):
        try:
            every.append(decode_event(row))
        except UnreadableRow as unread:
            return _parked(before.id, rows, Parking(unread.cause, row.n))
    if strict and (stranger := _stranger(before.id, every)) is not None:
        return _parked(before.id, rows, Parking(ParkingCause.MISROUTED, _number(rows, stranger)))
    events = [each.event for each in every]
    last, folding = None, None
    try:
        amendments = Amendments.of(before.id, events) if any(map(amends, events)) else None
        state, said = _anew(amendments, every)
        for folding in said:
            event = folding.event if amendments is None else amendments.said(folding.event)
            state, last = evolve(before.id, state, event), folding.key
        found = counts(state, before.state, before.counts)
        return Entity(before.id, rows, state, last, None, found, amendments)
    except FAILURES:
        return _parked(
            before.id, rows, Parking(ParkingCause.FOLD_FAILED, 0 if folding is None else _number(rows, folding))
        )


def _stranger(entity_id: str, every: Sequence[ReadEvent]) -> ReadEvent | None:
    """Return the first fact that concerns neither the entity nor an id that was ever merged with it, or None."""
    others = [each for each in every if not each.amends and entity_id not in each.concerns]
    if not others:  # the usual case
        return None
    near = ids_ever_merged_with(entity_id, (each.event for each in every))
    return next((each for each in others if near.isdisjoint(each.concerns)), None)


def _number(rows: Mapping[tuple[str, UUID], LedgerRow], event: ReadEvent) -> int:
    """Return the number of the row that holds an event's bytes. Its key may be another one, if somebody changed it."""
    return next(row.n for row in rows.values() if decode_event(row) == event)


def _parked(entity_id: str, rows: Mapping[tuple[str, UUID], LedgerRow], parking: Parking) -> Entity:
    return Entity(entity_id, rows, EMPTY, parked=parking)
