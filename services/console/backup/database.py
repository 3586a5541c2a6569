"""The database's part of a backup: base backups, and the write-ahead log up to a restore point."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from infra.local import postgres, postgres_backup
from infra.local.data_folder import Folder
from infra.postgres.roles import SERVICES
from services.console.backup import erasure_register, manifest
from services.console.backup.erasure_register import Erasure
from services.console.backup.errors import BackupError
from services.console.backup.manifest import DatabaseCopy, KeptFile
from services.intake.store.acceptance_line import Inbox

BASES: Final = "bases"
WAL: Final = "wal"
_RECEIVED: Final = ".received"
_TICK: Final = "SELECT pg_current_xact_id()"
_STATE: Final = """
SELECT (SELECT last_n FROM intake.line) AS n, (SELECT last_n FROM intake.relay) AS relayed,
    (SELECT hash FROM reporting.version ORDER BY version DESC LIMIT 1) AS code
"""
_ERASED: Final = "SELECT payload FROM intake.inbox WHERE type = $1 ORDER BY n"


@dataclass(frozen=True, slots=True)
class RestorePoint:
    """A named restore point in the database, with the state of the services at that moment.

    `lsn`: position in the write-ahead log. `n`: last accepted sequence number. `relayed`: last number that was sent to
    the log. `code`: hash of the code that made the newest figures; None before the first. `erased`: all erasures so
    far. `schema_versions`: migration step of each service's schema.
    """

    name: str
    lsn: str
    at: datetime
    n: int
    relayed: int
    code: str | None
    erased: Sequence[Erasure]
    schema_versions: Mapping[str, str]


def administrator(folder: Folder) -> str:
    """Return the administrator's DSN of the deployment's database."""
    said = folder.read_state()["postgres"]
    parts = urlsplit(Path(said["admin_dsn_file"]).read_text(encoding="utf-8").strip())
    return urlunsplit(parts._replace(path=f"/{said['database']}"))


def is_ours(folder: Folder) -> bool:
    """Whether the data folder runs its own PostgreSQL, rather than using an existing server."""
    return Path(folder.read_state()["postgres"]["admin_dsn_file"]) == folder.dsn_file(postgres.SUPERUSER)


async def copy_database(
    dsn: str, to: Path, name: str, before: DatabaseCopy | None, base_every: timedelta
) -> tuple[DatabaseCopy, RestorePoint]:
    """Copy the database into `to`, up to a new restore point `name`, and return (the copy, the restore point).

    `before`: the copy of the last backup point; None if there is none.

    A base backup is taken when there is none, or the last one is older than `base_every`. It is taken too when the
    server no longer has the write-ahead log that follows the last one. Raises `BackupError` when `before` is of another
    database.
    """
    async with postgres_backup.connected(dsn) as connection:
        server = await postgres_backup.server(connection)
        if before is not None and before.system != server.system:
            message = f"{to} holds backups of another database. Name a new folder: --to DIR"
            raise BackupError(message)
        follows = before is not None and bool(before.base) and await postgres_backup.follows(connection, before.lsn)
        if not follows:
            await postgres_backup.renew_slot(connection)
        base = before if before is not None and follows and not _is_old(before, base_every) else None
        if base is None:
            base = await asyncio.to_thread(_take_base, dsn, to, name, server)
        marked = await mark(connection, name)
        last = await postgres_backup.close_file(connection, marked.lsn)
        received = await asyncio.to_thread(postgres_backup.receive_wal, dsn, to / _RECEIVED, last)
        wal = {file.path: file for file in (*base.wal, *_keep(to, received))}
        await postgres_backup.release(connection, last)
    return (
        DatabaseCopy(
            base.system,
            base.version,
            base.base,
            base.base_ended_at,
            base.base_files,
            name,
            marked.lsn,
            tuple(wal[path] for path in sorted(wal)),
        ),
        marked,
    )


async def only_marked(dsn: str, name: str) -> tuple[DatabaseCopy, RestorePoint]:
    """Write the restore point `name` into a database that has a backup tool of its own, and copy no file.

    Returns (a `DatabaseCopy` without files, the restore point).
    """
    async with postgres_backup.connected(dsn) as connection:
        server = await postgres_backup.server(connection)
        marked = await mark(connection, name)
    return DatabaseCopy(server.system, server.version, "", "", (), name, marked.lsn, ()), marked


async def mark(connection: asyncpg.Connection, name: str) -> RestorePoint:
    """Write a restore point while acceptance is locked: a restore to it has exactly the events up to `n`."""
    at = datetime.now(UTC)
    # A transaction of its own, which ends after `at`: recovery to a time stops only where a later transaction ends.
    await connection.execute(_TICK)
    async with connection.transaction():
        await connection.execute("SET LOCAL search_path = intake")
        await Inbox().lock(connection)
        lsn = await postgres_backup.mark(connection, name)
        [row] = await connection.fetch(_STATE)
        erased = await connection.fetch(_ERASED, erasure_register.TYPE)
    found = [erasure_register.erasure(bytes(each["payload"])) for each in erased]
    versions = await _schema_versions(connection)
    return RestorePoint(name, lsn, at, int(row["n"]), int(row["relayed"]), row["code"], found, versions)


async def _schema_versions(connection: asyncpg.Connection) -> dict[str, str]:
    found = {}
    for schema in SERVICES:
        found[schema] = str(await connection.fetchval(f"SELECT max(version_num) FROM {schema}.alembic_version"))  # noqa: S608 - our own names
    return found


def _is_old(copy: DatabaseCopy, base_every: timedelta) -> bool:
    age = datetime.now(UTC) - datetime.fromisoformat(copy.base_ended_at)
    return not timedelta(0) <= age < base_every  # a base of a time to come was made while the clock was ahead


def _take_base(dsn: str, to: Path, name: str, server: postgres_backup.DatabaseServer) -> DatabaseCopy:
    if not server.checksums:
        message = "the database has no data checksums: a bad page would be copied unnoticed. Turn them on: pg_checksums"
        raise BackupError(message)
    folder = manifest.make_private_folder(to / BASES) / name
    base = postgres_backup.take_base(dsn, folder, name)
    postgres_backup.check_base(folder)
    files = tuple(manifest.kept_file_of(to, path) for path in sorted(folder.iterdir()))
    return DatabaseCopy(server.system, server.version, name, base.ended_at.isoformat(), files, name, base.end_lsn, ())


def _keep(to: Path, received: Sequence[Path]) -> list[KeptFile]:
    """Move received files of the write-ahead log into `WAL` of the folder `to`, and return their manifest entries.

    A file that exists there already stays as it is. Raises `BackupError` if its content is another: the database was
    restored twice to before that file, and both histories give their files the same names.
    """
    manifest.make_private_folder(to / WAL)
    found = []
    for path in received:
        whole = to / WAL / path.name
        if not whole.exists():
            path.replace(whole)
        elif manifest.digest(whole) != manifest.digest(path):
            message = f"{to} holds backups of before this database was restored. Name a new folder: --to DIR"
            raise BackupError(message)
        found.append(manifest.kept_file_of(to, whole))
    return found
