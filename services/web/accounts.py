"""The operator's management of accounts: add, disable and reset them, and add tokens and one-time links."""

from datetime import datetime
from typing import Final

import asyncpg

from services.runtime.postgres import Connection
from services.web.domain.account_rules import LINK, Account
from services.web.domain.roles import Role

PROGRAM_ACCOUNT: Final = """
SELECT a.name, a.role, a.agency, a.id, a.disabled_at, t.made_at, t.cases, t.exact IS NOT NULL AS exact
FROM token AS t JOIN account AS a ON a.name = t.account
WHERE t.hash = $1 AND t.ends_at > $2 AND a.disabled_at IS NULL
"""
"""SQL of the enabled account of a token that has not ended. $1: hash of the token; $2: now."""
_ADD_PROGRAM: Final = """
INSERT INTO token (hash, account, made_at, ends_at, cases, exact)
SELECT $1, name, $3, $4, $5, $6 FROM account WHERE name = $2 AND disabled_at IS NULL AND provider_hash IS NULL
RETURNING account
"""


class Accounts:
    """Accounts as the operator changes them, over a connection in the database role `registrar`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, account: Account) -> bool:
        """Add an account without a password; False if the name is taken."""
        made = await self._connection.fetchval(
            "INSERT INTO account (name, role, agency) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING name",
            account.name,
            account.role.value,
            account.agency,
        )
        return made is not None

    async def all(self) -> list[Account]:
        """Return all accounts, sorted by name."""
        rows = await self._connection.fetch("SELECT name, role, agency, disabled_at FROM account ORDER BY name")
        return [account_of(row) for row in rows]

    async def disable(self, name: str, now: datetime) -> bool:
        """Disable an account, delete its password, end its sessions and revoke its tokens.

        Returns False if there is no account of this name.
        """
        async with self._connection.transaction():
            found = await self._connection.fetchval(
                "UPDATE account SET disabled_at = $2, secret = NULL WHERE name = $1 RETURNING name", name, now
            )
            await self._end(name)
        return found is not None

    async def reset(self, name: str) -> bool:
        """Enable an account again, delete its password, end its sessions and revoke its tokens; False if unknown."""
        async with self._connection.transaction():
            found = await self._connection.fetchval(
                "UPDATE account SET disabled_at = NULL, secret = NULL WHERE name = $1 RETURNING name", name
            )
            await self._end(name)
        return found is not None

    async def add_token(
        self, hash_: bytes, name: str, now: datetime, ends_at: datetime, *, cases: bool = False, exact: str = ""
    ) -> bool:
        """Add a program's token for an account; False if no enabled local account has this name.

        `hash_`: hash of the token. `cases`: the token may look at cases without a password. `exact`: the reason why it
        may read exact amounts; empty if it may not.
        """
        made = await self._connection.fetchval(_ADD_PROGRAM, hash_, name, now, ends_at, cases, exact or None)
        return made is not None

    async def of_token(self, hash_: bytes, now: datetime) -> Account | None:
        """Return the account of a program's token. `hash_`: hash of the token.

        None if the token is unknown, has ended or was revoked, or if its account is disabled.
        """
        row = await self._connection.fetchrow(PROGRAM_ACCOUNT, hash_, now)
        return None if row is None else account_of(row)

    async def _end(self, name: str) -> None:
        """End all sessions of an account and revoke its tokens."""
        await self._connection.execute("DELETE FROM session WHERE account = $1", name)
        await self._connection.execute("DELETE FROM token WHERE account = $1", name)

    async def add_link(self, hash_: bytes, name: str, now: datetime) -> None:
        """Add a one-time link for an account, valid for `LINK`. `hash_`: hash of the link's token."""
        await self._connection.execute("INSERT INTO link VALUES ($1, $2, $3)", hash_, name, now + LINK)


def account_of(row: asyncpg.Record) -> Account:
    """Build an account from a row with name, role, agency, disabled_at and, optionally, id."""
    return Account(row["name"], Role(row["role"]), row["agency"], row["disabled_at"] is not None, row.get("id"))
