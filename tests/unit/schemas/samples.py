"""One good event to spoil, and how to say what became of it."""

import json
from typing import Any

import pytest

from schemas import codec, ids
from schemas.errors import BadMessage, Reason
from schemas.ids import Kind

PERSON = ids.mint(Kind.PERSON, b"a person, number")
OTHER_PERSON = ids.mint(Kind.PERSON, b"another, number2")
CASE = ids.mint(Kind.CASE, b"a case, number 3")
ACTIVITY = ids.mint(Kind.ACTIVITY, b"an activity, num")
ARREST = ids.mint(Kind.ARREST, b"an arrest, no. 5")
CHARGE = ids.mint(Kind.CHARGE, b"a charge, no. 66")
NEED = ids.mint(Kind.NEED, b"a need, number 7")
REFERRAL = ids.mint(Kind.REFERRAL, b"a referral, no 8")
SERVICE = ids.mint(Kind.SERVICE, b"a service, no. 9")

EVENT_ID = "018fe18c-0100-783f-87ef-85cb0d5e50e4"

CANARY = "Zacaria-canary"
"""A name that nobody may ever read in an error."""


def victim(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON, right or wrong
    """A victim identified; a change of `data` is merged, and `...` leaves a member out."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": EVENT_ID,
        "source": "dhs/famcare",
        "type": "bz.atips.victim.identified.v1",
        "subject": PERSON,
        "time": "2024-05-20T14:10:00-06:00",
        "recordedtime": "2024-05-20T16:45:00-06:00",
        "data": {"person": PERSON, "case": CASE, "status": "suspected"},
    }
    return _changed(event, changes)


def event(name: str, data: dict[str, Any], subject: str, /, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """An event of another type."""
    return _changed(victim() | {"type": f"bz.atips.{name}.v1", "subject": subject, "data": data}, changes)


def _changed(event: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    if isinstance(changes.get("data"), dict):
        merged = event["data"] | changes["data"]
        changes = changes | {"data": {key: value for key, value in merged.items() if value is not ...}}
    return {key: value for key, value in (event | changes).items() if value is not ...}


def written(document: object) -> bytes:
    """The document as a sender writes it."""
    return json.dumps(document).encode()


def refused(raw: bytes) -> tuple[Reason, str]:
    """Why the door refuses the bytes."""
    with pytest.raises(BadMessage) as caught:
        codec.decode_strict(raw)
    return caught.value.reason, caught.value.pointer
