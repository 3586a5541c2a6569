"""Events of police and courts: investigations, arrests, charges, verdicts."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.identification import Exploitation
from schemas.codebook.justice import ChargeOutcome, Offence
from schemas.codebook.shared import District, YesNo
from schemas.envelope import Event, entities
from schemas.fields import CODES, IDS, Count, Wire
from schemas.ids import ActivityId, ArrestId, CaseId, ChargeId, PersonId


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


class ChargeFiled(Wire):
    """A charge was filed; statute, section, ICCS and whether it counts as trafficking follow from the offence code."""

    person: PersonId
    case: CaseId | None = None
    charge: ChargeId
    victims: Annotated[tuple[PersonId, ...], IDS] = ()
    offence: Offence
    counts_n: Count | None = None


class ChargeFiledV1(Event):
    """bz.atips.charge.filed.v1."""

    type: Literal["bz.atips.charge.filed.v1"]
    subject: PersonId
    data: ChargeFiled

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case, *self.data.victims)


class VerdictReturned(Wire):
    """A court decided one charge; persons convicted, counts and cases are three numbers."""

    person: PersonId
    case: CaseId | None = None
    charge: ChargeId
    victims: Annotated[tuple[PersonId, ...], IDS] = ()
    outcome: ChargeOutcome
    counts_n: Count | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()


class VerdictReturnedV1(Event):
    """bz.atips.verdict.returned.v1."""

    type: Literal["bz.atips.verdict.returned.v1"]
    subject: PersonId
    data: VerdictReturned

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case, *self.data.victims)
