"""Events about charges. Persons, charges, counts and cases are four numbers."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.courts import Court, WithdrawalReason
from schemas.codebook.identification import Exploitation
from schemas.codebook.justice import ChargeOutcome, Offence
from schemas.envelope import Event, entities
from schemas.fields import CODES, IDS, Count, PartialDate, Wire, check_dates
from schemas.ids import CaseId, ChargeId, PersonId
from schemas.justice.shared_fields import OfSuspect


class ChargeFiled(Wire):
    """A charge was filed; statute, section, ICCS and whether it counts as trafficking follow from the offence code."""

    person: PersonId
    case: CaseId | None = None
    charge: ChargeId
    victims: Annotated[tuple[PersonId, ...], IDS] = ()
    offence: Offence
    counts_n: Count | None = None
    offence_from: PartialDate | None = None
    offence_to: PartialDate | None = None

    @model_validator(mode="after")
    def _offence_ends_after_it_begins(self) -> Self:
        check_dates(self.offence_from, self.offence_to, "/offence_to")
        return self


class ChargeFiledV1(Event):
    """bz.atips.charge.filed.v1."""

    type: Literal["bz.atips.charge.filed.v1"]
    subject: PersonId
    data: ChargeFiled

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case, *self.data.victims)


class ChargeAmended(OfSuspect):
    """A charge now says something else; it stays the charge that was filed."""

    charge: ChargeId
    offence: Offence
    counts_n: Count | None = None


class ChargeAmendedV1(Event):
    """bz.atips.charge.amended.v1."""

    type: Literal["bz.atips.charge.amended.v1"]
    subject: PersonId
    data: ChargeAmended

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class ChargeWithdrawn(OfSuspect):
    """A charge was given up before any verdict."""

    charge: ChargeId
    reason: WithdrawalReason | None = None


class ChargeWithdrawnV1(Event):
    """bz.atips.charge.withdrawn.v1."""

    type: Literal["bz.atips.charge.withdrawn.v1"]
    subject: PersonId
    data: ChargeWithdrawn

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class VerdictReturned(Wire):
    """A court decided one charge. Persons convicted, counts and cases are three different numbers.

    `offence` is set if the conviction is of another offence than the one charged.
    """

    person: PersonId
    case: CaseId | None = None
    charge: ChargeId
    victims: Annotated[tuple[PersonId, ...], IDS] = ()
    outcome: ChargeOutcome
    counts_n: Count | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()
    offence: Offence | None = None
    court: Court | None = None


class VerdictReturnedV1(Event):
    """bz.atips.verdict.returned.v1."""

    type: Literal["bz.atips.verdict.returned.v1"]
    subject: PersonId
    data: VerdictReturned

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case, *self.data.victims)
