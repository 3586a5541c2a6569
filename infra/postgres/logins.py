"""Roles and logins of a deployment's database: make roles, open and close logins of agencies and officers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.postgres.roles import (
    AGENCY,
    AGENCY_CONNECTIONS,
    AUDITOR,
    COUNTING,
    FORMER_READER,
    LIMITS,
    ME_OFFICER,
    MIGRATOR,
    OF_PEOPLE,
    OFFICER_CONNECTIONS,
    OPERATIONS_READ,
    OWNER,
    PATIENCE,
    READER,
    ROLES,
    SESSIONS,
    login_of,
    officer_login,
    quoted,
)
from infra.postgres.scram import matches_password, scram_verifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg


async def make_roles(
    server: asyncpg.Connection, passwords: Mapping[str, str], agencies: Mapping[str, str | None]
) -> None:
    """Create the roles of a deployment, without any special attribute, and set passwords, limits and memberships.

    `passwords`: password of each role of `ROLES`. `agencies`: password of each agency that has a login; None keeps the
    present password. Logins of other agencies are closed.
    """
    await _rename_reader(server)
    for role in (OWNER, AGENCY, ME_OFFICER, OPERATIONS_READ, COUNTING):
        await _make_role(server, role)
        await server.execute(f"ALTER ROLE {role} NOLOGIN PASSWORD NULL")
    for role in ROLES:
        await _make_role(server, role)
        await server.execute(f"ALTER ROLE {role} LOGIN")
        await _set_password(server, role, passwords[role])
        await server.execute(f"ALTER ROLE {role} CONNECTION LIMIT {LIMITS.get(role, -1)}")
    for role in OF_PEOPLE:
        await _make_patient(server, role)
        await _begin_sessions(server, role, role)
    # It has none of the owner's rights by itself, and begins each session as the owner.
    await server.execute(f"ALTER ROLE {MIGRATOR} NOINHERIT")
    await server.execute(f"GRANT {OWNER} TO {MIGRATOR}")
    await server.execute(f"ALTER ROLE {MIGRATOR} SET role = '{OWNER}'")
    await server.execute(f"GRANT {AGENCY} TO {AUDITOR}")
    await server.execute(f"GRANT {OPERATIONS_READ} TO {AGENCY}")
    # It may hand a function over, and has none of the other's rights: it must not read the rows of all agencies.
    await server.execute(f"ALTER ROLE {OWNER} NOINHERIT")
    await server.execute(f"GRANT {COUNTING} TO {OWNER}")
    for agency, password in agencies.items():
        await open_agency_login(server, agency, password)
    for role in await _logins(server):
        if role not in map(login_of, agencies):
            await server.execute(f"ALTER ROLE {quoted(role)} NOLOGIN")


async def open_agency_login(server: asyncpg.Connection, agency: str, password: str | None) -> None:
    """Create the login of an agency, or open a closed one again. `password`: None keeps its present password."""
    await _open_login(server, login_of(agency), AGENCY, AGENCY_CONNECTIONS, password)


async def open_officer_login(server: asyncpg.Connection, name: str, password: str) -> None:
    """Make the login of a named M&E officer, or open it again with another password."""
    role = officer_login(name)
    await _open_login(server, role, ME_OFFICER, OFFICER_CONNECTIONS, password)
    await _begin_sessions(server, role, ME_OFFICER)


async def _open_login(
    server: asyncpg.Connection, role: str, group: str, connections: int, password: str | None
) -> None:
    """Make a login as a member of the role `group`, or open it again."""
    await _make_role(server, role)
    await server.execute(f"ALTER ROLE {quoted(role)} LOGIN INHERIT CONNECTION LIMIT {connections}")
    if password is not None:
        await _set_password(server, role, password)
    await _make_patient(server, role)
    await server.execute(f"GRANT {group} TO {quoted(role)}")


async def _set_password(server: asyncpg.Connection, role: str, password: str) -> None:
    """Set a role's password, unless the role has it already."""
    kept = await server.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = $1", role)
    if kept is None or not matches_password(kept, password):
        await server.execute(f"ALTER ROLE {quoted(role)} PASSWORD '{scram_verifier(password)}'")


async def close_officer_login(server: asyncpg.Connection, name: str) -> None:
    """Close the login of a named M&E officer and end its sessions."""
    role = officer_login(name)
    if await server.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
        await server.execute(f"ALTER ROLE {quoted(role)} NOLOGIN")
        await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", role)


async def close_agency_login(server: asyncpg.Connection, agency: str) -> None:
    """Close the login of an agency, and end its sessions."""
    role = login_of(agency)
    if role in await _logins(server):
        await server.execute(f"ALTER ROLE {quoted(role)} NOLOGIN")
        await end_sessions(server, agency)


async def end_sessions(server: asyncpg.Connection, agency: str) -> None:
    """End every session of an agency's login."""
    role = login_of(agency)
    await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", role)


async def _logins(server: asyncpg.Connection) -> list[str]:
    found = await server.fetch("SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)", login_of(""))
    return [row["rolname"] for row in found]


async def _make_role(server: asyncpg.Connection, role: str) -> None:
    if not await server.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
        await server.execute(f"CREATE ROLE {quoted(role)}")
    await server.execute(f"ALTER ROLE {quoted(role)} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")


async def _make_patient(server: asyncpg.Connection, role: str) -> None:
    for setting, value in PATIENCE.items():
        await server.execute(f"ALTER ROLE {quoted(role)} SET {setting} = '{value}'")


async def _begin_sessions(server: asyncpg.Connection, role: str, alike: str) -> None:
    for setting, value in SESSIONS.get(alike, {}).items():
        said = value if setting == "search_path" else f"'{value}'"
        await server.execute(f"ALTER ROLE {quoted(role)} SET {setting} = {said}")


async def _rename_reader(server: asyncpg.Connection) -> None:
    """Rename the reader's role of an earlier version to its present name; it keeps its grants.

    If both roles exist, the login of the former one is closed.
    """
    found = await server.fetch("SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)", [READER, FORMER_READER])
    names = {row["rolname"] for row in found}
    if names == {FORMER_READER}:
        await server.execute(f"ALTER ROLE {FORMER_READER} RENAME TO {READER}")
    elif FORMER_READER in names:
        await server.execute(f"ALTER ROLE {FORMER_READER} NOLOGIN PASSWORD NULL")
