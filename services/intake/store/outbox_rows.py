"""Rows that the relay sends: those with `n`, or `seq` for repetitions, above `first` and up to `last`."""

from typing import Final

import asyncpg

from services.intake.domain import found_mistakes
from services.intake.domain.outbox_rows import AcceptedRow, LateCopyRow, RefusedRow, RepeatRow, SealedRefusal
from services.intake.domain.submission import InboundPlace
from services.runtime.postgres import Connection

_ACCEPTED: Final = """
SELECT n, accepted_at, source, id::text AS id, digest, type, agency, payload, entities,
    inbound_topic, inbound_partition, inbound_offset
FROM inbox WHERE n > $1 AND n <= $2 ORDER BY n
"""
# Merges first: an event about another id must not be written under an entity before the merge that makes both one.
_LATE: Final = """
SELECT c.caused_by, c.n, i.accepted_at, i.id::text AS event_id, i.type, c.entity, i.payload
FROM copy AS c JOIN inbox AS i USING (n) LEFT JOIN same USING (n)
WHERE c.caused_by > $1 AND c.caused_by <= $2 ORDER BY c.caused_by, same.n IS NULL, c.n, c.entity
"""
_REFUSED: Final = """
SELECT n, entry, accepted_at, agency, reason, pointer, source, id::text AS id, type, must_arrive,
    key_id, nonce, sealed, coalesce(fingerprint, ''::bytea) AS fingerprint,
    inbound_topic, inbound_partition, inbound_offset, inbound_timestamp, attempts, kept_in, size, mistakes
FROM quarantine WHERE n > $1 AND n <= $2 ORDER BY n
"""
_REPEATED: Final = """
SELECT r.seq, r.repeated_at, r.agency, r.inbound_topic, r.inbound_partition, r.inbound_offset,
    i.n, i.accepted_at, i.source, i.id::text AS id, i.digest, i.type
FROM resubmission AS r JOIN inbox AS i USING (n)
WHERE r.seq > $1 AND r.seq <= $2 ORDER BY r.seq
"""


async def read_accepted_rows(connection: Connection, first: int, last: int) -> tuple[AcceptedRow, ...]:
    """Return accepted rows in the order of `n`."""
    rows = await connection.fetch(_ACCEPTED, first, last)
    return tuple(
        AcceptedRow(
            n=row["n"],
            accepted_at=row["accepted_at"],
            key=(row["source"], row["id"]),
            digest=row["digest"],
            type=row["type"],
            agency=row["agency"],
            payload=row["payload"],
            entities=tuple(row["entities"]),
            place=_place(row, 0),
        )
        for row in rows
    )


async def read_late_copies(connection: Connection, first: int, last: int) -> tuple[LateCopyRow, ...]:
    """Return the copies that events above `first` and up to `last` added, in the order of these events."""
    return tuple(LateCopyRow(**row) for row in await connection.fetch(_LATE, first, last))


async def read_refused_rows(connection: Connection, first: int, last: int) -> tuple[RefusedRow, ...]:
    """Return refused rows in the order of `n`."""
    rows = await connection.fetch(_REFUSED, first, last)
    return tuple(
        RefusedRow(
            n=row["n"],
            entry=row["entry"],
            accepted_at=row["accepted_at"],
            agency=row["agency"],
            reason=row["reason"],
            pointer=row["pointer"],
            key=(row["source"], row["id"]) if row["id"] else None,
            type=row["type"],
            must_arrive=row["must_arrive"],
            sealed=SealedRefusal(row["key_id"], row["nonce"], row["sealed"], row["fingerprint"]),
            place=_place(row, row["inbound_timestamp"]),
            attempts=row["attempts"],
            kept_in=row["kept_in"],
            size=row["size"],
            mistakes=found_mistakes.read(row["mistakes"]),
        )
        for row in rows
    )


async def read_repeat_rows(connection: Connection, first: int, last: int) -> tuple[RepeatRow, ...]:
    """Return repetitions of accepted events with `first` < `seq` <= `last`, in the order of `seq`."""
    rows = await connection.fetch(_REPEATED, first, last)
    return tuple(
        RepeatRow(
            seq=row["seq"],
            repeated_at=row["repeated_at"],
            agency=row["agency"],
            place=_place(row, 0),
            n=row["n"],
            accepted_at=row["accepted_at"],
            key=(row["source"], row["id"]),
            digest=row["digest"],
            type=row["type"],
        )
        for row in rows
    )


def _place(row: asyncpg.Record, timestamp_ms: int) -> InboundPlace | None:
    if row["inbound_topic"] is None:
        return None
    return InboundPlace(row["inbound_topic"], row["inbound_partition"], row["inbound_offset"], timestamp_ms)
