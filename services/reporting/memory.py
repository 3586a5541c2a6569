"""The entities last seen, so that an event on one of them needs no reading of the ledger."""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import TypeAlias
from uuid import UUID

from services.reporting.domain.ledger.entity import Entity
from services.reporting.domain.ledger.row import LogPartition

EntityPlace: TypeAlias = tuple[LogPartition, UUID]
"""An entity within its partition."""


class Memory:
    """Forgets whom it has not seen for longest, but nobody in flight: the ledger lacks those rows yet."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entities: OrderedDict[EntityPlace, Entity] = OrderedDict()
        self._in_flight: Counter[EntityPlace] = Counter()

    def __len__(self) -> int:
        return len(self._entities)

    def get(self, member: EntityPlace) -> Entity | None:
        """The entity as it is after all batches prepared."""
        return self._entities.get(member)

    def put(self, member: EntityPlace, entity: Entity) -> None:
        """Remember an entity that is in flight, once more if it was."""
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
        surplus = len(self._entities) - self._limit
        if surplus > 0:
            for member in [each for each in islice(self._entities, surplus) if each not in self._in_flight]:
                del self._entities[member]

    def clear(self) -> None:
        """Forget everything."""
        self._entities.clear()
        self._in_flight.clear()
