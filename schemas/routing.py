"""Routing: the entities under which each accepted event must be written.

Routing is a pure function of the set of events, in any order. It is the shared contract of intake, which writes the
copies as events come, and of replay, which audits them. Accepting one more event only ever adds copies: of itself, and
of earlier events.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern

from schemas.correction import EventCorrectedV1
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
        if len(joined[0]) < len(joined[1]):  # the smaller goes below the larger, so that no way up is long
            kept, gone = gone, kept
            joined.reverse()
        joined[0] |= joined[1]
        self._members[kept] = joined[0]
        self._above[gone] = kept

    def of(self, member: str) -> str:
        """The name of the whole group until it is joined with another."""
        while member in self._above:
            member = self._above[member]
        return member

    def members(self, member: str) -> frozenset[str]:
        """Give all members of the group."""
        group = self.of(member)
        return frozenset(self._members.get(group, {group}))

    def is_joined(self, member: str) -> bool:
        """Whether the item was ever joined with another."""
        return self.of(member) in self._members

    def spread(self, members: Iterable[str]) -> frozenset[str]:
        """Give all members of the groups of these items."""
        return frozenset().union(*(self.members(member) for member in members))


class Routes:
    """Find the entities of many events without holding them: join all, then hear all in any order, then ask.

    What it keeps grows with entities and with changes of events, not with the events.
    """

    def __init__(self) -> None:
        self._groups, self._links = Groups(), Groups()
        self._linked: dict[str, _Linked] = {}
        self._met: dict[str, set[str]] = {}

    def join(self, event: Event) -> None:
        """Take in what an event makes one; only a correction, a retraction or a merge does."""
        if joined := event.joins():
            self._groups.join(*map(intern, joined))
        if event.supersedes is not None:
            self._links.join(intern(event.ref), intern(event.supersedes))

    def hear(self, event: Event) -> None:
        """Take in where an event leads, when everything is joined."""
        concerned = event.concerns()
        if event.corrects or self._links.is_joined(event.ref):
            linked = self._linked.setdefault(self._links.of(event.ref), _Linked())
            linked.concerned.update(map(intern, concerned))
            linked.joins.update(map(intern, event.joins()))
            linked.says = linked.says or isinstance(event, EventCorrectedV1)
        if not event.corrects:
            self._meet(self._groups.spread(concerned))

    def settled(self) -> Callable[[Event], frozenset[str]]:
        """Give for each event the entities under which it must be written, once every event was added."""
        for linked in self._linked.values():
            if linked.says:  # a retraction says nothing that a merge would have to follow
                self._meet(self._groups.spread(linked.concerned))
        return self._required

    def _meet(self, entities: Iterable[str]) -> None:
        """Note that something leads to all of these: it mentions the groups that are among them."""
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
    """Events linked through `supersedes`: what they concern, what they join, and whether a correction speaks."""

    concerned: set[str] = field(default_factory=set)
    joins: set[str] = field(default_factory=set)
    says: bool = False


def required(events: Mapping[int, Event]) -> dict[int, frozenset[str]]:
    """For each event, by its `n`: the entities under which it must stand once all of these are accepted.

    A fact stands under what it concerns and all that was ever said to be one with that, taken back or not. A correction
    or retraction stands wherever any event leads that is linked with it through `supersedes`. A merge stands under its
    group, and wherever an event leads that mentions one of the group; so do the corrections and retractions of a merge.
    """
    routes = Routes()
    for event in events.values():
        routes.join(event)
    for event in events.values():
        routes.hear(event)
    of = routes.settled()
    return {n: of(event) for n, event in events.items()}
