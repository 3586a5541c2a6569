"""A reader's connection to what the case tracker shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from infra.local.folder import Folder
from services.runtime.postgres import Connection, translated


@asynccontextmanager
async def reader(folder: Folder) -> AsyncIterator[Connection]:
    """Open it. Raises `Retryable` when the database is away."""
    dsn = folder.dsn_file("reader").read_text(encoding="utf-8").strip()
    with translated():
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "case_tracker"})
        try:
            yield connection
        finally:
            await connection.close()
