"""Decisions as events, and what agencies are told as messages: the same decision gives the same bytes for ever."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson

from schemas.codec import encode
from schemas.deciding import event_id
from schemas.referral.decisions import (
    ReferralAssigned,
    ReferralAssignedV1,
    ReferralEscalated,
    ReferralEscalatedV1,
    ReferralMoveRefused,
    ReferralMoveRefusedV1,
)
from schemas.topics import DELIVERY_DAYS
from services.referral.domain.decision import Assigned, Decision, Escalated, Refused, Told

SOURCE: Final = "referral/service"

_Event: TypeAlias = ReferralAssignedV1 | ReferralEscalatedV1 | ReferralMoveRefusedV1


@dataclass(frozen=True, slots=True)
class Versions:
    """By which code and by which policy something is decided."""

    code: str
    policy: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One CloudEvent to send: to an agency, or where none is named to intake, as ours."""

    to: str | None
    id: UUID
    type: str
    value: bytes


def published(decision: Decision, versions: Versions) -> Outgoing:
    """Give the event of a decision; its id follows from what it is about and what it answers."""
    event = _event(decision, versions)
    return Outgoing(None, UUID(event.id), event.type, encode(event))


def _event(decision: Decision, versions: Versions) -> _Event:
    ground = decision.ground
    said: dict[str, Any] = {
        "person": ground.person,
        "case": ground.case,
        "referral": ground.referral,
        "answered_n": max(ground.answered_n, 1),
        "decided_at": ground.decided_at,
        "code_version": versions.code,
        "policy_version": versions.policy,
        "told": decision.told,
        "holder": decision.holder,
        "state": decision.state,
    }
    match decision:
        case Assigned(holder=holder):
            said["holder"] = holder
            name = "assigned"
            return ReferralAssignedV1(**_envelope(decision, name, holder), data=ReferralAssigned(**said))
        case Refused(move=move, reason=reason):
            data = ReferralMoveRefused(**said, move=move, reason=reason)
            return ReferralMoveRefusedV1(**_envelope(decision, "move_refused", move), data=data)
        case Escalated(reason=late, due_at=due_at):
            escalated = ReferralEscalated(**said, reason=late, due_at=due_at)
            return ReferralEscalatedV1(**_envelope(decision, "escalated", late.value), data=escalated)


def _envelope(decision: Decision, name: str, what: str) -> dict[str, Any]:
    ground = decision.ground
    found: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event_id(ground.decided_at, ground.person, ground.referral, name, what, ground.cause)),
        "source": SOURCE,
        "type": f"bz.atips.referral.{name}.v1",
        "subject": ground.person,
        "time": ground.decided_at,
        "recordedtime": ground.decided_at,
    }
    return found | ({} if isinstance(decision, Escalated) else {"causationid": ground.cause})


def delivered(told: Told) -> Outgoing:
    """Give the message of what an agency is told; it says no more of the person than the id, and expires."""
    parts = (told.agency, told.subject, told.person, told.referral or "", told.event, told.state or "")
    message_id = event_id(told.at, *parts)
    kind = f"bz.atips.delivery.{told.subject}.v1"
    data = {
        "to": told.agency,
        "person": told.person,
        "case": told.case,
        "referral": told.referral,
        "event": told.event or None,
        "sender": told.sender,
        "holder": told.holder,
        "state": told.state,
        "urgency": told.urgency,
        "service_types": list(told.service_types),
        "reason": told.reason,
        "due_at": None if told.due_at is None else _written(told.due_at),
        "expires_at": _written(told.at + timedelta(days=DELIVERY_DAYS)),
    }
    value = {
        "specversion": "1.0",
        "id": str(message_id),
        "source": SOURCE,
        "type": kind,
        "time": _written(told.at),
        "datacontenttype": "application/json",
        "data": data,
    }
    return Outgoing(told.agency, message_id, kind, orjson.dumps(value))


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
