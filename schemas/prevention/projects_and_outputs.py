"""Events of projects, and of outputs that projects and agencies publish."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.prevention import Audience, Magnitude, OutputKind, Project
from schemas.envelope import Event, entities
from schemas.fields import CODES, AgencyCode, Amount, Count, PeriodText, Wire, check_number_or_word
from schemas.ids import ActivityId


class ProjectRegistered(Wire):
    """A project, at the time at which it began; whatever titles it is printed under, it has one id."""

    project: ActivityId
    name: Project
    led_by: AgencyCode | None = None
    partners: Annotated[tuple[AgencyCode, ...], CODES] = ()
    funders: Annotated[tuple[AgencyCode, ...], CODES] = ()
    runs_to: PeriodText | None = None


class ProjectRegisteredV1(Event):
    """bz.atips.project.registered.v1."""

    type: Literal["bz.atips.project.registered.v1"]
    subject: ActivityId
    data: ProjectRegistered

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.project)


class OutputPublished(Wire):
    """A workbook, a plan, an e-course, a newsletter's issue: one, or as many as are said."""

    output: ActivityId
    kind: OutputKind
    project: Project | None = None
    created_by: Annotated[tuple[AgencyCode, ...], CODES] = ()
    funders: Annotated[tuple[AgencyCode, ...], CODES] = ()
    audience: Audience | None = None
    outputs_n: Count | None = None
    outputs_text: Magnitude | None = None
    institutions_n: Amount | None = None

    @model_validator(mode="after")
    def _counted_or_not(self) -> Self:
        check_number_or_word(self.outputs_n, self.outputs_text, "/outputs_text")
        return self


class OutputPublishedV1(Event):
    """bz.atips.output.published.v1."""

    type: Literal["bz.atips.output.published.v1"]
    subject: ActivityId
    data: OutputPublished

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.output)
