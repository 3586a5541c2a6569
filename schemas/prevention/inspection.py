"""Event of labour inspections, single ones or a number of them."""

from typing import Annotated, Final, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.prevention import InspectionFocus, InspectionTrigger, Sector
from schemas.codebook.shared import CountBasis, District, YesNo
from schemas.envelope import Event, entities
from schemas.fields import CODES, Amount, Count, Wire, check_count
from schemas.ids import ActivityId, ReferralId
from schemas.permitted_codes_of_field import permitted

_BASES: Final = (CountBasis.INSPECTIONS, CountBasis.ESTIMATE)


class LabourInspectionCompleted(Wire):
    """One labour inspection, or as many as `count` says; everything here then holds for each of them."""

    inspection: ActivityId
    district: District | None = None
    sector: Sector | None = None
    trigger: InspectionTrigger | None = None
    announced: YesNo | None = None
    focus: Annotated[tuple[InspectionFocus, ...], CODES] = ()
    violations_n: Amount | None = None
    tip_indicators: YesNo | None = None
    referral: ReferralId | None = None
    count: Count | None = None
    count_basis: Annotated[CountBasis | None, permitted(_BASES)] = None

    @model_validator(mode="after")
    def _says_what_it_counts(self) -> Self:
        check_count(self.count, self.count_basis, *_BASES)
        return self


class LabourInspectionCompletedV1(Event):
    """bz.atips.labour.inspection_completed.v1."""

    type: Literal["bz.atips.labour.inspection_completed.v1"]
    subject: ActivityId
    data: LabourInspectionCompleted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.inspection)
