"""A database of case_tracker for each test that asks for one, and connections to it by other logins."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import pytest

from services.case_tracker.settings import Settings
from services.runtime import postgres
from tests.support.database import Server


@pytest.fixture
async def pool(server: Server, tmp_path: Path) -> AsyncIterator[asyncpg.Pool]:
    async with server.copy() as name:
        (tmp_path / "dsn").write_text(server.dsn("case_tracker", name))
        settings = Settings.model_construct(postgres_dsn_file=tmp_path / "dsn")
        made = await postgres.pool(settings, "case_tracker")
        yield made
        await made.close()


@pytest.fixture
async def reader(pool: asyncpg.Pool, server: Server) -> AsyncIterator[Any]:
    name = await pool.fetchval("SELECT current_database()")
    connection = await asyncpg.connect(server.dsn("officer", name), server_settings={"search_path": "case_tracker"})
    yield connection
    await connection.close()


As: TypeAlias = Callable[[str], Awaitable[Any]]


@pytest.fixture
async def as_login(pool: asyncpg.Pool, server: Server) -> AsyncIterator[As]:
    """Give connections by the login of an agency, or of another role."""
    name = await pool.fetchval("SELECT current_database()")
    opened = []

    async def connected(login: str) -> Any:  # noqa: ANN401
        dsn = server.dsn(login, name)
        opened.append(await asyncpg.connect(dsn, server_settings={"search_path": "case_tracker"}))
        return opened[-1]

    yield connected
    for connection in opened:
        await connection.close()
