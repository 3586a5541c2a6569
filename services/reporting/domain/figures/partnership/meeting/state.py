"""State of a meeting or conference, and the functions that count it. The owner's statement counts."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from schemas.agencies import AGENCIES, AgencyKind
from schemas.codebook.coordination import AttendeeGroup, MeetingKind
from schemas.codebook.dated_groups_and_labels import MEETINGS_ABROAD
from schemas.coordination import CoordinationConferenceAttendedV1, CoordinationMeetingHeldV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import code, codes, owners_statement, possible_days, values
from services.reporting.domain.declaration.figure import Counted
from services.reporting.domain.facts.fact_owner import conference_by_witness, meeting_by_witness

_COUNCIL: Final = "council"
_LABOUR: Final = "labour"


class Meeting(Struct, frozen=True):
    """A meeting or conference, as its owner last published it, or a witness while the owner has not.

    `orgs`: bodies that attended. `attendees_n`: number of attendees of `attendee_group`; None if nobody counted.
    """

    happened: Interval | None
    kind: str
    country: str | None
    law: str | None
    organisers: tuple[str, ...]
    orgs: tuple[str, ...]
    groups: tuple[str, ...]
    attendees_n: int | None
    attendee_group: str | None
    by_witness: bool

    def counted(self, amount: int | None = 1) -> Counted:
        """Return an item of this amount at the time and with the dimensions of the meeting."""
        dims = {"kind": (self.kind,), "country": values(self.country), "law": values(self.law)}
        return Counted(possible_days(self.happened), amount, dims, twice=self.by_witness)


def meeting_held(activity: str, meeting: Meeting | None, event: CoordinationMeetingHeldV1) -> Meeting | None:
    """Return the meeting after one more event about it. Events of other meetings change nothing."""
    data = event.data
    if data.meeting != activity:
        return meeting
    said = Meeting(
        happened=event.occurred,
        kind=str(data.kind),
        country=code(data.country),
        law=code(data.law),
        organisers=codes(data.organisers),
        orgs=codes(data.orgs),
        groups=codes(data.groups),
        attendees_n=data.attendees_n,
        attendee_group=code(data.attendee_group),
        by_witness=meeting_by_witness(event),
    )
    return owners_statement(meeting, said)


def conference_attended(
    activity: str, meeting: Meeting | None, event: CoordinationConferenceAttendedV1
) -> Meeting | None:
    """Return the conference after one more event about it. Events of other conferences change nothing."""
    data = event.data
    if data.conference != activity:
        return meeting
    said = Meeting(
        happened=event.occurred,
        kind=str(data.kind),
        country=code(data.country),
        law=None,
        organisers=(),
        orgs=codes(data.orgs),
        groups=(),
        attendees_n=data.delegates_n,
        attendee_group=None,
        by_witness=conference_by_witness(event),
    )
    return owners_statement(meeting, said)


def of_kind(meeting: Meeting | None, kind: MeetingKind) -> Iterator[Counted]:
    """Yield one item if the meeting is of the kind."""
    if meeting is not None and meeting.kind == kind:
        yield meeting.counted()


def representatives_at_summits(meeting: Meeting | None) -> Iterator[Counted]:
    """Yield the number of the government's representatives at a summit.

    The amount is None if nobody counted them, or if the published number is of other persons.
    """
    if meeting is not None and meeting.kind == MeetingKind.SUMMIT:
        counts = meeting.attendee_group == AttendeeGroup.GOVERNMENT
        yield meeting.counted(meeting.attendees_n if counts else None)


def bodies_at_summits(meeting: Meeting | None) -> Iterator[Counted]:
    """Yield one item for each body at a summit. The body is a dimension."""
    if meeting is not None and meeting.kind == MeetingKind.SUMMIT:
        for body in meeting.orgs:
            yield Counted(possible_days(meeting.happened), dims={"body": (body,)})


def delegates_at_conferences(meeting: Meeting | None) -> Iterator[Counted]:
    """Yield the number of delegates to a regional conference."""
    if meeting is not None and meeting.kind == MeetingKind.REGIONAL_CONFERENCE:
        yield meeting.counted(meeting.attendees_n)


def held_by_council(meeting: Meeting | None) -> Iterator[Counted]:
    """Yield one item for a meeting that the Council held, alone or with others."""
    if meeting is not None and _COUNCIL in meeting.organisers:
        yield meeting.counted()


def about_draft_laws(meeting: Meeting | None) -> Iterator[Counted]:
    """Yield one item for a meeting about a draft law."""
    if meeting is not None and meeting.law is not None:
        yield meeting.counted()


def exchanges_of_labour(meeting: Meeting | None) -> Iterator[Counted]:
    """Yield one item for a technical visit or annual meeting in which the Labour Department took part."""
    if meeting is None or _LABOUR not in {*meeting.organisers, *meeting.orgs}:
        return
    if meeting.kind in MEETINGS_ABROAD.at(meeting.happened):
        yield meeting.counted()


def advocated_with(meeting: Meeting | None) -> Iterator[Counted]:
    """Yield one item for each body and group with which civil society advocated. The body is a dimension.

    The hosts of the meeting are left out.
    """
    if meeting is None or meeting.kind != MeetingKind.ADVOCACY or not _of_civil_society(meeting):
        return
    for counterpart in (*meeting.orgs, *meeting.groups):
        if counterpart not in meeting.organisers:
            yield Counted(possible_days(meeting.happened), dims={"counterpart": (counterpart,)})


def _of_civil_society(meeting: Meeting) -> bool:
    """Whether a host of the meeting is a non-governmental organization, or no host is known."""
    hosts = meeting.organisers
    return not hosts or any(AGENCIES[each].kind is AgencyKind.NGO for each in hosts)
