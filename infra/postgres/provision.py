"""Provisioning of a deployment's database: its roles, a schema for each service, and few rights for PUBLIC.

Runs at every start, as the server's administrator, and repeats without effect. Passwords reach the server only as SCRAM
verifiers, so that no statement, log or error can contain one.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import asyncpg

from infra.postgres.calling_agency import CALLERS
from infra.postgres.logins import make_roles
from infra.postgres.public_rights import close_estimates, close_functions
from infra.postgres.roles import (
    AGENCY,
    AUDITOR,
    COUNTING,
    ME_OFFICER,
    OFFICER,
    OPERATIONS_READ,
    OWNER,
    READER,
    REGISTRAR,
    ROLES,
    SCHEMAS,
    WEB,
    login_of,
    quoted,
)
from schemas.agencies import AGENCIES, PUBLISHING, agency_of
from schemas.sight import sees_every_file, sees_every_matter

if TYPE_CHECKING:
    from collections.abc import Mapping

# Texts in this database are codes, so they are ordered by bytes, whatever the server's locale is. Then no index depends
# on the version of the system's locale library.
_CODES = "ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"


async def provision(
    admin_dsn: str,
    database: str,
    passwords: Mapping[str, str],
    agencies: Mapping[str, str | None] = MappingProxyType({}),
) -> None:
    """Create the database of a deployment with its roles and schemas, as far as they are missing.

    `passwords`: password of each role of `ROLES`. `agencies`: password of each agency that may log in; None keeps the
    present password. No other agency may log in. Raises asyncpg's errors.
    """
    server = await asyncpg.connect(admin_dsn)
    try:
        await make_roles(server, passwords, agencies)
        if not await server.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await server.execute(f"CREATE DATABASE {quoted(database)} OWNER {OWNER} TEMPLATE template0 {_CODES}")
    finally:
        await server.close()
    inside = await asyncpg.connect(admin_dsn, database=database)
    try:
        await make_schemas(inside, database)
    finally:
        await inside.close()


async def make_schemas(inside: asyncpg.Connection, database: str) -> None:
    """Revoke PUBLIC's rights in the database, make the schemas, and let each service use the schema of its name."""
    statements = [
        *connection_right_statements(database),
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        # Without this a login could run an endless loop as a block of code, or make a function that others call.
        "REVOKE ALL ON LANGUAGE plpgsql, sql FROM PUBLIC",
        f"GRANT USAGE ON LANGUAGE plpgsql, sql TO {OWNER}",
        # For functions that are made later too, in every schema.
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        *(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {OWNER}" for schema in (*SCHEMAS, "access")),
        *(f"GRANT USAGE ON SCHEMA {schema} TO {schema}" for schema in SCHEMAS),
        f"GRANT USAGE ON SCHEMA reporting TO {READER}, {ME_OFFICER}, {AUDITOR}",
        f"REVOKE USAGE ON SCHEMA referral, case_tracker FROM {READER}",
        f"GRANT USAGE ON SCHEMA reporting, referral, case_tracker TO {OFFICER}",
        f"GRANT USAGE ON SCHEMA case_tracker TO {AGENCY}",
        f"GRANT USAGE ON SCHEMA referral, case_tracker, access TO {OPERATIONS_READ}",
        f"GRANT USAGE ON SCHEMA referral, case_tracker, access, web TO {COUNTING}",
        f"GRANT USAGE ON SCHEMA intake, web, identity TO {REGISTRAR}",
        f"GRANT USAGE ON SCHEMA reporting, case_tracker TO {WEB}",
        "GRANT USAGE ON SCHEMA referral, case_tracker TO intake",  # its HTTP API calls functions there
        # To count the standbys. Of each standby the function shows such a role nothing.
        "GRANT EXECUTE ON FUNCTION pg_stat_get_wal_senders TO intake",
        *CALLERS,
    ]
    async with inside.transaction():
        # Two starts at once would collide in the catalogue; the second waits and finds all made.
        await inside.execute("SELECT pg_advisory_xact_lock(hashtext('atips.provision'))")
        for statement in statements:
            await inside.execute(statement)
        await inside.executemany(
            "INSERT INTO access.login VALUES ($1, $2, $3) ON CONFLICT (login) DO NOTHING",
            [(login_of(agency), agency, None) for agency in PUBLISHING] + [(AUDITOR, "council", ["audit"])],
        )
        await inside.executemany(
            "INSERT INTO access.agency VALUES ($1, $2, $3, $4) ON CONFLICT (agency) DO UPDATE SET"
            " (house, every_matter, every_file) = (excluded.house, excluded.every_matter, excluded.every_file)",
            [(each, agency_of(each), sees_every_matter(each), sees_every_file(each)) for each in AGENCIES],
        )
        await close_functions(inside)
        await close_estimates(inside)


def connection_right_statements(database: str) -> tuple[str, ...]:
    """Return the statements that let only our roles connect to a database. A restored copy of it needs them again."""
    name = quoted(database)
    return (
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {', '.join((*ROLES, AGENCY, ME_OFFICER))}",
    )
