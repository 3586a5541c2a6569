"""Recovery of a database from a base backup and the write-ahead log, to a restore point, a time or a transaction.

The server itself replays the log. It accepts no connection before it has reached the target: a missing or changed file
of the log ends it, and the message says so.
"""

from __future__ import annotations

import gzip
import shutil
import signal
import subprocess
import tarfile
import time
from typing import TYPE_CHECKING, Final

from infra.local import environment_variables, ports, process_users
from infra.local.postgres import SETTINGS, SUPERUSER, binaries, data, is_ready, unprivileged
from infra.local.process import tied_to_parent
from infra.local.protected_files import CLOSED, secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from infra.local.data_folder import Folder

RECOVERY_SECONDS: Final = 3600.0
"""The longest recovery: a week of the log of a large deployment."""
STOP_SECONDS: Final = 120.0
_STEP_SECONDS: Final = 0.05
_WAL: Final = "wal"
_LOG: Final = "recovery.log"


class RecoveryError(Exception):
    """The database could not be recovered; the message has the server's own reason."""


def unpack(folder: Folder, base: Path, wal: Iterable[Path]) -> None:
    """Replace the folder's database by a base backup (`base.tar.gz`), ready for recovery with these files of the log.

    `wal` are files compressed by gzip. Raises `RecoveryError` for an entry that lies outside of the database's folder.
    """
    at = data(folder)
    shutil.rmtree(folder.postgres, ignore_errors=True)
    at.mkdir(parents=True)
    at.chmod(CLOSED)
    with tarfile.open(base) as archive:
        for entry in archive:
            if not (entry.isreg() or entry.isdir()) or not (at / entry.name).resolve().is_relative_to(at.resolve()):
                message = f"{base} holds {entry.name}, which is no plain file of the database's folder"
                raise RecoveryError(message)
            archive.extract(entry, at)
    (at / "pg_wal").mkdir(exist_ok=True, mode=CLOSED)
    (folder.postgres / _WAL).mkdir()
    for file in wal:
        with gzip.open(file) as packed, (folder.postgres / _WAL / file.name.partition(".")[0]).open("wb") as whole:
            shutil.copyfileobj(packed, whole, 1 << 20)
    (at / "recovery.signal").touch()
    process_users.give_to_user(folder.postgres, process_users.of(process_users.DATABASE))


def recover(folder: Folder, target: Mapping[str, str], ask: Callable[[str], None] | None = None) -> None:
    """Replay the log up to the target (settings `recovery_target…`), make the database writable and stop the server.

    `ask` is called with the administrator's DSN, without a database's name, before the server is stopped.
    Raises `RecoveryError` where the server did not reach the target.
    """
    [port] = ports.choose(("postgres",), {}).values()
    wanted = {
        **SETTINGS,
        "port": str(port),
        "hot_standby": "off",
        # Relative to the database's folder: a name with spaces or quotes would be taken apart by the shell.
        "restore_command": f'cp "../{_WAL}/%f" "%p"',
        "recovery_target_action": "promote",
        **target,
    }
    options = [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]
    log = folder.log / _LOG
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *unprivileged(folder),
                *tied_to_parent(signal.SIGQUIT),
                *(str(binaries() / "postgres"), "-D", str(data(folder)), *options),
            ],
            env=environment_variables.for_server(environment_variables.inherited()),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder.log,
        )
        try:
            _await_open(folder, server)
            if ask is not None:
                password = secret(folder.password_file(SUPERUSER))
                ask(f"postgresql://{SUPERUSER}:{password}@{ports.HOST}:{port}")
        finally:
            _end(server)
    shutil.rmtree(folder.postgres / _WAL)


def check_pages(folder: Folder) -> None:
    """Check the checksum of every page of a database that does not run. Raises `RecoveryError` for a bad one."""
    done = subprocess.run(
        [*unprivileged(folder), str(binaries() / "pg_checksums"), "--check", "-D", str(data(folder))],
        capture_output=True,
        text=True,
        timeout=RECOVERY_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        message = f"the restored database has a bad page: {lines[-1] if lines else 'pg_checksums said nothing'}"
        raise RecoveryError(message)


def _await_open(folder: Folder, server: subprocess.Popen[bytes]) -> None:
    """Wait until the recovered server accepts connections. Raises `RecoveryError` where it ended, or after an hour."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not is_ready(folder, server.pid):
        if server.poll() is not None or time.monotonic() > deadline:
            message = f"the database was not brought back: {_reason(folder.log / _LOG)}"
            raise RecoveryError(message)
        time.sleep(_STEP_SECONDS)


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        server.wait(STOP_SECONDS)


def _reason(log: Path) -> str:
    """Return the last FATAL or PANIC line that the server wrote, without its time and process."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return said[-1].partition(":  ")[2] if said else "the server did not say why"
