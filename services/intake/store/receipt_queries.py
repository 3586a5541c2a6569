"""An agency's receipts, read from inbox and quarantine in the order of `n`."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import asyncpg

from services.intake.domain import found_mistakes
from services.intake.domain.receipt import Receipt, code_list_path, permitted_values_at, refused_places
from services.runtime.postgres import Connection

_ACCEPTED_AT: Final = "SELECT n, accepted_at FROM inbox WHERE n = ANY($1::bigint[])"
_ACCEPTED: Final = """
SELECT 'accepted' AS status, source, id::text AS id, n, accepted_at, encode(digest, 'hex') AS digest,
    NULL AS reason, NULL AS pointer, NULL::boolean AS kept, type, agency, NULL::jsonb AS mistakes,
    NULL::bigint AS accepted_n
FROM inbox
"""
_REFUSED: Final = """
SELECT 'refused' AS status, source, id::text AS id, n, accepted_at, NULL AS digest, reason, pointer,
    CASE WHEN kept_in IS NULL THEN false END AS kept, type, agency, mistakes, (
        SELECT i.n FROM inbox AS i
        WHERE i.source = quarantine.source AND i.id = quarantine.id AND i.agency = quarantine.agency
    ) AS accepted_n
FROM quarantine
"""
# A submission that cannot be read has no source: only the agency's own key finds it.
_READABLE5: Final = "($5::text[] IS NULL OR source = ANY ($5)) AND (source IS NULL OR source <> ALL ($6::text[]))"
_READABLE3: Final = "($3::text[] IS NULL OR source = ANY ($3)) AND (source IS NULL OR source <> ALL ($4::text[]))"
_SINCE: Final = f"""
({_ACCEPTED} WHERE agency = $1 AND n > $2 AND $4 <> 'refused' AND {_READABLE5} ORDER BY n LIMIT $3)
UNION ALL
({_REFUSED} WHERE agency = $1 AND n > $2 AND $4 <> 'accepted' AND {_READABLE5} ORDER BY n LIMIT $3)
ORDER BY n LIMIT $3
"""
_NEWEST: Final = f"""
({_ACCEPTED} WHERE agency = $1 AND n > $2 AND $4 <> 'refused' AND {_READABLE5} ORDER BY n DESC LIMIT $3)
UNION ALL
({_REFUSED} WHERE agency = $1 AND n > $2 AND $4 <> 'accepted' AND {_READABLE5} ORDER BY n DESC LIMIT $3)
ORDER BY n DESC LIMIT $3
"""
# The inbox's key begins with the source, and there are few sources: step from one to the next, find the id under each.
_SOURCES: Final = """
WITH RECURSIVE known AS (
    SELECT min(source) AS source FROM inbox
    UNION ALL
    SELECT (SELECT min(i.source) FROM inbox AS i WHERE i.source > known.source) FROM known WHERE source IS NOT NULL
)
"""
_OF: Final = f"""{_SOURCES}
({_ACCEPTED} WHERE source IN (SELECT source FROM known) AND id = $2 AND agency = $1 AND {_READABLE3})
UNION ALL
({_REFUSED} WHERE agency = $1 AND id = $2 AND {_READABLE3} ORDER BY n DESC LIMIT 1)
ORDER BY status, n DESC LIMIT 1
"""  # noqa: S608 - made of constants


async def accepted_at(connection: Connection, numbers: Collection[int]) -> dict[int, int]:
    """Return the time (ms) at which each number was accepted; numbers that are not in the inbox are left out."""
    return {row["n"]: row["accepted_at"] for row in await connection.fetch(_ACCEPTED_AT, list(numbers))}


class ReadableSources(NamedTuple):
    """Sources whose receipts a system may read: those in `only` (None: all sources), without those in `but`."""

    only: Sequence[str] | None = None
    but: Sequence[str] = ()

    def allows(self, source: str) -> bool:
        """Whether the system may read the receipts of `source`."""
        return source not in self.but and (self.only is None or source in self.only)


ALL: Final = ReadableSources()


async def receipts_since(
    connection: Connection,
    agency: str,
    n: int,
    readable: ReadableSources = ALL,
    *,
    limit: int,
    status: str = "",
    newest: bool = False,
) -> list[Receipt]:
    """Return at most `limit` receipts of an agency with numbers above `n`, in ascending order.

    `status`: "accepted" or "refused" selects these; empty selects both. `newest`: the last ones, in descending order.
    """
    query = _NEWEST if newest else _SINCE
    return [_receipt(row) for row in await connection.fetch(query, agency, n, limit, status, *readable)]


async def outcome_of(
    connection: Connection, agency: str, event_id: str, readable: ReadableSources = ALL
) -> Receipt | None:
    """Return the receipt of an agency's event: its acceptance, else its last refusal; None if there is neither."""
    row = await connection.fetchrow(_OF, agency, event_id, *readable)
    return None if row is None else _receipt(row)


def _receipt(row: asyncpg.Record) -> Receipt:
    said = dict(row)
    agency, event_type, found = said.pop("agency"), said["type"], found_mistakes.read(said.pop("mistakes"))
    permitted = permitted_values_at(agency, event_type, said["reason"], said["pointer"])
    codes = code_list_path(event_type, said["reason"], said["pointer"])
    nearest = found[0].nearest or None if found else None
    errors = refused_places(agency, event_type, found) or None
    return Receipt(**said, permitted=permitted, codes=codes, nearest=nearest, errors=errors)
