"""A partition folded twice, side by side: from what the topics say and from what the ledger holds.

Both come entity by entity, so that memory grows with the largest entity. Where an entity's rows are the same, one fold
serves both sides: it is a pure function of them.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias
from uuid import UUID

from schemas.ids import ENTITY_KINDS, from_bits
from services.reporting.domain.cells.algebra import CellKey
from services.reporting.domain.cells.counts import NOTHING, Tally
from services.reporting.domain.ledger.entity import Entity, Parking, empty_entity, entity_known_at, with_rows
from services.reporting.domain.ledger.row import LedgerRow, LogPartition
from services.reporting.replay.digest import digest, total
from services.reporting.replay.report import Audit, CopyFault, Fault
from services.runtime.postgres import Connection

# Each row once, and which side has it: what is the same on both need not come twice.
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
    """One side's result: the digest covers all entities, the other fields those not yet written."""

    tally: Tally = field(default_factory=Tally)
    parked: list[tuple[UUID, Parking]] = field(default_factory=list)
    states: int = 0

    @property
    def cells(self) -> dict[CellKey, int]:
        """The cells of the entities that are not yet written."""
        return self.tally.cells()

    def count(self, row: LedgerRow, entity: Entity) -> None:
        """Count one entity; any of its rows says which."""
        self.tally.add(NOTHING, entity.counts)
        if entity.parked is not None:
            self.parked.append((row.entity, entity.parked))

    def written(self) -> None:
        """Forget what has been written."""
        self.tally = Tally()
        self.parked.clear()


@dataclass(slots=True)
class Folded:
    """A partition: both sides, and where their rows differ. `until`: as it was known at that n; None is now.

    What it holds is written and forgotten on the way, so that it grows neither with entities nor with cells.
    """

    until: int | None = None
    replayed: FoldSide = field(default_factory=FoldSide)
    live: FoldSide = field(default_factory=FoldSide)
    faults: list[Fault] = field(default_factory=list)
    entities: int = 0
    copies: int = 0

    @property
    def held(self) -> int:
        """The number of results that wait to be written."""
        sides = (self.replayed, self.live)
        return len(self.faults) + sum(len(side.tally) + len(side.parked) for side in sides)

    def written(self) -> None:
        """Forget what has been written."""
        self.replayed.written()
        self.live.written()
        self.faults.clear()


async def entities(
    connection: Connection, place: LogPartition, stop: int
) -> AsyncIterator[tuple[list[LedgerRow], list[LedgerRow]]]:
    """The rows of each entity of a partition before an offset: the topic's and the ledger's; in a transaction."""
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
    """Add one entity, from the rows of both sides; a record that came twice counts by its first."""
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
    if entity is not None and folded.until is not None:  # what counts now live has counted
        folded.live.count(ledger_rows[0], entity)


def _first(rows: Sequence[LedgerRow]) -> Rows:
    first: Rows = {}
    for row in rows:
        first.setdefault(row.key, row)
    return first


@lru_cache(maxsize=1)
def id_of(topic: int, entity: UUID) -> str:
    """The id of an entity: both sides of its fold ask for it, and then the audit."""
    return from_bits(ENTITY_KINDS[topic], entity)


def _entity(rows: Rows, until: int | None) -> Entity | None:
    """Fold the entity of some rows; None where no row of it was known."""
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
    """The digest of what follows from an entity's rows; nothing does from most merged ids: they leave no trace."""
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
