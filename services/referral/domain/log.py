"""One person's events in the order of the log, and what of them is in effect: corrections, retractions, merges settled.

The order is that in which they lie in the person's partition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.deciding import Entered
from schemas.effects import aliases, effects
from schemas.envelope import Event


@dataclass(frozen=True, slots=True)
class Made:
    """A fact as it takes effect: `ref` names the event that it began with, `content` is what holds in its place.

    `names` are all references by which others speak of it.
    """

    ref: str
    accepted_at: datetime
    content: Event
    names: frozenset[str]

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
    place = {each.event.ref: position for position, each in enumerate(entered)}
    found = effects(each.event for each in entered)
    one_with = aliases(found)
    mine = one_with.get(person, person)
    same = {person} | {member for member, alias in one_with.items() if alias == mine} | {mine}
    placed: list[tuple[int, Made]] = []
    for each in found:
        if each.content.joins():
            continue
        # What was said first may stand under another entity alone: then its first correction here has the place.
        at = place[each.root] if each.root in place else min(place[step.ref] for step in each.way)
        placed.append((at, Made(each.root, entered[at].accepted_at, each.content, each.names)))
    return InEffect(tuple(made for _, made in sorted(placed, key=lambda item: item[0])), frozenset(same))
