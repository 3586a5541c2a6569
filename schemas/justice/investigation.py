"""Investigations, opened, under way and closed: a case is neither a victim nor a suspect."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, WithJsonSchema, model_validator
from typing_extensions import override

from schemas.codebook.case import InvestigationOutcome
from schemas.codebook.identification import Exploitation
from schemas.codebook.justice import Offence
from schemas.codebook.shared import District
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import CODES, IDS, PartialDate, Wire, check_dates, refusal
from schemas.ids import CaseId, PersonId

_ENDS: Final = tuple(outcome for outcome in InvestigationOutcome if outcome is not InvestigationOutcome.OPEN)


def _ended(outcome: InvestigationOutcome) -> InvestigationOutcome:
    if outcome not in _ENDS:
        raise refusal(Reason.CONTRADICTORY_CODES)
    return outcome


EndOfInvestigation = Annotated[
    InvestigationOutcome,
    AfterValidator(_ended),
    WithJsonSchema(
        {"type": "string", "enum": [outcome.value for outcome in _ENDS], "x-code-list": "investigation_outcome"}
    ),
]
"""Outcome of a closed investigation: any but `open`."""


class InvestigationOpened(Wire):
    """Police opened an investigation; a case is neither a victim nor a suspect."""

    case: CaseId
    persons: Annotated[tuple[PersonId, ...], IDS] = ()
    suspected_offence: Offence | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()
    district: District | None = None
    offence_from: PartialDate | None = None
    offence_to: PartialDate | None = None

    @model_validator(mode="after")
    def _offence_ends_after_it_begins(self) -> Self:
        check_dates(self.offence_from, self.offence_to, "/offence_to")
        return self


class InvestigationOpenedV1(Event):
    """bz.atips.investigation.opened.v1."""

    type: Literal["bz.atips.investigation.opened.v1"]
    subject: CaseId
    data: InvestigationOpened

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, *self.data.persons)


class InvestigationStatusChanged(Wire):
    """The state of an investigation since the event's time. `open` takes a closed one up again."""

    case: CaseId
    outcome: InvestigationOutcome


class InvestigationStatusChangedV1(Event):
    """bz.atips.investigation.status_changed.v1."""

    type: Literal["bz.atips.investigation.status_changed.v1"]
    subject: CaseId
    data: InvestigationStatusChanged

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case)


class InvestigationClosed(Wire):
    """Police ended their investigation, with charges or without; the case may go on before the court."""

    case: CaseId
    outcome: EndOfInvestigation | None = None


class InvestigationClosedV1(Event):
    """bz.atips.investigation.closed.v1."""

    type: Literal["bz.atips.investigation.closed.v1"]
    subject: CaseId
    data: InvestigationClosed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case)
