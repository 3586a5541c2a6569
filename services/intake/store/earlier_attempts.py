"""Look-up of earlier quarantine entries for the refusals of a batch, by key and by bytes, with few queries."""

from collections.abc import Collection, Mapping
from typing import Final

from services.intake.domain.refusal_attempts import SAMPLES, AgencyKey, Bytes, EarlierEntries, TriedEntry
from services.runtime.postgres import Connection

# Each key or fingerprint is one look-up in an index that ends with `n`, however many attempts there are.
_BY_KEY: Final = """
SELECT asked.at, found.n, found.entry FROM unnest($1::integer[], $2::text[], $3::text[], $4::uuid[])
    AS asked (at, agency, source, id)
CROSS JOIN LATERAL (
    SELECT n, entry FROM quarantine AS q
    WHERE q.agency = asked.agency AND q.source = asked.source AND q.id = asked.id ORDER BY n DESC LIMIT 1
) AS found
"""
_BY_BYTES: Final = """
SELECT asked.at, found.n, found.entry FROM unnest($1::integer[], $2::text[], $3::bytea[])
    AS asked (at, agency, fingerprint)
CROSS JOIN LATERAL (
    SELECT n, entry FROM quarantine AS q
    WHERE q.agency = asked.agency AND q.fingerprint = asked.fingerprint ORDER BY n DESC LIMIT 1
) AS found
"""
_TRIED: Final = """
SELECT asked.entry, last.attempts,
    CASE WHEN last.must_arrive THEN EXISTS (SELECT FROM entry AS e WHERE e.entry = asked.entry AND e.state = 'open')
    ELSE false END AS waits
FROM unnest($1::bigint[]) AS asked (entry)
CROSS JOIN LATERAL (
    SELECT attempts, must_arrive FROM quarantine AS q WHERE q.entry = asked.entry ORDER BY n DESC LIMIT 1
) AS last
"""
_KEPT: Final = """
SELECT asked.entry, kept.n, kept.fingerprint FROM unnest($1::bigint[]) AS asked (entry)
CROSS JOIN LATERAL (
    SELECT n, coalesce(fingerprint, ''::bytea) AS fingerprint FROM quarantine AS q
    WHERE q.entry = asked.entry AND q.kept_in = q.n ORDER BY n DESC LIMIT $2
) AS kept
"""
_VOLUMES: Final = "SELECT agency, bytes FROM quarantine_volume WHERE agency = ANY($1::text[])"


async def read_earlier_entries(
    connection: Connection, keys: Collection[AgencyKey], said: Collection[Bytes]
) -> EarlierEntries:
    """Return the entries of refusals with these keys or bytes, and the bytes kept of each agency in `said`."""
    by_key, by_bytes = list(keys), list(said)
    columns = [list(column) for column in zip(*((agency, *key) for agency, key in by_key), strict=True)] or [[], [], []]
    of_keys = await connection.fetch(_BY_KEY, list(range(len(by_key))), *columns)
    columns = [list(column) for column in zip(*by_bytes, strict=True)] or [[], []]
    of_bytes = await connection.fetch(_BY_BYTES, list(range(len(by_bytes))), *columns)
    tried = await _tried(connection, {row["entry"] for row in (*of_keys, *of_bytes)})
    volumes = await connection.fetch(_VOLUMES, list({agency for agency, _ in by_bytes}))
    return EarlierEntries(
        {by_key[row["at"]]: (row["n"], tried[row["entry"]]) for row in of_keys},
        {by_bytes[row["at"]]: (row["n"], tried[row["entry"]]) for row in of_bytes},
        {row["agency"]: row["bytes"] for row in volumes},
    )


async def _tried(connection: Connection, numbers: Collection[int]) -> Mapping[int, TriedEntry]:
    if not numbers:
        return {}
    rows = await connection.fetch(_TRIED, list(numbers))
    found = {row["entry"]: TriedEntry(row["entry"], row["attempts"], row["waits"]) for row in rows}
    for row in await connection.fetch(_KEPT, list(numbers), SAMPLES):
        found[row["entry"]].kept_in[row["fingerprint"]] = row["n"]
    return found
