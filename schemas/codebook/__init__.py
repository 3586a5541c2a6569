"""The code lists of every coded field; `labels` has their English and Spanish, `maps` what other standards call them.

`unknown` (asked, not known), `not_asked` and an absent field are three things.
"""

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
from schemas.codebook.shared import CODEBOOK_VERSION, Classification, CountBasis, District, YesNo

__all__ = [
    "CITIZENSHIPS",
    "CODEBOOK_VERSION",
    "COUNTRIES",
    "LAWS",
    "AgeGroup",
    "Audience",
    "ChargeOutcome",
    "Classification",
    "CountBasis",
    "District",
    "Exploitation",
    "IdentifiedBy",
    "InspectionFocus",
    "InspectionTrigger",
    "Law",
    "Means",
    "NewOrCarriedOver",
    "Offence",
    "PersonRole",
    "Programme",
    "RecruiterRelation",
    "ReferralSource",
    "ScreeningOutcome",
    "ScreeningTool",
    "Sector",
    "Sex",
    "TrainingTopic",
    "VictimStatus",
    "Vulnerability",
    "YesNo",
]
