"""Events as `schemas.sight` is asked about them, where nothing more is known than the event."""

from schemas.agencies import house
from schemas.codebook.governance import ViewPurpose
from schemas.correction import EventCorrectedV1
from schemas.envelope import Event
from schemas.ids import Kind, is_id
from schemas.sight import SeenRecord, sees_by_itself
from schemas.sight.record import matter_of

COUNCIL = "council"
OFFICE_PURPOSE = "audit"
"""The purpose of the Council's office: its audit."""


def record_of(event: Event | None) -> SeenRecord:
    """Give the record of an event for sight. Of a correction, give the record that it states."""
    if event is None:
        return SeenRecord(house="", matter=None)
    stated = event.replacement() if isinstance(event, EventCorrectedV1) else event
    persons = frozenset(each for each in event.concerns() if is_id(each, Kind.PERSON))
    return SeenRecord(
        house=house(event.onbehalfof or event.agency), matter=matter_of(stated, lambda _: ()), about=persons
    )


def seen_by_office(_: str, event: Event | None, __: str) -> bool:
    """Whether the Council's office sees an event for its audit. The reference and the entity do not matter to it."""
    return sees_by_itself(COUNCIL, record_of(event), ViewPurpose(OFFICE_PURPOSE))
