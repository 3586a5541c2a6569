"""What became of an agency's submissions, read from inbox and quarantine: receipts, in the order of their numbers."""

from collections.abc import Collection
from typing import Final

import asyncpg

from services.intake.domain.receipt import Receipt, permitted_by
from services.runtime.postgres import Connection

_ACCEPTED_AT: Final = "SELECT n, accepted_at FROM inbox WHERE n = ANY($1::bigint[])"
_ACCEPTED: Final = """
SELECT 'accepted' AS status, source, id::text AS id, n, accepted_at, encode(digest, 'hex') AS digest,
    NULL AS reason, NULL AS pointer, NULL::boolean AS kept, NULL AS type, agency
FROM inbox
"""
_REFUSED: Final = """
SELECT 'refused' AS status, source, id::text AS id, n, accepted_at, NULL AS digest, reason, pointer,
    CASE WHEN kept_in IS NULL THEN false END AS kept, type, agency
FROM quarantine
"""
_SINCE: Final = f"""
({_ACCEPTED} WHERE agency = $1 AND n > $2 AND $4 <> 'refused' ORDER BY n LIMIT $3)
UNION ALL
({_REFUSED} WHERE agency = $1 AND n > $2 AND $4 <> 'accepted' ORDER BY n LIMIT $3)
ORDER BY n LIMIT $3
"""
# The key of the inbox begins with the source, of which there are few: from one to the next, then the id under each.
_SOURCES: Final = """
WITH RECURSIVE known AS (
    SELECT min(source) AS source FROM inbox
    UNION ALL
    SELECT (SELECT min(i.source) FROM inbox AS i WHERE i.source > known.source) FROM known WHERE source IS NOT NULL
)
"""
_OF: Final = f"""{_SOURCES} ({_ACCEPTED} WHERE source IN (SELECT source FROM known) AND id = $2 AND agency = $1)
UNION ALL
({_REFUSED} WHERE agency = $1 AND id = $2 ORDER BY n DESC LIMIT 1)
ORDER BY status, n DESC LIMIT 1
"""  # noqa: S608 - made of constants


async def accepted_at(connection: Connection, numbers: Collection[int]) -> dict[int, int]:
    """Give when each of these numbers was accepted, in ms."""
    return {row["n"]: row["accepted_at"] for row in await connection.fetch(_ACCEPTED_AT, list(numbers))}


async def since(connection: Connection, agency: str, n: int, *, limit: int, status: str = "") -> list[Receipt]:
    """Give an agency's receipts after a number, at most so many; accepted and refused ones unless a status says."""
    return [_receipt(row) for row in await connection.fetch(_SINCE, agency, n, limit, status)]


async def of(connection: Connection, agency: str, event_id: str) -> Receipt | None:
    """Give what became of an agency's event: that it was accepted, else how it was refused the last time."""
    row = await connection.fetchrow(_OF, agency, event_id)
    return None if row is None else _receipt(row)


def _receipt(row: asyncpg.Record) -> Receipt:
    said = dict(row)
    agency, event_type = said.pop("agency"), said.pop("type")
    permitted = permitted_by(agency, event_type, said["reason"], said["pointer"])
    return Receipt(**said, permitted=permitted)
