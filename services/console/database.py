"""A command's connection to the database of a data folder, in one of its roles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from infra.local.folder import Folder
from services.console.say import fail
from services.runtime.postgres import Connection, translated

CONNECT_SECONDS: Final = 10.0
"""Somebody waits at a terminal: a database that is silent for so long is away."""

CLOSE_SECONDS: Final = 2.0


@asynccontextmanager
async def connected(folder: Folder, role: str, schema: str) -> AsyncIterator[Connection]:
    """Connect as a role that sees one schema. Raises `Retryable` when the database is away."""
    with translated():
        connection = await asyncpg.connect(dsn(folder, role), timeout=CONNECT_SECONDS, server_settings=settings(schema))
        try:
            yield connection
        finally:
            with suppress(
                TimeoutError
            ):  # a server that is frozen does not say good-bye; the driver cuts the connection
                await connection.close(timeout=CLOSE_SECONDS)


@asynccontextmanager
async def as_agency(folder: Folder, agency: str, schema: str) -> AsyncIterator[Connection]:
    """Connect as an agency: who asks follows from this login, not from what is asked. Raises `Retryable`.

    Leaves with 1 where the agency has no login here.
    """
    try:
        address = folder.database(agency).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        fail(f"{agency} may not log in to the database: atips agency add {agency} --keep")
    with translated():
        connection = await asyncpg.connect(address, timeout=CONNECT_SECONDS, server_settings=settings(schema))
        try:
            yield connection
        finally:
            await connection.close()


def dsn(folder: Folder, role: str) -> str:
    """Give the DSN of a role, with its password."""
    return folder.dsn_file(role).read_text(encoding="utf-8").strip()


def settings(schema: str) -> dict[str, str]:
    """Give what a session begins with: what it writes is on disk when it is told so, whatever the server does else."""
    return {"search_path": schema, "application_name": "atips", "synchronous_commit": "on"}
