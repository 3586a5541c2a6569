"""Rights of PUBLIC on the server's own functions and tables.

All volatile functions but a few harmless ones are revoked, and so are the estimates of how many rows a table has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.postgres.roles import OWNER, SERVICES

if TYPE_CHECKING:
    import asyncpg

# Functions of the server that everybody may call though they are volatile. All other volatile ones are closed to
# PUBLIC. These are locks that would hold up the acceptance line, notifications, large objects and records in the
# write-ahead log. They are also signals to other sessions, replication slots, sleeping and settings.
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

# Revoked although they are not volatile. Statistics show how many rows a table has that the caller may not read. Asking
# for a transaction's number uses one up.
CLOSED = r"^(pg_stat_get_.*|pg_current_xact_id|txid_current|pg_get_replication_slots)$"

# Revoked functions that services and migrations call.
NEEDED = (
    "nextval",
    "pg_advisory_unlock",
    "pg_advisory_xact_lock",
    "pg_current_xact_id",
    "pg_lock_status",  # who waits for whom
    "pg_notification_queue_usage",
    "pg_notify",
    "pg_try_advisory_lock",
    "pg_try_advisory_xact_lock",
    "pg_xact_status",
    "set_config",
)

_OPEN_TO_ALL = """
SELECT p.oid::regprocedure::text AS name
FROM pg_proc AS p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS granted
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND granted.grantee = 0 AND p.prokind IN ('f', 'p')
    AND (p.provolatile = 'v' OR p.proname ~ $2) AND p.proname <> ALL ($1::text[])
"""

_NOT_GIVEN = """
SELECT DISTINCT p.oid::regprocedure::text AS name
FROM pg_proc AS p CROSS JOIN unnest($2::text[]) AS given (role)
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'p') AND p.proname = ANY ($1::text[])
    AND NOT has_function_privilege(given.role, p.oid, 'EXECUTE')
"""

# Columns of pg_class that show about how many rows a table has, of tables that the caller may not read too.
ESTIMATES = ("reltuples", "relpages", "relallvisible", "relallfrozen")

_WHOLLY_OPEN = "SELECT has_table_privilege('public', 'pg_catalog.pg_class', 'SELECT')"

_OTHER_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = 'pg_catalog.pg_class'::regclass AND (attnum > 0 OR attname = 'tableoid') AND NOT attisdropped
    AND attname <> ALL ($1::text[])
ORDER BY attnum
"""


async def close_estimates(inside: asyncpg.Connection) -> None:
    """Let PUBLIC read each column of pg_class but `ESTIMATES`."""
    if await inside.fetchval(_WHOLLY_OPEN):
        columns = ", ".join(row["attname"] for row in await inside.fetch(_OTHER_COLUMNS, ESTIMATES))
        await inside.execute("REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC")
        await inside.execute(f"GRANT SELECT ({columns}) ON pg_catalog.pg_class TO PUBLIC")


async def close_functions(inside: asyncpg.Connection) -> None:
    """Revoke from PUBLIC each function that it should not call, and grant the services those that they need."""
    found = await inside.fetch(_OPEN_TO_ALL, HARMLESS, CLOSED)
    if found:
        names = ", ".join(row["name"] for row in found)
        await inside.execute(f"REVOKE EXECUTE ON FUNCTION {names} FROM PUBLIC")
    # This includes a function that an earlier version revoked and did not need.
    callers = [OWNER, *SERVICES]
    needed = ", ".join(row["name"] for row in await inside.fetch(_NOT_GIVEN, NEEDED, callers))
    if needed:
        await inside.execute(f"GRANT EXECUTE ON FUNCTION {needed} TO {', '.join(callers)}")
