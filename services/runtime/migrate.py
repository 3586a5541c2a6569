"""Migrations: Alembic as the runner, one chain of plain SQL per service, in the schema that bears its name.

`python -m services.runtime.migrate intake reporting` brings them to the newest revision; the role `owner` runs them.
"""

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import Final

import asyncpg
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.runtime import log as logs
from services.runtime.settings import DatabaseSettings

SERVICES: Final = ("intake", "referral", "case_tracker", "reporting", "web")
_ROOT: Final = Path(__file__).resolve().parents[1]

# Two starters at once wait for each other; the number is arbitrary and belongs to migrations alone.
_LOCK: Final = "SELECT pg_advisory_xact_lock(7142000)"


async def migrate(dsn: str, services: tuple[str, ...] = SERVICES) -> dict[str, str]:
    """Bring each service's schema to its newest revision, all in one transaction each; gives {service: revision}."""
    # The driver reads its DSN itself: several servers, of which one may be written to, SQLAlchemy does not know.
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=partial(asyncpg.connect, dsn), poolclass=NullPool
    )
    reached: dict[str, str] = {}
    try:
        for service in services:
            async with engine.begin() as connection:
                reached[service] = await connection.run_sync(_upgrade, service)
    finally:
        await engine.dispose()
    return reached


def scripts(service: str) -> ScriptDirectory:
    """Give a service's chain of revisions, read from its `sql` folder."""
    return ScriptDirectory(str(_ROOT / service), version_locations=[str(_ROOT / service / "sql")])


def outstanding(service: str, reached: str | None) -> tuple[str, ...] | None:
    """Give the revisions that a service's schema lacks, the oldest first; None where it has one that is unknown here.

    `reached` is its newest revision, None where it has none. Migrations run exactly these.
    """
    directory = scripts(service)
    try:
        found = [each.revision for each in directory.iterate_revisions("heads", reached or "base")]
    except (RevisionError, CommandError):
        return None
    return tuple(reversed(found))


def _upgrade(connection: Connection, service: str) -> str:
    connection.execute(text(_LOCK))
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{service}"'))
    connection.execute(text(f'SET LOCAL search_path TO "{service}"'))
    directory = scripts(service)
    head = directory.get_current_head()
    if head is None:
        msg = f"{service} has no migrations"
        raise RevisionError(msg)
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table_schema": service,
            "fn": lambda revision, _: directory._upgrade_revs(head, revision),  # noqa: SLF001 - as alembic's own command does
        },
    )
    with Operations.context(context):
        context.run_migrations()
    return head


def main(arguments: list[str]) -> int:
    """Migrate the named services (all without a name) with the DSN of the environment."""
    settings = DatabaseSettings()
    logs.configure("migrate", "info")
    asyncio.run(migrate(settings.postgres_dsn(), tuple(arguments) or SERVICES))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
