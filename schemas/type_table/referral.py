"""The rows of events about referrals."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.ids import Kind
from schemas.referral.decision_events import ReferralAssignedV1, ReferralEscalatedV1, ReferralMoveRefusedV1
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
from schemas.type_table.event_type import CASEWORKERS, REFERRAL_SERVICE, SENDER, EventType

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.referral.sent.v1": EventType(
            ReferralSentV1,
            CASEWORKERS,
            Kind.PERSON,
            33,
            "Referral sent",
            "Remisión enviada",
            own_name=SENDER,
        ),
        "bz.atips.referral.received.v1": EventType(
            ReferralReceivedV1, CASEWORKERS, Kind.PERSON, 34, "Referral received", "Remisión recibida", for_itself=True
        ),
        "bz.atips.referral.cancelled.v1": EventType(
            ReferralCancelledV1,
            CASEWORKERS,
            Kind.PERSON,
            35,
            "Referral cancelled",
            "Remisión cancelada",
            own_name=SENDER,
        ),
        "bz.atips.referral.accepted.v1": EventType(
            ReferralAcceptedV1, CASEWORKERS, Kind.PERSON, 36, "Referral accepted", "Remisión aceptada", for_itself=True
        ),
        "bz.atips.referral.rejected.v1": EventType(
            ReferralRejectedV1, CASEWORKERS, Kind.PERSON, 36, "Referral rejected", "Remisión rechazada", for_itself=True
        ),
        "bz.atips.referral.started.v1": EventType(
            ReferralStartedV1,
            CASEWORKERS,
            Kind.PERSON,
            38,
            "Work on a referral started",
            "Atención de la remisión iniciada",
            for_itself=True,
        ),
        "bz.atips.referral.put_on_hold.v1": EventType(
            ReferralPutOnHoldV1,
            CASEWORKERS,
            Kind.PERSON,
            39,
            "Referral put on hold",
            "Remisión puesta en espera",
            for_itself=True,
        ),
        "bz.atips.referral.resumed.v1": EventType(
            ReferralResumedV1, CASEWORKERS, Kind.PERSON, 40, "Referral resumed", "Remisión reanudada", for_itself=True
        ),
        "bz.atips.referral.completed.v1": EventType(
            ReferralCompletedV1,
            CASEWORKERS,
            Kind.PERSON,
            45,
            "Referral completed",
            "Remisión completada",
            for_itself=True,
        ),
        "bz.atips.referral.failed.v1": EventType(
            ReferralFailedV1, CASEWORKERS, Kind.PERSON, 45, "Referral failed", "Remisión fallida", for_itself=True
        ),
        "bz.atips.referral.handed_back.v1": EventType(
            ReferralHandedBackV1,
            CASEWORKERS,
            Kind.PERSON,
            45,
            "Referral handed back",
            "Remisión devuelta",
            for_itself=True,
        ),
        "bz.atips.referral.referred_onward.v1": EventType(
            ReferralReferredOnwardV1,
            CASEWORKERS,
            Kind.PERSON,
            45,
            "Person referred onward",
            "Persona remitida a otra entidad",
            for_itself=True,
        ),
        "bz.atips.referral.entered_in_error.v1": EventType(
            ReferralEnteredInErrorV1,
            CASEWORKERS,
            Kind.PERSON,
            46,
            "Referral entered in error",
            "Remisión ingresada por error",
            own_name=SENDER,
        ),
        "bz.atips.referral.assigned.v1": EventType(
            ReferralAssignedV1,
            REFERRAL_SERVICE,
            Kind.PERSON,
            37,
            "Referral assigned",
            "Remisión asignada",
        ),
        "bz.atips.referral.escalated.v1": EventType(
            ReferralEscalatedV1,
            REFERRAL_SERVICE,
            Kind.PERSON,
            47,
            "Referral escalated",
            "Remisión elevada",
        ),
        "bz.atips.referral.move_refused.v1": EventType(
            ReferralMoveRefusedV1,
            REFERRAL_SERVICE,
            Kind.PERSON,
            48,
            "Move of a referral refused",
            "Paso de una remisión denegado",
        ),
    }
)
