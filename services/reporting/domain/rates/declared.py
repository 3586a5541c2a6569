"""The table of rates: each by its name, with the two figures that it divides and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Variant(StrEnum):
    """The declared rates, by name."""

    CHILD_LABOUR_SHARE_OF_INSPECTIONS = "child_labour_share_of_inspections"
    TEACHERS_SHARE_OF_PARTICIPATIONS = "teachers_share_of_participations"
    CONVICTION_OF_PERSONS_DECIDED = "conviction_of_persons_decided"
    CONVICTION_OF_PERSONS_CHARGED = "conviction_of_persons_charged"
    CONVICTION_OF_CHARGES_DECIDED = "conviction_of_charges_decided"
    CUSTODIAL_SHARE_OF_SENTENCED = "custodial_share_of_sentenced"
    REFERRED_OF_VICTIMS_IDENTIFIED = "referred_of_victims_identified"
    SERVED_OF_VICTIMS_IDENTIFIED = "served_of_victims_identified"
    ACCEPTANCE_OF_REFERRALS_ANSWERED = "acceptance_of_referrals_answered"
    ACCEPTANCE_OF_REFERRALS_SENT = "acceptance_of_referrals_sent"
    REJECTION_OF_REFERRALS_SENT = "rejection_of_referrals_sent"
    COMPLETION_OF_REFERRALS_SENT = "completion_of_referrals_sent"
    HAND_BACK_OF_REFERRALS_ACCEPTED = "hand_back_of_referrals_accepted"
    ONWARD_OF_REFERRALS_ACCEPTED = "onward_of_referrals_accepted"
    ACCEPTANCE_OF_NEEDS_REFERRED = "acceptance_of_needs_referred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a rate divides, in figures' numbers. `remainder` counts those of the whole who are still open."""

    part: str
    whole: str
    remainder: str | None = None
    name_en: str
    name_es: str
    en: str
    es: str


RATES: Final[Mapping[Variant, Definition]] = MappingProxyType(
    {
        Variant.CHILD_LABOUR_SHARE_OF_INSPECTIONS: Definition(
            part="O27b",
            whole="O27a",
            name_en="Inspections on child labour, share",
            name_es="Inspecciones sobre trabajo infantil, proporción",
            en="Of the labour inspections of the period, those that looked at child labour.",
            es="De las inspecciones laborales del período, las que examinaron el trabajo infantil.",
        ),
        Variant.TEACHERS_SHARE_OF_PARTICIPATIONS: Definition(
            part="M2",
            whole="M1",
            name_en="Teachers among those trained, share",
            name_es="Docentes entre las personas capacitadas, proporción",
            en="Of the participations in the plan's training in the period, those of teachers.",
            es="De las participaciones en la capacitación del plan en el período, las de docentes.",
        ),
        Variant.CONVICTION_OF_PERSONS_DECIDED: Definition(
            part="O13a",
            whole="R12",
            name_en="Conviction rate of persons decided",
            name_es="Tasa de condena de las personas con veredicto",
            en="Of the persons on whom a court returned a verdict in the period, those convicted as charged.",
            es="De las personas sobre las que un tribunal emitió veredicto en el período, las condenadas según lo "
            "imputado.",
        ),
        Variant.CONVICTION_OF_PERSONS_CHARGED: Definition(
            part="R11b",
            whole="R11a",
            remainder="R11c",
            name_en="Conviction rate of a cohort of charged persons",
            name_es="Tasa de condena de una cohorte de personas acusadas",
            en="Of the persons first charged in the period, those convicted as charged so far; beside it the share of "
            "those whose charges are still undecided.",
            es="De las personas acusadas por primera vez en el período, las condenadas hasta ahora según lo imputado; "
            "al lado, la proporción de las que tienen cargos aún sin decidir.",
        ),
        Variant.CONVICTION_OF_CHARGES_DECIDED: Definition(
            part="R13b",
            whole="R13a",
            name_en="Conviction rate of charges decided",
            name_es="Tasa de condena de los cargos con veredicto",
            en="Of the charges on which a court returned a verdict in the period, those that ended in a conviction as "
            "charged.",
            es="De los cargos sobre los que un tribunal emitió veredicto en el período, los que terminaron en condena "
            "según lo imputado.",
        ),
        Variant.CUSTODIAL_SHARE_OF_SENTENCED: Definition(
            part="R14b",
            whole="R14a",
            name_en="Sentences to imprisonment, share",
            name_es="Penas de prisión, proporción",
            en="Of the persons sentenced in the period, those who go to prison for it.",
            es="De las personas con sentencia impuesta en el período, las que van a prisión por ella.",
        ),
        Variant.REFERRED_OF_VICTIMS_IDENTIFIED: Definition(
            part="R1d",
            whole="R1a",
            name_en="Victims referred, share of a cohort",
            name_es="Víctimas remitidas, proporción de una cohorte",
            en="Of the persons first identified as victims in the period, those referred to anybody so far.",
            es="De las personas identificadas por primera vez como víctimas en el período, las remitidas hasta ahora a "
            "alguna entidad.",
        ),
        Variant.SERVED_OF_VICTIMS_IDENTIFIED: Definition(
            part="R1f",
            whole="R1a",
            name_en="Victims served, share of a cohort",
            name_es="Víctimas atendidas, proporción de una cohorte",
            en="Of the persons first identified as victims in the period, those given at least one service so far.",
            es="De las personas identificadas por primera vez como víctimas en el período, las que han recibido hasta "
            "ahora al menos un servicio.",
        ),
        Variant.ACCEPTANCE_OF_REFERRALS_ANSWERED: Definition(
            part="R2c",
            whole="R2b",
            name_en="Acceptance rate of referrals answered",
            name_es="Tasa de aceptación de las remisiones respondidas",
            en="Of the referrals answered in the period, whenever they were sent, those accepted.",
            es="De las remisiones respondidas en el período, sin importar cuándo se enviaron, las aceptadas.",
        ),
        Variant.ACCEPTANCE_OF_REFERRALS_SENT: Definition(
            part="R3a",
            whole="R2a",
            remainder="R3f",
            name_en="Acceptance rate of a cohort of referrals",
            name_es="Tasa de aceptación de una cohorte de remisiones",
            en="Of the referrals sent in the period, those accepted so far; beside it the share of those unanswered.",
            es="De las remisiones enviadas en el período, las aceptadas hasta ahora; al lado, la proporción de las que "
            "siguen sin respuesta.",
        ),
        Variant.REJECTION_OF_REFERRALS_SENT: Definition(
            part="R3b",
            whole="R2a",
            remainder="R3f",
            name_en="Rejection rate of a cohort of referrals",
            name_es="Tasa de rechazo de una cohorte de remisiones",
            en="Of the referrals sent in the period, those rejected so far; beside it the share of those unanswered.",
            es="De las remisiones enviadas en el período, las rechazadas hasta ahora; al lado, la proporción de las "
            "que siguen sin respuesta.",
        ),
        Variant.COMPLETION_OF_REFERRALS_SENT: Definition(
            part="R3c",
            whole="R2a",
            remainder="R3h",
            name_en="Completion rate of a cohort of referrals",
            name_es="Tasa de cumplimiento de una cohorte de remisiones",
            en="Of the referrals sent in the period, those completed so far; beside it the share of those that are "
            "unanswered or not at an end.",
            es="De las remisiones enviadas en el período, las completadas hasta ahora; al lado, la proporción de las "
            "que siguen sin respuesta o sin terminar.",
        ),
        Variant.HAND_BACK_OF_REFERRALS_ACCEPTED: Definition(
            part="R3d",
            whole="R3a",
            remainder="R3g",
            name_en="Hand-back rate of a cohort of referrals accepted",
            name_es="Tasa de devolución de una cohorte de remisiones aceptadas",
            en="Of the referrals sent in the period and accepted, those handed back so far; beside it the share of "
            "those not at an end.",
            es="De las remisiones enviadas en el período y aceptadas, las devueltas hasta ahora; al lado, la "
            "proporción de las que aún no terminan.",
        ),
        Variant.ONWARD_OF_REFERRALS_ACCEPTED: Definition(
            part="R3e",
            whole="R3a",
            remainder="R3g",
            name_en="Onward rate of a cohort of referrals accepted",
            name_es="Tasa de nueva remisión de una cohorte de remisiones aceptadas",
            en="Of the referrals sent in the period and accepted, those sent onward so far; beside it the share of "
            "those not at an end.",
            es="De las remisiones enviadas en el período y aceptadas, las remitidas a otra entidad hasta ahora; al "
            "lado, la proporción de las que aún no terminan.",
        ),
        Variant.ACCEPTANCE_OF_NEEDS_REFERRED: Definition(
            part="R4b",
            whole="R4a",
            remainder="R4c",
            name_en="Acceptance rate of a cohort of needs",
            name_es="Tasa de aceptación de una cohorte de necesidades",
            en="Of the needs first referred in the period, those that somebody has taken on so far, however many "
            "attempts it took; beside it the share of those open.",
            es="De las necesidades remitidas por primera vez en el período, las que alguien ha asumido hasta ahora, "
            "sin importar en cuántos intentos; al lado, la proporción de las que siguen abiertas.",
        ),
    }
)
