"""Facts in force by the ids that they name: persons, charges, arrests, bails and other things."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Generic, Protocol, TypeVar

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.fields import Wire

_NAMING: Final = (
    *("person", "arrest", "charge", "hearing", "bail", "placement", "restitution", "sentence", "appeal"),
    *("service", "referral", "need", "finding", "charges"),
)
"""Fields of an event's data that name ids."""
NAMES: Final = frozenset(
    {
        *("arrest.made", "arrest.released", "bail.granted", "bail.varied", "bail.breached", "bail.revoked"),
        *("charge.filed", "charge.amended", "charge.withdrawn", "verdict.returned"),
        *("sentence.imposed", "appeal.decided", "person.deceased_recorded", "victim.identified"),
        *("need.assessed", "plan.approved", "shelter.placement_started", "shelter.placement_ended"),
        *("repatriation.completed", "immigration.status_granted", "immigration.status_refused"),
    }
)
"""Names of all facts that the decisions of this package read. An index needs no others."""


class HasEvent(Protocol):
    """A fact in force of any service."""

    @property
    def content(self) -> Event:
        """Event with the fact's present statement."""
        ...


FactT = TypeVar("FactT", bound=HasEvent)
FactT_co = TypeVar("FactT_co", bound=HasEvent, covariant=True)


class FactsById(Protocol[FactT_co]):
    """Facts in force, found by an id that they name. Merged persons have one id here, the smallest."""

    def of(self, an_id: str, *names: str) -> Sequence[FactT_co]:
        """Return the facts about an id with one of these names (`arrest.made`), in the order of what happened."""
        ...


class IndexedFacts(Generic[FactT]):
    """Facts in force with an index. `one_with`: smallest id of each merged person, by the person's other ids."""

    def __init__(self, facts: Iterable[FactT], one_with: Mapping[str, str]) -> None:
        """Sort the facts in the order of what happened, and index them."""
        self._about: dict[str, list[FactT]] = {}
        for fact in sorted(facts, key=lambda each: order_key(each.content)):
            for an_id in dict.fromkeys(one_with.get(each, each) for each in ids_named(fact.content)):
                self._about.setdefault(an_id, []).append(fact)

    def of(self, an_id: str, *names: str) -> Sequence[FactT]:
        """Return the facts about an id with one of these names (`arrest.made`), in the order of what happened."""
        return [each for each in self._about.get(an_id, ()) if name_of(each) in names]


class FactsOfPerson(Generic[FactT]):
    """Facts about one person. Another person may share a charge, an arrest, a bail or a stay in shelter."""

    def __init__(self, facts: FactsById[FactT], person: str) -> None:
        """Take the facts about a person from `facts`."""
        self._facts = facts
        self._person = person

    def of(self, an_id: str, *names: str) -> Sequence[FactT]:
        """Return the person's facts about an id with one of these names, in the order of what happened."""
        mine = self._facts.of(self._person, *names)
        return mine if an_id == self._person else [each for each in mine if an_id in ids_named(each.content)]


def name_of(fact: HasEvent) -> str:
    """Return the type of a fact without prefix and version, such as `arrest.made`."""
    return _short(fact.content.type)


@cache
def _short(type_name: str) -> str:
    return type_name.removeprefix("bz.atips.").removesuffix(".v1")


def ids_named(event: Event) -> Iterator[str]:
    """Yield the ids of persons and things that an event names, each once. Victims beside the person are left out."""
    data = event.data
    found: list[str] = []
    for name in _naming(type(data)):
        stated = getattr(data, name)
        found += stated if isinstance(stated, tuple) else [stated] if stated is not None else []
    yield from dict.fromkeys(found)


@cache
def _naming(model: type[Wire]) -> tuple[str, ...]:
    """Return the fields in `_NAMING` that a model has. Cached, as pydantic is slow to report a missing field."""
    return tuple(name for name in _NAMING if name in model.model_fields)
