"""The rows of events of police and courts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.ids import Kind
from schemas.justice.bail import BailBreachedV1, BailGrantedV1, BailRevokedV1, BailVariedV1
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1, ChargeWithdrawnV1, VerdictReturnedV1
from schemas.justice.hearings_and_trials import (
    CourtAdjournedV1,
    CourtCommittedV1,
    CourtHearingHeldV1,
    CourtHearingScheduledV1,
    IndictmentFiledV1,
    TrialStartedV1,
)
from schemas.justice.investigation import InvestigationOpenedV1
from schemas.justice.police import ArrestMadeV1, ArrestReleasedV1, OperationConductedV1
from schemas.justice.sentences_and_appeals import (
    AppealDecidedV1,
    AppealFiledV1,
    RestitutionOrderedV1,
    RestitutionPaidV1,
    SentenceImposedV1,
)
from schemas.justice.victim_suspect_links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.type_table.event_type import MAGISTRATES_ALONE, POLICE, POLICE_AND_PROSECUTION, PROSECUTION, EventType

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.investigation.opened.v1": EventType(
            InvestigationOpenedV1, POLICE, Kind.CASE, 30, "Investigation opened", "Investigación abierta"
        ),
        "bz.atips.operation.conducted.v1": EventType(
            OperationConductedV1, POLICE, Kind.ACTIVITY, 10, "Operation conducted", "Operativo realizado"
        ),
        "bz.atips.victim_suspect.linked.v1": EventType(
            VictimSuspectLinkedV1,
            POLICE_AND_PROSECUTION,
            Kind.CASE,
            35,
            "Suspect linked with a victim",
            "Sospechoso vinculado con una víctima",
        ),
        "bz.atips.victim_suspect.unlinked.v1": EventType(
            VictimSuspectUnlinkedV1,
            POLICE_AND_PROSECUTION,
            Kind.CASE,
            36,
            "Suspect no longer linked with a victim",
            "Sospechoso ya no vinculado con una víctima",
        ),
        "bz.atips.arrest.made.v1": EventType(
            ArrestMadeV1, POLICE, Kind.PERSON, 40, "Arrest made", "Detención efectuada"
        ),
        "bz.atips.arrest.released.v1": EventType(
            ArrestReleasedV1, POLICE, Kind.PERSON, 45, "Released from arrest", "Puesta en libertad"
        ),
        "bz.atips.charge.filed.v1": EventType(
            ChargeFiledV1, POLICE_AND_PROSECUTION, Kind.PERSON, 50, "Charge filed", "Cargo presentado"
        ),
        "bz.atips.charge.amended.v1": EventType(
            ChargeAmendedV1, POLICE_AND_PROSECUTION, Kind.PERSON, 52, "Charge amended", "Cargo modificado"
        ),
        "bz.atips.charge.withdrawn.v1": EventType(
            ChargeWithdrawnV1, POLICE_AND_PROSECUTION, Kind.PERSON, 54, "Charge withdrawn", "Cargo retirado"
        ),
        "bz.atips.bail.granted.v1": EventType(
            BailGrantedV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            56,
            "Bail granted",
            "Fianza concedida",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.bail.varied.v1": EventType(
            BailVariedV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            57,
            "Bail varied",
            "Condiciones de la fianza modificadas",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.bail.breached.v1": EventType(
            BailBreachedV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            58,
            "Bail breached",
            "Condiciones de la fianza incumplidas",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.bail.revoked.v1": EventType(
            BailRevokedV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            59,
            "Bail revoked",
            "Fianza revocada",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.court.hearing_scheduled.v1": EventType(
            CourtHearingScheduledV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            60,
            "Hearing scheduled",
            "Audiencia programada",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.court.hearing_held.v1": EventType(
            CourtHearingHeldV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            61,
            "Hearing held",
            "Audiencia celebrada",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.court.adjourned.v1": EventType(
            CourtAdjournedV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            62,
            "Hearing adjourned",
            "Audiencia aplazada",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.court.committed.v1": EventType(
            CourtCommittedV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            65,
            "Committed to the High Court",
            "Remisión al Tribunal Superior",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.indictment.filed.v1": EventType(
            IndictmentFiledV1, PROSECUTION, Kind.PERSON, 68, "Indictment filed", "Acusación formal presentada"
        ),
        "bz.atips.trial.started.v1": EventType(
            TrialStartedV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            70,
            "Trial started",
            "Juicio iniciado",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.verdict.returned.v1": EventType(
            VerdictReturnedV1,
            POLICE_AND_PROSECUTION,
            Kind.PERSON,
            80,
            "Verdict returned",
            "Veredicto emitido",
            limits=(MAGISTRATES_ALONE,),
        ),
        "bz.atips.sentence.imposed.v1": EventType(
            SentenceImposedV1, PROSECUTION, Kind.PERSON, 82, "Sentence imposed", "Sentencia impuesta"
        ),
        "bz.atips.restitution.ordered.v1": EventType(
            RestitutionOrderedV1, PROSECUTION, Kind.PERSON, 83, "Restitution ordered", "Restitución ordenada"
        ),
        "bz.atips.restitution.paid.v1": EventType(
            RestitutionPaidV1, PROSECUTION, Kind.PERSON, 84, "Restitution paid", "Restitución pagada"
        ),
        "bz.atips.appeal.filed.v1": EventType(
            AppealFiledV1, PROSECUTION, Kind.PERSON, 86, "Appeal filed", "Apelación presentada"
        ),
        "bz.atips.appeal.decided.v1": EventType(
            AppealDecidedV1, PROSECUTION, Kind.PERSON, 87, "Appeal decided", "Apelación resuelta"
        ),
    }
)
