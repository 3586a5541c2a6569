"""Owners of facts that several agencies may publish. A publisher that does not own the fact is a witness.

If only a witness published a fact, the owner may have published it under another id.
"""

from collections.abc import Collection
from typing import Final

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


def meeting_by_witness(event: CoordinationMeetingHeldV1) -> bool:
    """Whether a witness published the meeting. The Council owns it if it is a host, else all hosts own it."""
    return _of_hosts(event, event.data.organisers)


def conference_by_witness(event: CoordinationConferenceAttendedV1) -> bool:
    """Whether a witness published the conference. The Council owns it if it attended, else all who attended own it."""
    return _of_hosts(event, event.data.orgs)


def _of_hosts(event: Event, hosts: Collection[str]) -> bool:
    owners = {_COUNCIL} if _COUNCIL in hosts else hosts
    return bool(owners) and not is_statement_of(event, *owners)
