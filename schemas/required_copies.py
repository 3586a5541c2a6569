"""Routing: the entities under which each accepted event must be written on the log.

Routing is a pure function of the set of events, in any order. Intake writes copies by it as events come. A replay
checks them by it. Accepting one more event only adds copies: of this event, and of earlier ones.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern

from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event


@dataclass(frozen=True, slots=True)
class Groups:
    """A union-find. Items joined directly or through others are one group. Any other item is a group of its own."""

    _above: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[str]] = field(default_factory=dict)

    def join(self, one: str, other: str) -> None:
        """Join the groups of two items."""
        kept, gone = self.of(one), self.of(other)
        if kept == gone:
            return
        joined = [self._members.pop(group, {group}) for group in (kept, gone)]
        if len(joined[0]) < len(joined[1]):  # put the smaller below the larger, so that paths stay short
            kept, gone = gone, kept
            joined.reverse()
        joined[0] |= joined[1]
        self._members[kept] = joined[0]
        self._above[gone] = kept

    def of(self, member: str) -> str:
        """Return the name of an item's group, which stays until the group is joined with another."""
        while member in self._above:
            member = self._above[member]
        return member

    def members(self, member: str) -> frozenset[str]:
        """Return all members of an item's group."""
        group = self.of(member)
        return frozenset(self._members.get(group, {group}))

    def is_joined(self, member: str) -> bool:
        """Whether the item was ever joined with another."""
        return self.of(member) in self._members

    def spread(self, members: Iterable[str]) -> frozenset[str]:
        """Return all members of the groups of these items."""
        return frozenset().union(*(self.members(member) for member in members))


class Routes:
    """Finds the entities of many events without keeping the events.

    Call `join` for all events, then `add_entities` for all in any order, then `settled`. Memory grows with the number
    of entities and of changes, not of events.
    """

    def __init__(self) -> None:
        self._groups, self._links = Groups(), Groups()
        self._linked: dict[str, _Linked] = {}
        self._met: dict[str, set[str]] = {}

    def join(self, event: Event) -> None:
        """Add the entities that an event merges and the event that it supersedes; other events add nothing."""
        if joined := event.joins():
            self._groups.join(*map(intern, joined))
        if event.supersedes is not None:
            self._links.join(intern(event.ref), intern(event.supersedes))

    def add_entities(self, event: Event) -> None:
        """Add the entities that an event concerns. Call it only after `join` was called for all events."""
        concerned = event.concerns()
        if event.corrects or self._links.is_joined(event.ref):
            linked = self._linked.setdefault(self._links.of(event.ref), _Linked())
            linked.concerned.update(map(intern, concerned))
            linked.joins.update(map(intern, event.joins()))
            linked.says = linked.says or isinstance(event, EventCorrectedV1)
        if not event.corrects:
            self._meet(self._groups.spread(concerned))

    def settled(self) -> Callable[[Event], frozenset[str]]:
        """Return a function from an event to the entities under which it must be written.

        Call it only after `add_entities` was called for all events. Pass it only these events.
        """
        for linked in self._linked.values():
            if linked.says:  # merges need not follow a retraction, which states nothing
                self._meet(self._groups.spread(linked.concerned))
        return self._required

    def _meet(self, entities: Iterable[str]) -> None:
        """Note that an event is written under all of these entities, for merges of the groups among them."""
        for group in {self._groups.of(entity) for entity in entities if self._groups.is_joined(entity)}:
            self._met.setdefault(group, set()).update(map(intern, entities))

    def _required(self, event: Event) -> frozenset[str]:
        if event.corrects:
            linked = self._linked[self._links.of(event.ref)]
            concerned, joins = linked.concerned, linked.joins
        else:
            concerned, joins = set(event.concerns()), set(event.joins())
        mentioned = (self._met.get(self._groups.of(entity), ()) for entity in joins)
        return self._groups.spread(concerned).union(*mentioned)


@dataclass(slots=True)
class _Linked:
    """Events linked through `supersedes`: the entities they concern and merge. `says`: one of them is a correction."""

    concerned: set[str] = field(default_factory=set)
    joins: set[str] = field(default_factory=set)
    says: bool = False


def required(events: Mapping[int, Event]) -> dict[int, frozenset[str]]:
    """Return, by each event's `n`, the entities under which it must be written once all of `events` are accepted.

    A fact is written under the entities that it concerns and all that were ever merged with them, retracted merges
    included. A correction or retraction is written wherever any event linked with it through `supersedes` is. A merge
    is written under its group and wherever an event is that names one of the group; so are corrections of a merge.
    """
    routes = Routes()
    for event in events.values():
        routes.join(event)
    for event in events.values():
        routes.add_entities(event)
    of = routes.settled()
    return {n: of(event) for n, event in events.items()}
