"""Logins to the database that are opened and shut while the cluster runs: those of agencies and of M&E officers.

An agency's login is opened when the agency gets its first credential, and shut when it has none left.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from infra.local.folder import Folder
from infra.local.provision import database_login, officer_login
from infra.postgres import logins as postgres
from infra.postgres import roles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SECONDS = 10.0


class LoginError(Exception):
    """The database does not answer, or does not let its administrator do this."""


def open_login(data_dir: Path, agency: str) -> None:
    """Let the agency log in, with the password that lies in its folder. Raises `LoginError`."""
    folder = Folder(data_dir)
    password = database_login(folder, agency)
    _as_administrator(folder, lambda server: postgres.let_in(server, agency, password))


def renew_login(data_dir: Path, agency: str) -> None:
    """Give the agency another password, and end the sessions that came in with the old one. Raises `LoginError`.

    There is no overlap: a role of PostgreSQL has one password.
    """
    folder = Folder(data_dir)
    folder.database(agency).unlink(missing_ok=True)
    password = database_login(folder, agency)

    async def renewed(server: asyncpg.Connection) -> None:
        await postgres.let_in(server, agency, password)
        await postgres.end_sessions(server, agency)

    _as_administrator(folder, renewed)


def shut_login(data_dir: Path, agency: str) -> None:
    """Let the agency log in no more, end its sessions, and remove its password. Raises `LoginError`."""
    folder = Folder(data_dir)
    _as_administrator(folder, lambda server: postgres.shut_out(server, agency))
    folder.database(agency).unlink(missing_ok=True)


def open_officer(data_dir: Path, name: str) -> Path:
    """Let a named M&E officer log in; gives the file with the way in, password and all. Raises `LoginError`."""
    folder = Folder(data_dir)
    file, password = officer_login(folder, name)
    _as_administrator(folder, lambda server: postgres.let_officer_in(server, name, password))
    return file


def shut_officer(data_dir: Path, name: str) -> None:
    """Let a named M&E officer log in no more, end its sessions, and remove its password. Raises `LoginError`."""
    folder = Folder(data_dir)
    file = folder.dsn_file(roles.officer_login(name))
    if file.exists():
        _as_administrator(folder, lambda server: postgres.shut_officer_out(server, name))
        file.unlink(missing_ok=True)


def _as_administrator(folder: Folder, done: Callable[[asyncpg.Connection], Awaitable[None]]) -> None:
    dsn = Path(folder.read_state()["postgres"]["admin_dsn_file"]).read_text(encoding="utf-8").strip()

    async def within() -> None:
        server = await asyncpg.connect(dsn, timeout=SECONDS)
        try:
            await done(server)
        finally:
            await server.close()

    try:
        asyncio.run(within())
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise LoginError(type(error).__name__) from None
