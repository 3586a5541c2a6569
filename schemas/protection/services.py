"""Events of a person's needs, plans and services. One service is one episode, not one contact."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.identification import VictimStatus
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import RefusedBy, RiskLevel
from schemas.envelope import Event, entities
from schemas.fields import CODES, IDS, AgencyCode, Wire
from schemas.ids import CaseId, NeedId, PersonId, ReferralId, ServiceId


class NeedAssessed(Wire):
    """A need was assessed; each referral made for it is an attempt to meet it."""

    person: PersonId
    case: CaseId | None = None
    need: NeedId
    service_types: Annotated[tuple[ServiceType, ...], CODES] = ()
    risk_level: RiskLevel | None = None


class NeedAssessedV1(Event):
    """bz.atips.need.assessed.v1."""

    type: Literal["bz.atips.need.assessed.v1"]
    subject: PersonId
    data: NeedAssessed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class PlanApproved(Wire):
    """A person's individual plan was approved."""

    person: PersonId
    case: CaseId | None = None
    needs: Annotated[tuple[NeedId, ...], IDS] = ()
    service_types: Annotated[tuple[ServiceType, ...], CODES] = ()


class PlanApprovedV1(Event):
    """bz.atips.plan.approved.v1."""

    type: Literal["bz.atips.plan.approved.v1"]
    subject: PersonId
    data: PlanApproved

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ServiceProvided(Wire):
    """A service was provided: one episode, with all of its contacts or nights."""

    person: PersonId
    case: CaseId | None = None
    service: ServiceId
    service_type: ServiceType
    provider: AgencyCode
    partners: Annotated[tuple[AgencyCode, ...], CODES] = ()
    funders: Annotated[tuple[AgencyCode, ...], CODES] = ()
    victim_status_at_time: VictimStatus | None = None
    need: NeedId | None = None
    referral: ReferralId | None = None


class ServiceProvidedV1(Event):
    """bz.atips.service.provided.v1."""

    type: Literal["bz.atips.service.provided.v1"]
    subject: PersonId
    data: ServiceProvided

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ServiceDeclined(Wire):
    """A service was offered and not taken, or not given."""

    person: PersonId
    case: CaseId | None = None
    service: ServiceId
    service_type: ServiceType
    provider: AgencyCode
    partners: Annotated[tuple[AgencyCode, ...], CODES] = ()
    refused_by: RefusedBy | None = None
    victim_status_at_time: VictimStatus | None = None
    need: NeedId | None = None
    referral: ReferralId | None = None


class ServiceDeclinedV1(Event):
    """bz.atips.service.declined.v1."""

    type: Literal["bz.atips.service.declined.v1"]
    subject: PersonId
    data: ServiceDeclined

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)
