"""Ids of agencies' own numbers, stored with keyed hashes of the numbers, in a schema with a role of its own.

Agencies' encrypted secrets are in this schema too. The role `registrar` adds secrets and may not read them.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.intake.domain.own_number_ids import Identity
from services.intake.own_number_secret_encryption import SealedKey
from services.runtime.postgres import Connection

# JSON instead of arrays: for arrays the driver calls a function of the server that this role may not call.
_ASKED: Final = "jsonb_to_recordset($1::text::jsonb) AS asked (hash text, kind text, id text)"
_ADD: Final = f"""
INSERT INTO known (hash, agency, kind, id, first_at)
SELECT decode(hash, 'hex'), $2::text, kind, id, $3::timestamptz FROM {_ASKED}
ORDER BY hash
ON CONFLICT DO NOTHING
RETURNING hash
"""  # noqa: S608 - a constant
_IDS: Final = f"SELECT hash, id FROM known WHERE hash IN (SELECT decode(asked.hash, 'hex') FROM {_ASKED})"  # noqa: S608
_KEY: Final = "SELECT key_id, nonce, sealed FROM agency_key WHERE agency = $1 AND key_id = $2"
_REGISTER: Final = """
INSERT INTO identity.agency_key (agency, key_id, nonce, sealed, first_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""


async def find_or_add_ids(
    connection: Connection, agency: str, found: Sequence[Identity], now: datetime, *, dry_run: bool = False
) -> list[tuple[str, bool]]:
    """Return (id, added by this call) for each of `found`. An id that the table has already is returned as it is.

    Of two calls at one time for one number only one adds its id. `dry_run`: nothing is added.
    """
    asked = json.dumps([{"hash": each.hash.hex(), "kind": each.kind.value, "id": each.id} for each in found])
    added = [] if dry_run else await connection.fetch(_ADD, asked, agency, now)
    minted = {row["hash"] for row in added}
    ids = {row["hash"]: str(row["id"]) for row in await connection.fetch(_IDS, asked)}
    # After a change of the identity key the hash is new while the id in the table is the same: then nothing is added.
    return [(ids.get(each.hash, each.id), each.hash in minted) for each in found]


async def agency_key(connection: Connection, agency: str, key_id: str) -> SealedKey | None:
    """Return the agency's encrypted secret; None if none is registered under this key id."""
    row = await connection.fetchrow(_KEY, agency, key_id)
    return None if row is None else SealedKey(row["key_id"], row["nonce"], row["sealed"])


async def register(connection: Connection, agency: str, sealed: SealedKey, now: datetime) -> None:
    """Add an agency's encrypted secret; nothing changes if it has one under this key id. Needs the registrar's role."""
    await connection.execute(_REGISTER, agency, sealed.key_id, sealed.nonce, sealed.sealed, now)
