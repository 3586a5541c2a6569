"""Events of consent: recorded, taken back, and the taking back acknowledged by whoever holds the data."""

from datetime import date
from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.consent import BestInterestReason, ChildWish, ConsentBasis, ConsentGivenBy, ConsentPurpose
from schemas.envelope import Event, entities
from schemas.fields import CODES, AgencyCode, EventRef, Wire
from schemas.ids import CaseId, PersonId


class ConsentRecorded(Wire):
    """On what basis a person's data may be shared; a refusal is recorded too."""

    person: PersonId
    case: CaseId | None = None
    basis: ConsentBasis
    purposes: Annotated[tuple[ConsentPurpose, ...], CODES] = ()
    recipients: Annotated[tuple[AgencyCode, ...], CODES] = ()
    """Who may be told; an empty list names nobody."""
    given_by: ConsentGivenBy | None = None
    guardian: PersonId | None = None
    """The person who consents for a child. A guardian's consent without this opens nothing, nor does a suspect's."""
    expires_on: date | None = None
    """The last day on which it holds."""
    wish: ChildWish | None = None
    """The child's own wish; it is shown beside the decision."""
    determined_by: AgencyCode | None = None
    """The agency that found the sharing to be in the child's best interest."""
    determined_on: date | None = None
    """The day of that determination."""
    determined_because: BestInterestReason | None = None
    """The reason of that determination."""
    review_on: date | None = None
    """The last day on which that determination holds without a new one."""


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
    """Which consent; without one, all that was given so far."""
    withdrawn_by: ConsentGivenBy | None = None
    recipients: Annotated[tuple[AgencyCode, ...], CODES] = ()
    """From whom it is taken back; an empty list means from everybody."""


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
    """The event that is acknowledged."""


class ConsentAcknowledgedV1(Event):
    """bz.atips.consent.acknowledged.v1."""

    type: Literal["bz.atips.consent.acknowledged.v1"]
    subject: PersonId
    data: ConsentAcknowledged

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)
