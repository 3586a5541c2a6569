"""The manifest of one backup point: which database, which log and which keys belong together, with their digests.

A backup folder holds many points. They share base backups, files of the write-ahead log and segments of the log.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infra.local.protected_files import CLOSED
from services.console.backup import signed_document
from services.console.backup.errors import BackupError

FORMAT: Final = 1
POINTS: Final = "points"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the backup: its path below the backup folder, its size in bytes, its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Segment:
    """The records of one partition from offset `begin` up to, not including, `end`."""

    file: KeptFile
    begin: int
    end: int
    records: int


@dataclass(frozen=True, slots=True)
class PartitionCopy:
    """The copy of one partition: its segments follow each other without a gap, and the last ends at `end`."""

    topic: str
    partition: int
    topic_id: str
    begin: int
    end: int
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """The database's part: a base backup, and the write-ahead log from its start to the restore point.

    `lsn` is the end of the restore point's record in the write-ahead log. `base_ended_at` is the time (RFC 3339) at
    which the base backup ended, the earliest time to which this base can be restored. `base` is empty when the
    database has a backup tool of its own. `system` is PostgreSQL's system identifier.
    """

    system: str
    version: str
    base: str
    base_ended_at: str
    base_files: tuple[KeptFile, ...]
    restore_point: str
    lsn: str
    wal: tuple[KeptFile, ...]


@dataclass(frozen=True, slots=True)
class BackupPoint:
    """Manifest of one backup: all that is needed to restore a deployment to its state at `made_at` (RFC 3339).

    `n` is the last accepted sequence number at the restore point, `relayed` the last that the relay had sent by then.
    The log was read after the restore point, so it holds everything that the database says was sent. `ports` are those
    of broker, database and services, which agencies' systems use. `erasures` are the keys of all erasures so far.
    """

    point: str
    made_at: str
    deployment: Mapping[str, Any]
    ports: Mapping[str, int]
    code_version: str
    schema_versions: Mapping[str, str]
    kafka_cluster: str
    n: int
    relayed: int
    database: DatabaseCopy
    log: tuple[PartitionCopy, ...]
    keys: KeptFile
    erasures: tuple[str, ...] = ()
    format: int = field(default=FORMAT)

    def files(self) -> Iterator[KeptFile]:
        """Yield every file of the backup folder that this point needs."""
        yield from self.database.base_files
        yield from self.database.wal
        for copy in self.log:
            for segment in copy.segments:
                yield segment.file


def write(folder: Path, point: BackupPoint, key: Ed25519PrivateKey) -> None:
    """Sign the manifest of a point and write it into the backup folder.

    From then on the point counts as a backup, so its files must be complete before.
    """
    make_private_folder(folder / POINTS)
    signed_document.write(file_of(folder, point.point), asdict(point), key)


def names(folder: Path) -> list[str]:
    """Return the names of the points in a backup folder, the oldest first; empty for a folder without backups."""
    return sorted(path.stem for path in (folder / POINTS).glob("*.json"))


def read(folder: Path, name: str, key: Ed25519PublicKey) -> BackupPoint:
    """Read the manifest of a point.

    Raises `BackupError` if it is missing, of another point, of another format, or not signed by `key`.
    """
    try:
        plain = signed_document.read(file_of(folder, name), key)
    except FileNotFoundError:
        message = f"{folder} has no backup {name}. List what it has: atips backup list {folder}"
        raise BackupError(message) from None
    if plain.get("format") != FORMAT:
        message = f"the manifest of {name} has form {plain.get('format')}, and this version reads form {FORMAT} only."
        raise BackupError(message)
    if plain["point"] != name:  # an old backup in the place of a newer one
        message = f"{name} holds the manifest of {plain['point']}: it was replaced. Take another copy of the backup."
        raise BackupError(message)
    return _point(plain)


def latest(folder: Path, key: Ed25519PublicKey) -> BackupPoint | None:
    """Read the manifest of the newest point; None if the folder has no point. Raises `BackupError` as `read` does."""
    found = names(folder)
    return read(folder, found[-1], key) if found else None


def file_of(folder: Path, name: str) -> Path:
    """Return the path of a point's manifest."""
    return folder / POINTS / f"{name}.json"


def make_private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter, and return it. It may exist already."""
    folder.mkdir(exist_ok=True, mode=CLOSED)
    folder.chmod(CLOSED)
    return folder


def kept_file_of(folder: Path, file: Path) -> KeptFile:
    """Return path, size and digest of a file of the backup folder as it is now."""
    return KeptFile(str(file.relative_to(folder)), file.stat().st_size, digest(file))


def digest(file: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(_CHUNK):
            found.update(block)
    return found.hexdigest()


def fault_of_file(folder: Path, file: KeptFile) -> str | None:
    """Return a sentence if a file of the backup is missing or changed; None if it is as the manifest says."""
    path = folder / file.path
    if not path.is_file():
        return f"{path} is missing"
    if path.stat().st_size != file.size:
        return f"{path} has {path.stat().st_size} bytes, not {file.size}"
    if digest(path) != file.sha256:
        return f"{path} was changed: its digest is another"
    return None


def _point(plain: Mapping[str, Any]) -> BackupPoint:
    return BackupPoint(
        **{
            **plain,
            "database": _database(plain["database"]),
            "log": tuple(_partition(each) for each in plain["log"]),
            "keys": KeptFile(**plain["keys"]),
            "erasures": tuple(plain["erasures"]),
        }
    )


def _database(plain: Mapping[str, Any]) -> DatabaseCopy:
    files = {name: tuple(KeptFile(**each) for each in plain[name]) for name in ("base_files", "wal")}
    return DatabaseCopy(**{**plain, **files})


def _partition(plain: Mapping[str, Any]) -> PartitionCopy:
    segments = tuple(Segment(**{**each, "file": KeptFile(**each["file"])}) for each in plain["segments"])
    return PartitionCopy(**{**plain, "segments": segments})
