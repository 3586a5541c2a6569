"""Records of the log as rows of the ledger.

A record that intake did not write becomes a row too, and parks its entity.
"""

import hashlib
from functools import lru_cache
from typing import Final
from uuid import UUID

import orjson
from asyncpg.pgproto import pgproto

from schemas.errors import BadMessage
from schemas.fields import SOURCE
from schemas.ids import Kind, bits, is_id
from services.reporting.domain.ledger.row import LedgerRow, event_of
from services.runtime.headers import instant, number
from services.runtime.partitioner import partition_of
from services.runtime.record import Record

FOREIGN: Final = "?"
"""The source of a row whose bytes do not say one."""


def row_of(record: Record, topic: int, kind: Kind, partitions: int) -> LedgerRow:
    """The row of a record of the topic with this number, which has so many partitions and entities of this kind.

    Where its entity does not lie intake wrote nothing: it has no number there, and stands under an id of its own. Else
    the same event could stand under one entity twice, with two workers.
    """
    headers = dict(record.headers)
    payload, key = record.value or b"", record.key or b""
    source, event_id = _identity(payload) or (FOREIGN, _stand_in(record))
    entity, part = _entity(key, kind, partitions)
    placed = part == record.partition
    return LedgerRow(
        n=(placed and number(headers.get("n"))) or 0,
        topic=topic,
        part=record.partition,
        off=record.offset,
        entity=(placed and entity) or _stand_in(record),
        source=source,
        id=event_id,
        primary_copy=headers.get("role") == b"primary",
        accepted_at=instant(headers.get("accepted_at")) or instant(b"%d" % record.timestamp_ms) or 0,
        payload=payload,
    )


@lru_cache(maxsize=65_536)
def _entity(key: bytes, kind: Kind, partitions: int) -> tuple[UUID | None, int]:
    """The bits of the entity's id, None where the key is none of its kind; and in which partition it lies."""
    text = key.decode("ascii", "replace")
    return pgproto.UUID(bits(text).bytes) if is_id(text, kind) else None, partition_of(key, partitions)


def _identity(payload: bytes) -> tuple[str, UUID] | None:
    """The event's source and id; None where they have no valid form."""
    try:
        event = event_of(payload).event
    except BadMessage:
        return _identity_alone(payload)
    return event.source, pgproto.UUID(event.id)


def _identity_alone(payload: bytes) -> tuple[str, UUID] | None:
    """Give source and id of bytes that this version of the contract cannot read; None if even these are missing."""
    try:
        event = orjson.loads(payload)
        source, event_id = event["source"], UUID(event["id"])
        return (source, event_id) if SOURCE.fullmatch(source) else None
    except (TypeError, LookupError, ValueError, AttributeError):
        return None


def _stand_in(record: Record) -> UUID:
    """Make an id from a record's position, for a record without an id of its own."""
    position = f"{record.topic}|{record.partition}|{record.offset}"
    return UUID(bytes=hashlib.sha256(position.encode()).digest()[:16])
