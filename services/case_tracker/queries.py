"""Readers' view of cases: findings by ids and codes, and a case's events by a look that is logged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import asyncpg

from schemas.agencies import AGENCIES, house
from schemas.codec import decode
from schemas.deciding import Entered
from schemas.errors import BadMessage
from services.runtime.postgres import Connection

_FINDINGS: Final = """
SELECT finding, case_id, code, severity, records, persons, happened_from, happened_to, opened_at, closed_at, closure
FROM findings WHERE ($1::text IS NULL OR case_id = $1) AND ($2::text IS NULL OR finding = $2)
ORDER BY opened_at, finding
"""
_KEPT: Final = """
SELECT case_id, record FROM kept WHERE agency = ANY ($1::text[]) AND (until IS NULL OR until > $2)
"""
_RECORDS: Final = "SELECT finding, record FROM seen_record WHERE agency = $1 AND case_id = ANY ($2::text[])"
_SEEN: Final = "SELECT case_id FROM seen_by WHERE agency = $1 AND case_id = ANY ($2::text[])"
_SEEN_BY_CALLER: Final = "SELECT * FROM findings_seen() WHERE finding = $1"
_NOTE: Final = "SELECT note_look($1, $2, $3)"
_LOOK: Final = "SELECT n, accepted_at, payload FROM look($1)"


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as it was last decided about; `closure` says how it came to its end, if it has."""

    finding: str
    case_id: str
    code: str
    severity: str
    records: tuple[str, ...]
    persons: tuple[str, ...]
    happened_from: datetime | None
    happened_to: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    closure: str | None


async def findings(connection: Connection, case: str | None = None, finding: str | None = None) -> Sequence[Told]:
    """Give all findings, or those of one case, or one of them; in the order in which they opened."""
    found = await connection.fetch(_FINDINGS, case, finding)
    return [_told(row) for row in found]


def _told(row: asyncpg.Record) -> Told:
    return Told(**dict(row) | {"records": tuple(row["records"]), "persons": tuple(row["persons"])})


async def unknown_to(connection: Connection, agency: str, cases: Collection[str], now: datetime) -> frozenset[str]:
    """Give what an agency may not know of: of these cases those of which it sees nothing, and what it is kept from.

    A list asks this last.
    """
    seen = {row["case_id"] for row in await connection.fetch(_SEEN, house(agency), list(cases))}
    return (frozenset(cases) - seen) | await kept_from(connection, agency, now)


async def seen_records(connection: Connection, agency: str, cases: Collection[str]) -> frozenset[tuple[str, str]]:
    """Give the findings of some cases with those of their records that an agency sees."""
    rows = await connection.fetch(_RECORDS, house(agency), list(cases))
    return frozenset((row["finding"], row["record"]) for row in rows)


async def kept_from(connection: Connection, agency: str, now: datetime) -> frozenset[str]:
    """Give the cases that an agency is kept from at a time, with every record of theirs."""
    # Of cases decided about before the table was made, it names the unit that was said to be kept from them.
    asks = [each for each in AGENCIES if house(each) == house(agency)]
    return frozenset(name for row in await connection.fetch(_KEPT, asks, now) for name in row)


async def finding_seen(connection: Connection, finding: str) -> Told | None:
    """Give one finding to the agency that the connection logged in as; None where it may not know of it."""
    row = await connection.fetchrow(_SEEN_BY_CALLER, finding)
    return None if row is None else _told(row)


async def look(connection: Connection, case: str, *, account: str | None, purpose: str) -> Sequence[Entered]:
    """Give a case's events in the order of the log, to the agency that the connection logged in as.

    The look is noted before anything is given; without a note nothing is given. The connection is in no transaction.
    Events of a type or version that is not known here are left out.
    """
    noted = await connection.fetchval(_NOTE, case, account, purpose)
    entries = []
    for row in await connection.fetch(_LOOK, noted):
        try:
            event = decode(row["payload"])
        except BadMessage:
            continue
        entries.append(Entered(row["n"], datetime.fromtimestamp(row["accepted_at"] / 1000, UTC), event))
    return entries
