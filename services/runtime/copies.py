"""Copies of the log as rows that a deciding service stores, and rows as what its domain decides about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

import orjson

from schemas.codec import decode
from schemas.deciding import Entered
from schemas.errors import BadMessage
from services.runtime.transport import Record

_DIGITS: Final = 18
"""A bigint holds every decimal of so many."""
_MILLISECONDS: Final = 14
"""Every decimal of so many is a time that calendars hold: until the year 5138."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event under one entity; `accepted_at` in ms, the payload is the log's bytes unchanged."""

    entity: str
    source: str
    id: UUID
    part: int
    off: int
    n: int
    accepted_at: int
    payload: bytes = field(repr=False)
    decided: bool = False


_decoded: Final = lru_cache(maxsize=4_096)(decode)


def row_of(record: Record) -> Row | None:
    """Read a record of the log; None for what intake did not write."""
    headers = dict(record.headers)
    try:
        event = orjson.loads(record.value or b"")
        return Row(
            entity=(record.key or b"").decode(),
            source=str(event["source"]),
            id=UUID(event["id"]),
            part=record.partition,
            off=record.offset,
            n=_decimal(headers["n"], _DIGITS, least=1),
            accepted_at=_decimal(headers["accepted_at"], _MILLISECONDS),
            payload=record.value or b"",
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _decimal(value: bytes | None, digits: int, *, least: int = 0) -> int:
    if value is None or len(value) > digits or not value.isdigit() or int(value) < least:
        msg = "not such a number"
        raise ValueError(msg)
    return int(value)


def by_entity(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    """The rows of each entity, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.entity].append(row)
    return found


def entered(row: Row) -> Entered | None:
    """Give the event; None for one of a type or version that is not known here."""
    try:
        event = _decoded(row.payload)
    except BadMessage:
        return None
    return Entered(row.n, datetime.fromtimestamp(row.accepted_at / 1000, UTC), event)
