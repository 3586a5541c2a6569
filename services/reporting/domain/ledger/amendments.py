"""The corrections, retractions and merges among an entity's events, resolved once and kept until the next one comes."""

from collections.abc import Iterable, Sequence
from typing import Final, Self

from msgspec import Struct

from schemas.catalogue import order_key
from schemas.envelope import Event
from services.reporting.domain.declaration.part import EntityState
from services.reporting.domain.ledger.entity_fold import fold_once
from services.reporting.domain.ledger.facts_in_force import Resolution, ever_one_with, resolved
from services.reporting.domain.ledger.row import ReadEvent

_NOBODY: Final[frozenset[str]] = frozenset()


class Amendments(Struct, frozen=True):
    """An entity's amending events, as long as no other one comes: with them a new event is added without a full fold.

    `begun` is the state of facts that were in force only for a while. `near` are the ids that were ever said to be one
    with the entity. `facts` stand in the place of linked events. `merged_away`: another id counts the entity's events.
    """

    begun: EntityState
    near: frozenset[str]
    resolution: Resolution
    facts: tuple[ReadEvent, ...]
    merged_away: bool

    @classmethod
    def of(cls, entity_id: str, events: Sequence[Event]) -> Self:
        """Resolve all events of an entity, given in the order of the log."""
        resolution = resolved(entity_id, events)
        return cls(
            begun=fold_once(entity_id, events),
            near=ever_one_with(entity_id, events),
            resolution=resolution,
            facts=tuple([ReadEvent(each, order_key(each), _NOBODY, amends=False) for each in resolution.facts]),
            merged_away=entity_id in resolution.one_with,
        )

    def adds(self, new: ReadEvent) -> bool:
        """Whether a new event concerns the entity, amends nothing, and was amended by nothing that came before it."""
        return not (new.amends or self.near.isdisjoint(new.concerns) or new.event.ref in self.resolution.linked)

    def in_force(self, events: Iterable[ReadEvent]) -> list[ReadEvent]:
        """Give the facts in force in their order, from all events of the entity."""
        if self.merged_away:
            return []
        linked = self.resolution.linked
        found = [each for each in events if not each.amends and each.event.ref not in linked]
        return sorted((*found, *self.facts), key=lambda each: each.key)

    def said(self, event: Event) -> Event:
        """Give the content of a fact in force under the names that hold now."""
        return self.resolution.said(event)
