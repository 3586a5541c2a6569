"""Events that say who was found, as what, and by whom; and the reports and screenings that come before."""

from schemas.identification.person import PersonDeceasedRecordedV1, PersonProfileRecordedV1, SuspectIdentifiedV1
from schemas.identification.screening import ReportReceivedV1, ScreeningCompletedV1
from schemas.identification.victim import VictimCountedAnonymouslyV1, VictimIdentifiedV1, VictimStatusChangedV1

__all__ = [
    "PersonDeceasedRecordedV1",
    "PersonProfileRecordedV1",
    "ReportReceivedV1",
    "ScreeningCompletedV1",
    "SuspectIdentifiedV1",
    "VictimCountedAnonymouslyV1",
    "VictimIdentifiedV1",
    "VictimStatusChangedV1",
]
