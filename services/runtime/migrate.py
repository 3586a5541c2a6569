"""Migrations: Alembic as the runner, one chain of plain SQL per service, in the schema that bears its name.

`python -m services.runtime.migrate intake reporting` brings both to the newest revision, as the role `owner`. Tables of
a newer version stay as they are if this version works with them (`schema_compatibility`). A step with which running
copies do not work waits until they are stopped; if they are not, it is refused.
"""

import asyncio
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

import asyncpg
import structlog
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.runtime import json_logging as logs
from services.runtime import schema_compatibility
from services.runtime.errors import Halt
from services.runtime.schema_compatibility import SchemaDiffers
from services.runtime.settings import DatabaseSettings

SERVICES: Final = ("intake", "referral", "case_tracker", "reporting", "web")
log = structlog.get_logger()

_ROOT: Final = Path(__file__).resolve().parents[1]

# Two starters at once wait for each other; the number is arbitrary and belongs to migrations alone.
_LOCK: Final = "SELECT pg_advisory_xact_lock(7142000)"

# Two tables beside Alembic's own, in each service's schema. They come before the first step, as that table does.
_TABLES: Final = (
    """
    CREATE TABLE IF NOT EXISTS "{service}".schema_step (
        revision text PRIMARY KEY,
        works_with text NOT NULL CHECK (works_with <= revision)
    )
    """,
    # `figures`: the version of the folds, of reporting alone. `contract`: the size of its contract.
    """
    CREATE TABLE IF NOT EXISTS "{service}".running_copy (
        copy uuid PRIMARY KEY,
        revision text NOT NULL,
        figures text NOT NULL,
        contract integer NOT NULL,
        seen_at timestamptz NOT NULL
    )
    """,
    'GRANT SELECT ON "{service}".schema_step TO "{service}"',
    'GRANT SELECT, INSERT, UPDATE, DELETE ON "{service}".running_copy TO "{service}"',
)
_TAKEN: Final = """
INSERT INTO schema_step (revision, works_with) VALUES (:revision, :works_with) ON CONFLICT (revision) DO NOTHING
"""
_REACHED: Final = "SELECT max(version_num) FROM alembic_version"
_OLDER: Final = """
SELECT count(*) FROM running_copy
WHERE revision < :needed AND seen_at > clock_timestamp() - make_interval(secs => :gone)
"""

_GONE_SECONDS: Final = 20.0
"""Seconds without a renewed row after which a copy counts as gone: twice its own limit. Migrations wait as long."""
_LOOK_SECONDS: Final = 0.5


class CopiesRun(Halt):
    """Raised if copies of a service run that would not work with its tables after the migration."""


async def migrate(dsn: str, services: tuple[str, ...] = SERVICES) -> dict[str, str]:
    """Bring each service's schema to its newest revision, in one transaction each; return {service: revision}.

    Raises `CopiesRun` or `SchemaDiffers`; services before the failing one stay migrated.
    """
    # asyncpg reads the DSN itself. It may name several servers, of which one is writable; SQLAlchemy cannot use those.
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


def revision_chain(service: str) -> ScriptDirectory:
    """Return a service's chain of revisions, read from its folder `sql`.

    A revision without a function `upgrade` executes its `STATEMENTS` in order. Raises `RevisionError` for a file that
    has neither.
    """
    directory = ScriptDirectory(str(_ROOT / service), version_locations=[str(_ROOT / service / "sql")])
    for each in directory.walk_revisions():
        if not hasattr(each.module, "upgrade"):
            statements = getattr(each.module, "STATEMENTS", None)
            if statements is None:
                msg = f"{each.path} has neither STATEMENTS nor a function `upgrade`: write one of the two"
                raise RevisionError(msg)
            vars(each.module)["upgrade"] = partial(_execute, statements)
    return directory


def _execute(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.execute(statement)


def missing_revisions(service: str, reached: str | None) -> tuple[str, ...] | None:
    """Return the revisions that a service's schema lacks, oldest first; None if it has one that is unknown here.

    `reached`: the schema's newest revision; None if it has none. Migrations run exactly the returned ones.
    """
    directory = revision_chain(service)
    try:
        found = [each.revision for each in directory.iterate_revisions("heads", reached or "base")]
    except (RevisionError, CommandError):
        return None
    return tuple(reversed(found))


def _upgrade(connection: Connection, service: str) -> str:
    connection.execute(text(_LOCK))
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{service}"'))
    connection.execute(text(f'SET LOCAL search_path TO "{service}"'))
    directory = revision_chain(service)
    head = directory.get_current_head()
    if head is None:
        msg = f"{service} has no migrations"
        raise RevisionError(msg)
    for statement in _TABLES:
        connection.execute(text(statement.format(service=service)))
    reached = _reached(connection, service)
    lacking = missing_revisions(service, reached)
    if reached is not None and lacking is None:
        schema_compatibility.check_schema_compatibility(
            service, head, {row[0]: row[1] for row in connection.execute(text(schema_compatibility.READ))}
        )
        return reached
    steps = oldest_compatible_steps(service)
    _wait_for_older(connection, service, max((steps[each] for each in lacking or ()), default=""))
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table_schema": service,
            "fn": lambda revision, _: directory._upgrade_revs(head, revision),  # noqa: SLF001 - as alembic's own command does
        },
    )
    with Operations.context(context):
        context.run_migrations()
    for revision, oldest in steps.items():
        connection.execute(text(_TAKEN), {"revision": revision, "works_with": oldest})
    return head


def oldest_compatible_steps(service: str) -> Mapping[str, str]:
    """Return for each step of a service the oldest step whose code works with it: the step itself by default."""
    every = revision_chain(service).walk_revisions()
    return {each.revision: str(getattr(each.module, "works_with", each.revision)) for each in every}


def _reached(connection: Connection, service: str) -> str | None:
    there = connection.execute(text("SELECT to_regclass(:table) IS NOT NULL"), {"table": f"{service}.alembic_version"})
    return connection.execute(text(_REACHED)).scalar_one() if there.scalar_one() else None


def _wait_for_older(connection: Connection, service: str, needed: str) -> None:
    """Wait until no copy runs whose code is older than the step `needed`. Raises `CopiesRun` after 20 s."""
    older = 0
    for _ in range(int(_GONE_SECONDS / _LOOK_SECONDS) + 1):
        older = connection.execute(text(_OLDER), {"needed": needed, "gone": _GONE_SECONDS}).scalar_one()
        if not older:
            return
        connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": _LOOK_SECONDS})
    msg = (
        f"{older} copies of {service} run that would not work with step {needed} of its tables:"
        " nothing of it was changed. Stop these copies, then run the migrations again"
    )
    raise CopiesRun(msg)


def main(arguments: list[str]) -> int:
    """Migrate the named services, or all if none is named, with the DSN of the environment. Return the exit code."""
    settings = DatabaseSettings()
    logs.configure("migrate", "info")
    try:
        asyncio.run(migrate(settings.postgres_dsn(), tuple(arguments) or SERVICES))
    except (SchemaDiffers, CopiesRun) as error:
        log.error("halted", error=type(error).__name__, reason=str(error))  # noqa: TRY400 - the text is ours
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
