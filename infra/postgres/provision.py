"""The database of a deployment: roles for services, people and agencies, a schema for each service, little for PUBLIC.

Runs at every start, as the server's administrator, and changes nothing that is right. Passwords reach the server only
as SCRAM verifiers, so that no statement, log or error can carry one.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import asyncpg

from infra.postgres.scram import opens, scram_verifier
from schemas.agencies import AGENCIES, PUBLISHING, house
from schemas.sight import sees_every_file, sees_every_matter

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER = "owner"  # owns the schemas; nobody logs in as it
MIGRATOR = "migrator"  # logs in to act as the owner, for migrations alone
READER = "me_read"  # selects from the views of figures that hide small numbers, and sees nothing else
ME_OFFICER = "me_officer"  # what every named M&E officer's login may do; nobody logs in as it
OFFICER = "officer"  # selects exact figures, findings and what waits: the commands of the operator's console
REGISTRAR = "registrar"  # adds and revokes API keys
AUDITOR = "auditor"  # looks at cases for audits, as the Council, and sees who looked
AGENCY = "agency"  # what every agency's login may do; nobody logs in as it
OPERATIONS_READ = "operations_read"  # selects rows of the caller's agency alone; each agency's login may as much
COUNTING = "counting"  # owns functions that give counts over all agencies, and no row; nobody logs in as it
IDENTITY = "identity"  # keeps the ids of agencies' own numbers, and sees nothing else
WEB = "web"  # the pages: reads figures, keeps accounts and sessions
SERVICES = ("intake", "referral", "case_tracker", "reporting")
ROLES = (MIGRATOR, *SERVICES, WEB, IDENTITY, READER, OFFICER, REGISTRAR, AUDITOR)
"""The roles that log in, beside one for each agency."""

SCHEMAS = (*SERVICES, WEB, IDENTITY)

FORMER_READER = "reader"
"""Name that `me_read` had in clusters of earlier versions."""

# People's tools leave room for the services, and forget no transaction. A session may raise its own time limit: what
# cannot be raised is the number of connections.
LIMITS = {READER: 20, OFFICER: 50, REGISTRAR: 10, AUDITOR: 5, MIGRATOR: 10}
AGENCY_CONNECTIONS = 5
OFFICER_CONNECTIONS = 5
PATIENCE = {"statement_timeout": "5min", "idle_in_transaction_session_timeout": "5min"}
OF_PEOPLE = (READER, OFFICER, REGISTRAR, AUDITOR)
# What a session of a person's own tool begins with: no schema has to be named, and times are Belize's.
_AT_A_PROMPT = {"timezone": "America/Belize"}
_READ_ONLY = {"default_transaction_read_only": "on"}
SESSIONS = {
    READER: _AT_A_PROMPT | _READ_ONLY | {"search_path": "reporting"},
    ME_OFFICER: _AT_A_PROMPT | {"search_path": "reporting"},
    OFFICER: _AT_A_PROMPT | {"search_path": "reporting, referral, case_tracker"},
    AUDITOR: _AT_A_PROMPT | {"search_path": "case_tracker, reporting"},
}

# Functions of the server that everybody may call though they are volatile. All other volatile ones are closed to
# PUBLIC: locks that would hold up the acceptance line, notifications, large objects, records in the write-ahead log,
# signals to other sessions, replication slots, sleeping, settings.
HARMLESS = (
    "clock_timestamp",
    "gen_random_uuid",
    "pg_advisory_unlock_all",  # drivers call it before they hand a connection on; it gives back what is one's own
    "pg_is_in_recovery",
    "random",
    "random_normal",
    "timeofday",
    "uuidv4",
    "uuidv7",
)
# Not volatile, and still not for everybody: statistics tell how many rows lie in tables that one may not read, and a
# transaction's number uses one up.
CLOSED = r"^(pg_stat_get_.*|pg_current_xact_id|txid_current|pg_get_replication_slots)$"
# What services and migrations call of what is closed.
NEEDED = (
    "nextval",
    "pg_advisory_unlock",
    "pg_advisory_xact_lock",
    "pg_current_xact_id",
    "pg_lock_status",  # who waits for whom
    "pg_notify",
    "pg_try_advisory_lock",
    "pg_try_advisory_xact_lock",
    "pg_xact_status",
    "set_config",
)

_OPEN_TO_ALL = """
SELECT p.oid::regprocedure::text AS name, p.proname = ANY ($2::text[]) AS needed
FROM pg_proc AS p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS granted
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND granted.grantee = 0 AND p.prokind IN ('f', 'p')
    AND (p.provolatile = 'v' OR p.proname ~ $3) AND p.proname <> ALL ($1::text[])
"""


# Texts are codes, in whatever language the server's others are: their order, and with it each index on them, is that
# of their bytes, and stays so when the system's library of locales is another one.
_CODES = "ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"


async def provision(
    admin_dsn: str,
    database: str,
    passwords: Mapping[str, str],
    agencies: Mapping[str, str | None] = MappingProxyType({}),
) -> None:
    """Make the database with its roles and schemas.

    `passwords` has one for each of `ROLES`; `agencies` one for each agency that may log in, or None where it keeps the
    one that it has. All other agencies may not log in.
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


async def make_roles(
    server: asyncpg.Connection, passwords: Mapping[str, str], agencies: Mapping[str, str | None]
) -> None:
    """Make the roles, none of which may do more than log in, and set their passwords."""
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
        await let_in(server, agency, password)
    for role in await _logins(server):
        if role not in map(login_of, agencies):
            await server.execute(f"ALTER ROLE {quoted(role)} NOLOGIN")


def login_of(agency: str) -> str:
    """Give the role by which an agency comes in."""
    return f"{AGENCY}_{agency}"


async def let_in(server: asyncpg.Connection, agency: str, password: str | None) -> None:
    """Make the role of an agency, or open it again; without a password it keeps the one that it has."""
    await _open_login(server, login_of(agency), AGENCY, AGENCY_CONNECTIONS, password)


async def let_officer_in(server: asyncpg.Connection, name: str, password: str) -> None:
    """Make the login of a named M&E officer, or open it again with another password."""
    role = officer_login(name)
    await _open_login(server, role, ME_OFFICER, OFFICER_CONNECTIONS, password)
    await _begin_sessions(server, role, ME_OFFICER)


async def _open_login(
    server: asyncpg.Connection, role: str, group: str, connections: int, password: str | None
) -> None:
    """Make a login of a group of roles, or open it again with another password."""
    await _make_role(server, role)
    await server.execute(f"ALTER ROLE {quoted(role)} LOGIN INHERIT CONNECTION LIMIT {connections}")
    if password is not None:
        await _set_password(server, role, password)
    await _make_patient(server, role)
    await server.execute(f"GRANT {group} TO {quoted(role)}")


async def _set_password(server: asyncpg.Connection, role: str, password: str) -> None:
    """Give a role its password, unless it is the one that it has."""
    kept = await server.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = $1", role)
    if kept is None or not opens(kept, password):
        await server.execute(f"ALTER ROLE {quoted(role)} PASSWORD '{scram_verifier(password)}'")


async def shut_officer_out(server: asyncpg.Connection, name: str) -> None:
    """Close the login of a named M&E officer and end its sessions."""
    role = officer_login(name)
    if await server.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
        await server.execute(f"ALTER ROLE {quoted(role)} NOLOGIN")
        await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", role)


def officer_login(name: str) -> str:
    """Give the role by which a named M&E officer comes in."""
    return f"{ME_OFFICER}_{name}"


async def shut_out(server: asyncpg.Connection, agency: str) -> None:
    """Close the role of an agency, and end its sessions."""
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
    """Give the reader of an earlier version its name of today, with all that it was granted.

    Where both names are roles, the former one may not log in any more.
    """
    found = await server.fetch("SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)", [READER, FORMER_READER])
    names = {row["rolname"] for row in found}
    if names == {FORMER_READER}:
        await server.execute(f"ALTER ROLE {FORMER_READER} RENAME TO {READER}")
    elif FORMER_READER in names:
        await server.execute(f"ALTER ROLE {FORMER_READER} NOLOGIN PASSWORD NULL")


async def make_schemas(inside: asyncpg.Connection, database: str) -> None:
    """Close the database to PUBLIC, and give each service the use of the schema of its name."""
    statements = [
        *closed(database),
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        # A block of code is a loop that nothing ends, and a function of one's own runs with whoever calls it.
        "REVOKE ALL ON LANGUAGE plpgsql, sql FROM PUBLIC",
        f"GRANT USAGE ON LANGUAGE plpgsql, sql TO {OWNER}",
        # Of functions that are made later too, in whatever schema.
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        *(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {OWNER}" for schema in (*SCHEMAS, "access")),
        *(f"GRANT USAGE ON SCHEMA {schema} TO {schema}" for schema in SCHEMAS),
        f"GRANT USAGE ON SCHEMA reporting TO {READER}, {ME_OFFICER}, {AUDITOR}",
        f"REVOKE USAGE ON SCHEMA referral, case_tracker FROM {READER}",
        f"GRANT USAGE ON SCHEMA reporting, referral, case_tracker TO {OFFICER}",
        f"GRANT USAGE ON SCHEMA case_tracker TO {AGENCY}",
        f"GRANT USAGE ON SCHEMA referral, case_tracker, access TO {OPERATIONS_READ}",
        f"GRANT USAGE ON SCHEMA referral, access, web TO {COUNTING}",
        f"GRANT USAGE ON SCHEMA intake, web TO {REGISTRAR}",
        f"GRANT USAGE ON SCHEMA reporting, case_tracker TO {WEB}",
        "GRANT USAGE ON SCHEMA referral, case_tracker TO intake",  # it may call the functions of its door there
        # How many standbys there are; of each of them it shows such a role nothing.
        "GRANT EXECUTE ON FUNCTION pg_stat_get_wal_senders TO intake",
        *_CALLERS,
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
            [(each, house(each), sees_every_matter(each), sees_every_file(each)) for each in AGENCIES],
        )
        found = await inside.fetch(_OPEN_TO_ALL, HARMLESS, NEEDED, CLOSED)
        if found:
            names = ", ".join(row["name"] for row in found)
            await inside.execute(f"REVOKE EXECUTE ON FUNCTION {names} FROM PUBLIC")
            needed = ", ".join(row["name"] for row in found if row["needed"])
            if needed:
                await inside.execute(f"GRANT EXECUTE ON FUNCTION {needed} TO {OWNER}, {', '.join(SERVICES)}")


def closed(database: str) -> tuple[str, ...]:
    """Give the statements that let nobody but our roles into a database; a copy of it needs them again."""
    name = quoted(database)
    return (
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {', '.join((*ROLES, AGENCY, ME_OFFICER))}",
    )


_ACCESS = ("caller()", "caller_may(text)", "account()", "is_bound()", "callers()", "sees_every(text)")

# The caller's agency follows from the login, never from an argument. `purposes`: what a login may look for; NULL:
# anything. The pages have one login for everybody: their caller is the account of the session that the transaction
# names (`SET LOCAL atips.session`), if it is an officer's. Migrations make `web.session_of` and `may_look` after this
# step.
_CALLERS = (
    "CREATE TABLE IF NOT EXISTS access.login (login name PRIMARY KEY, agency text NOT NULL, purposes text[])",
    f"ALTER TABLE access.login OWNER TO {OWNER}",
    # What the tables of agencies and of sight say of each agency. Every start writes it anew.
    """
    CREATE TABLE IF NOT EXISTS access.agency (
        agency text PRIMARY KEY, house text NOT NULL, every_matter boolean NOT NULL, every_file boolean NOT NULL
    )
    """,
    f"ALTER TABLE access.agency OWNER TO {OWNER}",
    """
    CREATE OR REPLACE FUNCTION access.caller() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, access, pg_temp AS $$
    BEGIN
        IF session_user = 'web' THEN
            RETURN (SELECT h.house FROM web.session_of('{officer}') AS c JOIN agency AS h USING (agency));
        END IF;
        RETURN (SELECT agency FROM login WHERE login = session_user);
    END
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION access.caller_may(purpose text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, access, pg_temp AS $$
    BEGIN
        IF session_user = 'web' THEN
            RETURN web.may_look();
        END IF;
        RETURN (SELECT coalesce(purpose = ANY (purposes), true) FROM login WHERE login = session_user);
    END
    $$
    """,
    # The account that looks, by an id at random and by its name; no row for a login without accounts.
    """
    CREATE OR REPLACE FUNCTION access.account() RETURNS TABLE (id text, name text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    BEGIN
        IF session_user = 'web' THEN
            RETURN QUERY SELECT c.id, c.name FROM web.session_of('{officer}') AS c;
        END IF;
    END
    $$
    """,
    # For policies of rows, which ask once a query. Whether the login works for one agency, or for one session's. A
    # login that nobody thought of does.
    """
    CREATE OR REPLACE FUNCTION access.is_bound() RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
        SELECT session_user <> ALL ('{migrator,intake,referral,case_tracker,reporting,officer}'::name[])
    $$
    """,
    # The caller's agency with its units; NULL without a caller.
    """
    CREATE OR REPLACE FUNCTION access.callers() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, access, pg_temp AS $$
        SELECT array_agg(agency) FROM agency WHERE house = (SELECT access.caller())
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION access.sees_every(what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, access, pg_temp AS $$
        SELECT coalesce(bool_or(CASE what WHEN 'matter' THEN every_matter WHEN 'file' THEN every_file END), false)
        FROM agency WHERE agency = (SELECT access.caller()) OR what = 'matter' AND house = (SELECT access.caller())
    $$
    """,
    *(f"ALTER FUNCTION access.{name} OWNER TO {OWNER}" for name in _ACCESS),
    *(f"REVOKE ALL ON FUNCTION access.{name} FROM PUBLIC" for name in _ACCESS),
    *(
        # A view asks for them with the rights of whoever reads it.
        f"GRANT EXECUTE ON FUNCTION access.{name} TO {OPERATIONS_READ}, {OFFICER}, referral, case_tracker"
        for name in ("caller()", "is_bound()", "callers()", "sees_every(text)")
    ),
)


def quoted(identifier: str) -> str:
    """Quote a name for SQL."""
    return '"' + identifier.replace('"', '""') + '"'
