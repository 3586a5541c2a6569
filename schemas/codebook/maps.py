"""Maps from codes of the contract to values of the standards HTCDS 2.0 and CTDC.

A code that is missing in a map has no value there, or fits several. Values are spelled as in the standard, mistakes
included. CTDC does not define its columns of slavery and of other exploitation: only codes with an equal word are in
their maps. No conformance to IC-TIP is claimed, because its code tables were not available.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.codebook.identification import (
    AgeGroup,
    Exploitation,
    Gender,
    IdentifiedBy,
    RecruiterRelation,
    VictimStatus,
)
from schemas.codebook.prevention import Sector
from schemas.codebook.protection import ServiceType
from schemas.codebook.trafficking import Control, RecruitmentMethod, SexualExploitationForm

HTCDS_GENDER: Final[Mapping[Gender, str]] = MappingProxyType(
    {
        Gender.FEMININE: "Feminine",
        Gender.MASCULINE: "Masculine",
        Gender.TRANSGENDER_FEMININE: "TransgenderFeminine",
        Gender.TRANSGENDER_MASCULINE: "TransgenderMasculine",
        Gender.NON_CONFORMING: "NonConforming",
        Gender.UNKNOWN: "NonSpecifiedUnknown",
    }
)

HTCDS_TRAFFICKING_STATUS: Final[Mapping[VictimStatus, str]] = MappingProxyType(
    {
        VictimStatus.SUSPECTED: "PossibleVictimOfTrafficking",
        VictimStatus.POTENTIAL: "PossibleVictimOfTrafficking",
        VictimStatus.CONFIRMED: "ActualVictimOfTrafficking",
        VictimStatus.NOT_A_VICTIM: "NotAVictimOfTrafficking",
    }
)

HTCDS_DECISION_MAKING_ORG: Final[Mapping[IdentifiedBy, str]] = MappingProxyType(
    {
        IdentifiedBy.POLICE: "Police",
        IdentifiedBy.DHS: "NonPoliceGovernmentalOrganization",
        IdentifiedBy.NGO: "NGO",
        IdentifiedBy.COURT_OR_PROSECUTION: "CourtOrProsecution",
        IdentifiedBy.OTHER_GOV: "NonPoliceGovernmentalOrganization",
        IdentifiedBy.OTHER: "Other",
    }
)

HTCDS_EXPLOITATION: Final[Mapping[Exploitation, str]] = MappingProxyType(
    {
        Exploitation.FORCED_LABOUR: "ForcedLabour",
        Exploitation.SEXUAL_EXPLOITATION: "SexualExploitation",
        Exploitation.CHILD_LABOUR: "ChildLabour",
        Exploitation.FORCED_MARRIAGE: "ForcedMarriage",
        Exploitation.SERVITUDE: "Servitude",
        Exploitation.FORCED_MILITARY_BY_NON_STATE_ACTORS: "ForcedMilitaryByNonStateActors",
        Exploitation.ORGAN_REMOVAL: "OrganRemoval",
        Exploitation.FORCED_BEGGING: "ForcedBegging",
        Exploitation.FORCED_ADOPTION: "ForcedAdoption",
        Exploitation.SURROGACY: "Surrogacy",
        Exploitation.OTHER: "Other",
        Exploitation.COMMERCIAL_SEXUAL_EXPLOITATION_OF_CHILD: "SexualExploitation",
        Exploitation.CRIMINAL_ACTIVITY: "Other",
        Exploitation.DOMESTIC_SERVITUDE: "Servitude",
    }
)

HTCDS_CONTROL: Final[Mapping[Control, str]] = MappingProxyType(
    {
        Control.PHYSICAL_THREATS: "PhysicalThreats",
        Control.THREATS_LAW_ENFORCEMENT: "ThreatsLawEnforcement",
        Control.THREATENS_CHILDREN_FAMILY: "ThreatensChildrenFamily",
        Control.DEBT_BONDAGE: "DebtBondage",
        Control.FALSE_PROMISES: "FalsePromises",
        Control.PHYSICAL_ABUSE: "PhysicalAbuse",
        Control.SEXUAL_ABUSE: "SexualAbuse",
        Control.TAKES_EARNINGS: "TakesEarnings",
        Control.RESTRICTS_FINANCIAL_ACCESS: "RestrictsFinancialAccess",
        Control.RESTRICTS_MEDICAL_CARE: "RestrictsMedicalCare",
        Control.WITHHOLDS_NECESSITIES: "WithholdsNecessities",
        Control.PSYCHOLOGICAL_ABUSE: "PsychologicalAbuse",
        Control.PSYCHOACTIVE_SUBSTANCE: "PsychoactiveSubstance",
        Control.EXCESSIVE_WORKING_HOURS: "ExcessiveWorkingHours",
        Control.WITHHOLDS_DOCUMENTS: "WithholdsDocuments",
        Control.RESTRICTS_MOVEMENT: "RestrictsMovement",
        Control.USES_CHILDREN: "UsesChildren",
        Control.OTHER: "Other",
    }
)

HTCDS_INDUSTRY: Final[Mapping[Sector, str]] = MappingProxyType(
    {
        Sector.AGRICULTURE_FORESTRY_FISHING: "A_AgricultureForestryAndFishing",
        Sector.MINING_QUARRYING: "B_MiningAndQuarrying",
        Sector.MANUFACTURING: "C_Manufacturing",
        Sector.ELECTRICITY_GAS: "D_ElectricityGasSteamAndAirConditioningSupply",
        Sector.WATER_WASTE: "E_WaterSupplySewerageWasteManagement",
        Sector.CONSTRUCTION: "F_Construction",
        Sector.TRADE_VEHICLE_REPAIR: "G_WholesaleAndRetailTradeRepairOfMotorVehicles",
        Sector.TRANSPORT_STORAGE: "H_TransportationAndStorage",
        Sector.ACCOMMODATION_FOOD: "I_AccommodationAndFoodServiceActivities",
        Sector.INFORMATION_COMMUNICATION: "J_InformationAndCommunication",
        Sector.FINANCE_INSURANCE: "K_FinancialAndInsuranceActivities",
        Sector.REAL_ESTATE: "L_RealEstateActivities",
        Sector.PROFESSIONAL_SCIENTIFIC: "M_ProfessionalScientificAndTechnicalActivities",
        Sector.ADMINISTRATIVE_SUPPORT: "N_AdministrativeAndSupportServiceActivities",
        Sector.PUBLIC_ADMINISTRATION: "O_PublicAdministrationAndDefence",
        Sector.EDUCATION: "P_Education",
        Sector.HEALTH_SOCIAL_WORK: "Q_HumanHealthAndSocialWorkActivities",
        Sector.ARTS_ENTERTAINMENT: "R_ArtsEntertainmentAndRecreation",
        Sector.OTHER_SERVICES: "S_OtherServiceActivities",
        Sector.HOUSEHOLDS_AS_EMPLOYERS: "T_ActivitiesOfHouseholdsAsEmployers",
        Sector.EXTRATERRITORIAL: "U_ActivitiesOfExtraterritorialOrganizations",
    }
)

HTCDS_SEX_EXPLOITATION: Final[Mapping[SexualExploitationForm, str]] = MappingProxyType(
    {
        SexualExploitationForm.PROSTITUTION: "Prostitution",
        SexualExploitationForm.PORNOGRAPHY: "Pornography",
        SexualExploitationForm.REMOTE_INTERACTIVE_SERVICES: "RemoteInteractiveServices",
        SexualExploitationForm.PRIVATE_SEXUAL_SERVICES: "PrivateSexualServices",
    }
)
"""HTCDS values; CTDC has the same names for its four columns of `typeOfSex`."""

HTCDS_RECRUITMENT: Final[Mapping[RecruitmentMethod, str]] = MappingProxyType(
    {
        RecruitmentMethod.AT_PLACE_OF_BUSINESS: "AtAPlaceOfBusiness",
        RecruitmentMethod.AT_EDUCATIONAL_INSTITUTION: "AtAnEducationalInstitution",
        RecruitmentMethod.AT_WORK: "AtWork",
        RecruitmentMethod.ONLINE_SOCIAL_NETWORK: "ThroughOnlineSocialNetworks",
        RecruitmentMethod.ONLINE_ADVERTISEMENT: "ThroughAnOnlineAdvertisement",
        RecruitmentMethod.TELEVISION_ADVERTISEMENT: "ThroughATelevisionAdvert",
        RecruitmentMethod.NEWSPAPER_ADVERTISEMENT: "ThroughANewspaperAdvert",
        RecruitmentMethod.FAMILY: "ThroughFamilyOrFamilyEvents",
        RecruitmentMethod.FRIENDS: "ThroughFriendsOrSocialEvents",
        RecruitmentMethod.OTHER: "Other",
    }
)

HTCDS_RELATIONSHIP_TO_TRAFFICKER: Final[Mapping[RecruiterRelation, str]] = MappingProxyType(
    {
        RecruiterRelation.FAMILY: "Familial",
        RecruiterRelation.FRIEND: "Acquainted",
        RecruiterRelation.ACQUAINTANCE: "Acquainted",
        RecruiterRelation.EMPLOYER: "Acquainted",
        RecruiterRelation.STRANGER: "Unaquainted",
    }
)
"""Relations to the recruiter. Intimate partners and online contacts are missing, as they fit several values."""

CTDC_RECRUITER_RELATION: Final[Mapping[RecruiterRelation, str]] = MappingProxyType(
    {
        RecruiterRelation.INTIMATE_PARTNER: "IntimatePartner",
        RecruiterRelation.FAMILY: "Family",
        RecruiterRelation.FRIEND: "Friend",
        RecruiterRelation.ACQUAINTANCE: "Other",
        RecruiterRelation.EMPLOYER: "Other",
        RecruiterRelation.STRANGER: "Other",
        RecruiterRelation.ONLINE_CONTACT: "Other",
        RecruiterRelation.OTHER: "Other",
        RecruiterRelation.UNKNOWN: "Unknown",
    }
)

CTDC_AGE_BROAD: Final[Mapping[AgeGroup, str]] = MappingProxyType(
    {
        AgeGroup.CHILD_0_8: "0--8",
        AgeGroup.CHILD_9_17: "9--17",
        AgeGroup.ADULT_18_20: "18--20",
        AgeGroup.ADULT_21_23: "21--23",
        AgeGroup.ADULT_24_26: "24--26",
        AgeGroup.ADULT_27_29: "27--29",
        AgeGroup.ADULT_30_38: "30--38",
        AgeGroup.ADULT_39_47: "39--47",
        AgeGroup.ADULT_48_PLUS: "48+",
        AgeGroup.UNKNOWN: "-99",
        AgeGroup.NOT_ASKED: "-99",
    }
)

CTDC_MEANS_OF_CONTROL: Final[Mapping[Control, str]] = MappingProxyType(
    {
        Control.PHYSICAL_THREATS: "Threats",
        Control.THREATS_LAW_ENFORCEMENT: "ThreatOfLawEnforcement",
        Control.THREATENS_CHILDREN_FAMILY: "Threats",
        Control.DEBT_BONDAGE: "DebtBondage",
        Control.FALSE_PROMISES: "FalsePromises",
        Control.PHYSICAL_ABUSE: "PhysicalAbuse",
        Control.SEXUAL_ABUSE: "SexualAbuse",
        Control.TAKES_EARNINGS: "TakesEarnings",
        Control.RESTRICTS_FINANCIAL_ACCESS: "RestrictsFinancialAccess",
        Control.RESTRICTS_MEDICAL_CARE: "RestrictsMedicalCare",
        Control.WITHHOLDS_NECESSITIES: "WithholdsNecessities",
        Control.PSYCHOLOGICAL_ABUSE: "PsychologicalAbuse",
        Control.PSYCHOACTIVE_SUBSTANCE: "PsychoactiveSubstances",
        Control.EXCESSIVE_WORKING_HOURS: "ExcessiveWorkingHours",
        Control.WITHHOLDS_DOCUMENTS: "WithholdsDocuments",
        Control.RESTRICTS_MOVEMENT: "RestrictsMovement",
        Control.USES_CHILDREN: "UsesChildren",
        Control.OTHER: "Other",
        Control.UNKNOWN: "NotSpecified",
        Control.NOT_ASKED: "NotSpecified",
    }
)
"""CTDC columns of controls, without the common `meansOfControl`. HTCDS defines the threats of law enforcement."""

CTDC_EXPLOITATION: Final[Mapping[Exploitation, str]] = MappingProxyType(
    {
        Exploitation.FORCED_LABOUR: "isForcedLabour",
        Exploitation.SEXUAL_EXPLOITATION: "isSexualExploit",
        Exploitation.COMMERCIAL_SEXUAL_EXPLOITATION_OF_CHILD: "isSexualExploit",
        Exploitation.FORCED_MARRIAGE: "isForcedMarriage",
        Exploitation.FORCED_MILITARY_BY_NON_STATE_ACTORS: "isForcedMilitary",
        Exploitation.ORGAN_REMOVAL: "isOrganRemoval",
        Exploitation.OTHER: "isOtherExploit",
    }
)

HTI_SERVICES: Final[Mapping[str, tuple[ServiceType, ...]]] = MappingProxyType(
    {
        "housing": (ServiceType.SHELTER, ServiceType.INDEPENDENT_LIVING_RENT),
        "education registration": (ServiceType.SCHOOL_ENROLMENT,),
        "psychosocial services": (ServiceType.COUNSELLING,),
        "medical consultation": (ServiceType.MEDICAL,),
        "repatriation": (ServiceType.REPATRIATION,),
    }
)
"""The report's five words for HTI’s services. Where a word has two codes, the publisher of an event states which."""
