"""Conversion of the log's records to rows of the ledger.

A record that intake did not write gives a row too. That row parks its entity: the entity's cells are withheld.
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
from services.reporting.domain.ledger.event_row import LedgerRow, event_of
from services.runtime.header_numbers import parse_accepted_at, parse_sequence_number
from services.runtime.partitioner import partition_of
from services.runtime.record import Record

FOREIGN: Final = "?"
"""Source of a row whose payload has no valid source or id."""


def ledger_row_of(record: Record, topic: int, kind: Kind, partitions: int) -> LedgerRow:
    """Return the ledger row of a record. `topic`, `kind` and `partitions` describe the record's topic.

    Intake writes a record only to its entity's partition. A record in another partition gets `n` 0 and an entity id
    made from its position. Otherwise two workers could add one event to one entity twice.
    """
    headers = dict(record.headers)
    payload, key = record.value or b"", record.key or b""
    source, event_id = _identity(payload) or (FOREIGN, _stand_in(record))
    entity, part = _entity(key, kind, partitions)
    placed = part == record.partition
    return LedgerRow(
        n=(placed and parse_sequence_number(headers.get("n"))) or 0,
        topic=topic,
        part=record.partition,
        off=record.offset,
        entity=(placed and entity) or _stand_in(record),
        source=source,
        id=event_id,
        primary_copy=headers.get("role") == b"primary",
        accepted_at=parse_accepted_at(headers.get("accepted_at"))
        or parse_accepted_at(b"%d" % record.timestamp_ms)
        or 0,
        payload=payload,
    )


@lru_cache(maxsize=65_536)
def _entity(key: bytes, kind: Kind, partitions: int) -> tuple[UUID | None, int]:
    """Return the bits of the entity id in a key (None if it is no id of this kind), and the partition of the key."""
    text = key.decode("ascii", "replace")
    return pgproto.UUID(bits(text).bytes) if is_id(text, kind) else None, partition_of(key, partitions)


def _identity(payload: bytes) -> tuple[str, UUID] | None:
    """Return source and id of the event in a payload; None if either is missing or has no valid form."""
    try:
        event = event_of(payload).event
    except BadMessage:
        return _identity_alone(payload)
    return event.source, pgproto.UUID(event.id)


def _identity_alone(payload: bytes) -> tuple[str, UUID] | None:
    """Return source and id of bytes that this version of the contract cannot read; None if even these are missing."""
    try:
        event = orjson.loads(payload)
        source, event_id = event["source"], UUID(event["id"])
        return (source, event_id) if SOURCE.fullmatch(source) else None
    except (TypeError, LookupError, ValueError, AttributeError):
        return None


def _stand_in(record: Record) -> UUID:
    """Return an id made from a record's position, for a record without an id of its own."""
    position = f"{record.topic}|{record.partition}|{record.offset}"
    return UUID(bytes=hashlib.sha256(position.encode()).digest()[:16])
