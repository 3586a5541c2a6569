"""Events of coordination: meetings and conferences; the strategy, policies and laws; what bodies hold and share."""

from schemas.coordination.meeting import (
    CoordinationConferenceAttended,
    CoordinationConferenceAttendedV1,
    CoordinationMeetingHeld,
    CoordinationMeetingHeldV1,
)

__all__ = [
    "CoordinationConferenceAttended",
    "CoordinationConferenceAttendedV1",
    "CoordinationMeetingHeld",
    "CoordinationMeetingHeldV1",
]
