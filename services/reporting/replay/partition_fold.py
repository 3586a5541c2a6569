"""Fold of a partition from two sources: the rows read from the topics, and the ledger's rows.

Both are read entity by entity, so that memory grows with the largest entity, not with the partition. If an entity has
equal rows in both sources, it is folded once for both.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias
from uuid import UUID

from schemas.ids import ENTITY_KINDS, from_bits
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.cells.counted_items import NOTHING, Tally
from services.reporting.domain.ledger.entity import Entity, Parking, empty_entity, entity_known_at, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition
from services.reporting.replay.digest import digest, total
from services.reporting.replay.report import Audit, CopyFault, Fault
from services.runtime.postgres import Connection

# Each row once, with columns that say whether the topics (`said`) and the ledger (`kept`) have it.
_ROWS: Final = """
SELECT n, topic, part, off, ent, source, id, primary_copy, accepted_at, payload, said, kept
FROM (
    SELECT n, topic, part, off, ent, source, id, primary_copy, accepted_at, payload, true AS said
    FROM replay_row WHERE topic = $1 AND part = $2 AND off < $3
) AS shadow FULL JOIN (
    SELECT n, topic, part, off, ent, name AS source, id, primary_copy, accepted_at, payload, true AS kept
    FROM ledger JOIN source USING (src) WHERE topic = $1 AND part = $2 AND off < $3
) AS ledger USING (n, topic, part, off, ent, source, id, primary_copy, accepted_at, payload)
ORDER BY ent, off
"""
_PREFETCH: Final = 1_000

Rows: TypeAlias = dict[tuple[str, UUID], LedgerRow]


@dataclass(slots=True)
class FoldSide:
    """Result of folding one source. `states`: digest of all entities so far.

    `tally`, `parked`: cells and parkings of the entities that are not yet written to the tables.
    """

    tally: Tally = field(default_factory=Tally)
    parked: list[tuple[UUID, Parking]] = field(default_factory=list)
    states: int = 0

    @property
    def cells(self) -> dict[CellKey, int]:
        """Cells of the entities that are not yet written to the tables."""
        return self.tally.cells()

    def count(self, row: LedgerRow, entity: Entity) -> None:
        """Add the cells of one folded entity, and the entity itself if its events cannot be folded (a parked entity).

        `row`: any row of the entity. Only its id is used.
        """
        self.tally.add(NOTHING, entity.counts)
        if entity.parked is not None:
            self.parked.append((row.entity, entity.parked))

    def written(self) -> None:
        """Clear `tally` and `parked` after they were written to the tables."""
        self.tally = Tally()
        self.parked.clear()


@dataclass(slots=True)
class Folded:
    """Result of folding a partition: both sides, and the rows that differ (`faults`).

    `until`: number of the last event that counts; None for all. Results are written to the tables and cleared now and
    then, so that memory does not grow with the partition.
    """

    until: int | None = None
    replayed: FoldSide = field(default_factory=FoldSide)
    live: FoldSide = field(default_factory=FoldSide)
    faults: list[Fault] = field(default_factory=list)
    entities: int = 0
    copies: int = 0

    @property
    def held(self) -> int:
        """Number of counted items, parked entities and differing rows that are not yet written to the tables."""
        sides = (self.replayed, self.live)
        return len(self.faults) + sum(len(side.tally) + len(side.parked) for side in sides)

    def written(self) -> None:
        """Clear the results after they were written to the tables."""
        self.replayed.written()
        self.live.written()
        self.faults.clear()


async def entities(
    connection: Connection, place: LogPartition, stop: int
) -> AsyncIterator[tuple[list[LedgerRow], list[LedgerRow]]]:
    """Yield (rows of the topic, rows of the ledger) for each entity of a partition, with offsets below `stop`.

    The caller must have opened a transaction, because it reads through a cursor.
    """
    topic_rows, ledger_rows = list[LedgerRow](), list[LedgerRow]()
    entity: UUID | None = None
    async for *columns, said, kept in connection.cursor(_ROWS, *place, stop, prefetch=_PREFETCH):
        row = LedgerRow(*columns)
        if row.entity != entity:
            if entity is not None:
                yield topic_rows, ledger_rows
            entity, topic_rows, ledger_rows = row.entity, [], []
        if said:
            topic_rows.append(row)
        if kept:
            ledger_rows.append(row)
    if entity is not None:
        yield topic_rows, ledger_rows


def fold(folded: Folded, topic_rows: Sequence[LedgerRow], ledger_rows: Sequence[LedgerRow]) -> None:
    """Fold one entity from both sources and add the results to `folded`. Of repeated records only the first counts."""
    replayed, live = _first(topic_rows), _first(ledger_rows)
    entity, of_state = _entity(replayed, folded.until), 0
    folded.copies += len(topic_rows)
    if entity is not None:
        folded.entities += 1
        of_state = _digest(entity)
        folded.replayed.states = total((folded.replayed.states, of_state))
        folded.replayed.count(topic_rows[0], entity)
    if replayed != live:
        folded.faults += _faults(replayed, live)
        entity = _entity(live, folded.until)
        of_state = 0 if entity is None else _digest(entity)
    folded.live.states = total((folded.live.states, of_state))
    if entity is not None and folded.until is not None:  # live's cells of all events are copied, not folded
        folded.live.count(ledger_rows[0], entity)


def _first(rows: Sequence[LedgerRow]) -> Rows:
    first: Rows = {}
    for row in rows:
        first.setdefault(row.key, row)
    return first


@lru_cache(maxsize=1)
def id_of(topic: int, entity: UUID) -> str:
    """Return the id of an entity. It is cached, because both folds and the audit ask for it one after the other."""
    return from_bits(ENTITY_KINDS[topic], entity)


def _entity(rows: Rows, until: int | None) -> Entity | None:
    """Fold an entity from its rows; None if no row counts by the event number `until`."""
    if not any(until is None or 0 < row.n <= until for row in rows.values()):
        return None
    row = next(iter(rows.values()))
    entity_id = id_of(row.topic, row.entity)
    return (
        with_rows(empty_entity(entity_id), rows.values())
        if until is None
        else entity_known_at(entity_id, rows.values(), until)
    )


def _digest(entity: Entity) -> int:
    """Return the digest of an entity's id, state and parking.

    Returns 0 for an entity with neither state nor parking, as most merged ids are.
    """
    if entity.parked is None and not entity.state:
        return 0
    return digest((entity.id, entity.state, entity.parked))


def _faults(replayed: Rows, live: Rows) -> list[Fault]:
    found = [_fault(CopyFault.MISSING, row) for key, row in replayed.items() if key not in live]
    for key, row in live.items():
        if key not in replayed:
            found.append(_fault(CopyFault.SURPLUS, row))
        elif replayed[key] != row:
            found.append(_fault(CopyFault.ALTERED, row))
    return found


def _fault(wrong: CopyFault, row: LedgerRow) -> Fault:
    return Fault(Audit.LEDGER, wrong, row.n, row.topic, row.entity, row.part, row.off)
