"""Events of reports, screenings, identified victims and suspects, and their profiles."""

from schemas.identification.report_and_screening import ReportReceivedV1, ScreeningCompletedV1
from schemas.identification.suspect_and_profile import (
    PersonDeceasedRecordedV1,
    PersonProfileRecordedV1,
    SuspectIdentifiedV1,
)
from schemas.identification.victim import VictimCountedAnonymouslyV1, VictimIdentifiedV1, VictimStatusChangedV1
from schemas.identification.victim_status_resolution import (
    found_no_victim,
    is_carried_over,
    statements_that_hold,
    status_in,
)

__all__ = [
    "PersonDeceasedRecordedV1",
    "PersonProfileRecordedV1",
    "ReportReceivedV1",
    "ScreeningCompletedV1",
    "SuspectIdentifiedV1",
    "VictimCountedAnonymouslyV1",
    "VictimIdentifiedV1",
    "VictimStatusChangedV1",
    "found_no_victim",
    "is_carried_over",
    "statements_that_hold",
    "status_in",
]
