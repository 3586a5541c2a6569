"""Own numbers that were asked for, as keyed hashes, with the ids that they have; in a schema and role of their own."""

from datetime import datetime
from typing import Final

from schemas.ids import Kind
from services.intake.domain.identities import Identity
from services.runtime.postgres import Connection

_ADD: Final = """
INSERT INTO known (hash, agency, kind, id, first_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO NOTHING
"""
_ID: Final = "SELECT id FROM known WHERE hash = $1"


async def known(connection: Connection, agency: str, kind: Kind, found: Identity, now: datetime) -> tuple[str, bool]:
    """Give the id that the number has, and whether it has it since now; what stands in the table counts."""
    added = await connection.execute(_ADD, found.hash, agency, kind.value, found.id, now) == "INSERT 0 1"
    kept: str = found.id if added else await connection.fetchval(_ID, found.hash)
    return kept, added
