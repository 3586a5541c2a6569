"""Cache of the folded entities with the latest events: a new event on one of them needs no read of the ledger."""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import Final, TypeAlias
from uuid import UUID

from services.reporting.domain.ledger.entity import Entity
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition

EntityPlace: TypeAlias = tuple[LogPartition, UUID]
"""Key of a cached entity: its partition, and the 128 bits of its id."""

ENTITY_BYTES: Final = 2_000
"""Estimated bytes of memory that an entity takes besides its rows."""
ROW_BYTES: Final = 13
"""Estimated bytes of memory that a row takes, for each byte of its payload. Decoded events and states are included.

Measured over the whole process: 10 with one example of each type, 13 on a random history.
"""


class EntityCache:
    """Cache of entities that evicts the longest unchanged ones. Entities of an uncommitted batch are never evicted.

    `limit`: bytes of memory. The size of an entity is estimated from its rows.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entities: OrderedDict[EntityPlace, Entity] = OrderedDict()
        self._sizes: dict[EntityPlace, int] = {}
        self._in_flight: Counter[EntityPlace] = Counter()
        self.size = 0

    def __len__(self) -> int:
        return len(self._entities)

    def get(self, member: EntityPlace) -> Entity | None:
        """Return the entity as it is after all prepared batches; None if it is not cached."""
        return self._entities.get(member)

    def put(self, member: EntityPlace, entity: Entity) -> None:
        """Store an entity that a prepared batch has changed. `entity` has all rows of the cached one, in their order.

        The entity is in flight until `note_committed` is called with it. The caller must call that once for each call.
        """
        before = self._entities.get(member)
        seen = 0 if before is None else len(before.rows)
        more = sum(map(_size, islice(entity.rows.values(), seen, None))) + (ENTITY_BYTES if before is None else 0)
        self._sizes[member] = self._sizes.get(member, 0) + more
        self.size += more
        self._entities[member] = entity
        self._entities.move_to_end(member)
        self._in_flight[member] += 1

    def note_committed(self, members: Iterable[EntityPlace]) -> None:
        """Mark the entities of one committed batch as no longer in flight, and evict entities down to the limit."""
        for member in members:
            if self._in_flight[member] > 1:
                self._in_flight[member] -= 1
            else:
                del self._in_flight[member]
        for member in self._surplus():
            self.size -= self._sizes.pop(member)
            del self._entities[member]

    def clear(self) -> None:
        """Remove all entities, those in flight too."""
        self._entities.clear()
        self._sizes.clear()
        self._in_flight.clear()
        self.size = 0

    def _surplus(self) -> list[EntityPlace]:
        """Return the entities to evict, the longest unchanged first, to bring the size down to the limit."""
        excess, found = self.size - self._limit, []
        for member in self._entities:
            if excess <= 0:
                break
            if member not in self._in_flight:
                found.append(member)
                excess -= self._sizes[member]
        return found


def _size(row: LedgerRow) -> int:
    return ROW_BYTES * len(row.payload)
