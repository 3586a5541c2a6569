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
    codes,
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
        "activity": codes(justice.OperationActivity),
        "against": codes(courts.AppealSubject),
        "age_group": codes(identification.AgeGroup),
        "agencies": several(agency),
        "agency": agency,
        "announced": codes(shared.YesNo),
        "anonymous": codes(shared.YesNo),
        "answer": ANSWERS,
        "appellant": codes(courts.Appellant),
        "area": codes(coordination.StrategyArea),
        "audience": codes(prevention.Audience),
        "baseline": verbatim,
        "body": codes(coordination.InternationalBody),
        "by": TELLERS,
        "campaign": codes(prevention.Campaign),
        "channel": codes(case.ReportChannel),
        "citizenship": COUNTRY,
        "claimed": either({"in_words": Words("Words only", "Solo palabras")}, verbatim),
        "closes": verbatim,
        "code": codes(governance.FindingCode),
        "committee": COMMITTEES,
        "condition": codes(courts.BailCondition),
        "control": codes(trafficking.Control),
        "country": COUNTRY,
        "court": codes(courts.Court),
        "created_by": agency,
        "destination": COUNTRY,
        "district": codes(shared.District),
        "document": codes(governance.ClaimDocument),
        "exploitation": codes(identification.Exploitation),
        "exploitation_country": COUNTRY,
        "exploiter_relation": codes(justice.Relationship),
        "facilitator": codes(prevention.Facilitator),
        "field": FIELDS,
        "figure": words(TITLES),
        "form": codes(prevention.AwarenessForm),
        "from_agency": agency,
        "funder": agency,
        "iccs": ICCS,
        "identified_by": codes(identification.IdentifiedBy),
        "indicator": verbatim,
        "kind": codes(prevention.OutputKind),
        "law": codes(coordination.Law),
        "lead": agency,
        "led_by": agency,
        "level": verbatim,
        "mark": verbatim,
        "means": either({"none": NO_MEANS}, codes(identification.Means)),
        "minor_at_exploitation": codes(shared.YesNo),
        "nationality": COUNTRY,
        "new_or_carried_over": codes(identification.NewOrCarriedOver),
        "objective": verbatim,
        "of": verbatim,
        "offence": codes(justice.Offence),
        "offence_group": LAW_GROUPS,
        "on_warrant": codes(shared.YesNo),
        "opened_year": verbatim,
        "outcome": codes(case.InvestigationOutcome),
        "period": verbatim,
        "perpetrator_role": codes(trafficking.PerpetratorRole),
        "policy": codes(coordination.Policy),
        "population": codes(protection.ShelterPopulation),
        "programme_year": verbatim,
        "progress": codes(coordination.Progress),
        "project": codes(prevention.Project),
        "provider": agency,
        "public_office": codes(trafficking.PublicOffice),
        "purpose": codes(courts.RestitutionPurpose),
        "rank": codes(coordination.Rank),
        "reason": codes(referral.UnfinishedReason),
        "recipient": agency,
        "record": verbatim,
        "records": verbatim,
        "recruiter_relation": codes(identification.RecruiterRelation),
        "recruitment_method": codes(trafficking.RecruitmentMethod),
        "referral_source": codes(identification.ReferralSource),
        "refused_by": codes(referral.RefusedBy),
        "requested_by": agency,
        "reviewer": agency,
        "scheme": codes(protection.ImmigrationScheme),
        "scope": codes(trafficking.TraffickingScope),
        "sector": codes(prevention.Sector),
        "service_type": codes(protection.ServiceType),
        "severity": codes(governance.FindingSeverity),
        "sex": codes(identification.Sex),
        "sexual_exploitation_form": codes(trafficking.SexualExploitationForm),
        "shelter_form": codes(protection.ShelterForm),
        "stage": codes(coordination.Stage),
        "standing": STANDINGS_OF_INDICATORS,
        "state": codes(referral.ReferralState),
        "stated": verbatim,
        "status": codes(identification.VictimStatus),
        "suspect_kind": codes(trafficking.SuspectKind),
        "suspected_offence": codes(justice.Offence),
        "target": verbatim,
        "to_agency": agency,
        "topic": codes(prevention.TrainingTopic),
        "trafficking_type": either({"mixed": MIXED}, codes(identification.Exploitation)),
        "trigger": codes(prevention.InspectionTrigger),
        "type": event_type,
        "unit": agency,
        "urgency": codes(referral.Urgency),
        "victim_status": codes(identification.VictimStatus),
        "why": words(UNANSWERED),
    }
)
"""Function that labels a value, by dimension."""

OF_FIGURE: Final[Mapping[tuple[str, str], Labels]] = MappingProxyType(
    {
        ("G1", "standing"): STANDINGS_OF_CLAIMS,
        ("O6", "outcome"): codes(identification.ScreeningOutcome),
        ("P2", "kind"): KINDS_OF_BODIES,
        ("P6", "kind"): codes(coordination.MeetingKind),
        ("P7", "body"): codes(coordination.InternationalBody),
        ("P7", "kind"): codes(coordination.MeetingKind),
        ("P8", "kind"): KINDS_OF_BODIES,
        ("R2d", "reason"): codes(referral.ReferralRejectReason),
        ("R2i", "reason"): codes(referral.CancelReason),
        ("R14", "kind"): codes(courts.SentenceKind),
        ("R18", "reason"): codes(courts.AdjournmentReason),
        ("R18", "stage"): codes(courts.CourtStage),
        ("R21", "outcome"): codes(courts.AppealOutcome),
        ("R25", "reason"): codes(referral.EscalationReason),
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
