"""Accounts, links, sessions, tokens, sent forms and read marks, in the schema `web`."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from schemas.topics import DELIVERY_DAYS
from services.reporting.read.exact_look_log import NOTE, ExactLook
from services.runtime.postgres import borrow_connection
from services.web.accounts import PROGRAM_ACCOUNT, account_of
from services.web.domain.account_rules import ABSOLUTE, IDLE, NEVER, Account, Session
from services.web.domain.provider_sign_in_rules import Grant, ProviderIdentity, account_name

_ACCOUNT: Final = "SELECT name, role, agency, secret, disabled_at FROM account WHERE name = $1"
_LINK: Final = """
SELECT a.name, a.role, a.agency, a.disabled_at FROM link AS l JOIN account AS a ON a.name = l.account
WHERE l.hash = $1 AND l.used_at IS NULL AND l.ends_at > $2 AND a.disabled_at IS NULL AND a.provider_hash IS NULL
"""
_USE: Final = "UPDATE link SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND ends_at > $2 RETURNING account"
_SESSION: Final = """
SELECT a.name, a.role, a.agency, a.id, a.disabled_at, s.began_at, s.seen_at, s.proved_at,
    clock_timestamp() - s.used_at >= $2::interval AS stale, clock_timestamp() - s.confirmed_at AS confirmed_ago
FROM session AS s JOIN account AS a ON a.name = s.account WHERE s.hash = $1
"""
_OPEN: Final = "INSERT INTO session (hash, account, began_at, seen_at, proved_at) VALUES ($1, $2, $3, $3, $3)"
_ENTER: Final = "SELECT provider_account($1, $2, $3, $4, $5)"
_OPEN_BY_PROVIDER: Final = """
INSERT INTO session (hash, account, began_at, seen_at, proved_at, confirmed_at, provider_session)
VALUES ($1, $2, $3, $4, $3, clock_timestamp(), $5)
"""
_CONFIRM: Final = """
UPDATE session SET proved_at = $3, seen_at = $4, used_at = clock_timestamp(), confirmed_at = clock_timestamp(),
    provider_session = coalesce($5, provider_session)
WHERE hash = $1 AND account = $2 AND confirmed_at IS NOT NULL RETURNING account
"""
_LEAVE: Final = "DELETE FROM session WHERE account = (SELECT name FROM account WHERE provider_hash = $1)"
# Ended too, with a person's id: sessions of the person whose provider session is unknown.
_END_BY_PROVIDER: Final = """
DELETE FROM session AS s USING account AS a
WHERE a.name = s.account AND a.provider_hash IS NOT NULL AND s.opened_at <= $3
    AND ($1::bytea IS NULL OR a.provider_hash = $1)
    AND ($2::bytea IS NULL OR s.provider_session = $2 OR ($1 IS NOT NULL AND s.provider_session IS NULL))
"""
_SEEN: Final = "UPDATE session SET seen_at = $2, used_at = clock_timestamp() WHERE hash = $1"
_STATEMENT: Final = "INSERT INTO statement (key, event_id, said_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_OLD_STATEMENTS: Final = "DELETE FROM statement WHERE made_at < clock_timestamp() - $1::interval"
_OLD_SESSIONS: Final = """
DELETE FROM session
WHERE least(opened_at + $2::interval, used_at + $3::interval, confirmed_at + $4::interval)
    < clock_timestamp() - $1::interval
"""
_OLD_LINKS: Final = "DELETE FROM link WHERE least(used_at, ends_at) < $2::timestamptz - $1::interval"
_MARKS: Final = "SELECT message FROM read_mark WHERE account = $1"
_MARK: Final = "INSERT INTO read_mark (account, message) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING"
_OLD_MARKS: Final = "DELETE FROM read_mark WHERE made_at < clock_timestamp() - $1::interval"
_MARKS_KEPT: Final = timedelta(days=DELIVERY_DAYS + 1)
"""Time for which read marks are kept: longer than messages, which are deleted first."""
STATEMENTS_KEPT: Final = timedelta(days=2)
"""Time for which ids of sent forms are kept. A form sent again later is another event; sessions are much shorter."""
_NOTED_IDLE: Final = IDLE + timedelta(minutes=1)
_SEEN_EVERY: Final = IDLE / 30
"""Shortest time between two updates of a session's last use: a minute, so that most requests write nothing."""


class Store:
    """The pages' tables, in the database role `web`. Every method raises `Retryable` when the database is away.

    `hash_`, or `session` where it is bytes: hash of a token. `now`: time by the pages' clock.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def account(self, name: str) -> tuple[Account, str | None] | None:
        """Return (account, hash of its password or None if it has none); None if there is no account of this name."""
        async with borrow_connection(self._pool) as connection:
            row = await connection.fetchrow(_ACCOUNT, name)
        return None if row is None else (account_of(row), row["secret"])

    async def set_secret(self, name: str, secret: str, kept: bytes) -> None:
        """Replace the password's hash, and end all sessions of the account but the one with the hash `kept`."""
        async with borrow_connection(self._pool) as connection, connection.transaction():
            await connection.execute("UPDATE account SET secret = $2 WHERE name = $1", name, secret)
            await connection.execute("DELETE FROM session WHERE account = $1 AND hash <> $2", name, kept)

    async def link(self, hash_: bytes, now: datetime) -> Account | None:
        """Return the account of a one-time link; None if it is unknown, used or over, or the account may not use it."""
        async with borrow_connection(self._pool) as connection:
            row = await connection.fetchrow(_LINK, hash_, now)
        return None if row is None else account_of(row)

    async def use_link(self, hash_: bytes, now: datetime) -> bool:
        """Mark a link as used; False if it was used already or is over. Of two calls at once only one gets True."""
        async with borrow_connection(self._pool) as connection:
            return await connection.fetchval(_USE, hash_, now) is not None

    async def open_session(self, hash_: bytes, account: str, now: datetime) -> None:
        """Open a session of a local account."""
        async with borrow_connection(self._pool) as connection:
            await connection.execute(_OPEN, hash_, account, now)

    async def session(self, hash_: bytes, now: datetime) -> Session | None:
        """Return a valid session, and note that it was used; None if it is unknown. One that is over is deleted."""
        return await self._session(hash_, now, is_use=True)

    async def peek_session(self, hash_: bytes, now: datetime) -> Session | None:
        """Return a valid session like `session`, without noting a use."""
        return await self._session(hash_, now, is_use=False)

    async def _session(self, hash_: bytes, now: datetime, *, is_use: bool) -> Session | None:
        async with borrow_connection(self._pool) as connection:
            row = await connection.fetchrow(_SESSION, hash_, _SEEN_EVERY)
            if row is None:
                return None
            found = Session(account_of(row), row["began_at"], row["seen_at"], row["proved_at"], row["confirmed_ago"])
            if found.over(now):
                await connection.execute("DELETE FROM session WHERE hash = $1", hash_)
                return None
            if is_use and (row["stale"] or now - found.seen_at >= _SEEN_EVERY):
                await connection.execute(_SEEN, hash_, now)
        return found

    async def enter(self, identity: ProviderIdentity, grant: Grant) -> str | None:
        """Add or update the account of a person of the provider, and return its name; None if it is disabled."""
        names = account_name(identity)
        async with borrow_connection(self._pool) as connection:
            found = await connection.fetchval(_ENTER, identity.hash, *names, grant.role.value, grant.agency)
        return None if found is None else str(found)

    async def leave(self, identity: ProviderIdentity) -> None:
        """End all sessions of a person of the provider whose groups have no role any more."""
        async with borrow_connection(self._pool) as connection:
            await connection.execute(_LEAVE, identity.hash)

    async def end_by_provider(self, person: bytes | None, session: bytes | None, began_by: datetime) -> int:
        """End the sessions of a person of the provider, or of one provider session, and return how many were ended.

        `person` and `session` are hashes, of which at least one is given. Sessions that began after `began_by` stay.
        """
        async with borrow_connection(self._pool) as connection:
            ended = await connection.execute(_END_BY_PROVIDER, person, session, began_by)
        return int(ended.rpartition(" ")[2])

    async def open_by_provider(
        self, hash_: bytes, account: str, proved_at: datetime, now: datetime, session: bytes | None = None
    ) -> None:
        """Open a session of a person who signed in at the provider at the time `proved_at`.

        `session`: hash of the provider's session id; None without one.
        """
        async with borrow_connection(self._pool) as connection:
            await connection.execute(_OPEN_BY_PROVIDER, hash_, account, proved_at, now, session)

    async def confirm(
        self, hash_: bytes, account: str, proved_at: datetime, now: datetime, session: bytes | None = None
    ) -> bool:
        """Note that the provider confirmed a session's person; False if the session is not of this account."""
        async with borrow_connection(self._pool) as connection:
            return await connection.fetchval(_CONFIRM, hash_, account, proved_at, now, session) is not None

    async def token(self, hash_: bytes, now: datetime) -> Session | None:
        """Return the session that a program's token stands for; None if it is unknown, has ended or was revoked."""
        async with borrow_connection(self._pool) as connection:
            row = await connection.fetchrow(PROGRAM_ACCOUNT, hash_, now)
        if row is None:
            return None
        # A token with the right to look at cases counts as a password that was typed just now.
        proved_at = now if row["cases"] else NEVER
        return Session(account_of(row), row["made_at"], now, proved_at=proved_at, exact=row["exact"])

    async def note_exact(self, session: bytes, look: ExactLook) -> bool:
        """Log a look at exact amounts by the account of a session or token; False if it may not look."""
        async with borrow_connection(self._pool) as connection, connection.transaction():
            # SET takes no parameters. These are hexadecimal digits.
            await connection.execute(f"SET LOCAL atips.session = '{session.hex()}'")
            return bool(await connection.fetchval(NOTE, *look))

    async def prove(self, hash_: bytes, now: datetime) -> None:
        """Note that the session's person has typed the password again at `now`."""
        async with borrow_connection(self._pool) as connection:
            await connection.execute("UPDATE session SET proved_at = $2 WHERE hash = $1", hash_, now)

    async def statement(self, key: bytes, event_id: str, now: datetime) -> tuple[str, datetime]:
        """Return (event id, time) for a form: the given ones, or those stored when the form was first sent.

        `key`: hash of the form and its content.
        """
        async with borrow_connection(self._pool) as connection, connection.transaction():
            await connection.execute(_OLD_STATEMENTS, STATEMENTS_KEPT)
            await connection.execute(_STATEMENT, key, event_id, now)
            row = await connection.fetchrow("SELECT event_id, said_at FROM statement WHERE key = $1", key)
        return (event_id, now) if row is None else (str(row["event_id"]), row["said_at"])

    async def read_marks(self, account: str) -> frozenset[str]:
        """Return the keys of the messages that an account has marked as read."""
        async with borrow_connection(self._pool) as connection:
            return frozenset(str(row["message"]) for row in await connection.fetch(_MARKS, account))

    async def mark_read(self, account: str, messages: Collection[str]) -> None:
        """Mark messages, by their keys, as read by an account."""
        async with borrow_connection(self._pool) as connection, connection.transaction():
            await connection.execute(_OLD_MARKS, _MARKS_KEPT)
            await connection.execute(_MARK, account, list(messages))

    async def purge(self, kept: timedelta, now: datetime) -> tuple[int, int]:
        """Delete sessions that ended, and links that ended or were used, more than `kept` ago.

        Returns (number of deleted sessions, number of deleted links).
        """
        async with borrow_connection(self._pool) as connection:
            sessions = await connection.execute(_OLD_SESSIONS, kept, ABSOLUTE, _NOTED_IDLE, IDLE)
            links = await connection.execute(_OLD_LINKS, kept, now)
        return int(sessions.rpartition(" ")[2]), int(links.rpartition(" ")[2])

    async def close_session(self, hash_: bytes) -> None:
        """Delete a session."""
        async with borrow_connection(self._pool) as connection:
            await connection.execute("DELETE FROM session WHERE hash = $1", hash_)
