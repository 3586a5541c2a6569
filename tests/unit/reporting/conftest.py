"""A database of a test's own for reporting: a copy of the migrated one on the run's server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import pytest

from tests.support.database import Server

__all__ = ["Database", "Server", "a_database"]


@dataclass(slots=True)
class Database:
    """A migrated database of one test."""

    server: Server
    name: str
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def alter(self, statement: str) -> str:
        """Do what the service may not; gives the command's tag."""
        return await self.server.alter(self.name, "reporting", statement)

    async def pool(self, role: str = "reporting", *, command_timeout: float | None = None) -> asyncpg.Pool:
        pool = await asyncpg.create_pool(
            self.server.dsn(role, self.name),
            min_size=1,
            max_size=3,
            command_timeout=command_timeout,
            server_settings={"search_path": "reporting"},
        )
        self.stack.push_async_callback(pool.close)
        return pool

    async def connect(self, role: str = "reporting") -> "asyncpg.Connection[asyncpg.Record]":
        connection = await asyncpg.connect(
            self.server.dsn(role, self.name), server_settings={"search_path": "reporting"}
        )
        self.stack.push_async_callback(connection.close)
        return connection


@asynccontextmanager
async def a_database(server: Server) -> AsyncIterator[Database]:
    """A database for as long as the block lasts."""
    async with server.copy() as name:
        found = Database(server, name)
        async with found.stack:
            yield found


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    async with a_database(server) as found:
        yield found
