"""Names of the declared rates (`Variant`), and the class of a rate's declaration (`Definition`)."""

from dataclasses import dataclass
from enum import StrEnum


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
    VICTIMS_PER_POPULATION = "victims_per_population"
    CASES_PER_OFFICER = "cases_per_officer"
    CASES_PER_SOCIAL_WORKER = "cases_per_social_worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Declaration of a rate: `part` divided by `whole`, both numbers of figures. `en` and `es` define it in words.

    `remainder`: number of the figure that counts what of the whole is still open. `per`: set if `part` is no part of
    `whole`. The rate is then shown as a number for each `per` of the whole, such as 100,000 persons. `fixed`: the whole
    is a level counted at one time, such as a census, and the rate has its year.
    """

    part: str
    whole: str
    remainder: str | None = None
    per: int | None = None
    fixed: bool = False
    name_en: str
    name_es: str
    en: str
    es: str
