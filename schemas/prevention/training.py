"""Event of training sessions."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.prevention import Audience, Facilitator, Programme, Project, TrainingTopic, Venue
from schemas.codebook.shared import District
from schemas.envelope import Event, entities
from schemas.fields import CODES, AgencyCode, Amount, Wire
from schemas.ids import ActivityId


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
    facilitators: Annotated[tuple[Facilitator, ...], CODES] = ()


class TrainingSessionDeliveredV1(Event):
    """bz.atips.training.session_delivered.v1."""

    type: Literal["bz.atips.training.session_delivered.v1"]
    subject: ActivityId
    data: TrainingSessionDelivered

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.session)
