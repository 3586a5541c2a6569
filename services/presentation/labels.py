"""Labels of the values of dimensions, in English and Spanish: "Cayo" for `cayo`, "Female" for `female`.

One table says where the words of each dimension come from: a code list, a table of reference, or the value itself. A
dimension that means another list in some figure has a row for that figure.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE
from schemas.codebook import (
    case,
    coordination,
    courts,
    governance,
    identification,
    justice,
    prevention,
    protection,
    referral,
    shared,
    trafficking,
)
from schemas.codebook.code import Code
from schemas.codebook.dated import labels_on
from services.presentation import terms
from services.presentation.countries import COUNTRIES
from services.presentation.titles import TITLES
from services.presentation.words import Words
from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.table import row_of

Labels: TypeAlias = Callable[[str], Words | None]
"""Gives the label of a code; None for a code that is not on the list."""


def _codes(*lists: type[Code]) -> Labels:
    """Label a code by the first of the lists that has it."""
    by_value = [{each.value: each for each in codes} for codes in lists]

    def found(value: str) -> Words | None:
        known = next((codes[value] for codes in by_value if value in codes), None)
        return None if known is None else Words(*labels_on(known, None))

    return found


def _words(rows: Mapping[str, Words]) -> Labels:
    return rows.get


_SERVICES: Final = {
    "intake": Words("Intake service", "Servicio de recepción"),
    "referral": Words("Referral service", "Servicio de remisiones"),
    "case_tracker": Words("Case tracker", "Servicio de casos"),
    "reporting": Words("Reporting service", "Servicio de informes"),
}
"""Our own services, which publish what they decide."""


def _agency(value: str) -> Words | None:
    found = AGENCIES.get(value)
    return _SERVICES.get(value) if found is None else Words(found.name_en, found.name_es)


def _verbatim(value: str) -> Words | None:
    """Show a number, a period or a register number as it is."""
    return Words(value, value)


def _event_type(value: str) -> Words | None:
    """Name an event type by its short name; types have no translation."""
    short = value.removeprefix("bz.atips.")
    return Words(short, short) if value in CATALOGUE else None


def _several(one: Labels) -> Labels:
    """Label each of several codes that stand with a space between them."""

    def found(value: str) -> Words | None:
        each = [one(code) for code in value.split()]
        known = [label for label in each if label is not None]
        return (
            Words(", ".join(e.en for e in known), ", ".join(e.es for e in known)) if len(known) == len(each) else None
        )

    return found


_ANSWERS: Final = _words({"accepted": Words("Accepted", "Aceptada"), "rejected": Words("Rejected", "Rechazada")})
_COMMITTEES: Final = _words(
    {
        "operations": terms.COMMITTEES["operations"],
        "iec": terms.COMMITTEES["iec"],
        "m_and_e": terms.COMMITTEES["m_and_e"],
    }
)
_KINDS_OF_BODIES: Final = _words(
    {
        "government": Words("Government", "Gobierno"),
        "statutory": Words("Statutory body", "Organismo estatutario"),
        "igo": Words("Intergovernmental organization", "Organización intergubernamental"),
        "ngo": Words("Non-governmental organization", "Organización no gubernamental"),
        "unit": Words("Unit", "Unidad"),
        "court": Words("Court", "Tribunal"),
        "other": Words("Other", "Otro"),
    }
)
_LAW_GROUPS: Final = _words(
    {
        "tip": Words("Trafficking in persons", "Trata de personas"),
        "csec": Words(
            "Commercial sexual exploitation of children", "Explotación sexual comercial de niñas, niños y adolescentes"
        ),
        "other": Words("Other offence", "Otro delito"),
    }
)
_ICCS: Final = _words(
    {
        "0204": Words("Trafficking in persons (0204)", "Trata de personas (0204)"),
        "02041": Words("Trafficking for sexual exploitation (02041)", "Trata para explotación sexual (02041)"),
        "02042": Words(
            "Trafficking for forced labour or services (02042)", "Trata para trabajo o servicios forzados (02042)"
        ),
        "03022": Words("Sexual exploitation of children (03022)", "Explotación sexual de menores (03022)"),
    }
)
_STANDINGS_OF_CLAIMS: Final = _words(
    {
        "alone": Words("Nobody else states it", "Nadie más lo declara"),
        "contested": Words("Contested", "En disputa"),
        "settled": Words("Settled", "Resuelto"),
    }
)
_STANDINGS_OF_INDICATORS: Final = _words(
    {
        "reached": Words("Target reached", "Meta alcanzada"),
        "short": Words("Target not reached", "Meta no alcanzada"),
        "no_target": Words("No target", "Sin meta"),
    }
)
_FIELDS: Final = _words(
    {name: Words(each.en.capitalize(), each.es.capitalize()) for name, each in terms.DIMENSIONS.items()}
)
_TELLERS: Final = _words({"owner": Words("Owner", "Responsable"), "witness": Words("Witness", "Testigo")})
_MIXED: Final = Words("Several", "Varias")
_NO_MEANS: Final = Words("None", "Ninguno")

_NOT_STATED: Final = Words("Not stated", "No se indicó")
_STATELESS: Final = {"stateless": Words("Stateless", "Apátrida")}
_UNANSWERED: Final = {
    "unknown": Words("Unknown", "Se desconoce"),
    "not_asked": Words("Not asked", "No se preguntó"),
}


def _or(rows: Mapping[str, Words], labels: Labels) -> Labels:
    return lambda value: rows.get(value) or labels(value)


_COUNTRY: Final = _words({**COUNTRIES, **_STATELESS, **_UNANSWERED})

LABELS: Final[Mapping[str, Labels]] = MappingProxyType(
    {
        "activity": _codes(justice.OperationActivity),
        "against": _codes(courts.AppealSubject),
        "age_group": _codes(identification.AgeGroup),
        "agencies": _several(_agency),
        "agency": _agency,
        "announced": _codes(shared.YesNo),
        "anonymous": _codes(shared.YesNo),
        "answer": _ANSWERS,
        "appellant": _codes(courts.Appellant),
        "area": _codes(coordination.StrategyArea),
        "audience": _codes(prevention.Audience),
        "baseline": _verbatim,
        "body": _codes(coordination.InternationalBody),
        "by": _TELLERS,
        "campaign": _codes(prevention.Campaign),
        "channel": _codes(case.ReportChannel),
        "citizenship": _COUNTRY,
        "claimed": _or({"in_words": Words("Words only", "Solo palabras")}, _verbatim),
        "closes": _verbatim,
        "code": _codes(governance.FindingCode),
        "committee": _COMMITTEES,
        "condition": _codes(courts.BailCondition),
        "control": _codes(trafficking.Control),
        "country": _COUNTRY,
        "court": _codes(courts.Court),
        "created_by": _agency,
        "destination": _COUNTRY,
        "district": _codes(shared.District),
        "document": _codes(governance.ClaimDocument),
        "exploitation": _codes(identification.Exploitation),
        "exploitation_country": _COUNTRY,
        "exploiter_relation": _codes(justice.Relationship),
        "facilitator": _codes(prevention.Facilitator),
        "field": _FIELDS,
        "figure": _words(TITLES),
        "form": _codes(prevention.AwarenessForm),
        "from_agency": _agency,
        "funder": _agency,
        "iccs": _ICCS,
        "identified_by": _codes(identification.IdentifiedBy),
        "indicator": _verbatim,
        "kind": _codes(prevention.OutputKind),
        "law": _codes(coordination.Law),
        "lead": _agency,
        "led_by": _agency,
        "level": _verbatim,
        "mark": _verbatim,
        "means": _or({"none": _NO_MEANS}, _codes(identification.Means)),
        "minor_at_exploitation": _codes(shared.YesNo),
        "nationality": _COUNTRY,
        "new_or_carried_over": _codes(identification.NewOrCarriedOver),
        "objective": _verbatim,
        "of": _verbatim,
        "offence": _codes(justice.Offence),
        "offence_group": _LAW_GROUPS,
        "on_warrant": _codes(shared.YesNo),
        "opened_year": _verbatim,
        "outcome": _codes(case.InvestigationOutcome),
        "period": _verbatim,
        "perpetrator_role": _codes(trafficking.PerpetratorRole),
        "policy": _codes(coordination.Policy),
        "population": _codes(protection.ShelterPopulation),
        "programme_year": _verbatim,
        "progress": _codes(coordination.Progress),
        "project": _codes(prevention.Project),
        "provider": _agency,
        "public_office": _codes(trafficking.PublicOffice),
        "purpose": _codes(courts.RestitutionPurpose),
        "rank": _codes(coordination.Rank),
        "reason": _codes(referral.UnfinishedReason),
        "recipient": _agency,
        "record": _verbatim,
        "records": _verbatim,
        "recruiter_relation": _codes(identification.RecruiterRelation),
        "recruitment_method": _codes(trafficking.RecruitmentMethod),
        "referral_source": _codes(identification.ReferralSource),
        "refused_by": _codes(referral.RefusedBy),
        "requested_by": _agency,
        "reviewer": _agency,
        "scheme": _codes(protection.ImmigrationScheme),
        "scope": _codes(trafficking.TraffickingScope),
        "sector": _codes(prevention.Sector),
        "service_type": _codes(protection.ServiceType),
        "severity": _codes(governance.FindingSeverity),
        "sex": _codes(identification.Sex),
        "sexual_exploitation_form": _codes(trafficking.SexualExploitationForm),
        "shelter_form": _codes(protection.ShelterForm),
        "stage": _codes(coordination.Stage),
        "standing": _STANDINGS_OF_INDICATORS,
        "state": _codes(referral.ReferralState),
        "stated": _verbatim,
        "status": _codes(identification.VictimStatus),
        "suspect_kind": _codes(trafficking.SuspectKind),
        "suspected_offence": _codes(justice.Offence),
        "target": _verbatim,
        "to_agency": _agency,
        "topic": _codes(prevention.TrainingTopic),
        "trafficking_type": _or({"mixed": _MIXED}, _codes(identification.Exploitation)),
        "trigger": _codes(prevention.InspectionTrigger),
        "type": _event_type,
        "unit": _agency,
        "urgency": _codes(referral.Urgency),
        "victim_status": _codes(identification.VictimStatus),
        "why": _words(_UNANSWERED),
    }
)
"""Labels by dimension."""

OF_FIGURE: Final[Mapping[tuple[str, str], Labels]] = MappingProxyType(
    {
        ("G1", "standing"): _STANDINGS_OF_CLAIMS,
        ("O6", "outcome"): _codes(identification.ScreeningOutcome),
        ("P2", "kind"): _KINDS_OF_BODIES,
        ("P6", "kind"): _codes(coordination.MeetingKind),
        ("P7", "body"): _codes(coordination.InternationalBody),
        ("P7", "kind"): _codes(coordination.MeetingKind),
        ("P8", "kind"): _KINDS_OF_BODIES,
        ("R2d", "reason"): _codes(referral.ReferralRejectReason),
        ("R2i", "reason"): _codes(referral.CancelReason),
        ("R14", "kind"): _codes(courts.SentenceKind),
        ("R18", "reason"): _codes(courts.AdjournmentReason),
        ("R18", "stage"): _codes(courts.CourtStage),
        ("R21", "outcome"): _codes(courts.AppealOutcome),
        ("R25", "reason"): _codes(referral.EscalationReason),
    }
)
"""Labels by figure, or row of the report, and dimension, where the dimension means another list there."""


def labels_of(number: str, dimension: str) -> Labels:
    """Give the labels of a figure's dimension. Raises KeyError for a dimension without a row."""
    own = OF_FIGURE.get((number, dimension)) or OF_FIGURE.get((row_of(number), dimension))
    return LABELS[dimension] if own is None else own


def label(number: str, dimension: str, value: str) -> Words:
    """Give the label of a value. A value that is on no list is shown as it is, without underscores."""
    if value == ABSENT:
        return _NOT_STATED
    plain = value.replace("_", " ")
    return labels_of(number, dimension)(value) or Words(plain, plain)
