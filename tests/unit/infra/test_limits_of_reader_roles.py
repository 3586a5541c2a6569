"""Readers of the views cannot hold the writers' locks, keep their connections, or store anything."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import psycopg
import pytest
from asyncpg.exceptions import TargetServerAttributeNotMatched

from infra.local.provision import dsn_for
from infra.postgres.roles import OF_PEOPLE, PATIENCE, SERVICES
from services.intake.store.acceptance_line import _MOVE, LINE_LOCK
from services.runtime import health
from services.runtime.errors import Retryable
from services.runtime.postgres import borrow_connection
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


_SORT = "SELECT count(*) FROM (SELECT g FROM generate_series(1, 30000) AS g ORDER BY md5(g::text)) AS sorted"


@pytest.mark.parametrize("role", [*OF_PEOPLE, "agency_bpd"])
async def test_no_login_of_people_fills_the_disk(server: Server, database: str, role: str) -> None:
    admin = await asyncpg.connect(server.of_admin(database))
    settings = await admin.fetchval(
        "SELECT setconfig FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole"
        " WHERE r.rolname = $1 AND setdatabase = 0",
        role,
    )
    await admin.close()
    assert f"temp_file_limit={PATIENCE['temp_file_limit']}" in settings
    if role == "agency_bpd":
        return  # its password is not the test's
    person = await asyncpg.connect(server.dsn(role, database))
    assert await person.fetchval("SHOW temp_file_limit") == PATIENCE["temp_file_limit"]
    for raising in ("SET temp_file_limit = -1", "SELECT set_config('temp_file_limit', '-1', false)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await person.execute(raising)
    await person.close()


async def test_what_is_beyond_the_limit_is_ended_and_not_written(server: Server, database: str) -> None:
    admin = await asyncpg.connect(server.of_admin(database))
    await admin.execute("SET work_mem = '64kB'")
    await admin.execute("SET temp_file_limit = '1MB'")
    with pytest.raises(asyncpg.ConfigurationLimitExceededError):
        await admin.fetchval(_SORT)
    await admin.close()


async def test_notifications_that_fill_the_server_keep_nobody_from_accepting(server: Server, database: str) -> None:
    """Nobody can take NOTIFY and LISTEN from a login. The line moves without a notification then."""
    listener, sender, intake = [
        await asyncpg.connect(server.dsn(role, database), server_settings={"search_path": "intake"})
        for role in ("me_read", "me_read", "intake")
    ]
    await listener.execute("SET idle_in_transaction_session_timeout = 0")
    await listener.execute("LISTEN nothing")
    await listener.execute("BEGIN")
    await listener.execute("SELECT 1")
    try:
        await asyncio.wait_for(_notified(sender), 60)
        usage = await intake.fetchval("SELECT pg_notification_queue_usage()")
        assert usage > 0.9, "the queue is full"
        async with intake.transaction():
            await intake.execute("SELECT pg_advisory_xact_lock($1)", LINE_LOCK)
            assert len(await intake.fetch(_MOVE, 0, 1, 0, 0, 0, "atips_relay")) == 1
        assert await intake.fetchval("SELECT last_at FROM line") == 1
    finally:
        for each in (listener, sender, intake):
            await each.close()


async def _notified(sender: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Send notifications until the server has no room for another one."""
    padding = "x" * 7_900
    batches = [";".join(f"NOTIFY nothing, '{number}-{each}-{padding}'" for each in range(50)) for number in range(400)]
    with pytest.raises(asyncpg.ProgramLimitExceededError):
        await _each(sender, batches)


async def _each(sender: "asyncpg.Connection[asyncpg.Record]", statements: list[str]) -> None:
    for each in statements:
        await sender.execute(each)


async def test_a_database_that_may_not_be_written_is_waited_for_and_said(server: Server, database: str) -> None:
    pool = await asyncpg.create_pool(server.dsn("intake", database), server_settings={"search_path": "intake"})
    check = health.database(pool)
    assert await check() is None
    admin = await asyncpg.connect(server.of_admin(database))
    await admin.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    await pool.expire_connections()
    assert await check() == "a read-only database"
    with pytest.raises(Retryable):
        async with borrow_connection(pool) as connection:
            await connection.execute("SELECT move_line(0, 0, 0, 0, 0)")
    await admin.close()
    await pool.close()
