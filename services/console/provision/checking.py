"""`atips provision --check`: checks of both servers, and of the migrations that are still to run."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import asyncpg

from infra.check_row import Check, CheckState
from infra.local import existing_servers_check
from infra.local.data_folder import Folder
from infra.postgres.server_requirements import SERVER
from services.runtime import schema_compatibility
from services.runtime.migrate import SERVICES, missing_revisions
from services.runtime.schema_compatibility import SchemaDiffers

SOMETHING_TO_DO: Final = 3
"""Exit code of a check when nothing is missing, but provisioning would change something."""


def rows(folder: Folder, state: dict[str, Any]) -> tuple[Check, ...]:
    """Check the Kafka and the PostgreSQL of a state, and the migrations that are to run; return a row for each check.

    Nothing is changed. The data folder need not exist yet. `state`: as of `deployment_on_existing_servers.state_of`.
    """
    on_servers = (*existing_servers_check.kafka(folder, state), *existing_servers_check.database(folder, state))
    return (*on_servers, *_migrations(state))


def exit_code(found: tuple[Check, ...]) -> int:
    """Return the exit code: 1 if something is missing, else 3 (`SOMETHING_TO_DO`) if something would change, else 0."""
    states = {each.state for each in found}
    return 1 if CheckState.MISSING in states else SOMETHING_TO_DO if CheckState.CHANGE in states else 0


def _migrations(state: dict[str, Any]) -> Iterator[Check]:
    dsn = Path(state["postgres"]["admin_dsn_file"]).read_text(encoding="utf-8").strip()
    try:
        reached = asyncio.run(_reached(dsn, state["postgres"]["database"]))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return  # the checks of the database report this already
    for service in SERVICES:
        step, steps = reached.get(service, (None, {}))
        lacking = missing_revisions(service, step)
        if lacking is None:
            yield _newer(service, step, steps)
        elif lacking:
            text = f"{service}: {len(lacking)} to run, up to {lacking[-1]}"
            yield Check(SERVER, "migrations", CheckState.CHANGE, text)


def _newer(service: str, step: str | None, steps: dict[str, str]) -> Check:
    """Return the check's row for a service whose tables a newer version has migrated."""
    try:
        schema_compatibility.check_schema_compatibility(service, schema_compatibility.newest_known_step(service), steps)
    except SchemaDiffers:
        text = f"{service} is at {step}, which this version does not know: use the newer version"
        return Check(SERVER, "migrations", CheckState.MISSING, text)
    text = f"{service} is at {step}, of a newer version; this version works with it and changes nothing there"
    return Check(SERVER, "migrations", CheckState.NOTE, text)


async def _reached(admin_dsn: str, database: str) -> dict[str, tuple[str | None, dict[str, str]]]:
    """Return for each service (newest revision, steps): the steps map a revision to the oldest code that works with it.

    A service without a database or table is left out.
    """
    try:
        connection = await asyncpg.connect(admin_dsn, database=database)
    except asyncpg.InvalidCatalogNameError:
        return {}
    try:
        found = {}
        for service in SERVICES:
            if await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{service}.alembic_version"):
                query = f"SELECT version_num FROM {service}.alembic_version"  # noqa: S608 - a name of ours
                found[service] = (await connection.fetchval(query), await _steps(connection, service))
        return found
    finally:
        await connection.close()


async def _steps(connection: asyncpg.Connection, service: str) -> dict[str, str]:
    if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{service}.schema_step"):
        return {}
    rows = await connection.fetch(f"SELECT revision, works_with FROM {service}.schema_step")  # noqa: S608 - a name of ours
    return {row["revision"]: row["works_with"] for row in rows}
