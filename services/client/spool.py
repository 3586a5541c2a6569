"""Spool: one SQLite file on the office's own disk with the events that are not answered, even after the process ends.

An event is in the file when `put` returns, and its bytes leave the file when it is accepted. Until then these bytes may
be sent any number of times. Of an accepted event the file keeps the receipt, without the event or its subject.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from services.client.receipt_and_errors import AlreadyUsed, Receipt, SpoolFull, WaitingEvent

_PRIVATE: Final = 0o600
_BUSY_SECONDS: Final = 30.0
_FULL: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR_WRITE: "the disk takes no more: a quota, a limit for a file's size, or a fault",
}
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    digest BLOB NOT NULL,
    key TEXT,
    value BLOB,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'refused')),
    n INTEGER,
    accepted_at INTEGER,
    reason TEXT,
    pointer TEXT,
    UNIQUE (source, id),
    CHECK ((value IS NULL) = (state = 'accepted'))
);
CREATE INDEX IF NOT EXISTS waiting ON event (seq) WHERE state = 'waiting';
"""
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an event is on disk when `put` returns
    "PRAGMA secure_delete = ON",
)
_KNOWN: Final = "SELECT seq, digest, state FROM event WHERE source = ? AND id = ?"
_HELD: Final = "SELECT coalesce(sum(length(value)), 0) FROM event WHERE value IS NOT NULL"
_PUT: Final = "INSERT INTO event (source, id, digest, key, value) VALUES (?, ?, ?, ?, ?)"
_NEXT: Final = "SELECT seq, id, key, value FROM event WHERE state = 'waiting' ORDER BY seq LIMIT ?"
_ACCEPTED: Final = """
UPDATE event SET state = 'accepted', value = NULL, key = NULL, n = ?, accepted_at = ?, reason = NULL, pointer = NULL
WHERE seq = ? AND state = 'waiting'
"""
_REFUSED: Final = """
UPDATE event SET state = 'refused', n = ?, accepted_at = ?, reason = ?, pointer = ? WHERE seq = ? AND state = 'waiting'
"""
_SAID: Final = "SELECT id, n, accepted_at, reason, pointer, value FROM event WHERE state = 'refused' ORDER BY seq"
_FORGET: Final = "DELETE FROM event WHERE state = 'accepted' AND accepted_at < ?"


class Spool:
    """An office's spool. Threads and processes may share it. A kill at any time neither loses nor doubles an event."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._most = most_bytes
        with suppress(FileExistsError):  # before SQLite makes it readable for others
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE))
        self._database = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._alone = threading.RLock()
        for pragma in _PRAGMAS:
            self._database.execute(pragma)
        with self._writing():
            for statement in _SCHEMA.split(";"):
                self._database.execute(statement)

    def put(self, key: tuple[str, str], digest: bytes, subject: str | None, value: bytes) -> None:
        """Store an event, on disk when this returns. `key`: (source, id). `subject`: the Kafka key.

        An event that is stored already changes nothing. An event with the key of a refused one replaces that one.
        Raises `AlreadyUsed` if the key has other content that was not refused, and `SpoolFull`.
        """
        with self._writing():
            known = self._database.execute(_KNOWN, key).fetchone()
            if known is not None:
                seq, before, state = known
                if state != "refused":
                    if before == digest:
                        return
                    message = "another event was published under this id"
                    raise AlreadyUsed(message)
                self._database.execute("DELETE FROM event WHERE seq = ?", (seq,))
            [held] = self._database.execute(_HELD).fetchone()
            if held + len(value) > self._most:
                raise SpoolFull(self._full(held))
            self._database.execute(_PUT, (*key, digest, subject, value))

    def waiting(self, most: int) -> list[WaitingEvent]:
        """Return at most `most` events without an answer, in the order in which they were put."""
        return [WaitingEvent(*row) for row in self._read(_NEXT, most)]

    def settle(self, receipts: Mapping[int, Receipt]) -> list[Receipt]:
        """Store receipts, given by `seq`, and return those that are new, in the order of `seq`."""
        with self._writing():
            return [receipt for seq, receipt in sorted(receipts.items()) if self._settled(seq, receipt)]

    def count(self, state: str) -> int:
        """Return the number of events in a state: `waiting`, `accepted` or `refused`."""
        [(count,)] = self._read("SELECT count(*) FROM event WHERE state = ?", state)
        return int(count)

    def refused(self) -> list[tuple[Receipt, bytes]]:
        """Return (receipt, bytes) of the refused events that were not repaired yet."""
        return [(Receipt("refused", *row[:5]), row[5]) for row in self._read(_SAID)]

    def forget(self, before_ms: int) -> int:
        """Remove the receipts of events accepted before a time (ms since 1970), and return how many were removed."""
        with self._writing():
            return self._database.execute(_FORGET, (before_ms,)).rowcount

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _read(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        with self._alone:
            return self._database.execute(query, arguments).fetchall()

    def _settled(self, seq: int, receipt: Receipt) -> bool:
        number = receipt.n, receipt.accepted_at
        if receipt.status == "refused":
            return self._database.execute(_REFUSED, (*number, receipt.reason, receipt.pointer, seq)).rowcount == 1
        return self._database.execute(_ACCEPTED, (*number, seq)).rowcount == 1

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Run the body in one transaction. Raises `SpoolFull` if the disk is full or refuses the write."""
        self._alone.acquire()
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            finally:
                if self._database.in_transaction:  # SQLite itself rolls back when the disk is full
                    self._database.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _FULL:
                raise
            raise SpoolFull(_FULL[error.sqlite_errorcode]) from None
        finally:
            self._alone.release()

    def _full(self, held: int) -> str:
        return f"{held} of {self._most} bytes hold events that are not accepted yet: flush, repair, or let it hold more"
