"""Owners of facts that several agencies may publish. A publisher that does not own the fact is a witness.

If only a witness published a fact, the owner may have published it under another id.
"""

from collections.abc import Callable, Collection
from typing import Final, Generic, NamedTuple, Self, TypeVar

from msgspec import Struct

from schemas.coordination import CoordinationConferenceAttendedV1, CoordinationMeetingHeldV1
from schemas.envelope import Event
from schemas.identification import ScreeningCompletedV1
from schemas.justice.charges import ChargeFiledV1
from schemas.prevention import TrainingSessionDeliveredV1
from schemas.protection.services import ServiceDeclinedV1, ServiceProvidedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import is_statement_of, speaker

_COUNCIL: Final = "council"
_POLICE: Final = "bpd"

T = TypeVar("T")


class CountedStatement(NamedTuple, Generic[T]):
    """The statement of a fact that counts, and whether only witnesses told of the fact."""

    said: T
    by_witness: bool


class FactStatements(Struct, Generic[T], frozen=True):
    """The last statement of each agency on one fact, and the agencies that any statement names in one role.

    `told`: pairs of an agency and its statement, the latest last. The digest of a mapping would not see the order.
    `named`: for example the requesters of a screening.
    """

    told: tuple[tuple[str, T], ...] = ()
    named: frozenset[str] = frozenset()

    def with_statement(self, by: str, said: T, named: str | None) -> Self:
        """Return the statements with one more, of the agency `by`, which names the agency `named`, if any."""
        others = (pair for pair in self.told if pair[0] != by)
        return type(self)((*others, (by, said)), self.named if named is None else self.named | {named})

    def counted(self, owns: Callable[[str], bool]) -> CountedStatement[T]:
        """Return the last statement of an owner, or the last of all while no owner published one.

        `owns` says whether an agency owns the fact. There must be a statement.
        """
        of_owners = [each for agency, each in self.told if owns(agency)]
        return CountedStatement(of_owners[-1] if of_owners else self.told[-1][1], by_witness=not of_owners)


class WitnessedFact(Struct, frozen=True):
    """The time of a fact, as its owner published it or, while the owner has not, as a witness published it."""

    happened: Interval | None
    by_witness: bool = False


def charge_by_witness(event: ChargeFiledV1) -> bool:
    """Whether a witness published the charge. The owner is the police, who file it; prosecution takes it on later."""
    return not is_statement_of(event, _POLICE)


def service_by_witness(event: ServiceProvidedV1 | ServiceDeclinedV1) -> bool:
    """Whether a witness published the service or its refusal. The owner is the provider."""
    return not is_statement_of(event, event.data.provider)


def session_by_witness(event: TrainingSessionDeliveredV1) -> bool:
    """Whether a witness published the training session: an agency that is none of its organisers. False without any."""
    return bool(event.data.organisers) and not is_statement_of(event, *event.data.organisers)


def screening_by_witness(event: ScreeningCompletedV1) -> bool:
    """Whether a witness published the screening: the agency that requested it. The owner is the performer.

    Codes are compared exactly: a unit that performs what its own agency requested is no witness.
    """
    return speaker(event) == event.data.requested_by


def counted_screening(statements: FactStatements[T]) -> CountedStatement[T]:
    """Return the statement of a screening that counts. An agency that any statement names as requester is a witness."""
    return statements.counted(lambda agency: agency not in statements.named)


def meeting_by_witness(event: CoordinationMeetingHeldV1) -> bool:
    """Whether a witness published the meeting. The Council owns it if it is a host, else all hosts own it."""
    return _of_hosts(event, event.data.organisers)


def conference_by_witness(event: CoordinationConferenceAttendedV1) -> bool:
    """Whether a witness published the conference. The Council owns it if it attended, else all who attended own it."""
    return _of_hosts(event, event.data.orgs)


def _of_hosts(event: Event, hosts: Collection[str]) -> bool:
    owners = {_COUNCIL} if _COUNCIL in hosts else hosts
    return bool(owners) and not is_statement_of(event, *owners)
