"""Conversion of events to records of sight: whose record it is, its matter, its persons, and others whom it names."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

from schemas.agencies import agency_of
from schemas.case_events import CaseAccessRestrictedV1
from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.protection import ServiceType
from schemas.consent_events import ConsentRecorded
from schemas.envelope import Event
from schemas.fields import Wire
from schemas.ids import Kind, is_id
from schemas.sight.sight_table import Matter, matter_of_type
from schemas.sight.state import SeenRecord

NAMED: Final = ("referral.sent", "need.assessed", "consent.recorded", "consent.withdrawn")
"""Short names of event types that other events name as what they are part of."""

_PART_OF: Final = ("referral", "previous_referral", "need", "consent")
"""Fields that name what a record is part of."""
_OWN_PERSON: Final = ("person", "victim")
"""Fields that name the person whose data a record is."""
_HEALTH: Final = frozenset({ServiceType.MEDICAL, ServiceType.COUNSELLING, ConsentPurpose.HEALTH_CARE})
_PLACEMENT: Final = frozenset(
    {ServiceType.SHELTER, ServiceType.INDEPENDENT_LIVING_RENT, ServiceType.FAMILY_REUNIFICATION}
)


def short_name(event: Event) -> str:
    """Return an event's type without its prefix and version: arrest.made."""
    return event.type.removeprefix("bz.atips.").rpartition(".")[0]


def matter_of(event: Event, named: Callable[[str], Iterable[Event]]) -> Matter | None:
    """Return the matter of an event, by its type and purposes; None for a type without a matter.

    `named`: returns the events of the types `NAMED` for an id or an event's reference.
    """
    matter = matter_of_type(short_name(event))
    if matter is not Matter.PROTECTION:
        return matter
    purposes = frozenset(_purposes(event, named))
    # A referral without stated purposes may be for health.
    if purposes & _HEALTH or (not purposes and _is_of_referral(event)):
        return Matter.HEALTH
    return Matter.PLACEMENT if purposes & _PLACEMENT else matter


def seen_record(
    event: Event, word_of: str, matter: Matter | None, naming: Iterable[tuple[str, frozenset[str]]]
) -> SeenRecord:
    """Return the record of an event.

    `word_of`: the agency, not a unit, whose record it is. `naming`: what `persons_by_field` yields of the event.
    """
    own = event.joins() or tuple(str(getattr(event.data, name, "")) for name in _OWN_PERSON)
    about = frozenset(each for each in own if is_id(each, Kind.PERSON))
    every = frozenset[str]().union(*(persons for _, persons in naming))
    return SeenRecord(
        agency=word_of,
        matter=matter,
        about=about,
        beside=every - about,
        referral=getattr(event.data, "referral", None),
        is_move=_is_of_referral(event),
        keeps_out=agency_of(event.data.kept_from) if isinstance(event, CaseAccessRestrictedV1) else None,
    )


def persons_by_field(event: Event) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield (field, persons) for each field of an event that names persons."""
    for name in _fields(type(event.data)):
        said = getattr(event.data, name)
        values = said if isinstance(said, tuple) else (said,)
        persons = frozenset(each for each in values if isinstance(each, str) and is_id(each, Kind.PERSON))
        if persons:
            yield name, persons


def _is_of_referral(event: Event) -> bool:
    return short_name(event).startswith("referral.")


def _purposes(event: Event, named: Callable[[str], Iterable[Event]]) -> Iterator[ServiceType | ConsentPurpose]:
    """Yield the purposes of an event, and those of the referrals, needs and consents that it names, directly or not."""
    events, followed = [event], set[str]()
    for each in events:
        data = each.data
        services = {getattr(data, "service_type", None), *getattr(data, "service_types", ())}
        yield from services - {None}
        if isinstance(data, ConsentRecorded):
            yield from data.purposes
        part_of = {*(getattr(data, name, None) for name in _PART_OF), *getattr(data, "needs", ())} - {None, *followed}
        for an_id in part_of:
            followed.add(an_id)
            events += named(an_id)


@cache
def _fields(model: type[Wire]) -> tuple[str, ...]:
    return tuple(model.model_fields)
