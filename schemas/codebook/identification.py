"""Code lists about persons: how they were identified, what was done to them, who they are."""

from enum import StrEnum


class VictimStatus(StrEnum):
    """What an identification says; later changes of status are events of their own."""

    SUSPECTED = "suspected"
    POTENTIAL = "potential"
    CONFIRMED = "confirmed"


class IdentifiedBy(StrEnum):
    """What sort of body decided on the status."""

    POLICE = "police"
    DHS = "dhs"
    NGO = "ngo"
    COURT_OR_PROSECUTION = "court_or_prosecution"
    OTHER_GOV = "other_gov"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class ReferralSource(StrEnum):
    """Through whom a person came to the agency's notice."""

    BPD = "bpd"
    ATIPS_PU_OPERATION = "atips_pu_operation"
    IGO = "igo"
    MOHW = "mohw"
    IMMIGRATION = "immigration"
    LABOUR = "labour"
    CUSTOMS = "customs"
    NGO = "ngo"
    SCHOOL = "school"
    HOTLINE_911 = "hotline_911"
    CRIME_STOPPERS = "crime_stoppers"
    DHS_DIRECT = "dhs_direct"
    SOCIAL_MEDIA = "social_media"
    SELF = "self"
    FAMILY = "family"
    COURT = "court"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class Exploitation(StrEnum):
    """The purpose of the trafficking: HTCDS's eleven and four that Belize's record needs."""

    FORCED_LABOUR = "forced_labour"
    SEXUAL_EXPLOITATION = "sexual_exploitation"
    CHILD_LABOUR = "child_labour"
    FORCED_MARRIAGE = "forced_marriage"
    SERVITUDE = "servitude"
    FORCED_MILITARY_BY_NON_STATE_ACTORS = "forced_military_by_non_state_actors"
    ORGAN_REMOVAL = "organ_removal"
    FORCED_BEGGING = "forced_begging"
    FORCED_ADOPTION = "forced_adoption"
    SURROGACY = "surrogacy"
    OTHER = "other"
    COMMERCIAL_SEXUAL_EXPLOITATION_OF_CHILD = "commercial_sexual_exploitation_of_child"
    CRIMINAL_ACTIVITY = "criminal_activity"
    DOMESTIC_SERVITUDE = "domestic_servitude"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class Means(StrEnum):
    """The means of the Palermo Protocol, article 3(a); a child's trafficking needs none."""

    THREAT_OR_FORCE = "threat_or_force"
    OTHER_COERCION = "other_coercion"
    ABDUCTION = "abduction"
    FRAUD = "fraud"
    DECEPTION = "deception"
    ABUSE_OF_POWER = "abuse_of_power"
    ABUSE_OF_VULNERABILITY = "abuse_of_vulnerability"
    PAYMENT_FOR_CONTROL = "payment_for_control"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class RecruiterRelation(StrEnum):
    """What the recruiter was to the victim."""

    INTIMATE_PARTNER = "intimate_partner"
    FAMILY = "family"
    FRIEND = "friend"
    ACQUAINTANCE = "acquaintance"
    EMPLOYER = "employer"
    STRANGER = "stranger"
    ONLINE_CONTACT = "online_contact"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class NewOrCarriedOver(StrEnum):
    """Whether the victim is new to the agency's books or carried over from an earlier reporting period."""

    NEW = "new"
    CARRIED_OVER = "carried_over"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class PersonRole(StrEnum):
    """As whom a profile describes a person."""

    VICTIM = "victim"
    SUSPECT = "suspect"


class Sex(StrEnum):
    """Sex as recorded; gender is another list, not built yet."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class AgeGroup(StrEnum):
    """Broad age, in CTDC's groups; never a birth date."""

    CHILD_0_8 = "child_0_8"
    CHILD_9_17 = "child_9_17"
    ADULT_18_20 = "adult_18_20"
    ADULT_21_23 = "adult_21_23"
    ADULT_24_26 = "adult_24_26"
    ADULT_27_29 = "adult_27_29"
    ADULT_30_38 = "adult_30_38"
    ADULT_39_47 = "adult_39_47"
    ADULT_48_PLUS = "adult_48_plus"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class Vulnerability(StrEnum):
    """What the Council's report names as making persons vulnerable in Belize."""

    MIGRANT = "migrant"
    ASYLUM_SEEKER = "asylum_seeker"
    REFUGEE = "refugee"
    CHILD = "child"
    LOW_INCOME = "low_income"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class ScreeningTool(StrEnum):
    """How a screening was done."""

    INTERVIEW = "interview"
    QUESTIONNAIRE = "questionnaire"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class ScreeningOutcome(StrEnum):
    """What a screening found; persons screened are not victims."""

    NO_INDICATORS = "no_indicators"
    INDICATORS = "indicators"
    REFERRED = "referred"
    UNKNOWN = "unknown"
