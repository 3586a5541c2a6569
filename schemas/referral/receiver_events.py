"""Moves of a referral's receiver. The publisher makes the move; the referral service decides on its effect."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.referral import HoldReason, ReferralRejectReason, RefusedBy, UnfinishedReason
from schemas.envelope import Event, entities
from schemas.fields import IDS
from schemas.ids import PersonId, ReferralId, ServiceId
from schemas.referral.move_fields import Move
from schemas.times import Day


class ReferralReceived(Move):
    """The receiver has seen a referral; it has not answered yet."""


class ReferralReceivedV1(Event):
    """bz.atips.referral.received.v1."""

    type: Literal["bz.atips.referral.received.v1"]
    subject: PersonId
    data: ReferralReceived

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralAccepted(Move):
    """The receiver takes a referral on."""

    expected_start_on: Day | None = None


class ReferralAcceptedV1(Event):
    """bz.atips.referral.accepted.v1."""

    type: Literal["bz.atips.referral.accepted.v1"]
    subject: PersonId
    data: ReferralAccepted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralRejected(Move):
    """The receiver does not take a referral; who did not want is another question than why."""

    reason: ReferralRejectReason | None = None
    refused_by: RefusedBy | None = None


class ReferralRejectedV1(Event):
    """bz.atips.referral.rejected.v1."""

    type: Literal["bz.atips.referral.rejected.v1"]
    subject: PersonId
    data: ReferralRejected

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralStarted(Move):
    """Work on an accepted referral has begun."""


class ReferralStartedV1(Event):
    """bz.atips.referral.started.v1."""

    type: Literal["bz.atips.referral.started.v1"]
    subject: PersonId
    data: ReferralStarted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralPutOnHold(Move):
    """Work on a referral waits."""

    reason: HoldReason | None = None
    expected_start_on: Day | None = None


class ReferralPutOnHoldV1(Event):
    """bz.atips.referral.put_on_hold.v1."""

    type: Literal["bz.atips.referral.put_on_hold.v1"]
    subject: PersonId
    data: ReferralPutOnHold

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralResumed(Move):
    """Work on a referral goes on."""


class ReferralResumedV1(Event):
    """bz.atips.referral.resumed.v1."""

    type: Literal["bz.atips.referral.resumed.v1"]
    subject: PersonId
    data: ReferralResumed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralCompleted(Move):
    """The request of a referral was met."""

    services: Annotated[tuple[ServiceId, ...], IDS] = ()


class ReferralCompletedV1(Event):
    """bz.atips.referral.completed.v1."""

    type: Literal["bz.atips.referral.completed.v1"]
    subject: PersonId
    data: ReferralCompleted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralFailed(Move):
    """The request of a referral could not be met, and nobody else is asked."""

    reason: UnfinishedReason | None = None


class ReferralFailedV1(Event):
    """bz.atips.referral.failed.v1."""

    type: Literal["bz.atips.referral.failed.v1"]
    subject: PersonId
    data: ReferralFailed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralHandedBack(Move):
    """The receiver had accepted a referral and gives it back; the sender opens the next attempt."""

    reason: UnfinishedReason | None = None


class ReferralHandedBackV1(Event):
    """bz.atips.referral.handed_back.v1."""

    type: Literal["bz.atips.referral.handed_back.v1"]
    subject: PersonId
    data: ReferralHandedBack

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralReferredOnward(Move):
    """The receiver had accepted a referral and opens the next attempt itself."""

    reason: UnfinishedReason | None = None
    next_referral: ReferralId | None = None


class ReferralReferredOnwardV1(Event):
    """bz.atips.referral.referred_onward.v1."""

    type: Literal["bz.atips.referral.referred_onward.v1"]
    subject: PersonId
    data: ReferralReferredOnward

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)
