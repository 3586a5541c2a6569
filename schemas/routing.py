"""Which entities each accepted event must be written under: a pure function of the set of events, whatever their order.

The shared contract of intake, which writes the copies as events come, and of replay, which audits them. Accepting one
more event only ever adds copies: of itself, and of earlier events.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from schemas.correction import EventRetractedV1
from schemas.envelope import Event


@dataclass(frozen=True, slots=True)
class Groups:
    """A union-find: what was joined, directly or through others, is one group; whatever else is a group of its own."""

    _above: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[str]] = field(default_factory=dict)

    def join(self, one: str, other: str) -> None:
        """Make the groups of the two one group."""
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
        """What the whole group is known by until it is joined with another."""
        while member in self._above:
            member = self._above[member]
        return member

    def members(self, member: str) -> frozenset[str]:
        """Everything in the group."""
        group = self.of(member)
        return frozenset(self._members.get(group, {group}))

    def is_joined(self, member: str) -> bool:
        """Whether anything was ever joined with it."""
        return self.of(member) in self._members

    def spread(self, members: Iterable[str]) -> frozenset[str]:
        """Everything in the groups of these."""
        return frozenset().union(*(self.members(member) for member in members))


def required(events: Mapping[int, Event]) -> dict[int, frozenset[str]]:
    """For each event, by its `n`: the entities under which it must stand once all of these are accepted.

    A fact stands under what it concerns and all that was ever said to be one with that, taken back or not. A correction
    or retraction stands wherever any event leads that is linked with it through `supersedes`. A merge stands under its
    group, and wherever an event leads that mentions one of the group; so do the corrections and retractions of a merge.
    """
    groups = Groups()
    for event in events.values():
        if joined := event.joins():
            groups.join(*joined)
    about = _about(events)
    base = {n: groups.spread(entity for each in linked for entity in each.concerns()) for n, linked in about.items()}
    reach = _reach(groups, (base[n] for n, event in events.items() if not isinstance(event, EventRetractedV1)))
    return {
        n: base[n].union(*(reach(joined[0]) for each in linked if (joined := each.joins())))
        for n, linked in about.items()
    }


def _about(events: Mapping[int, Event]) -> dict[int, tuple[Event, ...]]:
    """What decides where an event goes: itself, and for corrections and retractions all that it is linked with."""
    links = Groups()
    for event in events.values():
        if event.supersedes is not None:
            links.join(event.ref, event.supersedes)
    linked: dict[str, list[Event]] = {}
    for event in events.values():
        linked.setdefault(links.of(event.ref), []).append(event)
    return {n: tuple(linked[links.of(each.ref)]) if each.corrects else (each,) for n, each in events.items()}


def _reach(groups: Groups, places: Iterable[frozenset[str]]) -> Callable[[str], frozenset[str]]:
    """For a group, wherever an event leads that mentions one of its members, and the group itself."""
    found: dict[str, set[str]] = {}
    for entities in places:
        for group in {groups.of(entity) for entity in entities if groups.is_joined(entity)}:
            found.setdefault(group, set()).update(entities)
    return lambda member: groups.members(member).union(found.get(groups.of(member), ()))
