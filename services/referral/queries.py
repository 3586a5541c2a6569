"""What waits for whom, as a reader of referral's one view sees it: ids, codes and times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.runtime.postgres import Connection

_WAITS: Final = """
SELECT kind, agency, about, person, case_id, since, due_at, urgency, sender, holder, state, told_at IS NOT NULL AS told
FROM waits WHERE ($1::text IS NULL OR agency = $1) AND (NOT $2 OR due_at <= $3)
ORDER BY due_at, about, agency, kind
"""
_PERSON: Final = "SELECT person FROM waits WHERE about = $1 LIMIT 1"


@dataclass(frozen=True, slots=True)
class Waits:
    """One row: what, for whom, since when, until when; `told`: others were told that it is late."""

    kind: str
    agency: str
    about: str
    person: str
    case_id: str | None
    since: datetime
    due_at: datetime
    urgency: str | None
    sender: str | None
    holder: str | None
    state: str | None
    told: bool


async def waits(connection: Connection, agency: str | None, *, late: bool, as_of: datetime) -> list[Waits]:
    """Give what waits now, for everybody or for one agency; with `late`, what was due by an instant."""
    return [Waits(**dict(row)) for row in await connection.fetch(_WAITS, agency, late, as_of)]


async def person_of(connection: Connection, referral: str) -> str | None:
    """Give whom a referral is about, while anything about it waits."""
    found = await connection.fetchval(_PERSON, referral)
    return None if found is None else str(found)
