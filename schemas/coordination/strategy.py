"""The national strategy and the progress of its areas and objectives."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic import StringConstraints as Text
from typing_extensions import override

from schemas.codebook.coordination import Progress, StrategyArea
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import Amount, Count, Wire, refusal
from schemas.ids import ActivityId, Kind, derive

Year = Annotated[int, Field(ge=2000, le=2199)]

ObjectiveNumber = Annotated[int, Field(ge=1, le=11)]
"""Number of one of the eleven objectives. Their list is not published, and their texts are not in this contract."""


PlanId = Annotated[str, Text(pattern="^[0-9]{1,2}(\\.[0-9]{1,2}){0,3}[a-z]?$")]
"""Number that the plan itself gives to an objective or an indicator: 2, 2.1 or 3.2.1a."""


def area_of(first_year: int, area: StrategyArea) -> str:
    """Return the id of the activity for an area of the strategy that begins in `first_year`."""
    return derive(Kind.ACTIVITY, "strategy.area", str(first_year), area.value)


class StrategyAdopted(Wire):
    """A strategy, at the time at which it was launched."""

    strategy: ActivityId
    first_year: Year
    last_year: Year
    areas_n: Count | None = None
    objectives_n: Count | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_year < self.first_year:
            raise refusal(Reason.OUT_OF_RANGE, "/last_year")
        return self


class StrategyAdoptedV1(Event):
    """bz.atips.strategy.adopted.v1."""

    type: Literal["bz.atips.strategy.adopted.v1"]
    subject: ActivityId
    data: StrategyAdopted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.strategy)


class ObjectiveProgressReported(Wire):
    """The progress of an objective, or of a whole area where no objective is named, until the next report."""

    first_year: Year
    area: StrategyArea
    objective: ObjectiveNumber | None = None
    progress: Progress
    objective_id: PlanId | None = None
    indicator: PlanId | None = None
    level: Amount | None = None
    baseline: Amount | None = None
    target: Amount | None = None
    planned_cents: Amount | None = None
    spent_cents: Amount | None = None


class ObjectiveProgressReportedV1(Event):
    """bz.atips.objective.progress_reported.v1."""

    type: Literal["bz.atips.objective.progress_reported.v1"]
    subject: ActivityId | None = None
    data: ObjectiveProgressReported

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(area_of(self.data.first_year, self.data.area))
