"""One person's events in the order of the log, and what of them is in effect: corrections, retractions, merges settled.

The order is that in which they lie in the person's partition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.correction import EventRetractedV1
from schemas.deciding import Entered
from schemas.effects import aliases, effects
from schemas.envelope import Event


@dataclass(frozen=True, slots=True)
class Made:
    """A fact as it takes effect: `ref` names the event that it began with, `content` is what holds in its place.

    `names` are all references by which others speak of it; `place` is where in the line it was first said, and stays.
    """

    ref: str
    accepted_at: datetime
    content: Event
    names: frozenset[str]
    place: int

    @property
    def actor(self) -> str:
        """Whose doing it is."""
        return self.content.onbehalfof or self.content.agency

    @property
    def at(self) -> datetime:
        """When it happened: the end of what is known of that, but never later than intake had it."""
        occurred = self.content.occurred
        return self.accepted_at if occurred is None else min(occurred.end, self.accepted_at)


@dataclass(frozen=True, slots=True)
class InEffect:
    """What is known of a person: the facts in the order of the log, and every id that is the person's."""

    facts: tuple[Made, ...]
    same: frozenset[str]


def in_effect(person: str, entered: Sequence[Entered]) -> InEffect:
    """Settle what holds after these events. A corrected fact keeps its place in the line."""
    found = effects(each.event for each in entered)
    one_with = aliases(found)
    mine = one_with.get(person, person)
    same = {person} | {member for member, alias in one_with.items() if alias == mine} | {mine}
    told = ((at, each.event) for at, each in enumerate(entered) if not isinstance(each.event, EventRetractedV1))
    place = {event.ref: at for at, event in told}
    facts: list[Made] = []
    for each in found:
        if each.content.joins():
            continue
        # The event that it began with may stand under another entity alone, or come after its own correction.
        at = min(place[name] for name in each.names & place.keys())
        facts.append(Made(each.root, entered[at].accepted_at, each.content, each.names, at))
    return InEffect(tuple(sorted(facts, key=lambda made: made.place)), frozenset(same))
