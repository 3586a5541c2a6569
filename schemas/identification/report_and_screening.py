"""Events before anybody is identified: reports that come in, and screenings, whose subjects are not victims."""

from typing import Annotated, Final, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.case import ReportChannel
from schemas.codebook.identification import ReferralSource, ScreeningOutcome, ScreeningTool
from schemas.codebook.shared import CountBasis, District, YesNo
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import CODES, IDS, AgencyCode, Count, Country, Wire, check_count, refusal
from schemas.ids import ActivityId, CaseId, PersonId
from schemas.permitted_codes_of_field import permitted

_BASES: Final = (CountBasis.PERSONS, CountBasis.PARTICIPATIONS, CountBasis.ESTIMATE)


class ReportReceived(Wire):
    """A report of suspected trafficking that came in. It holds nothing of the reporter."""

    report: ActivityId
    case: CaseId | None = None
    channel: ReportChannel | None = None
    anonymous: YesNo | None = None
    referral_source: ReferralSource | None = None
    district: District | None = None


class ReportReceivedV1(Event):
    """bz.atips.report.received.v1."""

    type: Literal["bz.atips.report.received.v1"]
    subject: ActivityId
    data: ReportReceived

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.report, self.data.case)


class ScreeningCompleted(Wire):
    """Persons were screened: named by id, or as a batch with a count and a set of nationalities, no split known."""

    screening: ActivityId
    persons: Annotated[tuple[PersonId, ...], IDS] = ()
    case: CaseId | None = None
    requested_by: AgencyCode | None = None
    tool: ScreeningTool | None = None
    outcome: ScreeningOutcome | None = None
    count: Count | None = None
    count_basis: Annotated[CountBasis | None, permitted(_BASES)] = None
    nationalities: Annotated[tuple[Country, ...], CODES] = ()

    @model_validator(mode="after")
    def _counts_one_way(self) -> Self:
        if (self.count is None) == (not self.persons):
            raise refusal(Reason.COUNT_OR_PERSONS, "/count")
        check_count(self.count, self.count_basis, *_BASES)
        return self


class ScreeningCompletedV1(Event):
    """bz.atips.screening.completed.v1."""

    type: Literal["bz.atips.screening.completed.v1"]
    subject: ActivityId
    data: ScreeningCompleted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.screening, *self.data.persons, self.data.case)
