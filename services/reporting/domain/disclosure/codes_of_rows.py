"""Codes that a row of a public table may have, by dimension. A row with another code would show 0 for ever."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.codebook.code import Code
from schemas.codebook.countries import CITIZENSHIPS, COUNTRIES
from schemas.codebook.identification import (
    AgeGroup,
    Exploitation,
    IdentifiedBy,
    RecruiterRelation,
    ReferralSource,
    Sex,
    VictimStatus,
)
from schemas.codebook.justice import Offence
from schemas.codebook.protection import ServiceType, ShelterPopulation
from schemas.codebook.shared import District, YesNo
from services.reporting.domain.declaration.figure import ABSENT


def _values(codes: type[Code]) -> frozenset[str]:
    return frozenset(each.value for each in codes)


CODES_OF_ROWS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "age_group": _values(AgeGroup) | {ABSENT},
        "citizenship": CITIZENSHIPS | {ABSENT},
        "destination": COUNTRIES | {ABSENT},
        "district": _values(District) | {ABSENT},
        "exploitation": _values(Exploitation) | {ABSENT},
        "identified_by": _values(IdentifiedBy) | {ABSENT},
        "minor_at_exploitation": _values(YesNo) | {ABSENT},
        "nationality": CITIZENSHIPS | {ABSENT},
        "offence": _values(Offence) | {ABSENT},
        "offence_group": frozenset({"tip", "csec", "other", ABSENT}),
        "population": _values(ShelterPopulation),
        "recruiter_relation": _values(RecruiterRelation) | {ABSENT},
        "referral_source": _values(ReferralSource) | {ABSENT},
        "service_type": _values(ServiceType),
        "sex": _values(Sex) | {ABSENT},
        "status": _values(VictimStatus),
        "suspected_offence": _values(Offence) | {ABSENT},
        "trafficking_type": _values(Exploitation) | {"mixed", ABSENT},
        "victim_status": _values(VictimStatus) | {ABSENT},
    }
)
"""Dimensions by which a public table may be. A table by any other dimension is refused."""
