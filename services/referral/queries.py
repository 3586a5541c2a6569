"""Waits as readers see them in referral's one view: ids, codes and times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.agencies import house
from schemas.sight import sees_every_matter
from services.runtime.postgres import Connection

# Whoever may take a referral too is told of it in time; it owes nothing, and is in no list.
# $4: as it stood then; NULL for what waits now, of which $3 says what is late.
_WAITS: Final = """
SELECT kind, agency, about, person, case_id, since, due_at, urgency, sender, receiver, holder, state,
    coalesce(told_at <= coalesce($4::timestamptz, $3::timestamptz), false) AS told, seen_by, service_types
FROM waits
WHERE kind <> 'second' AND ($1::text IS NULL OR agency = $1)
    AND (NOT $2 OR due_at <= coalesce($4::timestamptz, $3::timestamptz))
    AND CASE WHEN $4::timestamptz IS NULL THEN ended_at IS NULL
        ELSE began_at <= $4 AND (ended_at IS NULL OR ended_at > $4) END
ORDER BY due_at, about, agency, kind
"""
_DANGERS: Final = """
SELECT finding, person, case_id, code, records, opened_at, closed_at, closure
FROM dangers WHERE $1::text IS NULL OR finding = $1 ORDER BY opened_at, finding
"""
_PERSON: Final = "SELECT person FROM waits WHERE about = $1 LIMIT 1"


@dataclass(frozen=True, slots=True)
class WaitRow:
    """One row: what, for whom, since when, until when; `told`: others were told that it is late.

    `seen_by`: agencies, or their units, that may be shown the row.
    """

    kind: str
    agency: str
    about: str
    person: str
    case_id: str | None
    since: datetime
    due_at: datetime
    urgency: str | None
    sender: str | None
    receiver: str | None
    holder: str | None
    state: str | None
    told: bool
    seen_by: tuple[str, ...] = ()
    service_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DangerRow:
    """A danger of a person that no case hears whole; `closure` says how it came to its end, if it has."""

    finding: str
    person: str
    case_id: str | None
    code: str
    records: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None
    closure: str | None


async def dangers(connection: Connection, finding: str | None = None) -> list[DangerRow]:
    """Give all dangers of persons, or one of them; in the order in which they were found."""
    rows = await connection.fetch(_DANGERS, finding)
    return [DangerRow(**dict(row) | {"records": tuple(row["records"])}) for row in rows]


async def waits(
    connection: Connection, agency: str | None, *, late: bool, now: datetime, as_of: datetime | None = None
) -> list[WaitRow]:
    """Give what waits, for everybody or for one agency: now, or as it stood at a time; with `late`, what was due by it.

    What stood then is what was known then: an answer that was entered later had not come.
    """
    rows = await connection.fetch(_WAITS, agency, late, now, as_of)
    return [WaitRow(**dict(row) | {name: tuple(row[name]) for name in ("seen_by", "service_types")}) for row in rows]


def makes(viewer: str, row: WaitRow) -> bool:
    """Whether an agency may see whose move a row is about: its own move, or all moves by its office."""
    return sees_every_matter(viewer) or house(viewer) == house(row.agency)


async def person_of(connection: Connection, about: str) -> str | None:
    """Give whom a referral, or consent taken back, is about, if anybody was ever to do anything about it."""
    found = await connection.fetchval(_PERSON, about)
    return None if found is None else str(found)
