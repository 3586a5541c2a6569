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
    """The time of a fact, as its owner told it or, before that, a witness."""

    happened: Interval | None
    by_witness: bool = False


def charge_by_witness(event: ChargeFiledV1) -> bool:
    """Whether a charge is told by a witness. The police file a charge; prosecution takes it on."""
    return not told_by(event, _POLICE)


def service_by_witness(event: ServiceProvidedV1 | ServiceDeclinedV1) -> bool:
    """Whether a service is told by a witness: by another agency than its provider."""
    return not told_by(event, event.data.provider)


def session_by_witness(event: TrainingSessionDeliveredV1) -> bool:
    """Whether a session is told by a witness: by none of its organisers, where these are known."""
    return bool(event.data.organisers) and not told_by(event, *event.data.organisers)


def screening_by_witness(event: ScreeningCompletedV1) -> bool:
    """Whether a screening is told by a witness: by the agency that asked for it.

    The performer owns a screening. A unit may do what its agency asks for.
    """
    return speaker(event) == event.data.requested_by


def meeting_by_witness(event: CoordinationMeetingHeldV1) -> bool:
    """Whether a meeting is told by a witness. The Council owns it where it is among the hosts, else the hosts do."""
    return _of_hosts(event, event.data.organisers)


def conference_by_witness(event: CoordinationConferenceAttendedV1) -> bool:
    """Whether a conference is told by a witness. The Council owns it where it went, else those who went do."""
    return _of_hosts(event, event.data.orgs)


def _of_hosts(event: Event, hosts: Collection[str]) -> bool:
    owners = {_COUNCIL} if _COUNCIL in hosts else hosts
    return bool(owners) and not told_by(event, *owners)
