"""Copies of events that the acceptance of an event adds: of the event itself, and of earlier events.

`schemas.required_copies.required` over all accepted events is the contract. This module finds by how much it grows,
from the part of the index that the event touches. Copies are never removed, as a copy that was sent stays on the log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from schemas.catalogue import CATALOGUE
from schemas.correction_events import EventRetractedV1
from services.intake.domain.acceptance_line import AcceptedEvent
from services.intake.domain.disjoint_sets import DisjointGroups
from services.intake.domain.submission import Key

# (n, entity): the event with this number is written under this entity.
CopyKey: TypeAlias = tuple[int, str]
# (caused_by, n, entity): the event with the first number added that copy.
Addition: TypeAlias = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Routed:
    """An accepted event as routing sees it. `target`: key of the event that it changes; `joins`: entities it merges.

    `entities`: the entities under which it is written, the primary one first.
    """

    n: int
    key: Key
    type: str
    entities: tuple[str, ...]
    target: Key | None = None
    joins: tuple[str, ...] = ()

    @classmethod
    def entered(cls, entry: AcceptedEvent) -> Self:
        """Return an event that was just accepted, in the form in which routing takes it."""
        it = entry.accepted
        return cls(entry.n, it.key, it.type, it.entities, it.target, it.joins)

    @property
    def changes(self) -> bool:
        """Whether the event corrects or retracts another event."""
        return CATALOGUE[self.type].model.corrects

    @property
    def retracts(self) -> bool:
        """Whether the event retracts another one and does not state a fact itself."""
        return CATALOGUE[self.type].model is EventRetractedV1


def add_accepted_events(index: "Index", events: Sequence[Routed]) -> tuple[Addition, ...]:
    """Add newly accepted events to the index and return the extra copies that they cause.

    A copy is (caused_by, n, entity): event `caused_by` makes event `n` be written under `entity` too, beside its own
    entities. `events` are in the order of `n`.
    """
    return tuple((event.n, n, entity) for event in events for n, entity in index.accept(event))


class Index:
    """The accepted events by entity and by key, the groups of merged entities and of linked events, and all copies.

    An index may hold only a part of all events. The store loads the part that an event needs.
    """

    def __init__(self) -> None:
        self.merged: DisjointGroups[str] = DisjointGroups()
        self.linked: DisjointGroups[Key] = DisjointGroups()
        self._events: dict[int, Routed] = {}
        self._by_key: dict[Key, int] = {}
        self._by_entity: dict[str, set[int]] = {}
        self._merges: dict[str, set[int]] = {}
        self._sent: dict[int, set[str]] = {}

    def note(self, event: Routed, sent: Iterable[str] = ()) -> None:
        """Add an event that was accepted earlier. `sent`: entities under which it was copied, beside its own."""
        self._events[event.n] = event
        self._by_key[event.key] = event.n
        self._sent.setdefault(event.n, set(event.entities)).update(sent)
        for entity in event.entities:
            self._by_entity.setdefault(entity, set()).add(event.n)
        if event.target is not None:
            self.linked.join((event.key, event.target))
        if event.joins:
            self.merged.join(event.joins)
            self._merges.setdefault(event.joins[0], set()).add(event.n)

    def accept(self, event: Routed) -> tuple[CopyKey, ...]:
        """Add the next event and return the copies that it causes, as sorted pairs (n, entity).

        Copies of the event under its own entities are left out.
        """
        self.note(event)
        owed: dict[int, set[str]] = {}
        met: dict[frozenset[str], set[str]] = {}
        for n in self._moved(event):
            base = self._base(n)
            owed.setdefault(n, set()).update(base)
            # A merge is copied wherever an event of its group goes; a retraction does not count as such an event.
            for group in () if self._events[n].retracts else self._groups(base):
                met.setdefault(group, set()).update(base)
        for group, reached in met.items():
            for merge in self._merges_of(group):
                for n in {merge, *self._changes(self._events[merge].key)}:
                    owed.setdefault(n, set()).update(reached)
        self._follow_merges(event.key, owed)
        added = sorted((n, entity) for n, wanted in owed.items() for entity in wanted - self._sent[n])
        for n, entity in added:
            self._sent[n].add(entity)
        return tuple(added)

    def _moved(self, event: Routed) -> set[int]:
        """Return the numbers of the events that may need more copies because of `event`."""
        moved = {event.n, *self._changes(event.key)}
        if event.joins:
            for entity in self.merged.of(event.joins[0]):
                for n in self._by_entity.get(entity, ()):
                    moved |= {n, *self._changes(self._events[n].key)}
        return moved

    def _base(self, n: int) -> set[str]:
        """Return the entities under which event `n` belongs, with all entities merged with them.

        A correction or retraction also belongs under the entities of the events linked with it.
        """
        event = self._events[n]
        entities = set(event.entities)
        if event.changes:
            entities.update(*(self._events[other].entities for other in self._component(event.key)))
        return entities.union(*self._groups(entities))

    def _follow_merges(self, key: Key, owed: dict[int, set[str]]) -> None:
        """Add to `owed` the copies of a merge's corrections and retractions: each goes wherever the merge is copied."""
        component = self._component(key)
        for merge in [n for n in component if self._events[n].joins]:
            for n in [n for n in component if self._events[n].changes]:
                owed.setdefault(n, set()).update(self._sent[merge], owed.get(merge, ()))

    def _component(self, key: Key) -> list[int]:
        return [self._by_key[each] for each in self.linked.of(key) if each in self._by_key]

    def _changes(self, key: Key) -> list[int]:
        return [n for n in self._component(key) if self._events[n].changes]

    def _groups(self, entities: Iterable[str]) -> set[frozenset[str]]:
        found: set[frozenset[str]] = set()
        covered: set[str] = set()
        for entity in entities:
            if entity in self.merged and entity not in covered:
                group = self.merged.of(entity)
                covered |= group
                found.add(group)
        return found

    def _merges_of(self, group: frozenset[str]) -> set[int]:
        return {n for entity in group for n in self._merges.get(entity, ())}
