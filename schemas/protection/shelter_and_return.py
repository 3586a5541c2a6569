"""Events of shelter, return, and permission to stay.

If such an event is also a service, the service is counted once, by its `service.provided`; both have its service id.
"""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import override

from schemas.codebook.identification import VictimStatus
from schemas.codebook.protection import (
    ImmigrationScheme,
    PlacementEndReason,
    ReturnKind,
    ShelterForm,
    ShelterPopulation,
)
from schemas.codebook.shared import YesNo
from schemas.envelope import Event, entities
from schemas.fields import CODES, AgencyCode, Country, Wire
from schemas.ids import CaseId, PersonId, PlacementId, ServiceId
from schemas.times import YEARS, Day

ProgrammeYear = Annotated[int, Field(ge=YEARS.start, le=YEARS.stop - 1)]
"""Year in a programme's name; decisions within the programme may be later."""


class ShelterPlacementStarted(Wire):
    """The start of a person's placement in shelter. The event does not tell where."""

    person: PersonId
    case: CaseId | None = None
    placement: PlacementId
    shelter_form: ShelterForm | None = None
    population: ShelterPopulation
    operator: AgencyCode | None = None
    service: ServiceId | None = None


class ShelterPlacementStartedV1(Event):
    """bz.atips.shelter.placement_started.v1."""

    type: Literal["bz.atips.shelter.placement_started.v1"]
    subject: PersonId
    data: ShelterPlacementStarted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ShelterPlacementEnded(Wire):
    """The end of a placement."""

    person: PersonId
    case: CaseId | None = None
    placement: PlacementId
    operator: AgencyCode | None = None
    reason: PlacementEndReason | None = None


class ShelterPlacementEndedV1(Event):
    """bz.atips.shelter.placement_ended.v1."""

    type: Literal["bz.atips.shelter.placement_ended.v1"]
    subject: PersonId
    data: ShelterPlacementEnded

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class RepatriationCompleted(Wire):
    """A person has returned; who paid is another fact than that it took place."""

    person: PersonId
    case: CaseId | None = None
    service: ServiceId | None = None
    destination: Country | None = None
    return_kind: ReturnKind | None = None
    funders: Annotated[tuple[AgencyCode, ...], CODES] = ()
    victim_status_at_time: VictimStatus | None = None


class RepatriationCompletedV1(Event):
    """bz.atips.repatriation.completed.v1."""

    type: Literal["bz.atips.repatriation.completed.v1"]
    subject: PersonId
    data: RepatriationCompleted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ImmigrationStatusGranted(Wire):
    """A person may stay; it happened on the day of the decision, in whatever year the programme was."""

    person: PersonId
    case: CaseId | None = None
    scheme: ImmigrationScheme | None = None
    programme_year: ProgrammeYear | None = None
    applied_on: Day | None = None
    service: ServiceId | None = None


class ImmigrationStatusGrantedV1(Event):
    """bz.atips.immigration.status_granted.v1."""

    type: Literal["bz.atips.immigration.status_granted.v1"]
    subject: PersonId
    data: ImmigrationStatusGranted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ImmigrationStatusRefused(Wire):
    """A person's application to stay was refused, on the day of the decision."""

    person: PersonId
    case: CaseId | None = None
    scheme: ImmigrationScheme | None = None
    programme_year: ProgrammeYear | None = None
    applied_on: Day | None = None
    service: ServiceId | None = None
    removal_ordered: YesNo | None = None


class ImmigrationStatusRefusedV1(Event):
    """bz.atips.immigration.status_refused.v1."""

    type: Literal["bz.atips.immigration.status_refused.v1"]
    subject: PersonId
    data: ImmigrationStatusRefused

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)
