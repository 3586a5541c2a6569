"""Files of a data folder: written completely or not at all, and readable only by the programs that need them.

A secret is written to a new file of mode 600, which is then renamed. So the file is never incomplete, and others can
never read it, not even for a moment.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PRIVATE = 0o600
CLOSED = 0o700
PASSABLE = 0o711  # programs can reach their files below the folder, and cannot list it
OF_GROUP = 0o640  # a secret that one program reads, which runs as a user of its own (infra.local.process_users)
PUBLIC = 0o644


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; only its owner can read it, and the group that could read the file before."""
    with _written(path, text) as whole:
        with suppress(FileNotFoundError):
            before = path.stat()
            if os.geteuid() == 0 and stat.S_IMODE(before.st_mode) == OF_GROUP:
                os.chown(whole, 0, before.st_gid)
                whole.chmod(OF_GROUP)
        whole.replace(path)


def keep_private(path: Path, text: str) -> bool:
    """Write a private file unless it has this text already; return whether it was written."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except FileNotFoundError:
        pass
    write_private(path, text)
    return True


def write_public(path: Path, text: str) -> None:
    """Replace the file in one step by one that everybody may read: it holds no secret."""
    with _written(path, text) as whole:
        whole.chmod(PUBLIC)
        whole.replace(path)


def write_new(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read. Raises `FileExistsError` where there is one already.

    If the disk is full, the incomplete file is removed and OSError raised.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            path.unlink()
            raise


def secret(path: Path, *, entropy: int = 24) -> str:
    """Return the secret in the file; on first use it is `entropy` random bytes, written in hexadecimal digits.

    If two processes make it at once, both get that of the first.
    """
    if not path.exists():
        write_first(path, secrets.token_hex(entropy) + "\n")
    return path.read_text(encoding="utf-8").strip()


def write_first(path: Path, text: str) -> None:
    """Write the file unless it exists. If two processes write at once, the file of the first one stays."""
    with _written(path, text) as whole, suppress(FileExistsError):
        path.hardlink_to(whole)


@contextmanager
def _written(path: Path, text: str) -> Iterator[Path]:
    """Write the text to a temporary file beside `path`, yield that file to be renamed or linked, then remove it."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
