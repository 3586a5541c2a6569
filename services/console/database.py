"""A command's connection to the database of a data folder, in one of its roles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from infra.local.data_folder import Folder
from services.console.output import fail
from services.runtime.postgres import Connection, translate_driver_errors

CONNECT_SECONDS: Final = 10.0
"""Longest wait for a connection, in seconds. A person waits at a terminal."""

CLOSE_SECONDS: Final = 2.0


@asynccontextmanager
async def connected(folder: Folder, role: str, schema: str) -> AsyncIterator[Connection]:
    """Yield a connection in a database role, with `schema` as its search path. Raises `Retryable` without an answer."""
    with translate_driver_errors():
        connection = await asyncpg.connect(dsn(folder, role), timeout=CONNECT_SECONDS, server_settings=settings(schema))
        try:
            yield connection
        finally:
            with suppress(TimeoutError):  # a server that hangs does not close the connection; the driver then drops it
                await connection.close(timeout=CLOSE_SECONDS)


@asynccontextmanager
async def as_agency(folder: Folder, agency: str, schema: str) -> AsyncIterator[Connection]:
    """Yield a connection with an agency's own login, by which the database decides what the agency may see.

    Raises `Retryable` if the database does not answer. Exits with 1 if the agency has no login here.
    """
    try:
        address = folder.database(agency).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        fail(f"{agency} may not log in to the database: atips agency add {agency} --keep")
    with translate_driver_errors():
        connection = await asyncpg.connect(address, timeout=CONNECT_SECONDS, server_settings=settings(schema))
        try:
            yield connection
        finally:
            await connection.close()


def dsn(folder: Folder, role: str) -> str:
    """Return the DSN of a database role, with its password. Raises `FileNotFoundError` if no DSN is stored."""
    return folder.dsn_file(role).read_text(encoding="utf-8").strip()


def settings(schema: str) -> dict[str, str]:
    """Return settings of a session. A commit is on disk when it returns, whatever the server's default is."""
    return {"search_path": schema, "application_name": "atips", "synchronous_commit": "on"}
