"""Events of police work: operations, arrests, releases."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.courts import ReleaseReason
from schemas.codebook.justice import Offence, OperationActivity
from schemas.codebook.shared import District, YesNo
from schemas.envelope import Event, entities
from schemas.fields import CODES, IDS, AgencyCode, RegisterNumber, Wire
from schemas.ids import ActivityId, ArrestId, CaseId, PersonId
from schemas.justice.shared_fields import OfSuspect


class OperationConducted(Wire):
    """A police operation that took place. The arrests in it name the operation."""

    operation: ActivityId
    cases: Annotated[tuple[CaseId, ...], IDS] = ()
    name: RegisterNumber | None = None
    lead: AgencyCode | None = None
    joint_with: Annotated[tuple[AgencyCode, ...], CODES] = ()
    activities: Annotated[tuple[OperationActivity, ...], CODES] = ()
    district: District | None = None


class OperationConductedV1(Event):
    """bz.atips.operation.conducted.v1."""

    type: Literal["bz.atips.operation.conducted.v1"]
    subject: ActivityId
    data: OperationConducted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.operation, *self.data.cases)


class ArrestMade(Wire):
    """A person was arrested; an arrest is not a charge."""

    person: PersonId
    case: CaseId | None = None
    arrest: ArrestId
    linked_victims: Annotated[tuple[PersonId, ...], IDS] = ()
    suspected_offence: Offence | None = None
    on_warrant: YesNo | None = None
    operation: ActivityId | None = None


class ArrestMadeV1(Event):
    """bz.atips.arrest.made.v1."""

    type: Literal["bz.atips.arrest.made.v1"]
    subject: PersonId
    data: ArrestMade

    @override
    def concerns(self) -> tuple[str, ...]:
        data = self.data
        return entities(data.person, data.case, *data.linked_victims, data.operation)


class ArrestReleased(OfSuspect):
    """The release of an arrested person. The agencies that care for a linked victim must hear of it."""

    arrest: ArrestId
    reason: ReleaseReason | None = None


class ArrestReleasedV1(Event):
    """bz.atips.arrest.released.v1."""

    type: Literal["bz.atips.arrest.released.v1"]
    subject: PersonId
    data: ArrestReleased

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()
