"""Folds of the events about a person's referrals.

`referral_service_folds` has the folds of the referral service's decisions.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from msgspec.structs import replace

from schemas.codebook.referral import RefusedBy
from schemas.consent_events import ConsentAcknowledgedV1, ConsentRecordedV1, ConsentWithdrawnV1
from schemas.identification import PersonDeceasedRecordedV1, VictimIdentifiedV1, VictimStatusChangedV1
from schemas.protection.services import NeedAssessedV1, PlanApprovedV1, ServiceDeclinedV1, ServiceProvidedV1
from schemas.referral.receiver_events import (
    ReferralAcceptedV1,
    ReferralCompletedV1,
    ReferralFailedV1,
    ReferralHandedBackV1,
    ReferralPutOnHoldV1,
    ReferralReceivedV1,
    ReferralReferredOnwardV1,
    ReferralRejectedV1,
    ReferralResumedV1,
    ReferralStartedV1,
)
from schemas.referral.sender_events import ReferralCancelledV1, ReferralEnteredInErrorV1, ReferralSentV1
from services.reporting.domain.declaration.entity_state_part import (
    Fold,
    code,
    codes,
    owners_statement,
    speaker,
    told_again,
    with_entry,
)
from services.reporting.domain.facts.fact_owner import service_by_witness
from services.reporting.domain.facts.victim_status_decisions import decision
from services.reporting.domain.figures.referral import referral_service_folds
from services.reporting.domain.figures.referral.attempt import (
    ACCEPTED,
    CANCELLED,
    COMPLETED,
    FAILED,
    HANDED_BACK,
    MISTAKEN,
    ON_HOLD,
    ONWARD,
    RECEIVED,
    REJECTED,
    RESUMED,
    STARTED,
    AttemptMove,
    SentReferral,
)
from services.reporting.domain.figures.referral.state import (
    NOTHING,
    CarePlan,
    DeclinedService,
    ReferralRecord,
    ReportedAcknowledgement,
    ReportedWithdrawal,
    ServiceOnReferral,
)

MoveEvent: TypeAlias = (
    ReferralReceivedV1
    | ReferralAcceptedV1
    | ReferralRejectedV1
    | ReferralStartedV1
    | ReferralPutOnHoldV1
    | ReferralResumedV1
    | ReferralCompletedV1
    | ReferralFailedV1
    | ReferralHandedBackV1
    | ReferralReferredOnwardV1
    | ReferralCancelledV1
    | ReferralEnteredInErrorV1
)


def _sent(person: str, referred: ReferralRecord, event: ReferralSentV1) -> ReferralRecord:
    if event.data.person != person:
        return referred
    referral = event.data.referral
    attempt = replace(referred.attempts.get(referral, NOTHING), sent=_said(event))
    # The attempt is moved to the end, so that attempts sent on one day, or without a date, are in the order of sending.
    others = {each: other for each, other in referred.attempts.items() if each != referral}
    return replace(referred, attempts=with_entry(others, referral, attempt))


def _sent_once(person: str, referred: ReferralRecord, event: ReferralSentV1) -> ReferralRecord:
    if event.data.person != person:
        return referred
    return referred.changed(event.data.referral, lambda attempt: replace(attempt, once=(*attempt.once, _said(event))))


def _said(event: ReferralSentV1) -> SentReferral:
    data = event.data
    return SentReferral(
        ref=event.ref,
        when=event.occurred,
        sender=data.from_agency,
        receiver=data.to_agency,
        need=data.need,
        previous=data.previous_referral,
        service_types=codes(data.service_types),
        urgency=code(data.urgency),
    )


def _move(name: str) -> Fold[ReferralRecord]:
    def moved(person: str, referred: ReferralRecord, event: MoveEvent) -> ReferralRecord:
        data = event.data
        if data.person != person:
            return referred
        made = AttemptMove(
            name=name,
            when=event.occurred,
            agency=speaker(event),
            reason=code(getattr(data, "reason", None)),
            refused_by=code(getattr(data, "refused_by", None)),
            following=getattr(data, "next_referral", None),
        )
        return referred.changed(
            data.referral, lambda attempt: replace(attempt, moves=with_entry(attempt.moves, event.ref, made))
        )

    return moved


def _consent(person: str, referred: ReferralRecord, event: ConsentRecordedV1) -> ReferralRecord:
    if event.data.person != person:
        return referred
    return replace(referred, consents=with_entry(referred.consents, event.ref, codes(event.data.recipients)))


def _withdrawn(person: str, referred: ReferralRecord, event: ConsentWithdrawnV1) -> ReferralRecord:
    if event.data.person != person:
        return referred
    data = event.data
    said = ReportedWithdrawal(
        event.ref, event.occurred, speaker(event), event.agency, codes(data.recipients), data.consent
    )
    return replace(referred, withdrawals=(*referred.withdrawals, said))


def _acknowledged(person: str, referred: ReferralRecord, event: ConsentAcknowledgedV1) -> ReferralRecord:
    if event.data.person != person:
        return referred
    said = ReportedAcknowledgement(speaker(event), event.data.consent, event.occurred)
    return replace(referred, acknowledged=(*referred.acknowledged, said))


def _service_provided(person: str, referred: ReferralRecord, event: ServiceProvidedV1) -> ReferralRecord:
    data = event.data
    if data.person != person:
        return referred
    witness = service_by_witness(event)
    said = ServiceOnReferral(event.occurred, str(data.service_type), data.need, data.referral, by_witness=witness)
    kept = owners_statement(referred.services.get(data.service), said)
    return replace(referred, services=with_entry(referred.services, data.service, kept))


def _service_declined(person: str, referred: ReferralRecord, event: ServiceDeclinedV1) -> ReferralRecord:
    data = event.data
    if data.person != person:
        return referred
    said = DeclinedService(data.refused_by is RefusedBy.PERSON, by_witness=service_by_witness(event))
    kept = owners_statement(referred.declined.get(data.service), said)
    return replace(referred, declined=with_entry(referred.declined, data.service, kept))


def _need_assessed(person: str, referred: ReferralRecord, event: NeedAssessedV1) -> ReferralRecord:
    data = event.data
    if data.person != person:
        return referred
    return replace(referred, assessed=with_entry(referred.assessed, data.need, codes(data.service_types)))


def _plan_approved(person: str, referred: ReferralRecord, event: PlanApprovedV1) -> ReferralRecord:
    data = event.data
    if data.person != person:
        return referred
    plan = CarePlan(event.occurred, data.needs, codes(data.service_types))
    return replace(referred, plans=(*referred.plans, plan))


def _identified(person: str, referred: ReferralRecord, event: VictimIdentifiedV1) -> ReferralRecord:
    if event.data.person != person:
        return referred
    status_decision = decision(event, event.data.status)
    return replace(
        referred, identified=(*referred.identified, event.occurred), decisions=(*referred.decisions, status_decision)
    )


def _status_changed(person: str, referred: ReferralRecord, event: VictimStatusChangedV1) -> ReferralRecord:
    if event.data.person != person:
        return referred
    return replace(referred, decisions=(*referred.decisions, decision(event, event.data.status)))


def _deceased(person: str, referred: ReferralRecord, event: PersonDeceasedRecordedV1) -> ReferralRecord:
    if event.data.person != person:
        return referred
    return replace(referred, deaths=told_again(referred.deaths, event.occurred))


FOLDS: Final[Mapping[str, Fold[ReferralRecord]]] = {
    "bz.atips.referral.sent.v1": _sent,
    "bz.atips.referral.received.v1": _move(RECEIVED),
    "bz.atips.referral.accepted.v1": _move(ACCEPTED),
    "bz.atips.referral.rejected.v1": _move(REJECTED),
    "bz.atips.referral.started.v1": _move(STARTED),
    "bz.atips.referral.put_on_hold.v1": _move(ON_HOLD),
    "bz.atips.referral.resumed.v1": _move(RESUMED),
    "bz.atips.referral.completed.v1": _move(COMPLETED),
    "bz.atips.referral.failed.v1": _move(FAILED),
    "bz.atips.referral.handed_back.v1": _move(HANDED_BACK),
    "bz.atips.referral.referred_onward.v1": _move(ONWARD),
    "bz.atips.referral.cancelled.v1": _move(CANCELLED),
    "bz.atips.referral.entered_in_error.v1": _move(MISTAKEN),
    "bz.atips.referral.assigned.v1": referral_service_folds.holder_assigned,
    "bz.atips.referral.move_refused.v1": referral_service_folds.move_refused,
    "bz.atips.referral.escalated.v1": referral_service_folds.deadline_passed,
    "bz.atips.finding.opened.v1": referral_service_folds.pending_moves_found,
    "bz.atips.finding.closed.v1": referral_service_folds.pending_moves_resolved,
    "bz.atips.consent.recorded.v1": _consent,
    "bz.atips.consent.withdrawn.v1": _withdrawn,
    "bz.atips.consent.acknowledged.v1": _acknowledged,
    "bz.atips.service.provided.v1": _service_provided,
    "bz.atips.service.declined.v1": _service_declined,
    "bz.atips.need.assessed.v1": _need_assessed,
    "bz.atips.plan.approved.v1": _plan_approved,
    "bz.atips.victim.identified.v1": _identified,
    "bz.atips.victim.status_changed.v1": _status_changed,
    "bz.atips.person.deceased_recorded.v1": _deceased,
}

ONCE: Final[Mapping[str, Fold[ReferralRecord]]] = {"bz.atips.referral.sent.v1": _sent_once}
"""Folds of facts that were corrected or retracted later: an agency that got a referral by mistake still knows of the
person."""
