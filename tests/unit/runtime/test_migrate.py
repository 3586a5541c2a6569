"""Migrations on a database that others run: several servers, one of which takes writes, and what a standby lacks."""

import asyncpg

from services.runtime.migrate import SERVICES, migrate, scripts
from tests.support.database import Server

_NUMBERED_AND_UNLOGGED = "SELECT relname FROM pg_class WHERE relkind = 'S' AND relpersistence = 'u'"


async def test_of_several_servers_the_one_that_takes_writes_is_migrated(server: Server) -> None:
    async with server.copy() as name:
        user, place = server.of_admin(name).split("@")
        reached = await migrate(f"{user}@127.0.0.1:1,{place}?target_session_attrs=read-write")
        assert reached == {service: scripts(service).get_current_head() for service in SERVICES}


async def test_nothing_that_replication_leaves_out_draws_numbers(server: Server) -> None:
    """On a standby that has become the primary such a sequence may be unreadable."""
    async with server.copy() as name:
        connection = await asyncpg.connect(server.of_admin(name))
        assert await connection.fetch(_NUMBERED_AND_UNLOGGED) == []
        await connection.execute("CREATE UNLOGGED TABLE drawn (n bigint GENERATED ALWAYS AS IDENTITY)")
        assert len(await connection.fetch(_NUMBERED_AND_UNLOGGED)) == 1
        await connection.close()
