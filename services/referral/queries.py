"""SQL queries of other processes on referral's views `waits` and `dangers`. They return ids, codes and times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.agencies import agency_of
from schemas.sight import sees_every_matter
from services.runtime.postgres import Connection

# An agency that may accept a referral beside its receiver need not act: the kind 'second' is left out.
# $4: the time as of which waits are asked for, NULL for now. $3: the present time, from which lateness follows.
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
FROM dangers ORDER BY opened_at, finding
"""
_PERSON: Final = "SELECT person FROM waits WHERE about = $1 LIMIT 1"


@dataclass(frozen=True, slots=True)
class WaitRow:
    """A row of the view `waits`: `agency` must act on `about` (a referral or a withdrawal) by `due_at`.

    `told`: whether others were informed that it is late. `seen_by`: agencies, or their units, that may see the row.
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
    """A danger of a person, of which no single case receives all events. `closure`: code of its end; None if open."""

    finding: str
    person: str
    case_id: str | None
    code: str
    records: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None
    closure: str | None


async def read_dangers(connection: Connection) -> list[DangerRow]:
    """Return all dangers of persons, in the order in which they were found."""
    rows = await connection.fetch(_DANGERS)
    return [DangerRow(**dict(row) | {"records": tuple(row["records"])}) for row in rows]


async def read_waits(
    connection: Connection, agency: str | None, *, late: bool, now: datetime, as_of: datetime | None = None
) -> list[WaitRow]:
    """Return waits of all agencies (`agency` None), or of the one that must act, ordered by due time.

    Without `as_of` they are those open now. With `as_of` they are those open at that time, by what was known then.
    `late`: only those that were due by that time.
    """
    rows = await connection.fetch(_WAITS, agency, late, now, as_of)
    return [WaitRow(**dict(row) | {name: tuple(row[name]) for name in ("seen_by", "service_types")}) for row in rows]


def may_see_maker(viewer: str, row: WaitRow) -> bool:
    """Whether the viewer may see which agency made the move of a wait: its own moves, or all if its office may."""
    return sees_every_matter(viewer) or agency_of(viewer) == agency_of(row.agency)


async def person_of(connection: Connection, about: str) -> str | None:
    """Return the person whom a referral or a withdrawal of consent is about; None if there was never a wait for it."""
    found = await connection.fetchval(_PERSON, about)
    return None if found is None else str(found)
