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
    INDICATORS_OF_PERSONS_SCREENED = "indicators_of_persons_screened"
    IDENTIFIED_OF_PERSONS_SCREENED = "identified_of_persons_screened"
    DECLINED_OF_VICTIMS_IDENTIFIED = "declined_of_victims_identified"
    ALL_NEEDS_TAKEN_ON_OF_VICTIMS_ASSESSED = "all_needs_taken_on_of_victims_assessed"
    COMPLETED_OF_VICTIMS_PLANNED = "completed_of_victims_planned"
    SERVED_OF_REFERRALS_SENT = "served_of_referrals_sent"
    CASES_WITHOUT_VICTIM = "cases_without_victim"
    CASES_WITHOUT_SUSPECT = "cases_without_suspect"
    SUSPECTS_IN_SEVERAL_CASES = "suspects_in_several_cases"
    SUSPECTS_WITHOUT_VICTIM = "suspects_without_victim"
    VICTIMS_WITHOUT_SUSPECT = "victims_without_suspect"
    MISSING_OF_CORE_ANSWERS = "missing_of_core_answers"
    CONVICTION_OF_CHARGES_FILED = "conviction_of_charges_filed"
    CONVICTION_OF_CASES_OPENED = "conviction_of_cases_opened"
    FINE_ONLY_SHARE_OF_SENTENCED = "fine_only_share_of_sentenced"
    RESTITUTION_PAID_OF_ORDERED = "restitution_paid_of_ordered"
    CASES_PER_OFFICER = "cases_per_officer"
    CASES_PER_SOCIAL_WORKER = "cases_per_social_worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a rate divides, in figures' numbers. `remainder` counts those of the whole who are still open.

    `each`: the one is no part of the other; it is told how many there are to each.
    """

    part: str
    whole: str
    remainder: str | None = None
    each: bool = False
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
        Variant.INDICATORS_OF_PERSONS_SCREENED: Definition(
            part="R5b",
            whole="R5a",
            name_en="Screened with indicators, share of a cohort",
            name_es="Entrevistas con indicios, proporción de una cohorte",
            en="Of the persons first screened by name in the period, those in whom a screening found indicators so "
            "far.",
            es="De las personas entrevistadas por primera vez con identidad en el período, aquellas en las que alguna "
            "entrevista halló indicios hasta ahora.",
        ),
        Variant.IDENTIFIED_OF_PERSONS_SCREENED: Definition(
            part="R5c",
            whole="R5a",
            name_en="Screened and identified, share of a cohort",
            name_es="Entrevistadas e identificadas, proporción de una cohorte",
            en="Of the persons first screened by name in the period, those identified as victims so far.",
            es="De las personas entrevistadas por primera vez con identidad en el período, las identificadas hasta "
            "ahora como víctimas.",
        ),
        Variant.DECLINED_OF_VICTIMS_IDENTIFIED: Definition(
            part="R1g",
            whole="R1a",
            name_en="Victims who declined, share of a cohort",
            name_es="Víctimas que no aceptaron, proporción de una cohorte",
            en="Of the persons first identified as victims in the period, those who did not want a service so far and "
            "were given none.",
            es="De las personas identificadas por primera vez como víctimas en el período, las que hasta ahora no "
            "aceptaron algún servicio y no han recibido ninguno.",
        ),
        Variant.ALL_NEEDS_TAKEN_ON_OF_VICTIMS_ASSESSED: Definition(
            part="R1i",
            whole="R1h",
            name_en="Every need taken on, share of a cohort",
            name_es="Todas las necesidades asumidas, proporción de una cohorte",
            en="Of the victims first identified in the period whose needs were assessed, those for whom each kind of "
            "service that they need was taken on so far.",
            es="De las víctimas identificadas por primera vez en el período cuyas necesidades se evaluaron, aquellas "
            "para quienes se ha asumido hasta ahora cada tipo de servicio que necesitan.",
        ),
        Variant.COMPLETED_OF_VICTIMS_PLANNED: Definition(
            part="R1k",
            whole="R1j",
            name_en="Plans completed, share of a cohort",
            name_es="Planes cumplidos, proporción de una cohorte",
            en="Of the victims first identified in the period who have an individual plan, those whose last plan is "
            "completed so far.",
            es="De las víctimas identificadas por primera vez en el período que tienen un plan individual, aquellas "
            "cuyo último plan se ha cumplido hasta ahora.",
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
        Variant.CASES_WITHOUT_VICTIM: Definition(
            part="R7b",
            whole="R7a",
            name_en="Cases without a victim, share of a cohort",
            name_es="Casos sin víctima, proporción de una cohorte",
            en="Of the cases first opened in the period, those in which nobody is known as a victim so far.",
            es="De los casos abiertos por primera vez en el período, aquellos en los que hasta ahora no se conoce "
            "ninguna víctima.",
        ),
        Variant.CASES_WITHOUT_SUSPECT: Definition(
            part="R7c",
            whole="R7a",
            name_en="Cases without a suspect, share of a cohort",
            name_es="Casos sin sospechoso, proporción de una cohorte",
            en="Of the cases first opened in the period, those in which nobody is known as a suspect so far.",
            es="De los casos abiertos por primera vez en el período, aquellos en los que hasta ahora no se conoce "
            "ningún sospechoso.",
        ),
        Variant.SUSPECTS_IN_SEVERAL_CASES: Definition(
            part="R8b",
            whole="R10a",
            name_en="Suspects in several cases, share of a cohort",
            name_es="Sospechosas en varios casos, proporción de una cohorte",
            en="Of the persons who first came under suspicion in the period, those who are suspects in more than one "
            "case so far.",
            es="De las personas que pasaron a ser sospechosas en el período, las que hasta ahora lo son en más de un "
            "caso.",
        ),
        Variant.SUSPECTS_WITHOUT_VICTIM: Definition(
            part="R8c",
            whole="R10a",
            name_en="Suspects without a victim, share of a cohort",
            name_es="Sospechosas sin víctima, proporción de una cohorte",
            en="Of the persons who first came under suspicion in the period, those tied to no victim so far.",
            es="De las personas que pasaron a ser sospechosas en el período, las que hasta ahora no están ligadas a "
            "ninguna víctima.",
        ),
        Variant.VICTIMS_WITHOUT_SUSPECT: Definition(
            part="R8d",
            whole="R1a",
            name_en="Victims without a suspect, share of a cohort",
            name_es="Víctimas sin sospechoso, proporción de una cohorte",
            en="Of the persons first identified as victims in the period, those tied to no suspect so far.",
            es="De las personas identificadas por primera vez como víctimas en el período, las que hasta ahora no "
            "están ligadas a ningún sospechoso.",
        ),
        Variant.MISSING_OF_CORE_ANSWERS: Definition(
            part="R9b",
            whole="R9a",
            name_en="Core fields without an answer, share",
            name_es="Campos esenciales sin respuesta, proporción",
            en="Of the core fields of the persons first identified as victims in the period, those that nobody has "
            "answered so far.",
            es="De los campos esenciales de las personas identificadas por primera vez como víctimas en el período, "
            "los que hasta ahora nadie ha respondido.",
        ),
        Variant.CONVICTION_OF_CHARGES_FILED: Definition(
            part="R22e",
            whole="R22a",
            remainder="R22g",
            name_en="Conviction rate of a cohort of charges",
            name_es="Tasa de condena de una cohorte de cargos",
            en="Of the charges filed in the period, those that ended in a conviction as charged so far; beside it the "
            "share of those still undecided.",
            es="De los cargos presentados en el período, los que hasta ahora terminaron en condena según lo imputado; "
            "al lado, la proporción de los que siguen sin decidir.",
        ),
        Variant.CONVICTION_OF_CASES_OPENED: Definition(
            part="R23f",
            whole="R23a",
            remainder="R23h",
            name_en="Cases with a conviction, share of a cohort",
            name_es="Casos con condena, proporción de una cohorte",
            en="Of the cases into which a first investigation was opened in the period, those in which a conviction "
            "as charged stands so far; beside it the share of those still going on.",
            es="De los casos en los que se abrió una primera investigación en el período, aquellos en los que hasta "
            "ahora sigue en pie una condena según lo imputado; al lado, la proporción de los que continúan.",
        ),
        Variant.FINE_ONLY_SHARE_OF_SENTENCED: Definition(
            part="R14c",
            whole="R14a",
            name_en="Sentences to a fine only, share",
            name_es="Penas solo de multa, proporción",
            en="Of the persons sentenced in the period, those whose sentence is a fine and nothing else.",
            es="De las personas con sentencia impuesta en el período, aquellas cuya pena es una multa y nada más.",
        ),
        Variant.RESTITUTION_PAID_OF_ORDERED: Definition(
            part="R17c",
            whole="R17a",
            name_en="Restitution paid, share of what was ordered",
            name_es="Restitución pagada, proporción de lo ordenado",
            en="Of the restitution that courts ordered in the period, what was paid so far.",
            es="De la restitución ordenada por los tribunales en el período, lo pagado hasta ahora.",
        ),
        Variant.CASES_PER_OFFICER: Definition(
            part="O7",
            whole="O8",
            each=True,
            name_en="Active cases per police officer",
            name_es="Casos activos por oficial de policía",
            en="Of the cases that are active at the end of the period, how many there are to each officer of the "
            "A-TIPs Police Unit, its leader included. No event says who works on which case.",
            es="De los casos activos al final del período, cuántos corresponden a cada oficial de la Unidad Policial "
            "contra la Trata, incluido quien la dirige. Ningún evento dice quién trabaja en qué caso.",
        ),
        Variant.CASES_PER_SOCIAL_WORKER: Definition(
            part="R6b",
            whole="R6c",
            each=True,
            name_en="Open cases per social worker",
            name_es="Casos abiertos por trabajador social",
            en="Of the cases that human services have a file open of at the end of the period, how many there are to "
            "each social worker of their units. No event says who works on which case.",
            es="De los casos con expediente abierto en servicios humanos al final del período, cuántos corresponden a "
            "cada trabajador social de sus unidades. Ningún evento dice quién trabaja en qué caso.",
        ),
    }
)
