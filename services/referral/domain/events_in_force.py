"""The facts that are in effect after a person's events: corrections, retractions and merges are applied.

The order of the log is the order of the records in the person's partition.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.agencies import house
from schemas.correction import EventRetractedV1
from schemas.decision_parts import Entered
from schemas.envelope import Event
from schemas.facts_in_force import Aliases, Effect, aliases, effects, once_held


@dataclass(frozen=True, slots=True)
class FactInForce:
    """A fact in force: `ref` is the reference of the event that stated it first, `content` the event that holds now.

    `names` are the references of all its versions. `place` is the index in the log at which it was first stated, and
    `n` the number of the event there. After a merge the other id's events come last in the log, with their own numbers.
    """

    ref: str
    n: int
    accepted_at: datetime
    content: Event
    names: frozenset[str]
    place: int

    @property
    def actor(self) -> str:
        """Give the acting agency. For a unit, give its agency."""
        return house(self.content.onbehalfof or self.content.agency)

    @property
    def publisher(self) -> str:
        """Give the publishing agency, which may speak for another."""
        return self.content.agency

    @property
    def at(self) -> datetime:
        """The time of the fact: the latest at which it may have happened, but not after intake accepted it."""
        occurred = self.content.occurred
        return self.accepted_at if occurred is None else min(occurred.end, self.accepted_at)


@dataclass(frozen=True, slots=True)
class FactsInForce:
    """A person's facts in force, in the order of the log, and every id of the person.

    `one_with` maps each id of a person with several ids to the smallest of them.
    """

    facts: tuple[FactInForce, ...]
    same: frozenset[str]
    one_with: Aliases

    def ids_of(self, persons: Iterable[str]) -> frozenset[str]:
        """Give every id of each of these persons."""
        return _ids_of(persons, self.one_with)


def in_effect(person: str, entered: Sequence[Entered]) -> FactsInForce:
    """Give the facts that hold after these events. A corrected fact keeps its place."""
    found = effects(each.event for each in entered)
    one_with = aliases(found)
    facts = _placed((each for each in found if not each.content.joins()), entered)
    return FactsInForce(facts, _ids_of((person,), one_with), one_with)


def once_in_effect(entered: Sequence[Entered], types: Collection[str]) -> tuple[FactInForce, ...]:
    """Give facts of these event types that were in force after some of these events and are no longer."""
    return _placed(once_held((each.event for each in entered), types), entered)


def _placed(found: Iterable[Effect], entered: Sequence[Entered]) -> tuple[FactInForce, ...]:
    told = ((at, each.event) for at, each in enumerate(entered) if not isinstance(each.event, EventRetractedV1))
    place = {event.ref: at for at, event in told}
    facts: list[FactInForce] = []
    for each in found:
        # The event that it began with may stand under another entity alone, or come after its own correction.
        at = min(place[name] for name in each.names & place.keys())
        facts.append(FactInForce(each.root, entered[at].n, entered[at].accepted_at, each.content, each.names, at))
    return tuple(sorted(facts, key=lambda made: made.place))


def _ids_of(persons: Iterable[str], one_with: Aliases) -> frozenset[str]:
    smallest = {one_with.get(each, each) for each in persons}
    return frozenset(smallest | {each for each, alias in one_with.items() if alias in smallest})
