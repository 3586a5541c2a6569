"""Facts in force among one entity's events: corrections and retractions are applied first, then merges.

All services that fold the log share it. It is pure and does not depend on the order of arrival. Events are not edited:
each effect names the event that it began with.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import BaseModel

from schemas.catalogue import order_key
from schemas.consent_events import ConsentAcknowledgedV1, ConsentWithdrawnV1
from schemas.correction_events import EventCorrectedV1, EventRetractedV1
from schemas.envelope import Event
from schemas.required_copies import Groups
from schemas.times import Interval

_M = TypeVar("_M", bound=BaseModel)

Aliases: TypeAlias = Mapping[str, str]
"""By entity that a merge in force joins to a smaller id: the smallest id of its group."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The fact in force in place of a first event: `content`, reached through the corrections in `way`.

    `root`: the first event's reference; that event may be written only under other entities, and so be unknown here.
    `names`: all references to the fact, that of the first event and of each event that was to change it.
    """

    root: str
    content: Event
    way: tuple[Event, ...] = ()
    names: frozenset[str] = frozenset()


def span_of_stated_times(found: Effect, events: Mapping[str, Event]) -> Interval | None:
    """Return the interval from the earliest to the latest time that a fact's statements name.

    `events`: by reference. Corrections are statements too. None if one of them names no time.
    """
    if len(found.names) == 1:  # as mostly
        return found.content.occurred
    said = [events[name] for name in found.names if name in events]
    times = [each.occurred for each in said if not isinstance(each, EventRetractedV1)]
    known = [each for each in times if each is not None]
    if not known or len(known) < len(times):
        return None
    return Interval(min(each.start for each in known), max(each.end for each in known))


def amends(event: Event) -> bool:
    """Whether an event changes what other events mean: a correction, a retraction, a merge."""
    return event.corrects or bool(event.joins())


@dataclass(frozen=True, slots=True)
class Resolution:
    """Outcome of an entity's corrections, retractions and merges.

    `facts`: the facts in force in place of linked events. `linked`: the references of corrections and retractions and
    of their targets. `one_with`: the merges in force. `changed`: by replaced reference, the reference that holds now.
    """

    facts: Sequence[Event]
    one_with: Aliases
    changed: Mapping[str, str]
    linked: frozenset[str]

    def said(self, event: Event) -> Event:
        """Return an event that is not in `linked`, with merged entities and replaced references renamed."""
        named = renamed(event, self.one_with) if self.one_with else event
        return _speaking_of_what_holds(named, self.changed) if self.changed else named


def resolve_changes(entity_id: str, events: Sequence[Event]) -> Resolution:
    """Resolve corrections, retractions and merges among an entity's events."""
    found = effects(events)
    one_with, changed = aliases(found), _changed(found)
    linked = frozenset(ref for event in events if event.supersedes is not None for ref in (event.ref, event.supersedes))
    facts = _holding(entity_id, [each for each in found if each.root in linked], one_with, changed)
    return Resolution([each.content for each in facts], one_with, changed, linked)


def facts_in_force_of(entity_id: str, events: Iterable[Event]) -> list[Effect]:
    """Return an entity's facts in force, in the order in which they happened; none for a merged id but the smallest.

    Each id of a merged entity is replaced by the smallest of its group. A reference to a replaced consent or withdrawal
    becomes the reference that holds in its place.
    """
    return facts_in_force_among(entity_id, effects(events))


def facts_in_force_among(entity_id: str, found: Sequence[Effect]) -> list[Effect]:
    """Return an entity's facts in force from the result of `effects`, as `facts_in_force_of` does."""
    return _holding(entity_id, found, aliases(found), _changed(found))


def _holding(entity_id: str, found: Sequence[Effect], one_with: Aliases, changed: Mapping[str, str]) -> list[Effect]:
    if entity_id in one_with:
        return []
    facts = [each for each in found if not each.content.joins()]
    if one_with:
        facts = [_saying(each, renamed(each.content, one_with)) for each in facts]
    if changed:
        facts = [_saying(each, _speaking_of_what_holds(each.content, changed)) for each in facts]
    return sorted(facts, key=lambda each: order_key(each.content))


def _changed(found: Iterable[Effect]) -> Mapping[str, str]:
    """Return by replaced reference the reference that holds in its place."""
    return {
        name: each.content.ref
        for each in found
        if len(each.names) > 1 and not each.content.joins()  # an event that nobody was to change has one name
        for name in each.names - {each.content.ref}
    }


def _saying(effect: Effect, content: Event) -> Effect:
    return effect if content is effect.content else replace(effect, content=content)


def effects(events: Iterable[Event]) -> list[Effect]:
    """Apply all corrections and retractions, and return the fact in force for each first event that is not retracted.

    Of several corrections of one event the last recorded one wins. An event that supersedes itself through others is
    void, and so are the events that depend on it.
    """
    every = {event.ref: event for event in events}
    named: dict[str, list[Event]] = defaultdict(list)
    linked = Groups()
    for event in every.values():
        if event.supersedes is not None:
            named[event.supersedes].append(event)
            linked.join(event.ref, event.supersedes)
    if not named:  # as mostly
        return [Effect(ref, event, names=frozenset((ref,))) for ref, event in every.items()]
    stated = {ref: event for ref, event in every.items() if event.supersedes is not None or ref in named}
    found = [Effect(ref, event, names=frozenset((ref,))) for ref, event in every.items() if ref not in stated]
    settled: dict[str, Effect] = {}
    for ref in _outermost_first(stated, named):
        effect = _settled(ref, stated.get(ref), named.get(ref, ()), settled)
        if effect is not None:
            settled[ref] = effect
    found += [
        replace(each, names=linked.members(ref))
        for ref, each in settled.items()
        if ref not in stated or stated[ref].supersedes is None
    ]
    return found


def facts_once_in_force(events: Iterable[Event], types: Collection[str]) -> list[Effect]:
    """Return facts that were in force after some of the events had arrived, and are no longer in force after all.

    `events`: in the order of arrival. `types`: only facts of these event types are returned, each once.
    """
    line = list(events)
    linked = Groups()
    for event in line:
        if event.supersedes is not None:
            linked.join(event.ref, event.supersedes)
    together: dict[str, list[Event]] = defaultdict(list)
    for event in line:
        if linked.is_joined(event.ref):
            together[linked.of(event.ref)].append(event)
    found: dict[str, Effect] = {}
    for each in together.values():
        if not any(_says(event) in types for event in each):
            continue
        held: dict[str, Effect] = {}
        now: list[Effect] = []
        for length in range(1, len(each) + 1):
            now = effects(each[:length])
            held |= {one.content.ref: one for one in now}
        for one in now:
            del held[one.content.ref]
        found |= held
    return [each for each in found.values() if each.content.type in types]


def _says(event: Event) -> str:
    return event.data.type if isinstance(event, EventCorrectedV1) else event.type


def _settled(ref: str, stated: Event | None, named_by: Sequence[Event], settled: Mapping[str, Effect]) -> Effect | None:
    """Return the effect of an event, given the effects of events that name it; None if it is withdrawn or unknown."""
    candidates = [event for event in named_by if event.ref in settled]
    if candidates:
        winner = max(candidates, key=_recorded)
        found = settled[winner.ref]
        if isinstance(found.content, EventRetractedV1):
            return None
        return Effect(ref, found.content, (winner, *found.way))
    if isinstance(stated, EventCorrectedV1):
        return Effect(ref, stated.replacement())
    return None if stated is None else Effect(ref, stated)


def _recorded(event: Event) -> tuple[Any, str, str]:
    return event.recordedtime, event.source, event.id


def _outermost_first(stated: Mapping[str, Event], named: Mapping[str, Sequence[Event]]) -> list[str]:
    """Return the references so that each comes after all that name it. References on a cycle are left out."""
    open_for = Counter({ref: len(by) for ref, by in named.items()})
    ready = [ref for ref in stated if ref not in named]
    for ref in ready:  # grows on the way
        event = stated.get(ref)
        if event is not None and event.supersedes is not None:
            open_for[event.supersedes] -= 1
            if not open_for[event.supersedes]:
                ready.append(event.supersedes)
    return ready


def aliases(found: Iterable[Effect]) -> dict[str, str]:
    """Return the smallest id of its group, for each entity that a merge in force joins to a smaller id."""
    groups, members = Groups(), set[str]()
    for each in found:
        joined = each.content.joins()
        if joined:
            groups.join(*joined)
            members.update(joined)
    smallest = {member: min(groups.members(member)) for member in members}
    return {member: alias for member, alias in smallest.items() if member != alias}


def renamed(event: Event, one_with: Aliases) -> Event:
    """Return the event with each merged entity renamed to its alias, and no entity twice in a list.

    The subject is set too if it is renamed, even if the author left it out because it follows from the data.
    """
    primary = event.concerns()[0]
    said = _with_named(event, _SPEAKING, one_with)
    return said.model_copy(update={"subject": one_with[primary]}) if primary in one_with else said


_SPEAKING: Final = ("data",)

_OF_CONSENT: Final = (ConsentWithdrawnV1, ConsentAcknowledgedV1)
"""Types whose reference means a fact, whatever it was changed to. A refused move in contrast is one exact event."""


def _speaking_of_what_holds(event: Event, changed: Mapping[str, str]) -> Event:
    return _with_named(event, _SPEAKING, changed) if isinstance(event, _OF_CONSENT) else event


def _named(value: Any, one_with: Aliases) -> Any:  # noqa: ANN401 - whatever a model's field may hold
    if isinstance(value, str):
        return one_with.get(value, value)
    if isinstance(value, tuple):
        found = tuple(_named(each, one_with) for each in value)
        return value if found == value else tuple(dict.fromkeys(found))
    return _with_named(value, value.model_fields_set, one_with) if isinstance(value, BaseModel) else value


def _with_named(model: _M, names: Iterable[str], one_with: Aliases) -> _M:
    """Return the model with its fields renamed; the model itself if nothing changes, as mostly."""
    said = {}
    for name in names:
        before = getattr(model, name)
        after = _named(before, one_with)
        if after is not before:
            said[name] = after
    return model.model_copy(update=said) if said else model
