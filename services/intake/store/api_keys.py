"""Hashes of the agencies' API keys in PostgreSQL. intake's role may only read; the role `registrar` adds and revokes.

Nothing is cached: a change of a key counts from the next request on, without a restart.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from services.intake.domain.api_keys import Holder, holder_of_label
from services.runtime.postgres import Connection

_ADD: Final = """
INSERT INTO api_key (hash, agency, label, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING
"""
_REVOKE: Final = """
UPDATE api_key SET revoked_at = greatest($2, created_at)
WHERE hash = $1 AND (revoked_at IS NULL OR revoked_at > greatest($2, created_at))
"""
_FIND: Final = "SELECT hash, agency FROM api_key WHERE hash = $1 AND (revoked_at IS NULL OR revoked_at > now())"
_FIND_ALL: Final = """
SELECT hash, agency, label FROM api_key WHERE hash = ANY($1::bytea[]) AND (revoked_at IS NULL OR revoked_at > now())
"""
_LIST: Final = """
SELECT hash, agency, label, created_at, revoked_at FROM api_key
WHERE $1::text IS NULL OR agency = $1 ORDER BY agency, created_at, hash
"""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Row of an API key. The key is valid before `revoked_at`; None means without end."""

    hash: bytes = field(repr=False)
    agency: str
    label: str
    created_at: datetime
    revoked_at: datetime | None

    def open_at(self, at: datetime) -> bool:
        """Whether the key is valid at the time `at`."""
        return self.revoked_at is None or at < self.revoked_at


class Keys:
    """Access to the table api_key, over a connection whose search path has intake's schema."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, agency: str, key_hash: bytes, *, label: str, at: datetime) -> bool:
        """Add a key and return True; return False if its hash is in the table already, revoked or not."""
        return await self._connection.execute(_ADD, key_hash, agency, label, at) == "INSERT 0 1"

    async def revoke(self, key_hash: bytes, *, at: datetime) -> bool:
        """Let a key end at `at` and return True; return False if the key is unknown or ends earlier already."""
        return await self._connection.execute(_REVOKE, key_hash, at) == "UPDATE 1"

    async def find(self, key_hash: bytes) -> str | None:
        """Return the agency of a key's hash; None for an unknown or revoked key."""
        row = await self._connection.fetchrow(_FIND, key_hash)
        # The duration of the look-up may reveal something of a hash, but no key can be found from that.
        return row["agency"] if row is not None and hmac.compare_digest(row["hash"], key_hash) else None

    async def find_all(self, hashes: Sequence[bytes]) -> dict[bytes, Holder]:
        """Return the holders of the valid keys among `hashes`, by hash."""
        rows = await self._connection.fetch(_FIND_ALL, hashes)
        return {row["hash"]: holder_of_label(row["agency"], row["label"]) for row in rows}

    async def list(self, agency: str | None = None) -> tuple[ApiKey, ...]:
        """Return the keys of one agency, or of all agencies if None, revoked ones included.

        They are sorted by agency, then by the time at which they were added.
        """
        return tuple(ApiKey(**row) for row in await self._connection.fetch(_LIST, agency))
