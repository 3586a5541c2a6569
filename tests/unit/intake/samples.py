"""Submissions for the tests of intake: one valid event of each kind needed, and what can be done to it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from schemas import ids
from schemas.ids import Kind
from schemas.topics import Deployment
from services.intake.domain.judge import judge
from services.intake.domain.submission import (
    AcceptedSubmission,
    Inbound,
    InboundHeaders,
    InboundPlace,
    RefusedSubmission,
)

NOW: Final = datetime(2024, 6, 15, 12, tzinfo=UTC)
NOW_MS: Final = 1_718_452_800_000


@dataclass
class Standing:
    """A clock that stands."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


DEPLOYMENT: Final = Deployment()
CANARY: Final = "canaryxq"


def event_id(number: int) -> str:
    """Give a UUIDv7 made of a number."""
    return f"018f{number >> 16 & 0xFFFF:04x}-{number & 0xFFFF:04x}-7000-8000-000000000000"


def entity(kind: Kind, number: int) -> str:
    """Give the id of a numbered entity."""
    return ids.mint(kind, number.to_bytes(16, "big"))


def victim(number: int = 1, **changes: object) -> dict[str, Any]:
    """Give a victim identified by the police, about a person and a case; `data` is merged, None removes a field."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id(number),
        "source": "bpd/register",
        "type": "bz.atips.victim.identified.v1",
        "subject": entity(Kind.PERSON, number),
        "time": "2024-06-14T09:30:00-06:00",
        "recordedtime": "2024-06-15T08:00:00-06:00",
        "data": {"person": entity(Kind.PERSON, number), "case": entity(Kind.CASE, 1), "status": "confirmed"},
    }
    return _changed(event, changes)


def training(number: int = 1, **changes: object) -> dict[str, Any]:
    """Give a training session of the police."""
    event = victim(number) | {
        "type": "bz.atips.training.session_delivered.v1",
        "subject": entity(Kind.ACTIVITY, number),
        "data": {"session": entity(Kind.ACTIVITY, number), "participants_n": 12},
    }
    return _changed(event, changes)


def screening(number: int = 1, **changes: object) -> dict[str, Any]:
    """Give a screening of two persons by the police."""
    event = victim(number) | {
        "type": "bz.atips.screening.completed.v1",
        "subject": entity(Kind.ACTIVITY, number),
        "data": {
            "screening": entity(Kind.ACTIVITY, number),
            "persons": [entity(Kind.PERSON, 1), entity(Kind.PERSON, 2)],
        },
    }
    return _changed(event, changes)


def closing(number: int = 1, **changes: object) -> dict[str, Any]:
    """Give the closing of a period, without a subject: it follows."""
    event = victim(number) | {
        "type": "bz.atips.period.closed.v1",
        "time": "2024-05-31T00:00:00-06:00",
        "data": {"agency": "bpd", "period": "2024-05"},
    }
    return _changed(event | {"subject": None}, changes)


def inbound(value: object, *, agency: str = "bpd", offset: int = 0, headers: InboundHeaders = ()) -> Inbound:
    """Give a record of an agency's topic; anything but bytes and None is written as JSON."""
    octets = value if isinstance(value, bytes) or value is None else orjson.dumps(value)
    return Inbound(agency, InboundPlace(DEPLOYMENT.inbound(agency), 0, offset, NOW_MS), None, octets, headers)


def accepted(value: object, *, offset: int = 0) -> AcceptedSubmission:
    """Judge a submission that must be accepted."""
    judged = judge(inbound(value, offset=offset), NOW)
    assert isinstance(judged, AcceptedSubmission), judged
    return judged


def refused(value: object, *, agency: str = "bpd", offset: int = 0, headers: InboundHeaders = ()) -> RefusedSubmission:
    """Judge a submission that must be refused."""
    judged = judge(inbound(value, agency=agency, offset=offset, headers=headers), NOW)
    assert isinstance(judged, RefusedSubmission), judged
    return judged


def binary(event: dict[str, Any]) -> tuple[InboundHeaders, bytes]:
    """Give an event in CloudEvents' binary mode."""
    headers = [
        ("content-type" if name == "datacontenttype" else f"ce_{name}", str(value).encode())
        for name, value in event.items()
        if name != "data"
    ]
    return tuple(headers), orjson.dumps(event["data"])


def _changed(event: dict[str, Any], changes: dict[str, object]) -> dict[str, Any]:
    data = changes.pop("data", None)
    if isinstance(data, dict):
        changes["data"] = {key: value for key, value in (event["data"] | data).items() if value is not None}
    elif data is not None:
        changes["data"] = data
    return {name: value for name, value in (event | changes).items() if value is not None}
