"""Fixtures of the runtime's tests: a service's own connections to a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pytest

from services.referral.settings import Settings
from services.runtime import postgres
from tests.support.database import Server


@pytest.fixture
async def pool(server: Server, tmp_path: Path) -> AsyncIterator[asyncpg.Pool]:
    """As referral, one of those that decide, opens them."""
    async with server.copy() as name:
        (tmp_path / "dsn").write_text(server.dsn("referral", name))
        settings = Settings.model_construct(postgres_dsn_file=tmp_path / "dsn")
        async with await postgres.pool(settings, "referral") as made:
            yield made


Alter: TypeAlias = Callable[[str], Awaitable[str]]


@pytest.fixture
async def alter(pool: asyncpg.Pool, server: Server) -> Alter:
    """Do in the test's database what the service itself may not."""
    name = await pool.fetchval("SELECT current_database()")
    return partial(server.alter, name, "referral")
