"""Base models of a prosecution's events: the suspect and, for some events, the charges and the court."""

from typing import Annotated, Self

from pydantic import model_validator

from schemas.codebook.courts import Court, CourtStage, heard_at
from schemas.envelope import entities
from schemas.errors import Reason
from schemas.fields import IDS, Wire, refusal
from schemas.ids import CaseId, ChargeId, PersonId


class OfSuspect(Wire):
    """Shared fields of events about a suspect. The cases of linked victims hear of them too."""

    person: PersonId
    case: CaseId | None = None
    victims: Annotated[tuple[PersonId, ...], IDS] = ()

    def named(self) -> tuple[str, ...]:
        """Return the entities that the event names, the suspect first."""
        return entities(self.person, self.case, *self.victims)


class OnCharges(OfSuspect):
    """Shared fields of events about one or more charges of a suspect."""

    charges: Annotated[tuple[ChargeId, ...], IDS]

    @model_validator(mode="after")
    def _names_a_charge(self) -> Self:
        if not self.charges:
            raise refusal(Reason.MISSING_FIELD, "/charges")
        return self


class InCourt(OfSuspect):
    """Shared fields of events before a court. Courts publish nothing: prosecution does, and police below it."""

    court: Court


def check_route(stage: CourtStage | None, court: Court) -> None:
    """Raise if this court does not hear cases at this stage."""
    if stage is not None and not heard_at(stage, court):
        raise refusal(Reason.CONTRADICTORY_CODES, "/court")
