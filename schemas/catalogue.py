"""Catalogue of event types, the check of what an author may publish, and the total order of an entity's events.

Tests keep the classes, the examples, the published schemas and this map consistent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from schemas.agencies import AGENCIES, agency_of
from schemas.correction_events import EventCorrectedV1, EventRetractedV1
from schemas.envelope import Event
from schemas.fields import Wire
from schemas.type_table import FACTS
from schemas.type_table.event_type import EVERYBODY, EventType, OwnName, ValueLimit

__all__ = [
    "CATALOGUE",
    "EventType",
    "ValueForbiddenToAuthor",
    "may_change",
    "may_publish",
    "names_of",
    "order_key",
    "permitted_at",
    "value_forbidden_to_author",
]

CATALOGUE: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        **FACTS,
        "bz.atips.event.corrected.v1": EventType(
            EventCorrectedV1, EVERYBODY, None, 95, "Event corrected", "Evento corregido"
        ),
        "bz.atips.event.retracted.v1": EventType(
            EventRetractedV1, EVERYBODY, None, 95, "Event retracted", "Evento retirado"
        ),
    }
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_BEFORE_EVERYTHING: Final = -(2**63)
_RULES: Final = "council"
_ON_BEHALF: Final = "/onbehalfof"
_DATA: Final = "/data"
_REPLACED: Final = "/data/data"


def order_key(event: Event) -> tuple[int, int, int, str, str]:
    """Return the sort key of an event among its entity's events: a total order that does not depend on arrival.

    First comes the start of the occurrence (its end for types with `ends`), then the type's stage, then the time of
    record. Times are microseconds since 1970. Events of unknown time come first.
    """
    kind = CATALOGUE[event.type]
    occurred = event.occurred
    if occurred is None:
        when = _BEFORE_EVERYTHING
    else:
        when = ((occurred.end if kind.ends else occurred.start) - _EPOCH) // _MICROSECOND
    return when, kind.stage, (event.recordedtime - _EPOCH) // _MICROSECOND, event.source, event.id


@dataclass(frozen=True, slots=True)
class ValueForbiddenToAuthor:
    """A place of an event, as a JSON Pointer, whose value its author may not give.

    `permitted`: the values that the author may give there.
    """

    pointer: str
    permitted: tuple[str, ...] = ()


def may_publish(event: Event) -> bool:
    """Whether the event's author may publish this event."""
    return value_forbidden_to_author(event) is None


def value_forbidden_to_author(event: Event) -> ValueForbiddenToAuthor | None:
    """Return the first place with a value that the event's agency may not give; None if it may give all.

    The catalogue's `authors`, `limits` and `for_itself` state it. Only an agency for which `may_change` is true
    corrects an event, and only into what the agency of the corrected event may say.
    """
    return _refusal(event.agency, event)


def permitted_at(agency: str, type_string: str | None, pointer: str) -> tuple[str, ...]:
    """Return the values that an agency may give at a place of a refused event; empty if they do not depend on it.

    At a place in a correction the corrected type is not known: values are returned if all types agree on them.
    """
    if pointer == _ON_BEHALF:
        return _spoken_for(agency)
    step, field = pointer.rpartition("/")[::2]
    if step not in {_DATA, _REPLACED}:
        return ()
    kinds = list(FACTS.values() if step == _REPLACED else filter(None, (FACTS.get(type_string or ""),)))
    own = [each.own_name for each in kinds if each.own_name is not None and each.own_name.field == field]
    if own and agency not in own[0].free:
        return names_of(own[0], agency)
    limits = (each for kind in kinds for each in kind.limits if each.field == field and agency in each.authors)
    found = {tuple(map(str, each.values)) for each in limits}
    return found.pop() if len(found) == 1 else ()


def names_of(own: OwnName, agency: str) -> tuple[str, ...]:
    """Return the agencies that an author may name in the field for its own name: itself, or its units and itself."""
    return tuple(other for other in AGENCIES if agency_of(other) == agency) if own.units else (agency,)


def may_change(change: EventCorrectedV1 | EventRetractedV1) -> bool:
    """Whether the author may change the event that a correction or retraction names.

    An agency changes its own events. The Council alone changes another agency's: it names the ruling, and speaks on
    behalf of that agency, for which the replacement counts.
    """
    of = _changed_of(change)
    by_ruling = change.agency == _RULES and change.data.ruling is not None and change.onbehalfof == of
    return change.agency == of or by_ruling


def _changed_of(change: EventCorrectedV1 | EventRetractedV1) -> str:
    return change.supersedes.partition("/")[0]


def _refusal(agency: str, event: Event) -> ValueForbiddenToAuthor | None:
    kind = CATALOGUE[event.type]
    if agency not in kind.authors:
        return ValueForbiddenToAuthor("/type")
    if kind.for_itself and event.onbehalfof is not None and not _speaks_for(agency, event.onbehalfof):
        return ValueForbiddenToAuthor(_ON_BEHALF, _spoken_for(agency))
    if isinstance(event, EventCorrectedV1 | EventRetractedV1):
        return _to_change(event)
    said = next((each for each in kind.limits if agency in each.authors and not _keeps_to(each, event.data)), None)
    return None if said is None else ValueForbiddenToAuthor(f"{_DATA}/{said.field}", tuple(map(str, said.values)))


def _to_change(change: EventCorrectedV1 | EventRetractedV1) -> ValueForbiddenToAuthor | None:
    if not may_change(change):
        return ValueForbiddenToAuthor("/supersedes")
    if isinstance(change, EventRetractedV1):
        return None
    of = _changed_of(change)
    found = _refusal(of, change.replacement())
    if found is None or (found.pointer == _ON_BEHALF and change.agency == of):
        return found
    # A ruling must speak on behalf of the corrected event's agency, but types with `for_itself` forbid that.
    if found.pointer == _ON_BEHALF:
        return ValueForbiddenToAuthor("/data/type")
    return ValueForbiddenToAuthor(f"{_DATA}{found.pointer}", found.permitted)


def _keeps_to(limit: ValueLimit, said: Wire) -> bool:
    return getattr(said, limit.field) in limit.values


def _speaks_for(agency: str, other: str) -> bool:
    return agency_of(other) == agency or not AGENCIES[agency_of(other)].publishes


def _spoken_for(agency: str) -> tuple[str, ...]:
    return tuple(other for other in AGENCIES if _speaks_for(agency, other))
