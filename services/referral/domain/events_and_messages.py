"""Conversion of decisions into events, and of messages to agencies into bytes. Equal decisions give equal bytes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson

from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.codec import encode
from schemas.governance.findings import (
    FindingClosed,
    FindingClosedV1,
    FindingOpened,
    FindingOpenedV1,
    finding_of,
)
from schemas.referral.decision_events import (
    ConsentSightChanged,
    ConsentSightChangedV1,
    ReferralAssigned,
    ReferralAssignedV1,
    ReferralEscalated,
    ReferralEscalatedV1,
    ReferralMoveRefused,
    ReferralMoveRefusedV1,
)
from schemas.service_decisions import Outgoing, event_id
from schemas.topics import DELIVERY_DAYS
from services.referral.domain.dangers_to_victims import Danger
from services.referral.domain.decision import (
    AgencyMessage,
    Assigned,
    DangerFound,
    DangerPast,
    Escalated,
    FindingDecision,
    MoveMissing,
    MoveRefused,
    ReferralDecision,
    ReferralGround,
    SightChanged,
    UntoldDanger,
)

SOURCE: Final = "referral/service"

_Event: TypeAlias = ReferralAssignedV1 | ReferralEscalatedV1 | ReferralMoveRefusedV1 | ConsentSightChangedV1


@dataclass(frozen=True, slots=True)
class Versions:
    """Versions of the code and of the policy that made a decision."""

    code: str
    policy: str


def person_decision_event(decision: ReferralDecision | FindingDecision, versions: Versions) -> Outgoing:
    """Return the event of a decision or finding. Its id is derived from its content, so it never changes."""
    event = _found(decision) if isinstance(decision, FindingDecision) else _decided(decision, versions)
    return Outgoing(None, UUID(event.id), event.type, encode(event))


def _decided(decision: ReferralDecision, versions: Versions) -> _Event:
    ground = decision.ground
    said: dict[str, Any] = {
        "person": ground.person,
        "case": ground.case,
        "answered_n": max(ground.answered_n, 1),
        "decided_at": ground.decided_at,
        "code_version": versions.code,
        "policy_version": versions.policy,
    }
    return _sight_changed(decision, said) if isinstance(decision, SightChanged) else _of_referral(decision, said)


def _sight_changed(decision: SightChanged, said: dict[str, Any]) -> ConsentSightChangedV1:
    ground, shut_out, agencies = decision.ground, decision.shut_out, decision.agencies
    what = (ground.case or "", shut_out.value, *agencies)
    return ConsentSightChangedV1(
        **_envelope(ground, "consent.sight_changed", ground.person, *what),
        data=ConsentSightChanged(**said, shut_out=shut_out, agencies=agencies),
    )


def _of_referral(decision: Assigned | MoveRefused | Escalated, said: dict[str, Any]) -> _Event:
    ground = decision.ground
    said |= {
        "referral": ground.referral,
        "told": decision.told,
        "holder": decision.holder,
        "state": decision.state,
    }
    match decision:
        case Assigned(holder=holder, standing=standing):
            envelope = _envelope(ground, "referral.assigned", ground.person, ground.referral, holder, *standing)
            return ReferralAssignedV1(**envelope, data=ReferralAssigned(**said, standing=standing))
        case MoveRefused(move=move, reason=reason):
            envelope = _envelope(ground, "referral.move_refused", ground.person, ground.referral, move)
            return ReferralMoveRefusedV1(**envelope, data=ReferralMoveRefused(**said, move=move, reason=reason))
        case Escalated(reason=late, due_at=due_at):
            envelope = _envelope(ground, "referral.escalated", ground.person, ground.referral, late.value)
            del envelope["causationid"]  # a deadline is no event
            return ReferralEscalatedV1(**envelope, data=ReferralEscalated(**said, reason=late, due_at=due_at))


def _found(decision: FindingDecision) -> FindingOpenedV1 | FindingClosedV1:
    """Return the event that opens or closes a finding. Its copies are written under the person and the case.

    Each id of a person has its own findings: after a merge there may be one for each id.
    """
    ground = decision.ground
    names = tuple(each for each in (ground.person, ground.case) if each is not None)
    code, severity, records = _about(decision)
    finding = finding_of(code, ground.person, *records)
    if isinstance(decision, MoveMissing | DangerFound):
        opened = FindingOpened(
            finding=finding,
            code=code,
            severity=severity,
            names=names,
            records=records,
            answered_n=ground.answered_n,
        )
        return FindingOpenedV1(**_envelope(ground, "finding.opened", finding, *records), data=opened)
    closed = FindingClosed(
        finding=finding, reason=decision.reason, names=names, by=ground.cause, answered_n=ground.answered_n
    )
    return FindingClosedV1(**_envelope(ground, "finding.closed", finding, *records), data=closed)


def _about(decision: FindingDecision) -> tuple[FindingCode, FindingSeverity, tuple[str, ...]]:
    """Return the code of a finding, its severity and its records."""
    if isinstance(decision, DangerFound | DangerPast):
        return decision.danger.code, FindingSeverity.CRITICAL, decision.danger.records
    return FindingCode.MOVE_WITHOUT_PREDECESSOR, FindingSeverity.WARNING, (decision.move,)


def _envelope(ground: ReferralGround, name: str, subject: str, *what: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(event_id(ground.decided_at, subject, name, *what, ground.cause)),
        "source": SOURCE,
        "type": f"bz.atips.{name}.v1",
        "subject": subject,
        "time": ground.decided_at,
        "recordedtime": ground.decided_at,
        "causationid": ground.cause,
    }


def person_danger_message(found: DangerFound | DangerPast, agency: str) -> Outgoing:
    """Return the message that informs an agency of a danger, or that a danger is over.

    It names only the agency's own records, and expires.
    """
    name = "danger" if isinstance(found, DangerFound) else "danger_over"
    return _danger_message(name, found.danger, agency, found.ground.decided_at, {})


def untold_danger_message(found: UntoldDanger, agency: str, now: datetime) -> Outgoing:
    """Return the message of `now` that informs an agency late of an open danger. It says since when that is known."""
    return _danger_message("danger", found.danger, agency, now, {"since": _written(found.since)})


def _danger_message(name: str, danger: Danger, agency: str, at: datetime, since: dict[str, str]) -> Outgoing:
    kind = f"bz.atips.delivery.{name}.v1"
    message_id = event_id(at, agency, name, danger.finding)
    value = {
        "specversion": "1.0",
        "id": str(message_id),
        "source": SOURCE,
        "type": kind,
        "time": _written(at),
        "datacontenttype": "application/json",
        "data": {
            "to": agency,
            "finding": danger.finding,
            "code": danger.code.value,
            "case": danger.case,
            "persons": [danger.person],
            "records": [each for each in danger.records if each.startswith(f"{agency}/")],
            "expires_at": _written(at + timedelta(days=DELIVERY_DAYS)),
            **since,
        },
    }
    return Outgoing(agency, message_id, kind, orjson.dumps(value))


def agency_message_record(told: AgencyMessage) -> Outgoing:
    """Return the message to an agency. Of the person it has only the id. It expires after 30 days."""
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
        "receiver": told.receiver,
        "holder": told.holder,
        "state": told.state,
        "urgency": told.urgency,
        "service_types": list(told.service_types),
        "reason": told.reason,
        "due_at": None if told.due_at is None else _written(told.due_at),
        "expires_at": _written(told.at + timedelta(days=DELIVERY_DAYS)),
    }
    if told.by is not None:
        data["by"] = told.by
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
