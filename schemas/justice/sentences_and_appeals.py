"""Events after a verdict: sentence, restitution, appeal. The day of a sentence may differ from the verdict's."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.courts import (
    COURTS_OF,
    AppealOutcome,
    AppealSubject,
    Appellant,
    Court,
    CourtStage,
    RestitutionPurpose,
    SentenceKind,
)
from schemas.envelope import Event
from schemas.fields import CODES, Cents, Count
from schemas.ids import AppealId, PaymentId, PersonId, RestitutionId, SentenceId
from schemas.justice.shared_fields import OfSuspect, OnCharges, check_route
from schemas.permitted_codes_of_field import permitted
from schemas.times import Day


class SentenceImposed(OnCharges):
    """A sentence for one or more charges, as a whole: terms that run together are stated once in the months."""

    sentence: SentenceId
    kinds: Annotated[tuple[SentenceKind, ...], CODES] = ()
    custodial_months: Count | None = None
    fine_cents: Cents | None = None
    confiscated_cents: Cents | None = None
    ends_on: Day | None = None


class SentenceImposedV1(Event):
    """bz.atips.sentence.imposed.v1."""

    type: Literal["bz.atips.sentence.imposed.v1"]
    subject: PersonId
    data: SentenceImposed

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class RestitutionOrdered(OfSuspect):
    """A court ordered an amount to be paid for one purpose; an amount that was not stated is unknown, not nothing."""

    restitution: RestitutionId
    purpose: RestitutionPurpose | None = None
    amount_cents: Cents | None = None


class RestitutionOrderedV1(Event):
    """bz.atips.restitution.ordered.v1."""

    type: Literal["bz.atips.restitution.ordered.v1"]
    subject: PersonId
    data: RestitutionOrdered

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class RestitutionPaid(OfSuspect):
    """One payment of ordered restitution, which may be paid in parts."""

    restitution: RestitutionId
    payment: PaymentId
    amount_cents: Cents | None = None


class RestitutionPaidV1(Event):
    """bz.atips.restitution.paid.v1."""

    type: Literal["bz.atips.restitution.paid.v1"]
    subject: PersonId
    data: RestitutionPaid

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class Appeal(OnCharges):
    """Shared fields of appeals."""

    appeal: AppealId
    court: Annotated[Court, permitted(COURTS_OF[CourtStage.APPEAL_FILED])]
    against: AppealSubject | None = None

    @model_validator(mode="after")
    def _is_on_the_route(self) -> Self:
        check_route(CourtStage.APPEAL_FILED, self.court)
        return self


class AppealFiled(Appeal):
    """Defence or prosecution appealed."""

    appellant: Appellant | None = None


class AppealFiledV1(Event):
    """bz.atips.appeal.filed.v1."""

    type: Literal["bz.atips.appeal.filed.v1"]
    subject: PersonId
    data: AppealFiled

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class AppealDecided(Appeal):
    """An appeal was decided; a retrial opens the charges again, a quashed conviction is none."""

    outcome: AppealOutcome


class AppealDecidedV1(Event):
    """bz.atips.appeal.decided.v1."""

    type: Literal["bz.atips.appeal.decided.v1"]
    subject: PersonId
    data: AppealDecided

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()
