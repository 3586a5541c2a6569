"""Events of prevention: training sessions and labour inspections."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.prevention import (
    Audience,
    InspectionFocus,
    InspectionTrigger,
    Programme,
    Project,
    Sector,
    TrainingTopic,
    Venue,
)
from schemas.codebook.shared import CountBasis, District, YesNo
from schemas.envelope import Event, entities
from schemas.fields import CODES, AgencyCode, Amount, Count, Wire, check_count
from schemas.ids import ActivityId, ReferralId


class TrainingSessionDelivered(Wire):
    """One training session; participants are participations, for a person may attend twice."""

    session: ActivityId
    district: District | None = None
    venue: Venue | None = None
    topic: TrainingTopic | None = None
    audience: Audience | None = None
    participants_n: Amount | None = None
    female_n: Amount | None = None
    male_n: Amount | None = None
    organisers: Annotated[tuple[AgencyCode, ...], CODES] = ()
    funders: Annotated[tuple[AgencyCode, ...], CODES] = ()
    programmes: Annotated[tuple[Programme, ...], CODES] = ()
    project: Project | None = None
    """The project that it was held under; beside the programmes, never one of them."""


class TrainingSessionDeliveredV1(Event):
    """bz.atips.training.session_delivered.v1."""

    type: Literal["bz.atips.training.session_delivered.v1"]
    subject: ActivityId
    data: TrainingSessionDelivered

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.session)


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
    """What was referred because of it."""
    count: Count | None = None
    """A batch of inspections; absent for a single one."""
    count_basis: CountBasis | None = None

    @model_validator(mode="after")
    def _says_what_it_counts(self) -> Self:
        check_count(self.count, self.count_basis, CountBasis.INSPECTIONS, CountBasis.ESTIMATE)
        return self


class LabourInspectionCompletedV1(Event):
    """bz.atips.labour.inspection_completed.v1."""

    type: Literal["bz.atips.labour.inspection_completed.v1"]
    subject: ActivityId
    data: LabourInspectionCompleted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.inspection)
