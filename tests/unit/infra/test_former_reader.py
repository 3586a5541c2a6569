"""A cluster of an earlier version: its role `reader` becomes `me_read` at the next start, with all that it may read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from infra.postgres.logins import make_roles
from infra.postgres.roles import FORMER_READER, LIMITS, READER, SESSIONS
from infra.postgres.scram import matches_password
from tests.support.database import Server

_ROLE = """
SELECT r.rolcanlogin, r.rolconnlimit, a.rolpassword, r.rolconfig
FROM pg_roles AS r JOIN pg_authid AS a USING (oid) WHERE r.rolname = $1
"""
_MAY_READ = "SELECT has_table_privilege($1, 'reporting.figure_value', 'SELECT')"


@pytest.fixture
async def database(server: Server) -> AsyncIterator[str]:
    async with server.copy() as name:
        yield name


@asynccontextmanager
async def as_it_was(server: Server, database: str) -> AsyncIterator[asyncpg.Connection]:
    """Give the reader its former name, password and settings, in a transaction that is taken back."""
    admin = await asyncpg.connect(server.of_admin(database))
    before = admin.transaction()
    await before.start()
    try:
        await admin.execute(f"ALTER ROLE {READER} RENAME TO {FORMER_READER}")
        await admin.execute(f"ALTER ROLE {FORMER_READER} RESET ALL")
        await admin.execute(f"ALTER ROLE {FORMER_READER} PASSWORD NULL CONNECTION LIMIT -1")
        yield admin
    finally:
        await before.rollback()
        await admin.close()


async def test_the_reader_keeps_what_it_may_read_and_gets_its_name_and_limits(server: Server, database: str) -> None:
    async with as_it_was(server, database) as admin:
        assert await admin.fetchval(_MAY_READ, FORMER_READER)
        await make_roles(admin, server.passwords, {})
        await make_roles(admin, server.passwords, {})  # at the start after that nothing changes
        assert await admin.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", FORMER_READER) == 0
        assert await admin.fetchval(_MAY_READ, READER)
        role = await admin.fetchrow(_ROLE, READER)
        assert role is not None
        assert (role["rolcanlogin"], role["rolconnlimit"]) == (True, LIMITS[READER])
        assert matches_password(role["rolpassword"], server.passwords[READER])
        wanted = {f"{name}={value}".lower() for name, value in SESSIONS[READER].items()}
        assert wanted <= {each.lower() for each in role["rolconfig"]}


async def test_where_both_names_are_roles_the_former_one_may_not_log_in(server: Server, database: str) -> None:
    """A start of an older version may have made it again: it would be a way in that nobody looks after."""
    async with as_it_was(server, database) as admin:
        await make_roles(admin, server.passwords, {})
        await admin.execute(f"CREATE ROLE {FORMER_READER} LOGIN PASSWORD 'invented'")
        await make_roles(admin, server.passwords, {})
        role = await admin.fetchrow(_ROLE, FORMER_READER)
        assert role is not None
        assert (role["rolcanlogin"], role["rolpassword"]) == (False, None)
        assert await admin.fetchval(_MAY_READ, READER)
