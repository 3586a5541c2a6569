"""Conversion of event copies on the log into rows of a deciding service, and of rows into events for its domain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

import orjson

from schemas.codec import decode
from schemas.errors import BadMessage
from schemas.fields import SOURCE
from schemas.service_decisions import Entered
from services.runtime.header_numbers import parse_accepted_at, parse_sequence_number
from services.runtime.record import Record


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One event under one entity. `accepted_at`: ms since 1970 (UTC). `payload`: the bytes on the log, unchanged."""

    entity: str
    source: str
    id: UUID
    part: int
    off: int
    n: int
    accepted_at: int
    payload: bytes = field(repr=False)
    decided: bool = False


# All rows of an entity are decoded for each of its events. A batch's entities may have over 4,096 rows, 4 KB each.
_decoded: Final = lru_cache(maxsize=16_384)(decode)


def copy_row_of(record: Record) -> CopyRow | None:
    """Return the row of a record on the log; None for a record that intake did not write."""
    headers = dict(record.headers)
    n, accepted_at = parse_sequence_number(headers.get("n")), parse_accepted_at(headers.get("accepted_at"))
    if n is None or accepted_at is None:
        return None
    try:
        event = orjson.loads(record.value or b"")
        row = CopyRow(
            entity=(record.key or b"").decode(),
            source=str(event["source"]),
            id=UUID(event["id"]),
            part=record.partition,
            off=record.offset,
            n=n,
            accepted_at=accepted_at,
            payload=record.value or b"",
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return row if SOURCE.fullmatch(row.source) else None


def rows_by_entity(rows: Iterable[CopyRow]) -> Mapping[str, Sequence[CopyRow]]:
    """Return the rows of each entity, in their given order."""
    found: dict[str, list[CopyRow]] = defaultdict(list)
    for row in rows:
        found[row.entity].append(row)
    return found


def decode_row(row: CopyRow) -> Entered | None:
    """Return the event of a row; None if its type or version is unknown to this version."""
    try:
        event = _decoded(row.payload)
    except BadMessage:
        return None
    return Entered(row.n, datetime.fromtimestamp(row.accepted_at / 1000, UTC), event)
