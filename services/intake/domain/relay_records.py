"""Kafka records that the relay sends for accepted, refused and repeated submissions: pure functions of stored rows.

One row always gives the same bytes, so that readers recognise a record that was sent twice.
"""

from base64 import b64encode
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from schemas.ids import kind_of
from schemas.topics import LARGEST, Deployment
from services.intake.domain.found_mistakes import mistakes_as_dicts
from services.intake.domain.outbox_rows import AcceptedRow, BacklogOffsets, LateCopyRow, RefusedRow, RepeatRow
from services.intake.domain.receipt import permitted_values_at, refused_places
from services.intake.domain.submission import STRUCTURED, InboundPlace, Key

SOURCE: Final = "council/intake"
PROGRESS_KEY: Final = b"progress"

MOST_SEALED: Final = (LARGEST - 16 * 1024) // 4 * 3
"""Number of encrypted bytes that fit into a record as base64, at most. The record's other fields take under 16 KiB."""

_ORIGIN: Final = ("x-original-topic", "kafka_dlt-original-topic")
"""Names of the header with the inbound topic of a quarantine record: some dead-letter tools know only the second."""

_STRUCTURED: Final = ("content-type", STRUCTURED)
_PRIMARY: Final = ("role", b"primary")
_RELATED: Final = ("role", b"related")

Header: TypeAlias = tuple[str, bytes]


class RelayRecord(NamedTuple):
    """A Kafka record that the relay sends."""

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[Header, ...]


def records_of_accepted(row: AcceptedRow, deployment: Deployment, own: Collection[str] = ()) -> tuple[RelayRecord, ...]:
    """Return the records of an accepted event: one copy per entity, the primary one first, then the receipt.

    `own`: systems with topics of their own, as agency/system.
    """
    primary, *related = row.entities
    copies = [_copy(row, primary, _headers(row, row.key[1], _PRIMARY), deployment)]
    if related:
        headers = _headers(row, row.key[1], _RELATED)
        copies += [_copy(row, entity, headers, deployment) for entity in related]
    data = _data(
        "accepted", row.key, row.type, row.place, n=row.n, accepted_at=row.accepted_at, digest=row.digest.hex()
    )
    topic = deployment.delivery(sender_of(row.agency, row.place, row.key, deployment, own))
    return (*copies, _receipt(topic, f"receipt-{row.n}", row.accepted_at, data))


def record_of_late_copy(row: LateCopyRow, deployment: Deployment) -> RelayRecord:
    """Return the record of a copy under a further entity, with the payload and the `n` of the event's other copies."""
    return _copy(row, row.entity, _headers(row, row.event_id, _RELATED), deployment)


def sender_of(
    agency: str, place: InboundPlace | None, key: Key | None, deployment: Deployment, own: Collection[str]
) -> str:
    """Return the agency or agency/system whose delivery topic gets the receipt of a submission.

    It is found from the inbound topic, or over HTTP (`place` is None) from the source in `key`. `own`: systems with
    topics of their own, as agency/system.
    """
    if place is None:
        return key[0] if key is not None and key[0] in own else agency
    try:
        sender = deployment.sender_of_inbound(place.topic)
    except KeyError:  # a place in another deployment, which was restored
        return agency
    return sender if sender.partition("/")[0] == agency else agency


def records_of_refused(row: RefusedRow, deployment: Deployment, own: Collection[str] = ()) -> tuple[RelayRecord, ...]:
    """Return the records of a refusal: the quarantine record with the original bytes encrypted, then the receipt.

    The quarantine record has only the bytes' size in three cases: another attempt keeps them, nothing keeps them, or
    they are too large for a record. In the last case only the database has them: a record that the broker never accepts
    would stop the relay. `own`: systems with topics of their own, as agency/system.
    """
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
        **_original(row),
        "fingerprint": row.sealed.fingerprint.hex(),
        "inbound": _inbound(row.place) | {"timestamp": row.place and row.place.timestamp_ms},
        "attempts": row.attempts,
    }
    if row.mistakes:
        value["mistakes"] = mistakes_as_dicts(row.mistakes)
    record = RelayRecord(
        deployment.quarantine,
        row.agency.encode(),
        orjson.dumps(value),
        (
            ("n", b"%d" % row.n),
            ("accepted_at", b"%d" % row.accepted_at),
            ("reason", row.reason.encode()),
            *([(name, row.place.topic.encode()) for name in _ORIGIN] if row.place else []),
        ),
    )
    data = _data(
        "refused",
        row.key,
        row.type,
        row.place,
        n=row.n,
        accepted_at=row.accepted_at,
        reason=row.reason,
        pointer=row.pointer,
    ) | {"permitted": permitted_values_at(row.agency, row.type, row.reason, row.pointer)}
    if row.mistakes:
        told = refused_places(row.agency, row.type, row.mistakes)
        data["errors"] = [each.model_dump(mode="json", exclude_none=True) for each in told]
        data |= {"codes": told[0].codes, "nearest": told[0].nearest}
    if row.kept_in is None:
        data["kept"] = False
    topic = deployment.delivery(sender_of(row.agency, row.place, row.key, deployment, own))
    return record, _receipt(topic, f"receipt-{row.n}", row.accepted_at, data)


def records_of_repetition(row: RepeatRow, deployment: Deployment, own: Collection[str] = ()) -> tuple[RelayRecord, ...]:
    """Return the receipt of a repetition: the accepted event's number, time and digest, and the repetition's place."""
    data = _data(
        "duplicate", row.key, row.type, row.place, n=row.n, accepted_at=row.accepted_at, digest=row.digest.hex()
    )
    topic = deployment.delivery(sender_of(row.agency, row.place, row.key, deployment, own))
    return (_receipt(topic, f"repeat-{row.seq}", row.repeated_at, data),)


def progress(n: int, offsets: BacklogOffsets, deployment: Deployment) -> RelayRecord:
    """Return the progress record: all submissions up to `n` are on the log.

    `offsets`: the last offset in each log partition. A reader that is past all of them has all of these submissions.
    """
    by_topic: dict[str, dict[str, int]] = {}
    for (topic, part), off in sorted(offsets.items()):
        by_topic.setdefault(topic, {})[str(part)] = off
    value = orjson.dumps({"n": n, "offsets": by_topic})
    return RelayRecord(deployment.progress, PROGRESS_KEY, value, (("content-type", b"application/json"),))


def _copy(
    row: AcceptedRow | LateCopyRow, entity: str, headers: tuple[Header, ...], deployment: Deployment
) -> RelayRecord:
    return RelayRecord(deployment.log(kind_of(entity)), entity.encode(), row.payload, headers)


def _headers(row: AcceptedRow | LateCopyRow, event_id: str, role: Header) -> tuple[Header, ...]:
    return (
        _STRUCTURED,
        ("ce_id", event_id.encode()),
        ("ce_type", row.type.encode()),
        role,
        ("n", b"%d" % row.n),
        ("accepted_at", b"%d" % row.accepted_at),
    )


def _data(
    status: str,
    key: Key | None,
    event_type: str | None,
    place: InboundPlace | None,
    *,
    n: int,
    accepted_at: int,
    digest: str | None = None,
    reason: str | None = None,
    pointer: str | None = None,
) -> dict[str, Any]:
    source, event_id = key or (None, None)
    return {
        "status": status,
        "source": source,
        "id": event_id,
        "type": event_type,
        "n": n,
        "accepted_at": accepted_at,
        "digest": digest,
        "reason": reason,
        "pointer": pointer,
        "permitted": None,
        "inbound": _inbound(place),
    }


def _original(row: RefusedRow) -> dict[str, Any]:
    if row.kept_in != row.n:
        return {"size": row.size, "kept_in": row.kept_in}
    if row.size > MOST_SEALED:
        return {"size": row.size}
    return {"sealed": b64encode(row.sealed.sealed).decode()}


def _inbound(place: InboundPlace | None) -> dict[str, Any]:
    """Return an inbound place as a dict. All values are None for a submission over HTTP or restored without a place."""
    if place is None:
        return {"topic": None, "partition": None, "offset": None}
    return {"topic": place.topic, "partition": place.partition, "offset": place.offset}


def _receipt(topic: str, receipt_id: str, at: int, data: Mapping[str, Any]) -> RelayRecord:
    event_type = f"bz.atips.submission.{data['status']}.v1"
    value = {
        "specversion": "1.0",
        "id": receipt_id,
        "source": SOURCE,
        "type": event_type,
        "time": _written(at),
        "datacontenttype": "application/json",
        "data": data,
    }
    headers = (_STRUCTURED, ("ce_id", receipt_id.encode()), ("ce_type", event_type.encode()))
    return RelayRecord(topic, None, orjson.dumps(value), headers)


@lru_cache(maxsize=64)  # the rows of a batch have the same time
def _written(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
