"""Conversion of decisions into events, and of messages to agencies into bytes. Equal decisions give equal bytes."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from schemas.codebook.consent import ShutOut
from schemas.codebook.governance import ViewPurpose
from schemas.codec import encode
from schemas.governance import (
    AccessViewed,
    AccessViewedV1,
    FindingClosed,
    FindingClosedV1,
    FindingOpened,
    FindingOpenedV1,
)
from schemas.ids import Kind, derive
from schemas.referral.decision_events import ConsentSightChanged, ConsentSightChangedV1
from schemas.service_decisions import Outgoing, event_id
from schemas.sight.sight_table import RESTRICTED_FOR
from schemas.topics import DELIVERY_DAYS
from services.case_tracker.domain.decision_values import (
    CaseDecision,
    CaseRestriction,
    ClosedFinding,
    OpenedFinding,
    RestrictionTold,
)
from services.case_tracker.domain.recorded_look import Look
from services.case_tracker.domain.restriction_follow_ups import kept_out_until

SOURCE: Final = "case_tracker/service"
POLICY_VERSION: Final = f"{RESTRICTED_FOR.days:016x}"
"""Version of the policy on restrictions: the days for which one agency's restriction holds, in hexadecimal."""


def case_decision_event(decision: CaseDecision, code_version: str) -> Outgoing:
    """Return the event of a decision. Its id is derived from its content, so it never changes."""
    event = _event(decision, code_version)
    return Outgoing(None, UUID(event.id), event.type, encode(event))


def _event(decision: CaseDecision, code_version: str) -> FindingOpenedV1 | FindingClosedV1:
    standing, ground = decision.standing, decision.ground
    said: dict[str, Any] = {
        "finding": standing.finding,
        "names": (standing.case, *standing.persons),
        "answered_n": standing.answered_n if ground is None else ground.n,
        "code_version": code_version,
    }
    match decision:
        case OpenedFinding():
            of_it: dict[str, Any] = {"code": standing.code, "severity": standing.severity, "records": standing.records}
            return FindingOpenedV1(**_envelope(decision, "opened"), data=FindingOpened(**said, **of_it))
        case ClosedFinding(reason=reason, ground=why):
            closed = FindingClosed(**said, reason=reason, by=why.event.ref)
            return FindingClosedV1(**_envelope(decision, "closed"), data=closed)


def _envelope(decision: CaseDecision, what: str) -> dict[str, Any]:
    finding = decision.standing.finding
    cause = None if decision.ground is None else decision.ground.event.ref
    found: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event_id(decision.at, finding, what, cause or "")),
        "source": SOURCE,
        "type": f"bz.atips.finding.{what}.v1",
        "subject": finding,
        "time": decision.at,
        "recordedtime": decision.at,
    }
    return found if cause is None else found | {"causationid": cause}


def case_danger_message(decision: CaseDecision, agency: str) -> Outgoing:
    """Return the message that informs an agency of a danger, or that a danger is over.

    It names only the agency's own records, and expires.
    """
    standing = decision.standing
    name = "danger" if isinstance(decision, OpenedFinding) else "danger_over"
    kind = f"bz.atips.delivery.{name}.v1"
    message_id = event_id(decision.at, agency, name, standing.finding)
    value = {
        "specversion": "1.0",
        "id": str(message_id),
        "source": SOURCE,
        "type": kind,
        "time": _written(decision.at),
        "datacontenttype": "application/json",
        "data": {
            "to": agency,
            "finding": standing.finding,
            "code": standing.code.value,
            "case": standing.case,
            "persons": list(standing.persons),
            "records": [each for each in standing.records if each.startswith(f"{agency}/")],
            "expires_at": _written(decision.at + timedelta(days=DELIVERY_DAYS)),
        },
    }
    return Outgoing(agency, message_id, kind, orjson.dumps(value))


def sight_change_event(decision: CaseRestriction, code_version: str) -> Outgoing:
    """Return the event that states in a person's log which agencies a case keeps out."""
    ends = kept_out_until(decision.holding)
    lasting = tuple(sorted(agency for agency, end in ends.items() if end is None))
    last = max((end for end in ends.values() if end is not None), default=None)
    ground = decision.ground
    what = ("kept_out", decision.case, *sorted(ends), *lasting, ground.event.ref)
    event = ConsentSightChangedV1(
        specversion="1.0",
        id=str(event_id(ground.now, decision.person, *what)),
        source=SOURCE,
        type="bz.atips.consent.sight_changed.v1",
        subject=decision.person,
        time=ground.now,
        recordedtime=ground.now,
        causationid=ground.event.ref,
        data=ConsentSightChanged(
            person=decision.person,
            case=decision.case,
            answered_n=max(ground.n, 1),
            decided_at=ground.now,
            code_version=code_version,
            policy_version=POLICY_VERSION,
            shut_out=ShutOut.NAMED if ends else ShutOut.NOBODY,
            agencies=tuple(sorted(ends)),
            lasting=lasting,
            until=last,
        ),
    )
    return Outgoing(None, UUID(event.id), event.type, encode(event))


def restriction_message(told: RestrictionTold, agency: str) -> Outgoing:
    """Return the message that informs an agency of a restriction. It expires after 30 days."""
    message_id = event_id(told.at, agency, "restriction", told.case, told.record)
    kind = "bz.atips.delivery.restriction.v1"
    value = {
        "specversion": "1.0",
        "id": str(message_id),
        "source": SOURCE,
        "type": kind,
        "time": _written(told.at),
        "datacontenttype": "application/json",
        "data": {
            "to": agency,
            "case": told.case,
            "kept_from": told.kept_from,
            "by": told.by,
            "reason": told.reason,
            "record": told.record,
            "holds": told.holds,
            "until": None if told.until is None else _written(told.until),
            "expires_at": _written(told.at + timedelta(days=DELIVERY_DAYS)),
        },
    }
    return Outgoing(agency, message_id, kind, orjson.dumps(value))


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def look_event(view: Look, now: datetime) -> Outgoing:
    """Return the event of a look at a case. Raises `ValueError` if its values make no valid event."""
    what = (str(view.seq), view.at.isoformat(), view.case)
    looked = derive(Kind.ACTIVITY, "view", *what)
    event = AccessViewedV1(
        specversion="1.0",
        id=str(event_id(now, "view", *what)),
        source=SOURCE,
        type="bz.atips.access.viewed.v1",
        subject=looked,
        time=now,
        recordedtime=now,
        data=AccessViewed(
            view=looked,
            agency=view.agency,
            account=view.account,
            purpose=ViewPurpose(view.purpose),
            viewed=(view.case,),
        ),
    )
    return Outgoing(None, UUID(event.id), event.type, encode(event))
