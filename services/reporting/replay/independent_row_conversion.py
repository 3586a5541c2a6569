"""Conversion of the log's records to rows, independent of `rows_from_log`. Equal results of both are part of the proof.

Only a record that intake cannot have written is converted with `rows_from_log.ledger_row_of`, which makes its stand-in
values.
"""

import re
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson
from msgspec import ValidationError, convert

from schemas.ids import Kind, bits, is_id
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.rows_from_log import ledger_row_of
from services.runtime.partitioner import partition_of
from services.runtime.record import Record

_SOURCE: Final = re.compile(r"[a-z_]+/[a-z0-9][a-z0-9-]{0,39}")
_DECIMAL: Final = re.compile(rb"[1-9][0-9]{0,17}")
_INSTANT: Final = re.compile(rb"[1-9][0-9]{0,13}")
_ROLES: Final = {b"primary": True, b"related": False}
_CHANGES: Final = (".event.corrected.", ".event.retracted.", ".merged.")
_partition: Final = lru_cache(maxsize=65_536)(partition_of)


def read(record: Record, topic: int, kind: Kind, partitions: int) -> tuple[LedgerRow, bool]:
    """Return (row of a record, whether it is a correction, retraction or merge, which may redirect other events)."""
    event = _event(record.value)
    placed = _partition(record.key or b"", partitions) == record.partition
    row = (_row(record, event, topic, kind) if placed else None) or ledger_row_of(record, topic, kind, partitions)
    named = event.get("type")
    return row, isinstance(named, str) and any(each in named for each in _CHANGES)


def _event(value: bytes | None) -> dict[str, Any]:
    try:
        event = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return {}
    return event if isinstance(event, dict) else {}


def _row(record: Record, event: dict[str, Any], topic: int, kind: Kind) -> LedgerRow | None:
    headers = dict(record.headers)
    n, accepted_at = headers.get("n") or b"", headers.get("accepted_at") or b""
    primary = _ROLES.get(headers.get("role") or b"")
    key = (record.key or b"").decode("ascii", "replace")
    source, event_id = event.get("source"), _uuid(event.get("id"))
    sound = (
        primary is not None
        and event_id is not None
        and isinstance(source, str)
        and _SOURCE.fullmatch(source)
        and _DECIMAL.fullmatch(n)
        and _INSTANT.fullmatch(accepted_at)
        and is_id(key, kind)
    )
    if not sound or primary is None or event_id is None:
        return None
    return LedgerRow(
        n=int(n),
        topic=topic,
        part=record.partition,
        off=record.offset,
        entity=bits(key),
        source=str(source),
        id=event_id,
        primary_copy=primary,
        accepted_at=int(accepted_at),
        payload=record.value or b"",
    )


def _uuid(value: object) -> UUID | None:
    try:
        return convert(value, UUID)
    except ValidationError:
        return None
