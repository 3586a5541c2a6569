"""Events of consent: recorded, withdrawn, and a withdrawal acknowledged by a holder of the data."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.consent import BestInterestReason, ChildWish, ConsentBasis, ConsentGivenBy, ConsentPurpose
from schemas.envelope import Event, entities
from schemas.fields import CODES, AgencyCode, EventRef, Wire
from schemas.ids import CaseId, PersonId
from schemas.times import Day


class ConsentRecorded(Wire):
    """The basis on which a person's data may be shared. A refusal is recorded too."""

    person: PersonId
    case: CaseId | None = None
    basis: ConsentBasis
    purposes: Annotated[tuple[ConsentPurpose, ...], CODES] = ()
    recipients: Annotated[tuple[AgencyCode, ...], CODES] = ()
    given_by: ConsentGivenBy | None = None
    guardian: PersonId | None = None
    expires_on: Day | None = None
    wish: ChildWish | None = None
    determined_by: AgencyCode | None = None
    determined_on: Day | None = None
    determined_because: BestInterestReason | None = None
    review_on: Day | None = None


class ConsentRecordedV1(Event):
    """bz.atips.consent.recorded.v1."""

    type: Literal["bz.atips.consent.recorded.v1"]
    subject: PersonId
    data: ConsentRecorded

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case, self.data.guardian)


class ConsentWithdrawn(Wire):
    """Consent is taken back; every holder of the data must acknowledge it."""

    person: PersonId
    case: CaseId | None = None
    consent: EventRef | None = None
    withdrawn_by: ConsentGivenBy | None = None
    recipients: Annotated[tuple[AgencyCode, ...], CODES] = ()


class ConsentWithdrawnV1(Event):
    """bz.atips.consent.withdrawn.v1."""

    type: Literal["bz.atips.consent.withdrawn.v1"]
    subject: PersonId
    data: ConsentWithdrawn

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ConsentAcknowledged(Wire):
    """A holder of the data has taken note of a consent, or of its withdrawal."""

    person: PersonId
    case: CaseId | None = None
    consent: EventRef


class ConsentAcknowledgedV1(Event):
    """bz.atips.consent.acknowledged.v1."""

    type: Literal["bz.atips.consent.acknowledged.v1"]
    subject: PersonId
    data: ConsentAcknowledged

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)
