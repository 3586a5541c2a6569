"""Events of meetings held and conferences attended; several authors may report one, under its one id."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.coordination import AttendeeGroup, Law, MeetingKind
from schemas.envelope import Event, entities
from schemas.fields import CODES, AgencyCode, Amount, Country, Wire
from schemas.ids import ActivityId


class CoordinationMeetingHeld(Wire):
    """A meeting; a body takes part as an agency of the list, else within a group."""

    meeting: ActivityId
    kind: MeetingKind
    country: Country | None = None
    law: Law | None = None
    organisers: Annotated[tuple[AgencyCode, ...], CODES] = ()
    orgs: Annotated[tuple[AgencyCode, ...], CODES] = ()
    groups: Annotated[tuple[AttendeeGroup, ...], CODES] = ()
    attendees_n: Amount | None = None
    attendee_group: AttendeeGroup | None = None


class CoordinationMeetingHeldV1(Event):
    """bz.atips.coordination.meeting_held.v1."""

    type: Literal["bz.atips.coordination.meeting_held.v1"]
    subject: ActivityId
    data: CoordinationMeetingHeld

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.meeting)


class CoordinationConferenceAttended(Wire):
    """A conference that others hold, and Belize's delegation to it; a delegate of two conferences counts in each."""

    conference: ActivityId
    kind: MeetingKind
    country: Country | None = None
    delegates_n: Amount | None = None
    orgs: Annotated[tuple[AgencyCode, ...], CODES] = ()


class CoordinationConferenceAttendedV1(Event):
    """bz.atips.coordination.conference_attended.v1."""

    type: Literal["bz.atips.coordination.conference_attended.v1"]
    subject: ActivityId
    data: CoordinationConferenceAttended

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.conference)
