"""Rates of referrals and of needs: accepted, rejected, completed, handed back, sent onward."""

from collections.abc import Mapping
from typing import Final

from services.reporting.domain.rates.declared.definition import Definition, Variant

ROWS: Final[Mapping[Variant, Definition]] = {
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
    Variant.SERVED_OF_REFERRALS_SENT: Definition(
        part="R3i",
        whole="R2a",
        remainder="R3h",
        name_en="Referrals that led to a service, share of a cohort",
        name_es="Remisiones que llevaron a un servicio, proporción de una cohorte",
        en="Of the referrals sent in the period, those accepted on which a service was provided so far; beside it "
        "the share of those that are unanswered or not at an end.",
        es="De las remisiones enviadas en el período, las aceptadas por las que hasta ahora se prestó un "
        "servicio; al lado, la proporción de las que siguen sin respuesta o sin terminar.",
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
