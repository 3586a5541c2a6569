"""Old points: all but the newest go, and with them the files that no point needs any more."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.console.backup import database, keys, manifest
from services.console.backup.segments import LOG


def drop_old_points(folder: Path, keys_folder: Path, keep: int, key: Ed25519PublicKey) -> int:
    """Remove all points but the newest `keep`, then what only they needed; gives how many points went."""
    names = manifest.names(folder)
    kept = [manifest.read(folder, name, key) for name in names[-keep:]]
    for name in names[:-keep]:
        manifest.file_of(folder, name).unlink()
    needed = {file.path for point in kept for file in point.files()}
    for under in (database.BASES, database.WAL, LOG):
        _sweep(folder, folder / under, needed)
    _sweep(keys_folder, keys_folder / keys.ARCHIVES, {point.keys.path for point in kept})
    return len(names) - len(kept)


def _sweep(folder: Path, under: Path, needed: set[str]) -> None:
    """Remove the files below a folder that are not needed, and the folders that are empty then."""
    for path in sorted(under.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif str(path.relative_to(folder)) not in needed:
            path.unlink()
