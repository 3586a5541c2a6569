"""The entities last seen, so that an event on one of them needs no reading of the ledger."""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import Final, TypeAlias
from uuid import UUID

from services.reporting.domain.ledger.entity import Entity
from services.reporting.domain.ledger.row import LedgerRow, LogPartition

EntityPlace: TypeAlias = tuple[LogPartition, UUID]
"""An entity within its partition."""

ENTITY_BYTES: Final = 2_000
"""Of an entity, beside its rows."""
ROW_BYTES: Final = 13
"""So many times its payload a row takes, with what was read and worked out of it.

Measured for all of it together: 10 times the payload with one example a type, 13 on a random history.
"""


class EntityCache:
    """Forgets whom it has not seen for longest, but nobody in flight: the ledger lacks those rows yet.

    `limit` is in bytes. What entities take is estimated from their rows.
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
        """Give the entity after all batches that were prepared."""
        return self._entities.get(member)

    def put(self, member: EntityPlace, entity: Entity) -> None:
        """Remember an entity that is in flight, once more if it was. It has all rows that it had before."""
        before = self._entities.get(member)
        seen = 0 if before is None else len(before.rows)
        more = sum(map(_size, islice(entity.rows.values(), seen, None))) + (ENTITY_BYTES if before is None else 0)
        self._sizes[member] = self._sizes.get(member, 0) + more
        self.size += more
        self._entities[member] = entity
        self._entities.move_to_end(member)
        self._in_flight[member] += 1

    def landed(self, members: Iterable[EntityPlace]) -> None:
        """The batch that put these is committed: the ledger has all of it, and the longest unseen may go."""
        for member in members:
            if self._in_flight[member] > 1:
                self._in_flight[member] -= 1
            else:
                del self._in_flight[member]
        for member in self._surplus():
            self.size -= self._sizes.pop(member)
            del self._entities[member]

    def clear(self) -> None:
        """Forget everything."""
        self._entities.clear()
        self._sizes.clear()
        self._in_flight.clear()
        self.size = 0

    def _surplus(self) -> list[EntityPlace]:
        """Give who has to go, so that the others have room."""
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
