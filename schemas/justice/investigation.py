"""Investigations: a case is neither a victim nor a suspect."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.identification import Exploitation
from schemas.codebook.justice import Offence
from schemas.codebook.shared import District
from schemas.envelope import Event, entities
from schemas.fields import CODES, IDS, Wire
from schemas.ids import CaseId, PersonId


class InvestigationOpened(Wire):
    """Police opened an investigation; a case is neither a victim nor a suspect."""

    case: CaseId
    persons: Annotated[tuple[PersonId, ...], IDS] = ()
    suspected_offence: Offence | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()
    district: District | None = None


class InvestigationOpenedV1(Event):
    """bz.atips.investigation.opened.v1."""

    type: Literal["bz.atips.investigation.opened.v1"]
    subject: CaseId
    data: InvestigationOpened

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, *self.data.persons)
