"""Checks of a backup: signatures, digests of all files, and gaps in the log."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.console.backup import kafka_log, manifest
from services.console.backup.errors import BackupError
from services.console.backup.manifest import BackupPoint, KeptFile

Advanced = Callable[[int, int], None]


def points(folder: Path, key: Ed25519PublicKey) -> Sequence[BackupPoint]:
    """Read all points of a backup folder, the oldest first.

    Raises `BackupError` if the folder has none, or if a manifest is not signed by `key` or was changed.
    """
    found = [manifest.read(folder, name, key) for name in manifest.names(folder)]
    if not found:
        message = f"{folder} has no backup. Make one: atips backup --to {folder} --keys-to DIR2"
        raise BackupError(message)
    return found


def faults(folder: Path, found: Sequence[BackupPoint], advanced: Advanced) -> list[str]:
    """Return a sentence for each gap in the log and each missing or changed file of the points.

    A file that several points share is read once. `advanced(done, total)` is called after each file.
    """
    files = list({file.path: file for point in found for file in point.files()}.values())
    told = list(dict.fromkeys(gap for point in found for gap in kafka_log.all_copied(point.log)))
    for number, file in enumerate(files, 1):
        fault = manifest.fault_of_file(folder, file)
        if fault is not None:
            told.append(fault)
        advanced(number, len(files))
    return told


def must_be_unchanged(folder: Path, files: Iterable[KeptFile], gaps: Iterable[str] = ()) -> None:
    """Raise `BackupError` for the first of `gaps`, else for the first file that is missing or changed."""
    for gap in gaps:
        message = f"The backup cannot be restored: {gap}. Take another copy of it, or an earlier point."
        raise BackupError(message)
    for file in files:
        fault = manifest.fault_of_file(folder, file)
        if fault is not None:
            message = f"The backup cannot be restored: {fault}. Take another copy of it, or an earlier point."
            raise BackupError(message)


def key_faults(keys_folder: Path, found: Sequence[BackupPoint]) -> list[str]:
    """Return a sentence for each archive of keys that is missing or changed."""
    files = {point.keys.path: point.keys for point in found}.values()
    return [fault for file in files if (fault := manifest.fault_of_file(keys_folder, file)) is not None]
