"""Backup with PostgreSQL's own tools: a base backup with its manifest, and the files of the write-ahead log.

A replication slot makes the server keep the log until it was received. `postgres.SLOT_KEEPS` limits how much is kept,
so that a forgotten slot does not fill the disk.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import asyncpg

from infra.local.postgres import binaries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

SLOT: Final = "atips_backup"
TOOL_SECONDS: Final = 3600.0
"""The longest that one of the server's tools may take: a base backup of some hundred gigabytes."""
CONNECT_SECONDS: Final = 10.0

_SLOT: Final = "SELECT wal_status FROM pg_replication_slots WHERE slot_name = $1"
_FOLLOWS: Final = """
SELECT count(*) > 0 FROM pg_replication_slots
WHERE slot_name = $1 AND wal_status IN ('reserved', 'extended', 'unreserved') AND restart_lsn <= $2::text::pg_lsn
"""
_MAKE_SLOT: Final = "SELECT pg_create_physical_replication_slot($1, true)"
_DROP_SLOT: Final = "SELECT pg_drop_replication_slot($1)"
_ADVANCE: Final = "SELECT pg_replication_slot_advance($1, $2::text::pg_lsn)"
_MARK: Final = "SELECT pg_create_restore_point($1)::text"
_SWITCH: Final = "SELECT pg_switch_wal()"
_FILE_BYTES: Final = "SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'"
_WAL_NAME: Final = 24
"""Letters of the name of a file of the log: timeline, log and segment, eight each."""
_SERVER: Final = """
SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system,
    current_setting('server_version') AS version,
    current_setting('server_version_num')::integer / 10000 AS major,
    current_setting('data_checksums') = 'on' AS checksums
"""


class ArchiveError(Exception):
    """A backup could not be made or checked; the message names the server's tool that failed, and its last line."""


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """The server that is backed up: its system identifier, its version, and whether its pages have checksums."""

    system: str
    version: str
    major: int
    checksums: bool


@dataclass(frozen=True, slots=True)
class BaseBackup:
    """A base backup: the time and the log position at which it ended. It can be recovered to any later moment."""

    ended_at: datetime
    end_lsn: str


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection to the server of a DSN, as its administrator. Waits ten seconds at most for it."""
    connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)
    try:
        yield connection
    finally:
        await connection.close()


async def server(connection: asyncpg.Connection) -> DatabaseServer:
    """Describe the server behind a connection."""
    [row] = await connection.fetch(_SERVER)
    return DatabaseServer(row["system"], row["version"], row["major"], row["checksums"])


async def follows(connection: asyncpg.Connection, lsn: str) -> bool:
    """Whether the slot still has all of the log after `lsn`, the position up to which it was received.

    False where the slot does not exist, was created anew, or the server has removed a part of its log.
    """
    return bool(await connection.fetchval(_FOLLOWS, SLOT, await _last_of_file(connection, lsn)))


async def renew_slot(connection: asyncpg.Connection) -> None:
    """Create the slot at the present end of the log; an existing one is dropped first."""
    if await connection.fetchval(_SLOT, SLOT) is not None:
        await connection.execute(_DROP_SLOT, SLOT)
    await connection.execute(_MAKE_SLOT, SLOT)


async def mark(connection: asyncpg.Connection, name: str) -> str:
    """Write a named restore point into the log; return the position after it, such as 0/3000090."""
    return str(await connection.fetchval(_MARK, name))


async def close_file(connection: asyncpg.Connection, lsn: str) -> str:
    """Make the server continue in a new file of the log; return the last position of the file that holds `lsn`."""
    await connection.execute(_SWITCH)
    return await _last_of_file(connection, lsn)


async def _last_of_file(connection: asyncpg.Connection, lsn: str) -> str:
    """Return the last position of the file of the log that holds a position."""
    size = int(await connection.fetchval(_FILE_BYTES))
    high, low = (int(part, 16) for part in lsn.split("/"))
    # A restore point at the very end of a file has its end in the next one, and its last byte in this one.
    last = ((high << 32 | low) - 1) // size * size + size - 1
    return f"{last >> 32:X}/{last & 0xFFFFFFFF:X}"


async def release(connection: asyncpg.Connection, lsn: str) -> None:
    """Let the server remove the log before this position, which was received and is on disk."""
    await connection.execute(_ADVANCE, SLOT, lsn)


def take_base(dsn: str, to: Path, label: str) -> BaseBackup:
    """Make a base backup in a new folder: `base.tar.gz` and the server's manifest, which `check_base` reads."""
    _run(
        "pg_basebackup",
        dsn,
        *("--pgdata", str(to), "--format=tar", "--gzip", "--wal-method=none", "--checkpoint=fast"),
        *("--manifest-checksums=SHA256", f"--label={label}", "--no-password"),
    )
    said: dict[str, Any] = json.loads((to / "backup_manifest").read_text(encoding="utf-8"))
    [wal] = said["WAL-Ranges"]
    return BaseBackup(datetime.now(UTC), wal["End-LSN"])


def check_base(folder: Path) -> None:
    """Compare each file of a base backup with the server's manifest. Raises `ArchiveError` for any difference."""
    _tool("pg_verifybackup", "--no-parse-wal", "--format=tar", "--exit-on-error", str(folder))


def receive_wal(dsn: str, to: Path, last: str) -> Sequence[Path]:
    """Receive the log from the slot's position up to `last`, which `close_file` gave. `to` is emptied first.

    Returns the files, compressed by gzip, in order.
    """
    shutil.rmtree(to, ignore_errors=True)  # of a run that was ended: the slot still has all of it
    to.mkdir(mode=0o700)
    _run(
        "pg_receivewal",
        dsn,
        *("--directory", str(to), "--slot", SLOT, f"--endpos={last}", "--compress=gzip:1", "--no-loop"),
        "--no-password",
    )
    return sorted(to.glob("?" * _WAL_NAME + ".gz"))


def _run(tool: str, dsn: str, *arguments: str) -> None:
    """Run a tool on a server. The password goes by the environment, never on the command line."""
    parts = urlsplit(dsn)
    _tool(
        tool,
        *arguments,
        environment={
            "PGHOST": parts.hostname or "",
            "PGPORT": str(parts.port or ""),
            "PGUSER": unquote(parts.username or ""),
            "PGPASSWORD": unquote(parts.password or ""),
            "PGAPPNAME": "atips backup",
        },
    )


def _tool(tool: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [str(binaries() / tool), *arguments],
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TOOL_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        message = f"{tool} failed: {lines[-1] if lines else 'it said nothing'}"
        raise ArchiveError(message)
