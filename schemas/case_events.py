"""Events of a case as such: opened, linked, its parties, closed and opened again, who may not see it, reviewed."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.case import (
    CaseClosureReason,
    CaseLinkReason,
    CaseReopeningReason,
    PartyRemovalReason,
    PartyRole,
    RestrictionReason,
)
from schemas.codebook.identification import ReferralSource
from schemas.codebook.justice import Offence
from schemas.codebook.shared import District
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import IDS, AgencyCode, Amount, Wire, refusal
from schemas.ids import CaseId, PersonId


class CaseOpened(Wire):
    """A case file was opened; an investigation into it is another event."""

    case: CaseId
    persons: Annotated[tuple[PersonId, ...], IDS] = ()
    referral_source: ReferralSource | None = None
    district: District | None = None
    suspected_offence: Offence | None = None


class CaseOpenedV1(Event):
    """bz.atips.case.opened.v1."""

    type: Literal["bz.atips.case.opened.v1"]
    subject: CaseId
    data: CaseOpened

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, *self.data.persons)


class CaseLinked(Wire):
    """A link between two cases that belong together and stay two. A merge says that two cases are one."""

    case: CaseId
    linked_case: CaseId
    reason: CaseLinkReason | None = None

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        if self.case == self.linked_case:
            raise refusal(Reason.REPEATED_ITEM, "/linked_case")
        return self


class CaseLinkedV1(Event):
    """bz.atips.case.linked.v1."""

    type: Literal["bz.atips.case.linked.v1"]
    subject: CaseId
    data: CaseLinked

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, self.data.linked_case)


class CasePartyAdded(Wire):
    """From the event's time on a person is party to the case in this role; one person may have several."""

    case: CaseId
    person: PersonId
    role: PartyRole


class CasePartyAddedV1(Event):
    """bz.atips.case.party_added.v1."""

    type: Literal["bz.atips.case.party_added.v1"]
    subject: CaseId
    data: CasePartyAdded

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, self.data.person)


class CasePartyRemoved(Wire):
    """The end of a person's role in a case, from the event's time on. Without a role, all roles end."""

    case: CaseId
    person: PersonId
    role: PartyRole | None = None
    reason: PartyRemovalReason | None = None


class CasePartyRemovedV1(Event):
    """bz.atips.case.party_removed.v1."""

    type: Literal["bz.atips.case.party_removed.v1"]
    subject: CaseId
    data: CasePartyRemoved

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, self.data.person)


class CaseClosed(Wire):
    """The author's work on a case has ended; the police's closing ends the case, human services' their file of it."""

    case: CaseId
    reason: CaseClosureReason | None = None


class CaseClosedV1(Event):
    """bz.atips.case.closed.v1."""

    type: Literal["bz.atips.case.closed.v1"]
    subject: CaseId
    data: CaseClosed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case)


class CaseReopened(Wire):
    """The author took a case up again that it had closed."""

    case: CaseId
    reason: CaseReopeningReason | None = None


class CaseReopenedV1(Event):
    """bz.atips.case.reopened.v1."""

    type: Literal["bz.atips.case.reopened.v1"]
    subject: CaseId
    data: CaseReopened

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case)


class CaseAccessRestricted(Wire):
    """A restriction: an agency may not see a case that it otherwise could.

    One agency's statement holds for thirty days from its acceptance. An equal statement of a second agency makes it
    last. Human Services is kept out only once a second agency states it too. The Council never is.
    """

    case: CaseId
    kept_from: AgencyCode
    reason: RestrictionReason


class CaseAccessRestrictedV1(Event):
    """bz.atips.case.access_restricted.v1."""

    type: Literal["bz.atips.case.access_restricted.v1"]
    subject: CaseId
    data: CaseAccessRestricted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case)


class CaseReviewProvided(Wire):
    """A review of a case file, with the reviewer's recommendations. The case may be of any year."""

    case: CaseId
    reviewer: AgencyCode | None = None
    recommendations_n: Amount | None = None


class CaseReviewProvidedV1(Event):
    """bz.atips.case.review_provided.v1."""

    type: Literal["bz.atips.case.review_provided.v1"]
    subject: CaseId
    data: CaseReviewProvided

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case)
