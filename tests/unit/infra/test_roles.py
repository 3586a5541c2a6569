"""What a reader of the views cannot do to those who write: hold their locks, keep their connections, store anything."""

from collections.abc import AsyncIterator

import asyncpg
import psycopg
import pytest
from asyncpg.exceptions import TargetServerAttributeNotMatched

from infra.local.provision import dsn_for
from infra.postgres.roles import SERVICES
from services.intake.store.acceptance_line import LINE_LOCK
from services.runtime import health
from services.runtime.errors import Retryable
from services.runtime.postgres import acquired
from tests.support.database import Server

_LOCKS = (
    "SELECT pg_advisory_lock({0})",
    "SELECT pg_advisory_xact_lock_shared({0})",
    "SELECT pg_try_advisory_lock(0, {0})",
    "SELECT pg_notify('atips_relay', '')",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_creat(-1)",
)


@pytest.fixture
async def database(server: Server) -> AsyncIterator[str]:
    async with server.copy() as name:
        yield name


@pytest.mark.parametrize("statement", _LOCKS)
async def test_a_reader_takes_no_lock_wakes_nobody_and_stores_nothing(
    server: Server, database: str, statement: str
) -> None:
    writing = {"default_transaction_read_only": "off"}
    reader = await asyncpg.connect(server.dsn("me_read", database), server_settings=writing)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await reader.execute(statement.format(LINE_LOCK))
    await reader.close()


async def test_a_reader_finds_the_primary_of_several_servers(server: Server, database: str) -> None:
    """Its sessions begin read-only: it would find no server that may be written to, as the administrator's way asks."""
    several = f"{server.of_admin(database)}?target_session_attrs=read-write"
    way = dsn_for(several, "me_read", server.passwords["me_read"], database)
    with pytest.raises(TargetServerAttributeNotMatched):
        await asyncpg.connect(way.replace("primary", "read-write"))
    reader = await asyncpg.connect(way)
    assert await reader.fetchval("SELECT count(*) FROM figure_value") == 0
    await reader.close()
    with psycopg.connect(way) as by_libpq:
        assert by_libpq.execute("SHOW transaction_read_only").fetchone() == ("on",)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_takes_the_locks_that_it_needs(server: Server, database: str, service: str) -> None:
    connection = await asyncpg.connect(server.dsn(service, database))
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(1), pg_try_advisory_xact_lock(1, 2), pg_notify('x', '')")
    await connection.close()


async def test_a_reader_neither_takes_every_connection_nor_forgets_a_transaction(server: Server, database: str) -> None:
    reader = await asyncpg.connect(server.dsn("me_read", database))
    limit = await reader.fetchval("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'me_read'")
    most = int(await reader.fetchval("SHOW max_connections"))
    assert 0 < limit < most // 2
    assert await reader.fetchval("SHOW idle_in_transaction_session_timeout") == "5min"
    await reader.close()


async def test_a_database_that_may_not_be_written_is_waited_for_and_said(server: Server, database: str) -> None:
    pool = await asyncpg.create_pool(server.dsn("intake", database), server_settings={"search_path": "intake"})
    check = health.database(pool)
    assert await check() is None
    admin = await asyncpg.connect(server.of_admin(database))
    await admin.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    await pool.expire_connections()
    assert await check() == "a read-only database"
    with pytest.raises(Retryable):
        async with acquired(pool) as connection:
            await connection.execute("SELECT move_line(0, 0, 0, 0, 0)")
    await admin.close()
    await pool.close()
