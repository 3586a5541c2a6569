"""Events that say who was found, as what, and by whom; and screenings, whose subjects are not victims."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.identification import (
    AgeGroup,
    Exploitation,
    IdentifiedBy,
    Means,
    NewOrCarriedOver,
    PersonRole,
    RecruiterRelation,
    ReferralSource,
    ScreeningOutcome,
    ScreeningTool,
    Sex,
    VictimStatus,
    Vulnerability,
)
from schemas.codebook.shared import CountBasis, District, YesNo
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import (
    CODES,
    IDS,
    MAX_CODES,
    AgencyCode,
    Citizenship,
    Count,
    Country,
    Listing,
    Wire,
    check_count,
    refusal,
)
from schemas.ids import ActivityId, CaseId, PersonId


class VictimIdentified(Wire):
    """A person was identified as a victim; later changes of status are other events."""

    person: PersonId
    case: CaseId | None = None
    status: VictimStatus
    identified_by: IdentifiedBy | None = None
    referral_source: ReferralSource | None = None
    minor_at_exploitation: YesNo | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()
    means: Annotated[tuple[Means, ...] | None, Listing(MAX_CODES, empty_speaks=True)] = None
    """An empty list says that no means were used, which is right for a child and a finding for an adult."""
    recruiter_relation: RecruiterRelation | None = None
    new_or_carried_over: NewOrCarriedOver | None = None


class VictimIdentifiedV1(Event):
    """bz.atips.victim.identified.v1."""

    type: Literal["bz.atips.victim.identified.v1"]
    subject: PersonId
    data: VictimIdentified

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class SuspectIdentified(Wire):
    """A person was identified as a suspect."""

    person: PersonId
    case: CaseId | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()
    identified_by: IdentifiedBy | None = None


class SuspectIdentifiedV1(Event):
    """bz.atips.suspect.identified.v1."""

    type: Literal["bz.atips.suspect.identified.v1"]
    subject: PersonId
    data: SuspectIdentified

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class PersonProfileRecorded(Wire):
    """What figures need to know about a person, in codes; each profile replaces the one before it."""

    person: PersonId
    case: CaseId | None = None
    role: PersonRole
    sex: Sex | None = None
    age_group: AgeGroup | None = None
    citizenship: Annotated[tuple[Citizenship, ...], CODES] = ()
    district: District | None = None
    vulnerabilities: Annotated[tuple[Vulnerability, ...], CODES] = ()


class PersonProfileRecordedV1(Event):
    """bz.atips.person.profile_recorded.v1."""

    type: Literal["bz.atips.person.profile_recorded.v1"]
    subject: PersonId
    data: PersonProfileRecorded

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ScreeningCompleted(Wire):
    """Persons were screened: named by id, or as a batch with a count and a set of nationalities, no split known."""

    screening: ActivityId
    persons: Annotated[tuple[PersonId, ...], IDS] = ()
    case: CaseId | None = None
    requested_by: AgencyCode | None = None
    """Who asked for it; the publisher performed it, and only the performer's counts."""
    tool: ScreeningTool | None = None
    outcome: ScreeningOutcome | None = None
    count: Count | None = None
    count_basis: CountBasis | None = None
    nationalities: Annotated[tuple[Country, ...], CODES] = ()

    @model_validator(mode="after")
    def _counts_one_way(self) -> Self:
        if (self.count is None) == (not self.persons):
            raise refusal(Reason.COUNT_OR_PERSONS, "/count")
        check_count(self.count, self.count_basis, CountBasis.PERSONS, CountBasis.PARTICIPATIONS, CountBasis.ESTIMATE)
        return self


class ScreeningCompletedV1(Event):
    """bz.atips.screening.completed.v1."""

    type: Literal["bz.atips.screening.completed.v1"]
    subject: ActivityId
    data: ScreeningCompleted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.screening, *self.data.persons, self.data.case)
