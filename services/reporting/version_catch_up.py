"""Catch-up of a version's cells of a partition, from the offset up to which they count to the stored position.

It reads only entities that have ledger rows at that offset or above. For a version that has counted nothing, it reads
the whole partition.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from schemas.ids import Kind, from_bits
from services.reporting.domain.cells.cells_from_items import CellKey, add_changes, diff
from services.reporting.domain.ledger.entity import Entity, Parking, empty_entity, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition
from services.reporting.entity_cache import EntityPlace
from services.reporting.ledger_by_entity import group_by_entity
from services.runtime.postgres import Connection


class CountedLedger(Protocol):
    """Port to the ledger and one version's cells. Each method runs in the given connection's transaction."""

    async def hold(self, connection: Connection, topic: str, place: LogPartition) -> tuple[int, int]:
        """Lock a partition's cells, and return (the next offset that they will count, the stored position)."""
        ...

    async def clear(self, connection: Connection, place: LogPartition, next_offset: int) -> None:
        """Delete a partition's cells, and store `next_offset` as the next offset that they will count."""

    async def move(self, connection: Connection, place: LogPartition, next_offset: int) -> None:
        """Store `next_offset` as the next offset that a partition's cells will count."""

    def partition(self, connection: Connection, place: LogPartition) -> AsyncIterator[LedgerRow]:
        """Yield every row of a partition, sorted by entity."""
        ...

    def rows_of_entities_since(
        self, connection: Connection, place: LogPartition, first: int
    ) -> AsyncIterator[LedgerRow]:
        """Yield all rows of each entity that has a row at offset `first` or above, sorted by entity, then by offset."""
        ...

    async def count(self, connection: Connection, changes: Mapping[LogPartition, Mapping[CellKey, int]]) -> None:
        """Add these amounts to cells."""

    async def park(self, connection: Connection, parkings: Mapping[EntityPlace, Parking | None]) -> None:
        """Store which entities are withheld; None removes the entry of an entity."""


async def count_to_stored_position(
    ledger: CountedLedger, connection: Connection, topic: str, place: LogPartition, kind: Kind
) -> int:
    """Bring this version's cells of a partition to the stored position. Return the number of offsets in between.

    The partition's owner may append rows meanwhile. Rows at or above the position that was read are left to the next
    call.
    """
    first, position = await ledger.hold(connection, topic, place)
    if first == position:
        return 0
    cells: dict[CellKey, int] = {}
    parkings: dict[EntityPlace, Parking | None] = {}
    whole = not 0 < first < position
    if whole:
        first = 0
        await ledger.clear(connection, place, position)
    rows = ledger.partition(connection, place) if whole else ledger.rows_of_entities_since(connection, place, first)
    async for every in group_by_entity(rows):
        then = [row for row in every if row.off < position]
        before = _folded(kind, every[0], [row for row in then if row.off < first])
        after = with_rows(before, [row for row in then if row.off >= first])
        add_changes(cells, diff(before.cells, after.cells))
        if after.parked != before.parked:
            parkings[place, every[0].entity] = after.parked
    await ledger.count(connection, {place: cells})
    await ledger.park(connection, parkings)
    await ledger.move(connection, place, position)
    return position - first


def _folded(kind: Kind, any_row: LedgerRow, rows: Sequence[LedgerRow]) -> Entity:
    return with_rows(empty_entity(from_bits(kind, any_row.entity)), rows)
