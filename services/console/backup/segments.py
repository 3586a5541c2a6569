"""Segments of the log: the records of one partition between two offsets, byte for byte, as compressed JSON Lines.

`atips replay --to` writes events for people to read. Its JSON has lost the bytes that proofs and digests need. Its
Parquet form needs a library that a server may lack. A line of a segment has every byte of its record.
"""

import gzip
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from services.console.backup.errors import BackupError
from services.console.backup.manifest import KeptFile, Segment, fault_of_file, kept_file_of, make_private_folder
from services.runtime.record import Record

LOG: Final = "log"
_LEVEL: Final = 6
SMALL_BYTES: Final = 65_536
"""A segment below this size, some 300 records, is joined with the next one."""


class SegmentWriter:
    """Writes the records of one partition, in order of offset, into a new segment file, which `finish` names.

    Example of a line: {"offset": 7, "timestamp": 1735689600000, "key": "cGVy", "headers": [["n", "MTI="]],
    "value": "eyJp"}. Key, values and headers are in base64; null where the record has none.
    """

    def __init__(self, folder: Path, place: tuple[str, int]) -> None:
        topic, part = place
        self._folder = folder
        self._under = folder / LOG / topic / str(part)
        make_private_folder(folder / LOG)
        self._under.mkdir(parents=True, exist_ok=True)
        self._unfinished = self._under / ".unfinished"
        self._raw = self._unfinished.open("wb")
        self._file = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", compresslevel=_LEVEL, mtime=0)
        self._begin: int | None = None
        self._count = 0

    def add(self, record: Record) -> None:
        """Write a record."""
        if self._begin is None:
            self._begin = record.offset
        self._count += 1
        self._file.write(_line(record))

    def finish(self, end: int) -> Segment:
        """Close the segment and sync it to disk. `end` is the offset after its last record."""
        self._file.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        begin = end if self._begin is None else self._begin
        whole = self._under / f"{begin:020}-{end:020}.jsonl.gz"
        self._unfinished.replace(whole)
        return Segment(kept_file_of(self._folder, whole), begin, end, self._count)


def join_small_segments(folder: Path, place: tuple[str, int], last: Segment, new: Segment) -> tuple[Segment, ...]:
    """Return the two last segments of a partition, joined into one new file if the first is below `SMALL_BYTES`.

    Otherwise a year of backups every five minutes would be a hundred thousand files, listed in each manifest. The file
    of `last` stays for older backups. Raises `BackupError` if it differs from its digest.
    """
    if last.file.size >= SMALL_BYTES:
        return last, new
    if (fault := fault_of_file(folder, last.file)) is not None:
        message = f"The last backup is damaged: {fault}. Begin a new folder (--to DIR), and keep this one."
        raise BackupError(message)
    under = folder / LOG / place[0] / str(place[1])
    unfinished = under / ".unfinished"
    with unfinished.open("wb") as whole:
        for part in (last, new):
            whole.write((folder / part.file.path).read_bytes())
        whole.flush()
        os.fsync(whole.fileno())
    (folder / new.file.path).unlink()
    file = under / f"{last.begin:020}-{new.end:020}.jsonl.gz"
    unfinished.replace(file)
    return (Segment(kept_file_of(folder, file), last.begin, new.end, last.records + new.records),)


def read(folder: Path, place: tuple[str, int], file: KeptFile) -> Iterator[Record]:
    """Yield the records of a segment. Raises `BackupError` if it cannot be read."""
    path = folder / file.path
    try:
        with gzip.open(path) as lines:
            for line in lines:
                yield _record(place, orjson.loads(line))
    except (OSError, EOFError, orjson.JSONDecodeError, KeyError, ValueError) as error:
        message = f"{path} cannot be read as a segment of the log ({type(error).__name__}). Take another copy."
        raise BackupError(message) from None


def _line(record: Record) -> bytes:
    plain = {
        "offset": record.offset,
        "timestamp": record.timestamp_ms,
        "key": _packed(record.key),
        "headers": [[name, _packed(value)] for name, value in record.headers],
        "value": _packed(record.value),
    }
    return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def _record(place: tuple[str, int], plain: Mapping[str, Any]) -> Record:
    return Record(
        *place,
        plain["offset"],
        plain["timestamp"],
        _unpacked(plain["key"]),
        _unpacked(plain["value"]),
        [(name, _unpacked(value)) for name, value in plain["headers"]],
    )


def _packed(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode("ascii")


def _unpacked(value: str | None) -> bytes | None:
    return None if value is None else b64decode(value, validate=True)
