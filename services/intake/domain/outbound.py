"""What the relay sends for an accepted, refused or repeated submission: pure functions from a stored row to messages.

The same row gives the same bytes for ever, so that a message sent twice is recognised as one.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from schemas.ids import kind_of
from schemas.topics import Deployment
from services.intake.domain.backlog import AcceptedRow, LateRow, Offsets, RefusedRow, RepeatRow
from services.intake.domain.submission import STRUCTURED, Key, Place

SOURCE: Final = "council/intake"
PROGRESS_KEY: Final = b"progress"


@dataclass(frozen=True, slots=True)
class Message:
    """One record to send."""

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


def accepted(row: AcceptedRow, deployment: Deployment) -> tuple[Message, ...]:
    """Give one copy per entity, primary first, then the receipt."""
    copies = tuple(
        _copy(row, row.key[1], entity, b"related" if position else b"primary", deployment)
        for position, entity in enumerate(row.entities)
    )
    data = _data("accepted", row.key, row.place) | _first(row.n, row.accepted_at, row.digest)
    return (*copies, _receipt(deployment.delivery(row.agency), f"receipt-{row.n}", row.accepted_at, data))


def late(row: LateRow, deployment: Deployment) -> Message:
    """Give the copy that an event has under a further entity: the same bytes, the same `n`."""
    return _copy(row, row.event_id, row.entity, b"related", deployment)


def refused(row: RefusedRow, deployment: Deployment) -> tuple[Message, ...]:
    """Give the quarantine record, original bytes encrypted, then the refusal."""
    source, event_id = row.key or (None, None)
    value = {
        "n": row.n,
        "entry": row.entry,
        "accepted_at": row.accepted_at,
        "agency": row.agency,
        "reason": row.reason,
        "pointer": row.pointer,
        "source": source,
        "id": event_id,
        "type": row.type,
        "must_arrive": row.must_arrive,
        "key_id": row.sealed.key_id,
        "nonce": b64encode(row.sealed.nonce).decode(),
        "sealed": b64encode(row.sealed.sealed).decode(),
        "fingerprint": row.sealed.fingerprint.hex(),
        "inbound": _inbound(row.place) | {"timestamp": row.place and row.place.timestamp_ms},
        "attempts": row.attempts,
    }
    record = Message(
        deployment.quarantine,
        row.agency.encode(),
        orjson.dumps(value),
        (
            ("n", b"%d" % row.n),
            ("accepted_at", b"%d" % row.accepted_at),
            ("reason", row.reason.encode()),
            *([("x-original-topic", row.place.topic.encode())] if row.place else []),
        ),
    )
    data = _data("refused", row.key, row.place) | {
        "n": row.n,
        "accepted_at": row.accepted_at,
        "reason": row.reason,
        "pointer": row.pointer,
    }
    return record, _receipt(deployment.delivery(row.agency), f"receipt-{row.n}", row.accepted_at, data)


def repeated(row: RepeatRow, deployment: Deployment) -> tuple[Message, ...]:
    """Give the first receipt again, for the place where the same event came in once more."""
    data = _data("duplicate", row.key, row.place) | _first(row.n, row.accepted_at, row.digest)
    return (_receipt(deployment.delivery(row.agency), f"repeat-{row.seq}", row.repeated_at, data),)


def progress(n: int, offsets: Offsets, deployment: Deployment) -> Message:
    """Say that everything up to `n` is on the log; a reader past all these offsets is complete to `n`."""
    by_topic: dict[str, dict[str, int]] = {}
    for (topic, part), off in sorted(offsets.items()):
        by_topic.setdefault(topic, {})[str(part)] = off
    value = orjson.dumps({"n": n, "offsets": by_topic})
    return Message(deployment.progress, PROGRESS_KEY, value, (("content-type", b"application/json"),))


def _copy(row: AcceptedRow | LateRow, event_id: str, entity: str, role: bytes, deployment: Deployment) -> Message:
    headers = (
        ("content-type", STRUCTURED),
        ("ce_id", event_id.encode()),
        ("ce_type", row.type.encode()),
        ("role", role),
        ("n", b"%d" % row.n),
        ("accepted_at", b"%d" % row.accepted_at),
    )
    return Message(deployment.log(kind_of(entity)), entity.encode(), row.payload, headers)


def _data(status: str, key: Key | None, place: Place | None) -> dict[str, Any]:
    source, event_id = key or (None, None)
    return {
        "status": status,
        "source": source,
        "id": event_id,
        "n": None,
        "accepted_at": None,
        "digest": None,
        "reason": None,
        "pointer": None,
        "inbound": _inbound(place),
    }


def _first(n: int, accepted_at: int, digest: bytes) -> dict[str, Any]:
    return {"n": n, "accepted_at": accepted_at, "digest": digest.hex()}


def _inbound(place: Place | None) -> dict[str, Any]:
    """Say where a submission lies; over HTTP it lies nowhere, and neither does what was restored without a receipt."""
    if place is None:
        return {"topic": None, "partition": None, "offset": None}
    return {"topic": place.topic, "partition": place.partition, "offset": place.offset}


def _receipt(topic: str, receipt_id: str, at: int, data: Mapping[str, Any]) -> Message:
    event_type = f"bz.atips.submission.{data['status']}.v1"
    value = {
        "specversion": "1.0",
        "id": receipt_id,
        "source": SOURCE,
        "type": event_type,
        "time": datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": data,
    }
    headers = (("content-type", STRUCTURED), ("ce_id", receipt_id.encode()), ("ce_type", event_type.encode()))
    return Message(topic, None, orjson.dumps(value), headers)
