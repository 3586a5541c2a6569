"""A fact of a case that is in force."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from schemas.agencies import house
from schemas.envelope import Event
from schemas.times import Interval


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact in force. `ref` names its first event; `content` is its present statement."""

    ref: str
    known_at: datetime
    """When intake accepted it, or the correction that stands in its place."""
    content: Event

    @property
    def name(self) -> str:
        """The type of the fact without prefix and version, such as arrest.made."""
        return _short(self.content.type)

    @property
    def at(self) -> Interval | None:
        """The time at which the fact happened, as exactly as is known."""
        return self.content.occurred

    @property
    def actor(self) -> str:
        """Give the agency or unit whose statement it is."""
        return self.content.onbehalfof or self.content.agency

    @property
    def house(self) -> str:
        """The agency of the author. A unit's word is its agency's."""
        return house(self.actor)


@cache
def _short(type_name: str) -> str:
    return type_name.removeprefix("bz.atips.").removesuffix(".v1")


def recorded(fact: Fact) -> tuple[datetime, str]:
    """Give the order in which facts were recorded."""
    return fact.content.recordedtime, fact.ref
