"""Labels of dimensions' values in English and Spanish: "Cayo" for `cayo`, "Female" for `female`.

`LABELS` has the source of labels for each dimension. `OF_FIGURE` has another source for a dimension of some figures.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

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
from schemas.times import Period
from services.presentation.bilingual_text import Words
from services.presentation.figure_titles import TITLES
from services.presentation.label_functions import (
    ANSWERS,
    COMMITTEES,
    COUNTRY,
    FIELDS,
    ICCS,
    KINDS_OF_BODIES,
    LAW_GROUPS,
    MIXED,
    NO_MEANS,
    STANDINGS_OF_CLAIMS,
    STANDINGS_OF_INDICATORS,
    TELLERS,
    UNANSWERED,
    Labels,
    agency,
    code_labels,
    either,
    event_type,
    several,
    verbatim,
    words,
)
from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.all_figures import row_of

_NOT_STATED: Final = Words("Not stated", "No se indicó")

LABELS: Final[Mapping[str, Labels]] = MappingProxyType(
    {
        "activity": code_labels(justice.OperationActivity),
        "against": code_labels(courts.AppealSubject),
        "age_group": code_labels(identification.AgeGroup),
        "agencies": several(agency),
        "agency": agency,
        "announced": code_labels(shared.YesNo),
        "anonymous": code_labels(shared.YesNo),
        "answer": ANSWERS,
        "appellant": code_labels(courts.Appellant),
        "area": code_labels(coordination.StrategyArea),
        "audience": code_labels(prevention.Audience),
        "baseline": verbatim,
        "body": code_labels(coordination.InternationalBody),
        "by": TELLERS,
        "campaign": code_labels(prevention.Campaign),
        "channel": code_labels(case.ReportChannel),
        "citizenship": COUNTRY,
        "claimed": either({"in_words": Words("Words only", "Solo palabras")}, verbatim),
        "closes": verbatim,
        "code": code_labels(governance.FindingCode),
        "committee": COMMITTEES,
        "condition": code_labels(courts.BailCondition),
        "control": code_labels(trafficking.Control),
        "country": COUNTRY,
        "court": code_labels(courts.Court),
        "created_by": agency,
        "destination": COUNTRY,
        "district": code_labels(shared.District),
        "document": code_labels(governance.ClaimDocument),
        "exploitation": code_labels(identification.Exploitation),
        "exploitation_country": COUNTRY,
        "exploiter_relation": code_labels(justice.Relationship),
        "facilitator": code_labels(prevention.Facilitator),
        "field": FIELDS,
        "figure": words(TITLES),
        "form": code_labels(prevention.AwarenessForm),
        "from_agency": agency,
        "funder": agency,
        "iccs": ICCS,
        "identified_by": code_labels(identification.IdentifiedBy),
        "indicator": verbatim,
        "kind": code_labels(prevention.OutputKind),
        "law": code_labels(coordination.Law),
        "lead": agency,
        "led_by": agency,
        "level": verbatim,
        "mark": verbatim,
        "means": either({"none": NO_MEANS}, code_labels(identification.Means)),
        "minor_at_exploitation": code_labels(shared.YesNo),
        "nationality": COUNTRY,
        "new_or_carried_over": code_labels(identification.NewOrCarriedOver),
        "objective": verbatim,
        "of": verbatim,
        "offence": code_labels(justice.Offence),
        "offence_group": LAW_GROUPS,
        "on_warrant": code_labels(shared.YesNo),
        "opened_year": verbatim,
        "outcome": code_labels(case.InvestigationOutcome),
        "period": verbatim,
        "perpetrator_role": code_labels(trafficking.PerpetratorRole),
        "policy": code_labels(coordination.Policy),
        "population": code_labels(protection.ShelterPopulation),
        "programme_year": verbatim,
        "progress": code_labels(coordination.Progress),
        "project": code_labels(prevention.Project),
        "provider": agency,
        "public_office": code_labels(trafficking.PublicOffice),
        "purpose": code_labels(courts.RestitutionPurpose),
        "rank": code_labels(coordination.Rank),
        "reason": code_labels(referral.UnfinishedReason),
        "recipient": agency,
        "record": verbatim,
        "records": verbatim,
        "recruiter_relation": code_labels(identification.RecruiterRelation),
        "recruitment_method": code_labels(trafficking.RecruitmentMethod),
        "referral_source": code_labels(identification.ReferralSource),
        "refused_by": code_labels(referral.RefusedBy),
        "requested_by": agency,
        "reviewer": agency,
        "scheme": code_labels(protection.ImmigrationScheme),
        "scope": code_labels(trafficking.TraffickingScope),
        "sector": code_labels(prevention.Sector),
        "service_type": code_labels(protection.ServiceType),
        "severity": code_labels(governance.FindingSeverity),
        "sex": code_labels(identification.Sex),
        "sexual_exploitation_form": code_labels(trafficking.SexualExploitationForm),
        "shelter_form": code_labels(protection.ShelterForm),
        "stage": code_labels(coordination.Stage),
        "standing": STANDINGS_OF_INDICATORS,
        "state": code_labels(referral.ReferralState),
        "stated": verbatim,
        "status": code_labels(identification.VictimStatus),
        "suspect_kind": code_labels(trafficking.SuspectKind),
        "suspected_offence": code_labels(justice.Offence),
        "target": verbatim,
        "to_agency": agency,
        "topic": code_labels(prevention.TrainingTopic),
        "trafficking_type": either({"mixed": MIXED}, code_labels(identification.Exploitation)),
        "trigger": code_labels(prevention.InspectionTrigger),
        "type": event_type,
        "unit": agency,
        "urgency": code_labels(referral.Urgency),
        "victim_status": code_labels(identification.VictimStatus),
        "why": words(UNANSWERED),
    }
)
"""Function that labels a value, by dimension."""

OF_FIGURE: Final[Mapping[tuple[str, str], Labels]] = MappingProxyType(
    {
        ("G1", "standing"): STANDINGS_OF_CLAIMS,
        ("O6", "outcome"): code_labels(identification.ScreeningOutcome),
        ("P2", "kind"): KINDS_OF_BODIES,
        ("P6", "kind"): code_labels(coordination.MeetingKind),
        ("P7", "body"): code_labels(coordination.InternationalBody),
        ("P7", "kind"): code_labels(coordination.MeetingKind),
        ("P8", "kind"): KINDS_OF_BODIES,
        ("R2d", "reason"): code_labels(referral.ReferralRejectReason),
        ("R2i", "reason"): code_labels(referral.CancelReason),
        ("R14", "kind"): code_labels(courts.SentenceKind),
        ("R18", "reason"): code_labels(courts.AdjournmentReason),
        ("R18", "stage"): code_labels(courts.CourtStage),
        ("R21", "outcome"): code_labels(courts.AppealOutcome),
        ("R25", "reason"): code_labels(referral.EscalationReason),
    }
)
"""Exceptions from `LABELS`, by (figure or row of the report, dimension). The row of R18a and R18b is R18."""


def label_in(period: Period | str, number: str, dimension: str, value: str) -> Words:
    """Return the label of a value as it was on the last day of a period: a later name leaves the period's names."""
    return label(number, dimension, value, last_day(period))


def last_day(period: Period | str | None) -> date | None:
    """Return the day whose names a period shows: its last one. None, which stands for the newest, without a period."""
    return (Period.parse(period) if isinstance(period, str) else period).last if period else None


def labels_of(number: str, dimension: str) -> Labels:
    """Return the function that labels values of a figure's dimension. Raises `KeyError` for an unknown dimension."""
    own = OF_FIGURE.get((number, dimension)) or OF_FIGURE.get((row_of(number), dimension))
    return LABELS[dimension] if own is None else own


def label(number: str, dimension: str, value: str, day: date | None = None) -> Words:
    """Return the label of a value of a figure's dimension, in both languages, as it was on a day; else the newest.

    An unknown value is its own label, with spaces in place of underscores. Raises `KeyError` for an unknown dimension.
    """
    if value == ABSENT:
        return _NOT_STATED
    plain = value.replace("_", " ")
    return labels_of(number, dimension)(value, day) or Words(plain, plain)
