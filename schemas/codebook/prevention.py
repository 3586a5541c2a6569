"""Code lists of training and labour inspection."""

from enum import StrEnum


class TrainingTopic(StrEnum):
    """What a session taught."""

    HT101 = "ht101"
    MANDATORY_REPORTING = "mandatory_reporting"
    TRAINING_OF_TRAINERS = "training_of_trainers"
    CHILD_LABOUR = "child_labour"
    OTHER = "other"
    UNKNOWN = "unknown"


class Audience(StrEnum):
    """Whom a session was for."""

    BDF_BCG = "bdf_bcg"
    TOUR_GUIDES_HOSPITALITY = "tour_guides_hospitality"
    NGO_IO = "ngo_io"
    LIQUOR_BOARDS_REGULATORS = "liquor_boards_regulators"
    TEACHERS = "teachers"
    PARK_RANGERS = "park_rangers"
    POLICE = "police"
    MEDICAL = "medical"
    SOCIAL_WORKERS = "social_workers"
    TRANSPORT = "transport"
    GOV_OFFICIALS = "gov_officials"
    STUDENTS = "students"
    GENERAL_PUBLIC = "general_public"
    SHELTER_STAFF = "shelter_staff"
    MIGRANT_COMMUNITIES = "migrant_communities"
    EMPLOYERS_WORKERS = "employers_workers"
    UNKNOWN = "unknown"


class Programme(StrEnum):
    """The programme that a session belongs to; figures of one programme never add to another's."""

    IEC_PLAN = "iec_plan"
    HTI_BPD = "hti_bpd"
    HTI_LOCAL_GOV = "hti_local_gov"
    RET_PROTECT = "ret_protect"
    LABOUR = "labour"
    MANDATORY_REPORTING = "mandatory_reporting"
    OTHER = "other"


class Sector(StrEnum):
    """The inspected workplace's industry: the sections of ISIC, revision 4."""

    AGRICULTURE_FORESTRY_FISHING = "agriculture_forestry_fishing"
    MINING_QUARRYING = "mining_quarrying"
    MANUFACTURING = "manufacturing"
    ELECTRICITY_GAS = "electricity_gas"
    WATER_WASTE = "water_waste"
    CONSTRUCTION = "construction"
    TRADE_VEHICLE_REPAIR = "trade_vehicle_repair"
    TRANSPORT_STORAGE = "transport_storage"
    ACCOMMODATION_FOOD = "accommodation_food"
    INFORMATION_COMMUNICATION = "information_communication"
    FINANCE_INSURANCE = "finance_insurance"
    REAL_ESTATE = "real_estate"
    PROFESSIONAL_SCIENTIFIC = "professional_scientific"
    ADMINISTRATIVE_SUPPORT = "administrative_support"
    PUBLIC_ADMINISTRATION = "public_administration"
    EDUCATION = "education"
    HEALTH_SOCIAL_WORK = "health_social_work"
    ARTS_ENTERTAINMENT = "arts_entertainment"
    OTHER_SERVICES = "other_services"
    HOUSEHOLDS_AS_EMPLOYERS = "households_as_employers"
    EXTRATERRITORIAL = "extraterritorial"
    UNKNOWN = "unknown"


class InspectionTrigger(StrEnum):
    """Why an inspection was made."""

    ROUTINE = "routine"
    COMPLAINT = "complaint"
    OTHER = "other"
    UNKNOWN = "unknown"


class InspectionFocus(StrEnum):
    """What an inspection looked for; child labour is not yet trafficking."""

    CHILD_LABOUR = "child_labour"
    FORCED_LABOUR = "forced_labour"
    MIGRANT_WORKERS = "migrant_workers"
    WORKING_CONDITIONS = "working_conditions"
    OTHER = "other"
    UNKNOWN = "unknown"
