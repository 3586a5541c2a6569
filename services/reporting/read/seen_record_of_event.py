"""Conversion of events to the records of `schemas.sight`, from the event alone."""

from schemas.agencies import agency_of
from schemas.codebook.governance import ViewPurpose
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from schemas.ids import Kind, is_id
from schemas.sight import SeenRecord, sees_by_itself
from schemas.sight.matter_and_persons_of_event import matter_of

COUNCIL = "council"
OFFICE_PURPOSE = "audit"
"""Purpose for which the Council's office views events: its audit."""


def record_of(event: Event | None) -> SeenRecord:
    """Return the `SeenRecord` of an event; for a correction, of the fact that it states. None gives an empty record."""
    if event is None:
        return SeenRecord(agency="", matter=None)
    stated = event.replacement() if isinstance(event, EventCorrectedV1) else event
    persons = frozenset(each for each in event.concerns() if is_id(each, Kind.PERSON))
    return SeenRecord(
        agency=agency_of(event.onbehalfof or event.agency), matter=matter_of(stated, lambda _: ()), about=persons
    )


def seen_by_office(_: str, event: Event | None, __: str) -> bool:
    """Whether the Council's office may see an event for its audit. The other two arguments are ignored."""
    return sees_by_itself(COUNCIL, record_of(event), ViewPurpose(OFFICE_PURPOSE))
