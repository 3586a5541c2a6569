"""Facts in force after a person's events: corrections, retractions and merges are applied.

The order of the log is the order of records in the person's partition.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from schemas.agencies import agency_of
from schemas.correction_events import EventCorrectedV1, EventRetractedV1
from schemas.envelope import Event
from schemas.facts_in_force import Aliases, Effect, aliases, amends, effects, facts_once_in_force, span_of_stated_times
from schemas.service_decisions import Entered
from schemas.times import Interval


@dataclass(frozen=True, slots=True)
class FactInForce:
    """A fact in force. `ref`: reference of the event that first stated it. `content`: the event that is valid now.

    `names`: references of all its versions. `place`: index in the log of its first statement; `n`: the number of the
    event there. After a merge, the other id's events come last in the log, with their own numbers.
    """

    ref: str
    n: int
    accepted_at: datetime
    content: Event
    names: frozenset[str]
    place: int
    stated: Interval | None = None
    """Interval with all times that the fact's statement and its corrections name; None if one names none."""

    @property
    def actor(self) -> str:
        """Agency that acts. For a unit it is the unit's agency."""
        return agency_of(self.content.onbehalfof or self.content.agency)

    @property
    def publisher(self) -> str:
        """Agency that published the fact, perhaps on behalf of another."""
        return self.content.agency

    @property
    def at(self) -> datetime:
        """Time of the fact: the latest time at which it may have happened, but not after intake accepted it."""
        occurred = self.content.occurred
        return self.accepted_at if occurred is None else min(occurred.end, self.accepted_at)


@dataclass(frozen=True, slots=True)
class FactsInForce:
    """A person's facts in force, in the order of the log, and every id of the person (`same`).

    `one_with`: for each id of a person with several ids, the smallest of them.
    """

    facts: tuple[FactInForce, ...]
    same: frozenset[str]
    one_with: Aliases

    def ids_of(self, persons: Iterable[str]) -> frozenset[str]:
        """Return every id of each of these persons."""
        return _ids_of(persons, self.one_with)

    def smallest_id(self, an_id: str) -> str:
        """Return the smallest of the ids of a person or a case that has `an_id`."""
        return self.one_with.get(an_id, an_id)


def facts_in_force_after(person: str, entered: Sequence[Entered], before: FactsInForce | None = None) -> FactsInForce:
    """Return the facts in force after these events. A corrected fact keeps its place.

    `before`: those after all events but the last one, if they are known. Most events are added to them.
    """
    if before is not None and not _changes_facts(entered):
        last = entered[-1]
        ref = last.event.ref
        fact = FactInForce(
            ref, last.n, last.accepted_at, last.event, frozenset((ref,)), len(entered) - 1, last.event.occurred
        )
        return replace(before, facts=(*before.facts, fact))
    found = effects(each.event for each in entered)
    one_with = aliases(found)
    facts = _placed((each for each in found if not each.content.joins()), entered)
    return FactsInForce(facts, _ids_of((person,), one_with), one_with)


def _changes_facts(entered: Sequence[Entered]) -> bool:
    """Whether the last of these events amends another, or is amended by one of them that came first."""
    event = entered[-1].event
    return amends(event) or any(each.event.supersedes == event.ref for each in entered)


def earlier_statements(
    entered: Sequence[Entered], facts: Iterable[FactInForce]
) -> dict[str, tuple[tuple[FactInForce, datetime], ...]]:
    """Return the replaced statements of corrected facts, by the fact's `ref`, in the order of the log.

    Each has the time at which intake accepted the statement after it.
    """
    found: dict[str, tuple[tuple[FactInForce, datetime], ...]] = {}
    for made in facts:
        if len(made.names) > 1:
            said = [
                each
                for each in entered
                if each.event.ref in made.names and not isinstance(each.event, EventRetractedV1)
            ]
            found[made.ref] = tuple(
                (replace(made, content=_content(each.event)), then.accepted_at) for each, then in pairwise(said)
            )
    return found


def _content(event: Event) -> Event:
    return event.replacement() if isinstance(event, EventCorrectedV1) else event


def facts_no_longer_in_force(entered: Sequence[Entered], types: Collection[str]) -> tuple[FactInForce, ...]:
    """Return facts of these event types that were in force after some of the events and no longer are."""
    return _placed(facts_once_in_force((each.event for each in entered), types), entered)


def _placed(found: Iterable[Effect], entered: Sequence[Entered]) -> tuple[FactInForce, ...]:
    told = ((at, each.event) for at, each in enumerate(entered) if not isinstance(each.event, EventRetractedV1))
    place = {event.ref: at for at, event in told}
    events = {each.event.ref: each.event for each in entered}
    facts: list[FactInForce] = []
    for each in found:
        # The first event of a fact may be only under another entity, or come after its own correction.
        at = min(place[name] for name in each.names & place.keys())
        facts.append(
            FactInForce(
                ref=each.root,
                n=entered[at].n,
                accepted_at=entered[at].accepted_at,
                content=each.content,
                names=each.names,
                place=at,
                stated=span_of_stated_times(each, events),
            )
        )
    return tuple(sorted(facts, key=lambda made: made.place))


def _ids_of(persons: Iterable[str], one_with: Aliases) -> frozenset[str]:
    smallest = {one_with.get(each, each) for each in persons}
    return frozenset(smallest | {each for each, alias in one_with.items() if alias in smallest})
