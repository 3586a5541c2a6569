"""Removal of old backup points, and of the files that no remaining point needs."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.console.backup import database, keys_archive, manifest
from services.console.backup.segments import LOG


def drop_old_points(folder: Path, keys_folder: Path, keep: int, key: Ed25519PublicKey) -> int:
    """Remove all points but the newest `keep`, and the files that only they needed; returns how many were removed."""
    names = manifest.names(folder)
    kept = [manifest.read(folder, name, key) for name in names[-keep:]]
    for name in names[:-keep]:
        manifest.file_of(folder, name).unlink()
    needed = {file.path for point in kept for file in point.files()}
    for under in (database.BASES, database.WAL, LOG):
        _sweep(folder, folder / under, needed)
    _sweep(keys_folder, keys_folder / keys_archive.ARCHIVES, {point.keys.path for point in kept})
    return len(names) - len(kept)


def _sweep(folder: Path, under: Path, needed: set[str]) -> None:
    """Remove the files below `under` that are not in `needed` (paths relative to `folder`), then empty folders."""
    for path in sorted(under.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif str(path.relative_to(folder)) not in needed:
            path.unlink()
