"""A fact of a case that is in force."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from schemas.agencies import agency_of
from schemas.envelope import Event
from schemas.times import Interval


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact in force. `ref`: reference of its first event. `content`: the event with its present statement."""

    ref: str
    known_at: datetime
    """Time at which intake accepted the present statement: the event itself, or its last correction."""
    content: Event
    stated: Interval | None = None
    """Interval with all times that the fact's statement and its corrections name; None if one names none."""

    @property
    def name(self) -> str:
        """Type of the fact without prefix and version, such as arrest.made."""
        return _short(self.content.type)

    @property
    def at(self) -> Interval | None:
        """Time at which the fact happened, as exactly as it is known; None if it is not."""
        return self.content.occurred

    @property
    def actor(self) -> str:
        """Agency or unit on whose behalf the fact was published, or else its publisher."""
        return self.content.onbehalfof or self.content.agency

    @property
    def acting_agency(self) -> str:
        """Agency of `actor`; for a unit the agency that it belongs to."""
        return agency_of(self.actor)


@cache
def _short(type_name: str) -> str:
    return type_name.removeprefix("bz.atips.").removesuffix(".v1")


def recording_order(fact: Fact) -> tuple[datetime, str]:
    """Return the sort key (time of recording, reference) of a fact."""
    return fact.content.recordedtime, fact.ref
