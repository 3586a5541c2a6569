"""The cells of a partition, brought from where a version has counted to where its ledger stands.

Only the ledger's rows behind that are looked at, and the entities that they are about; a version that has counted
nothing reads the whole partition.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from schemas.ids import Kind, from_bits
from services.reporting.domain.cells.algebra import CellKey, added, diff
from services.reporting.domain.ledger.entity import Entity, Parking, empty_entity, with_rows
from services.reporting.domain.ledger.row import LedgerRow, LogPartition
from services.reporting.entity_cache import EntityPlace
from services.reporting.ledger_scan import by_entity
from services.runtime.postgres import Connection


class CountedLedger(Protocol):
    """The port to the tables. All of it runs in the transaction that it is given."""

    async def hold(self, connection: Connection, topic: str, place: LogPartition) -> tuple[int, int]:
        """Lock a partition's cells, and give the offset up to which they have counted, and the stored position."""
        ...

    async def clear(self, connection: Connection, place: LogPartition, next_offset: int) -> None:
        """Empty a partition's cells and say that they stand at an offset."""

    async def move(self, connection: Connection, place: LogPartition, next_offset: int) -> None:
        """Say that a partition's cells stand at an offset."""

    def partition(self, connection: Connection, place: LogPartition) -> AsyncIterator[LedgerRow]:
        """Every row of a partition, entity by entity."""
        ...

    def since(self, connection: Connection, place: LogPartition, first: int) -> AsyncIterator[LedgerRow]:
        """Every row of the entities that have one at this offset or behind, entity by entity, in that order."""
        ...

    async def count(self, connection: Connection, changes: Mapping[LogPartition, Mapping[CellKey, int]]) -> None:
        """Add to cells."""

    async def park(self, connection: Connection, parkings: Mapping[EntityPlace, Parking | None]) -> None:
        """Withhold entities, or no longer."""


async def count_on(ledger: CountedLedger, connection: Connection, topic: str, place: LogPartition, kind: Kind) -> int:
    """Bring this version's cells of a partition to the stored position; gives by how many offsets they moved.

    The partition's owner may write meanwhile: rows at or behind the position that was read are left for the next time.
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
    rows = ledger.partition(connection, place) if whole else ledger.since(connection, place, first)
    async for every in by_entity(rows):
        then = [row for row in every if row.off < position]
        before = _folded(kind, every[0], [row for row in then if row.off < first])
        after = with_rows(before, [row for row in then if row.off >= first])
        added(cells, diff(before.cells, after.cells))
        if after.parked != before.parked:
            parkings[place, every[0].entity] = after.parked
    await ledger.count(connection, {place: cells})
    await ledger.park(connection, parkings)
    await ledger.move(connection, place, position)
    return position - first


def _folded(kind: Kind, any_row: LedgerRow, rows: Sequence[LedgerRow]) -> Entity:
    return with_rows(empty_entity(from_bits(kind, any_row.entity)), rows)
