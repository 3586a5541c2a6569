"""Moves of a referral's sender: a referral is sent, cancelled before it is accepted, or marked as never meant.

Only the sender may make them, and each names the sender. The referral service checks that it is the agency that sent
the referral.
"""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import CancelReason, ReferralReason, RiskLevel, Urgency
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import CODES, AgencyCode, Count, RegisterNumber, refusal
from schemas.ids import NeedId, PersonId, ReferralId
from schemas.referral.move_fields import Move
from schemas.times import Day


class SendersMove(Move):
    """A move that is the sender's alone."""

    from_agency: AgencyCode


def check_sender(event: Event, move: SendersMove) -> None:
    """Raise if the publisher is neither the named sender nor acts on its behalf."""
    if move.from_agency not in {event.agency, event.onbehalfof}:
        raise refusal(Reason.AGENCY_MISMATCH, "/data/from_agency")


class ReferralSent(SendersMove):
    """A person is referred to another agency. The consent that it rests on is the envelope's `consentref`."""

    to_agency: AgencyCode
    need: NeedId | None = None
    attempt_no: Count | None = None
    previous_referral: ReferralId | None = None
    service_types: Annotated[tuple[ServiceType, ...], CODES] = ()
    urgency: Urgency | None = None
    latest_start_on: Day | None = None
    reason: ReferralReason | None = None
    risk_level: RiskLevel | None = None
    sender_reference: RegisterNumber | None = None
    sender_desk: AgencyCode | None = None


class ReferralSentV1(Event):
    """bz.atips.referral.sent.v1."""

    type: Literal["bz.atips.referral.sent.v1"]
    subject: PersonId
    data: ReferralSent

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)

    @model_validator(mode="after")
    def _is_the_senders(self) -> Self:
        check_sender(self, self.data)
        return self


class ReferralCancelled(SendersMove):
    """The sender takes a referral back before it is accepted."""

    reason: CancelReason | None = None


class ReferralCancelledV1(Event):
    """bz.atips.referral.cancelled.v1."""

    type: Literal["bz.atips.referral.cancelled.v1"]
    subject: PersonId
    data: ReferralCancelled

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)

    @model_validator(mode="after")
    def _is_the_senders(self) -> Self:
        check_sender(self, self.data)
        return self


class ReferralEnteredInError(SendersMove):
    """A referral should never have been sent; it is kept because somebody may have acted on it."""

    reason: CancelReason | None = None


class ReferralEnteredInErrorV1(Event):
    """bz.atips.referral.entered_in_error.v1."""

    type: Literal["bz.atips.referral.entered_in_error.v1"]
    subject: PersonId
    data: ReferralEnteredInError

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)

    @model_validator(mode="after")
    def _is_the_senders(self) -> Self:
        check_sender(self, self.data)
        return self
