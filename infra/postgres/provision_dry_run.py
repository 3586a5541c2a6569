"""The rehearsal of provisioning in the database: it runs in a transaction, is compared, and is rolled back.

So the check runs the same statements as provisioning, and the two cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import asyncpg

from infra.postgres.logins import make_roles
from infra.postgres.provision import make_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOCK_SECONDS: Final = 5
"""Longest wait of the rehearsal for another session's lock, in seconds. Services wait behind it meanwhile."""

# Everything that provisioning may touch, as (kind, name, value).
_SNAPSHOT: Final = """
SELECT 'role' AS kind, rolname::text AS name, concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb,
    rolcanlogin, rolreplication, rolbypassrls, rolconnlimit) AS value FROM pg_roles
UNION ALL SELECT 'password', rolname::text, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL
UNION ALL SELECT 'membership', format('%s in %s', member::regrole, roleid::regrole), concat_ws(' ', admin_option)
    FROM pg_auth_members
UNION ALL SELECT 'setting', format('%s of %s', split_part(each, '=', 1), setrole::regrole), each
    FROM pg_db_role_setting, unnest(setconfig) AS each
UNION ALL SELECT 'database', datname::text, concat_ws(' ', datdba::regrole, sorted) FROM pg_database,
    LATERAL (SELECT string_agg(each::text, ' ' ORDER BY each::text) AS sorted FROM unnest(datacl) AS each) AS of_acl
UNION ALL SELECT 'schema', nspname::text, concat_ws(' ', nspowner::regrole, sorted) FROM pg_namespace,
    LATERAL (SELECT string_agg(each::text, ' ' ORDER BY each::text) AS sorted FROM unnest(nspacl) AS each) AS of_acl
    WHERE nspname !~ '^pg_(toast_)?temp'
UNION ALL SELECT 'language', lanname::text, sorted FROM pg_language,
    LATERAL (SELECT string_agg(each::text, ' ' ORDER BY each::text) AS sorted FROM unnest(lanacl) AS each) AS of_acl
UNION ALL SELECT 'function', oid::regprocedure::text, concat_ws(' ', proowner::regrole, sorted, prosrc)
    FROM pg_proc, LATERAL (SELECT string_agg(each::text, ' ' ORDER BY each::text) AS sorted FROM unnest(proacl) AS each)
    AS of_acl WHERE pronamespace = 'pg_catalog'::regnamespace AND proacl IS NOT NULL
        OR pronamespace = to_regnamespace('access')
UNION ALL SELECT 'table', oid::regclass::text, concat_ws(' ', relowner::regrole, relacl::text) FROM pg_class
    WHERE relnamespace = to_regnamespace('access')
UNION ALL SELECT 'default', concat_ws(' ', defaclrole::regrole, defaclobjtype), defaclacl::text FROM pg_default_acl
"""
_ROWS: Final = """
SELECT 'login' AS kind, login::text AS name, concat_ws(' ', agency, purposes::text) AS value FROM access.login
UNION ALL SELECT 'agency', agency, concat_ws(' ', house, every_matter, every_file) FROM access.agency
"""

Snapshot = dict[tuple[str, str], str | None]


@dataclass(frozen=True, slots=True, order=True)
class DatabaseChange:
    """One thing that provisioning changes: its kind, its name, and `how`: `new`, `other` or `gone`."""

    kind: str
    name: str
    how: str


def compare(before: Snapshot, after: Snapshot) -> tuple[DatabaseChange, ...]:
    """Return the differences between two snapshots, sorted."""
    return tuple(sorted(_changes(before, after)))


def _changes(before: Snapshot, after: Snapshot) -> Iterator[DatabaseChange]:
    for key, value in after.items():
        if key not in before:
            yield DatabaseChange(*key, "new")
        elif before[key] != value:
            yield DatabaseChange(*key, "other")
    yield from (DatabaseChange(*key, "gone") for key in before.keys() - after.keys())


async def snapshot(connection: asyncpg.Connection) -> Snapshot:
    """Read everything that provisioning may change: by (kind, name) a text of its value."""
    rows = list(await connection.fetch(_SNAPSHOT))
    if await connection.fetchval("SELECT to_regclass('access.login') IS NOT NULL"):
        rows += await connection.fetch(_ROWS)
    return {(row["kind"], row["name"]): row["value"] for row in rows}


async def rehearse(
    admin_dsn: str, database: str, passwords: Mapping[str, str], agencies: Mapping[str, str | None]
) -> tuple[DatabaseChange, ...]:
    """Return the sorted changes that provisioning would make; nothing stays changed or locked.

    `passwords`, `agencies`: as of `make_roles`. If the database does not exist, only the roles are rehearsed, and one
    change of kind `database` stands for its content. Raises asyncpg's errors, such as `LockNotAvailableError` if
    another session holds a lock for too long.
    """
    server = await asyncpg.connect(admin_dsn)
    try:
        there = await server.fetchval("SELECT true FROM pg_database WHERE datname = $1", database)
    finally:
        await server.close()
    connection = await (asyncpg.connect(admin_dsn, database=database) if there else asyncpg.connect(admin_dsn))
    try:
        before, after = await _rolled_back(connection, database if there else None, passwords, agencies)
    finally:
        await connection.close()
    new = () if there else (DatabaseChange("database", database, "new"),)
    return tuple(sorted((*new, *compare(before, after))))


async def _rolled_back(
    connection: asyncpg.Connection,
    database: str | None,
    passwords: Mapping[str, str],
    agencies: Mapping[str, str | None],
) -> tuple[Snapshot, Snapshot]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        before = await snapshot(connection)
        await make_roles(connection, passwords, agencies)
        if database is not None:
            await make_schemas(connection, database)
        return before, await snapshot(connection)
    finally:
        await transaction.rollback()
