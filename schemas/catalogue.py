"""Every event type, who may publish what, and the one order of an entity's events.

The tests hold classes, examples, published schemas and this map together.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from schemas.agencies import AGENCIES, PARTNERS, house
from schemas.codebook.courts import Court
from schemas.codebook.identification import PersonRole, VictimStatus
from schemas.correction import EventCorrectedV1, EventRetractedV1
from schemas.envelope import Event
from schemas.facts import FACTS
from schemas.facts.event_type import EVERYBODY, POLICE, EventType
from schemas.identification import PersonProfileRecordedV1, VictimIdentifiedV1, VictimStatusChangedV1
from schemas.justice.about import InCourt

__all__ = ["CATALOGUE", "EventType", "may_change", "may_publish", "may_speak_for", "order_key"]

CATALOGUE: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        **FACTS,
        "bz.atips.event.corrected.v1": EventType(
            EventCorrectedV1, EVERYBODY, None, 95, "Event corrected", "Evento corregido"
        ),
        "bz.atips.event.retracted.v1": EventType(
            EventRetractedV1, EVERYBODY, None, 95, "Event retracted", "Evento retirado"
        ),
    }
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_BEFORE_EVERYTHING: Final = -(2**63)
_RULES: Final = "council"
_OWN_WORD: Final = frozenset(
    f"bz.atips.{name}.v1"
    for name in (
        *("referral.received", "referral.accepted", "referral.rejected", "referral.started", "referral.put_on_hold"),
        *("referral.resumed", "referral.completed", "referral.failed", "referral.handed_back"),
        *("referral.referred_onward", "consent.acknowledged"),
    )
)
"""What whoever has a door of its own says for itself: else one agency would answer what another has not seen."""


def order_key(event: Event) -> tuple[int, int, int, str, str]:
    """Where an event stands among its entity's events: total, whatever the order of arrival; unknown times first.

    Start of the occurrence (its end for types that declare `ends`) and time of record in microseconds.
    """
    kind = CATALOGUE[event.type]
    occurred = event.occurred
    if occurred is None:
        when = _BEFORE_EVERYTHING
    else:
        when = ((occurred.end if kind.ends else occurred.start) - _EPOCH) // _MICROSECOND
    return when, kind.stage, (event.recordedtime - _EPOCH) // _MICROSECOND, event.source, event.id


def may_publish(event: Event) -> bool:
    """Whether the event's own agency may say this; partners speak of victims only, in profiles too, as potential ones.

    Of bail and hearings police speak at the Magistrates’ Court, where they prosecute; above it prosecution alone does.

    A receiver's move and an acknowledgement are said for oneself, as `may_speak_for` has it. Another event is corrected
    only into what its own agency may say, and only by whom `may_change` says.
    """
    return _may_say(event.agency, event)


def may_speak_for(event: Event) -> bool:
    """Whether the event's agency may say this on behalf of whom it names: its unit, or one that publishes nothing."""
    return _for_itself(event.agency, event)


def may_change(change: EventCorrectedV1 | EventRetractedV1) -> bool:
    """Whether the event that a change names is its own agency's, or changed by a ruling.

    By a ruling the Council alone changes what others said: it names the ruling, and speaks on behalf of the agency
    that said it, as whose word the replacement counts.
    """
    of = _changed_of(change)
    by_ruling = change.agency == _RULES and change.data.ruling is not None and change.onbehalfof == of
    return change.agency == of or by_ruling


def _changed_of(change: EventCorrectedV1 | EventRetractedV1) -> str:
    return change.supersedes.partition("/")[0]


def _may_say(agency: str, event: Event) -> bool:
    if agency not in CATALOGUE[event.type].authors or not _for_itself(agency, event):
        return False
    match event:
        case EventCorrectedV1() | EventRetractedV1():
            said = isinstance(event, EventRetractedV1) or _may_say(_changed_of(event), event.replacement())
            return may_change(event) and said
        case PersonProfileRecordedV1():
            return not (event.data.role is PersonRole.SUSPECT and agency in PARTNERS)
        case VictimIdentifiedV1() | VictimStatusChangedV1():
            return event.data.status is VictimStatus.POTENTIAL or agency not in PARTNERS
        case Event(data=InCourt(court=court)):
            return agency not in POLICE or court is Court.MAGISTRATES
        case _:
            return True


def _for_itself(agency: str, event: Event) -> bool:
    other = event.onbehalfof
    if event.type not in _OWN_WORD or other is None:
        return True
    return house(other) == agency or not AGENCIES[house(other)].publishes
