"""Logins to the database that are opened and closed while the cluster runs: of agencies and of M&E officers.

An agency's login is opened when the agency gets its first credential, and closed when it has none left.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from infra.local.data_folder import Folder
from infra.local.provision import database_login, officer_login
from infra.postgres import logins as postgres
from infra.postgres import roles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SECONDS = 10.0


class LoginError(Exception):
    """The database does not answer, or refuses the administrator's statement."""


def open_login(data_dir: Path, agency: str) -> None:
    """Open the agency's login, with the password in its folder or a new one. Raises `LoginError`."""
    folder = Folder(data_dir)
    password = database_login(folder, agency)
    _as_administrator(folder, lambda server: postgres.open_agency_login(server, agency, password))


def renew_login(data_dir: Path, agency: str) -> None:
    """Give the agency another password, and end its sessions. Raises `LoginError`.

    The old password ends at once: a role of PostgreSQL has one password.
    """
    folder = Folder(data_dir)
    folder.database(agency).unlink(missing_ok=True)
    password = database_login(folder, agency)

    async def renewed(server: asyncpg.Connection) -> None:
        await postgres.open_agency_login(server, agency, password)
        await postgres.end_sessions(server, agency)

    _as_administrator(folder, renewed)


def shut_login(data_dir: Path, agency: str) -> None:
    """Close the agency's login, end its sessions, and delete its password file. Raises `LoginError`."""
    folder = Folder(data_dir)
    _as_administrator(folder, lambda server: postgres.close_agency_login(server, agency))
    folder.database(agency).unlink(missing_ok=True)


def open_officer(data_dir: Path, name: str) -> Path:
    """Open the login of a named M&E officer; return the DSN file, which holds the password. Raises `LoginError`."""
    folder = Folder(data_dir)
    file, password = officer_login(folder, name)
    _as_administrator(folder, lambda server: postgres.open_officer_login(server, name, password))
    return file


def shut_officer(data_dir: Path, name: str) -> None:
    """Close the login of a named M&E officer, end its sessions, and delete its DSN file. Raises `LoginError`.

    Does nothing without such a file.
    """
    folder = Folder(data_dir)
    file = folder.dsn_file(roles.officer_login(name))
    if file.exists():
        _as_administrator(folder, lambda server: postgres.close_officer_login(server, name))
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
