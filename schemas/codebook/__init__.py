"""The code lists of every coded field, each code with its English and Spanish; `maps` has other standards' words.

`unknown` (asked, not known), `not_asked` and an absent field are three things.
"""

from schemas.codebook.code import Code
from schemas.codebook.correction import CorrectionReason, MergeReason, RetractionReason
from schemas.codebook.countries import CITIZENSHIPS, COUNTRIES
from schemas.codebook.identification import (
    AgeGroup,
    Exploitation,
    IdentifiedBy,
    Means,
    NewOrCarriedOver,
    PersonRole,
    RecruiterRelation,
    ReferralSource,
    ScreeningOutcome,
    ScreeningTool,
    Sex,
    VictimStatus,
    Vulnerability,
)
from schemas.codebook.justice import LAWS, ChargeOutcome, Law, Offence
from schemas.codebook.prevention import (
    Audience,
    InspectionFocus,
    InspectionTrigger,
    Programme,
    Sector,
    TrainingTopic,
)
from schemas.codebook.shared import CODEBOOK_VERSION, CODEBOOK_VERSIONS, Classification, CountBasis, District, YesNo

__all__ = [
    "CITIZENSHIPS",
    "CODEBOOK_VERSION",
    "CODEBOOK_VERSIONS",
    "COUNTRIES",
    "LAWS",
    "AgeGroup",
    "Audience",
    "ChargeOutcome",
    "Classification",
    "Code",
    "CorrectionReason",
    "CountBasis",
    "District",
    "Exploitation",
    "IdentifiedBy",
    "InspectionFocus",
    "InspectionTrigger",
    "Law",
    "Means",
    "MergeReason",
    "NewOrCarriedOver",
    "Offence",
    "PersonRole",
    "Programme",
    "RecruiterRelation",
    "ReferralSource",
    "RetractionReason",
    "ScreeningOutcome",
    "ScreeningTool",
    "Sector",
    "Sex",
    "TrainingTopic",
    "VictimStatus",
    "Vulnerability",
    "YesNo",
]
