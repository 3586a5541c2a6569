"""The owner of each kind of fact that several agencies may publish. Every other publisher is a witness.

A fact that only a witness tells of may be its owner's under another id.
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
from services.reporting.domain.declaration.part import speaker, told_by

_COUNCIL: Final = "council"
_POLICE: Final = "bpd"


class WitnessedFact(Struct, frozen=True):
    """When something happened, as told by the owner of the fact or by a witness."""

    happened: Interval | None
    by_witness: bool = False


def of_charge(event: ChargeFiledV1) -> bool:
    """A charge is filed by the police; the prosecution takes it on."""
    return not told_by(event, _POLICE)


def of_service(event: ServiceProvidedV1 | ServiceDeclinedV1) -> bool:
    """A service is its provider's."""
    return not told_by(event, event.data.provider)


def of_session(event: TrainingSessionDeliveredV1) -> bool:
    """A session is its organisers'; where nobody says who they were, it is whoever's."""
    return bool(event.data.organisers) and not told_by(event, *event.data.organisers)


def of_screening(event: ScreeningCompletedV1) -> bool:
    """A screening is of whoever performed it; who asked for it only saw it. A unit may do what its agency asks for."""
    return speaker(event) == event.data.requested_by


def of_meeting(event: CoordinationMeetingHeldV1) -> bool:
    """A meeting is the Council's where it is among the hosts, else the hosts'."""
    return _of_hosts(event, event.data.organisers)


def of_conference(event: CoordinationConferenceAttendedV1) -> bool:
    """A conference is of those who went; the Council's word counts where it is among them."""
    return _of_hosts(event, event.data.orgs)


def _of_hosts(event: Event, hosts: Collection[str]) -> bool:
    owners = {_COUNCIL} if _COUNCIL in hosts else hosts
    return bool(owners) and not told_by(event, *owners)
