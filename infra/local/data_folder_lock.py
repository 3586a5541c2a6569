"""The lock of a data folder, for one cluster at a time. It lasts as long as any process of the cluster.

The lock belongs to the open file, which the supervisor's children inherit: the kernel frees it when the last is gone.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFTOVER_SECONDS = 30.0  # processes whose supervisor died are on their way out


class AlreadyRunningError(Exception):
    """A supervisor (`pid`), or processes that a dead one left behind (`pid` is None), hold the data folder."""

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        by = f"by process {pid}" if pid is not None else "by processes whose supervisor is gone"
        super().__init__(f"{data_dir} is in use {by}")
        self.data_dir = data_dir
        self.pid = pid


def take_lock(file: Path, patience: float = LEFTOVER_SECONDS) -> int:
    """Take the lock, write our pid into its file, and return the file's descriptor. Raises `AlreadyRunningError`.

    It is raised at once while the holder's supervisor lives. For processes that a dead supervisor left behind, it waits
    `patience` seconds.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience
    while not _try(descriptor):
        supervisor = _supervisor(descriptor)
        if supervisor is not None or time.monotonic() > deadline:
            os.close(descriptor)
            raise AlreadyRunningError(file.parent, supervisor)
        time.sleep(0.05)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
    return descriptor


@contextmanager
def hold_lock(file: Path) -> Iterator[None]:
    """Hold the folder for a block. Raises `AlreadyRunningError` at once where a cluster runs on it."""
    descriptor = take_lock(file, 0)
    try:
        yield
    finally:
        os.close(descriptor)


def is_held(file: Path) -> bool:
    """Whether any process of a cluster still holds the folder."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _try(descriptor)
    finally:
        os.close(descriptor)


def holder(file: Path) -> int | None:
    """Return the pid of the supervisor that runs the folder's cluster; None if none runs it."""
    if not is_held(file):
        return None
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _supervisor(descriptor)
    finally:
        os.close(descriptor)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _supervisor(descriptor: int) -> int | None:
    """Return the pid in the lock file if it belongs to a living supervisor, else None."""
    text = os.pread(descriptor, 20, 0).decode("ascii")
    return int(text) if text.isdecimal() and _lives(int(text)) else None


def _lives(pid: int) -> bool:
    """Whether the pid belongs to a supervisor: after its death the number may be given to another program."""
    try:
        return b"infra.local.supervisor" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
