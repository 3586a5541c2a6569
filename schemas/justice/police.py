"""What police do with suspects: arrests."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.justice import Offence
from schemas.codebook.shared import YesNo
from schemas.envelope import Event, entities
from schemas.fields import IDS, Wire
from schemas.ids import ActivityId, ArrestId, CaseId, PersonId


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
        return entities(self.data.person, self.data.case, *self.data.linked_victims)
