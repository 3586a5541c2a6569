"""The keys part of a backup: all secrets of a data folder, in a folder apart from the data that they open.

One archive holds secrets, certificates and the agencies' credentials. It is named by its digest, so that equal keys
are kept once. The archive is as secret as the data folder itself.
"""

import io
import os
import tarfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from infra.local.data_folder import Folder
from infra.local.protected_files import CLOSED, PRIVATE, write_new
from services.console.backup import manifest
from services.console.backup.errors import BackupError
from services.console.backup.manifest import KeptFile

ARCHIVES: Final = "keys"
_ELSEWHERE: Final = frozenset({"kafka", "postgres", "log", "lock", "state.json", "admin.json", "belongs.json"})
"""Entries of a data folder that are no keys: data and names of servers, log files, files that each start rewrites.

A restored folder may belong to another server: `restore --log-only` stands on a database that others restored.
"""


def check_apart(to: Path, keys_to: Path) -> None:
    """Raise `BackupError` when one of the two folders lies in the other: a copy of one would contain both."""
    data, keys = to.resolve(), keys_to.resolve()
    if keys.is_relative_to(data) or data.is_relative_to(keys):
        message = (
            f"{keys_to} and {to} lie in each other: whoever gets a copy of the backup would get the keys with it."
            " Nothing was written. Name a folder elsewhere, best on another disk: --keys-to DIR2"
        )
        raise BackupError(message)


def on_one_disk(to: Path, keys_to: Path) -> bool:
    """Whether both folders lie on one file system, so that one loss or one theft takes both."""
    return to.stat().st_dev == keys_to.stat().st_dev


def write(folder: Folder, keys: Path) -> KeptFile:
    """Write the keys of a data folder as an archive into the keys part, and return the archive's path, size and digest.

    Equal keys give the same file.
    """
    under = keys / ARCHIVES
    manifest.make_private_folder(under)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in _files(folder):
            content = path.read_bytes()
            entry = tarfile.TarInfo(str(path.relative_to(folder.root)))
            entry.size, entry.mode = len(content), PRIVATE
            archive.addfile(entry, io.BytesIO(content))
    unfinished = under / ".unfinished"
    unfinished.unlink(missing_ok=True)
    write_new(unfinished, packed.getvalue())
    whole = under / f"{manifest.digest(unfinished)[:32]}.tar"
    unfinished.replace(whole)
    return manifest.kept_file_of(keys, whole)


def restore_keys(keys: Path, file: KeptFile, into: Folder, erased: Collection[str]) -> int:
    """Write the keys back into a new data folder, without those of erased persons, and return how many were left out.

    `erased`: ids of persons. A person's key is a file whose name begins with the person's id. Raises `BackupError` when
    the archive is missing, or differs from the size and digest in the manifest.
    """
    if (fault := manifest.fault_of_file(keys, file)) is not None:
        message = f"The keys cannot be restored: {fault}. Name the keys part of this backup, or another copy of it."
        raise BackupError(message)
    left_out = 0
    with tarfile.open(keys / file.path) as archive:
        for entry in archive:
            packed = archive.extractfile(entry)
            if packed is None or entry.name in _ELSEWHERE:  # an older backup has some of these
                continue
            if is_named_after(entry.name, erased):
                left_out += 1
                continue
            path = into.root / entry.name
            path.parent.mkdir(parents=True, exist_ok=True, mode=CLOSED)
            write_new(path, packed.read())
    return left_out


def is_named_after(name: str, persons: Collection[str]) -> bool:
    """Whether the file's name, up to its first dot, is the id of one of these persons."""
    return Path(name).name.partition(".")[0] in persons


def _files(folder: Folder) -> Iterator[Path]:
    for root, folders, names in os.walk(folder.root):
        here = Path(root)
        if here == folder.root:
            folders[:] = [name for name in folders if name.partition(".")[0] not in _ELSEWHERE]  # postgres.lost-… too
        folders.sort()
        for name in sorted(names):
            path = here / name
            if not (here == folder.root and name in _ELSEWHERE) and path.is_file() and not path.is_symlink():
                yield path
