"""Resolved corrections, retractions and merges of one entity. They are computed anew only when another one arrives."""

from collections.abc import Iterable, Sequence
from typing import Final, Self

from msgspec import Struct

from schemas.catalogue import order_key
from schemas.envelope import Event
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.ledger.entity_fold import fold_once
from services.reporting.domain.ledger.event_row import ReadEvent
from services.reporting.domain.ledger.facts_ever_in_force import Resolution, ids_ever_merged_with, resolve_changes

_NOBODY: Final[frozenset[str]] = frozenset()


class Amendments(Struct, frozen=True):
    """Result of an entity's corrections, retractions and merges. With it, a new fact is added without a full fold.

    `begun`: the state after the facts that were in force only for a while; the fold of the facts in force starts with
    it. `near`: the entity's id and all ids that were ever merged with it. `facts`: the facts in force that come from
    the events which supersede others or are superseded. `merged_away`: the entity's events count under another id.
    """

    begun: EntityState
    near: frozenset[str]
    resolution: Resolution
    facts: tuple[ReadEvent, ...]
    merged_away: bool

    @classmethod
    def of(cls, entity_id: str, events: Sequence[Event]) -> Self:
        """Resolve all events of an entity. `events` are in the order of the log."""
        resolution = resolve_changes(entity_id, events)
        return cls(
            begun=fold_once(entity_id, events),
            near=ids_ever_merged_with(entity_id, events),
            resolution=resolution,
            facts=tuple([ReadEvent(each, order_key(each), _NOBODY, amends=False) for each in resolution.facts]),
            merged_away=entity_id in resolution.one_with,
        )

    def adds(self, new: ReadEvent) -> bool:
        """Whether a new event can be added without a full fold.

        It must concern the entity, amend no other event, and be amended by no event known already.
        """
        return not (new.amends or self.near.isdisjoint(new.concerns) or new.event.ref in self.resolution.linked)

    def in_force(self, events: Iterable[ReadEvent]) -> list[ReadEvent]:
        """Return the facts in force, in the order in which they happened, from all events of the entity."""
        if self.merged_away:
            return []
        linked = self.resolution.linked
        found = [each for each in events if not each.amends and each.event.ref not in linked]
        return sorted((*found, *self.facts), key=lambda each: each.key)

    def said(self, event: Event) -> Event:
        """Return the event of a fact in force, with merged ids and changed references replaced by those in force."""
        return self.resolution.said(event)
