"""The rows of events of coordination."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.coordination import CoordinationConferenceAttendedV1, CoordinationMeetingHeldV1
from schemas.facts.event_type import EVERYBODY, EventType
from schemas.ids import Kind

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.coordination.meeting_held.v1": EventType(
            CoordinationMeetingHeldV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Coordination meeting held",
            "Reunión de coordinación celebrada",
        ),
        "bz.atips.coordination.conference_attended.v1": EventType(
            CoordinationConferenceAttendedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Conference attended",
            "Asistencia a una conferencia",
        ),
    }
)
