"""The database of a deployment: a role and a schema for each service and for the identities, nothing for PUBLIC.

Runs at every start, as the server's administrator, and changes nothing that is right. Passwords reach the server only
as SCRAM verifiers, so that no statement, log or error can carry one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER = "owner"  # owns the schemas and runs the migrations
READER = "reader"  # selects from the views of reporting, referral and case_tracker
IDENTITY = "identity"  # keeps the ids of agencies' own numbers, and sees nothing else
SERVICES = ("intake", "referral", "case_tracker", "reporting")
ROLES = (OWNER, *SERVICES, IDENTITY, READER)
SCHEMAS = (*SERVICES, IDENTITY)
SCRAM_ITERATIONS = 4096

# A committee's tools, however many: they leave room for the services, and forget no transaction.
READER_LIMITS = "CONNECTION LIMIT 50"
READER_SETTINGS = {"statement_timeout": "15min", "idle_in_transaction_session_timeout": "15min"}

# By locks that anybody may take a reader would hold up the acceptance line; and it has nobody to wake, nothing to keep.
_OPEN_TO_ALL = """
SELECT p.oid::regprocedure::text AS name, p.proname !~ '^lo_' AS needed
FROM pg_proc AS p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS granted
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND granted.grantee = 0
    AND p.proname ~ '^(pg_(try_)?advisory_.*|pg_notify|lo_(creat|create|from_bytea|put|import))$'
"""


# Texts are codes, in whatever language the server's others are: their order, and with it each index on them, is that
# of their bytes, and stays so when the system's library of locales is another one.
_CODES = "ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"


async def provision(admin_dsn: str, database: str, passwords: Mapping[str, str]) -> None:
    """Make the database with its roles and schemas. `passwords` has one for each of `ROLES`."""
    server = await asyncpg.connect(admin_dsn)
    try:
        await make_roles(server, passwords)
        if not await server.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await server.execute(f"CREATE DATABASE {quoted(database)} OWNER {OWNER} TEMPLATE template0 {_CODES}")
    finally:
        await server.close()
    inside = await asyncpg.connect(admin_dsn, database=database)
    try:
        await make_schemas(inside, database)
    finally:
        await inside.close()


async def make_roles(server: asyncpg.Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles, none of which may do more than log in, and set their passwords."""
    for role in ROLES:
        if not await server.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
            await server.execute(f"CREATE ROLE {role}")
        await server.execute(
            f"ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
            f" PASSWORD '{scram_verifier(passwords[role])}'"
        )
    await server.execute(f"ALTER ROLE {READER} {READER_LIMITS}")
    for setting, value in READER_SETTINGS.items():
        await server.execute(f"ALTER ROLE {READER} SET {setting} = '{value}'")


async def make_schemas(inside: asyncpg.Connection, database: str) -> None:
    """Close the database to PUBLIC, and give each service the use of the schema of its name."""
    name = quoted(database)
    statements = [
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {', '.join(ROLES)}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        *(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {OWNER}" for schema in SCHEMAS),
        *(f"GRANT USAGE ON SCHEMA {schema} TO {schema}" for schema in SCHEMAS),
        f"GRANT USAGE ON SCHEMA reporting, referral, case_tracker TO {READER}",
    ]
    async with inside.transaction():
        # Two starts at once would collide in the catalogue; the second waits and finds all made.
        await inside.execute("SELECT pg_advisory_xact_lock(hashtext('atips.provision'))")
        for statement in statements:
            await inside.execute(statement)
        for name, needed in await inside.fetch(_OPEN_TO_ALL):
            await inside.execute(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
            if needed:
                await inside.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {OWNER}, {', '.join(SERVICES)}")


def quoted(identifier: str) -> str:
    """Quote a name for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def scram_verifier(password: str, salt: bytes | None = None, iterations: int = SCRAM_ITERATIONS) -> str:
    """Give what PostgreSQL stores for a password (RFC 5803's form), for ASCII passwords."""
    salt = secrets.token_bytes(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${iterations}:{_base64(salt)}${_base64(stored_key)}:{_base64(server_key)}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
