"""Files of a data folder: written whole or not at all, and readable by those alone whom they are for.

Secrets are written to a new file of mode 600, which then gets its name: never half, never readable by others even
for a moment.
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
PASSABLE = 0o711  # programs must reach what is theirs; they can list nothing on the way
OF_GROUP = 0o640  # a secret that one program reads, which runs as a user of its own (infra.local.process_users)
PUBLIC = 0o644


def write_private(path: Path, text: str) -> None:
    """Replace the file at once; only its owner can ever read it, and the one program that could read it before."""
    with _written(path, text) as whole:
        with suppress(FileNotFoundError):
            before = path.stat()
            if os.geteuid() == 0 and stat.S_IMODE(before.st_mode) == OF_GROUP:
                os.chown(whole, 0, before.st_gid)
                whole.chmod(OF_GROUP)
        whole.replace(path)


def keep_private(path: Path, text: str) -> bool:
    """Write a private file unless it is there with this text; gives whether it was written."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except FileNotFoundError:
        pass
    write_private(path, text)
    return True


def write_public(path: Path, text: str) -> None:
    """Replace the file at once by one that everybody may read: it holds no secret."""
    with _written(path, text) as whole:
        whole.chmod(PUBLIC)
        whole.replace(path)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there before; only its owner can ever read it. Raises `FileExistsError`.

    Where there is no room for all of it, nothing stays: half a file would be taken for the whole.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            path.unlink()
            raise


def secret(path: Path, *, entropy: int = 24) -> str:
    """Give the secret kept in the file, made at random on first use: of two at once the first makes it for both."""
    if not path.exists():
        write_first(path, secrets.token_hex(entropy) + "\n")
    return path.read_text(encoding="utf-8").strip()


def write_first(path: Path, text: str) -> None:
    """Write the file as a whole unless it is there: of two at once the first has written it for both."""
    with _written(path, text) as whole, suppress(FileExistsError):
        path.hardlink_to(whole)


@contextmanager
def _written(path: Path, text: str) -> Iterator[Path]:
    """Write the text beside the file, as a whole, to be given its name; what has no other name by then is gone."""
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
