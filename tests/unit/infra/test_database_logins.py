"""An agency's login to a real database: an open session and a new one both end when it is revoked or renewed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from infra.local import database_logins
from infra.local.data_folder import Folder
from infra.postgres.logins import end_sessions, open_agency_login
from infra.postgres.roles import login_of
from tests.support.database import TEMPLATE, Server

AGENCY = "ret"  # of no other test's
REFUSED = (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)
# The driver stumbles over its own state where a session is ended at the moment of a question.
ENDED = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, ConnectionError)


@pytest.fixture
async def folder(server: Server, tmp_path: Path) -> AsyncIterator[Folder]:
    """A data folder of an agency that logs in; the server is as it was afterwards."""
    found = Folder(tmp_path / "data")
    found.make()
    (tmp_path / "admin.dsn").write_text(server.admin, encoding="utf-8")
    found.write_state({"postgres": {"admin_dsn_file": str(tmp_path / "admin.dsn"), "database": TEMPLATE}})
    await asyncio.to_thread(database_logins.open_login, found.root, AGENCY)
    yield found
    admin = await asyncpg.connect(server.admin)
    await open_agency_login(admin, AGENCY, server.passwords[login_of(AGENCY)])
    await end_sessions(admin, AGENCY)
    await admin.close()


def address(folder: Folder) -> str:
    return folder.database(AGENCY).read_text(encoding="utf-8").strip()


async def test_a_revoked_login_ends_its_open_session_and_lets_in_no_new_one(folder: Folder) -> None:
    known = address(folder)
    session = await asyncpg.connect(known)
    assert await session.fetchval("SELECT session_user") == login_of(AGENCY)
    await asyncio.to_thread(database_logins.shut_login, folder.root, AGENCY)
    with pytest.raises(ENDED):
        await session.fetchval("SELECT 1")
    with pytest.raises(REFUSED):
        await asyncpg.connect(known)
    assert not folder.database(AGENCY).exists()
    await asyncio.to_thread(database_logins.open_login, folder.root, AGENCY)
    again = await asyncpg.connect(address(folder))
    await again.close()


async def test_a_renewed_login_ends_what_came_in_with_the_old_password(folder: Folder) -> None:
    """Found from outside: a rotation left the password for the database as it was."""
    known = address(folder)
    session = await asyncpg.connect(known)
    await asyncio.to_thread(database_logins.renew_login, folder.root, AGENCY)
    assert address(folder) != known
    with pytest.raises(ENDED):
        await session.fetchval("SELECT 1")
    with pytest.raises(REFUSED):
        await asyncpg.connect(known)
    again = await asyncpg.connect(address(folder))
    await again.close()
