"""Rows that an agency sent from sheets, so that a changed row is noticed, and a receipt finds its row again.

Kept in the data folder as JSON Lines, readable by its owner alone, and only ever added to. Nothing hangs on it: on
another machine a changed row is refused by intake, since its event's id follows from its number, and the same sheet
published again is answered as duplicates, which fills it in. The number of a refused row lies in a file beside.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import orjson

_PRIVATE: Final = 0o600
_CLOSED: Final = 0o700


@dataclass(frozen=True, slots=True)
class Last:
    """A revision under a number, the last where nothing else is said, and the event that said it."""

    revision: int
    value: bytes = field(repr=False)


class RowName(NamedTuple):
    """The name of a row: the type of its event and the agency's own number."""

    event_type: str
    number: str


class SentRows(Protocol):
    """Memory of rows that were published before."""

    def last(self, event_type: str, number: str) -> Last | None:
        """Give the last row published under this number; None where none is known."""
        ...

    def at(self, event_type: str, number: str, revision: int) -> Last | None:
        """Give the row published as this revision; None where none is known."""
        ...

    def note(self, event_type: str, number: str, last: Last) -> None:
        """Remember a revision that intake accepted."""
        ...

    def note_refused(self, event_id: str, row: RowName) -> None:
        """Remember which row an event was that intake refused."""
        ...


class Nothing:
    """Remembers no row. Intake answers a changed row with `id_already_used`, and the row itself states its revision."""

    def last(self, event_type: str, number: str) -> Last | None:  # noqa: ARG002, D102 - as `SentRows` says
        return None

    def at(self, event_type: str, number: str, revision: int) -> Last | None:  # noqa: ARG002, D102
        return None

    def note(self, event_type: str, number: str, last: Last) -> None:  # noqa: D102
        pass

    def note_refused(self, event_id: str, row: RowName) -> None:  # noqa: D102
        pass


class SentFile:
    """Read once; what is noted afterwards is written at once. Numbers are the same in capitals or not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._said: dict[tuple[str, str], dict[int, Last]] = {}
        self._refused: set[str] | None = None
        for event_type, number, last in _read(path):
            self._keep(event_type, number, last)

    def last(self, event_type: str, number: str) -> Last | None:
        """Give the last row published under this number, as far as is known here."""
        known = self._said.get((event_type, number.casefold()))
        return None if known is None else known[max(known)]

    def at(self, event_type: str, number: str, revision: int) -> Last | None:
        """Give the row published as this revision, as far as is known here."""
        return self._said.get((event_type, number.casefold()), {}).get(revision)

    def note(self, event_type: str, number: str, last: Last) -> None:
        """Remember a revision that intake accepted, now or before."""
        if self.at(event_type, number, last.revision) is not None:
            return
        self._keep(event_type, number, last)
        row = {"type": event_type, "number": number, "revision": last.revision, "event": orjson.Fragment(last.value)}
        _add(self._path, row)

    def note_refused(self, event_id: str, row: RowName) -> None:
        """Remember the number of a refused row, once."""
        if self._refused is None:
            self._refused = {row["id"] for row in _rows(_refused(self._path))}
        if event_id not in self._refused:
            self._refused.add(event_id)
            _add(_refused(self._path), {"id": event_id, "type": row.event_type, "number": row.number})

    def _keep(self, event_type: str, number: str, last: Last) -> None:
        self._said.setdefault((event_type, number.casefold()), {})[last.revision] = last


def rows_by_event(path: Path) -> Mapping[str, RowName]:
    """Give the rows that were sent from here, accepted and refused ones, by the ids of their events.

    `path` is the file of a `SentFile`.
    """
    refused = {row["id"]: RowName(row["type"], row["number"]) for row in _rows(_refused(path))}
    return refused | {row["event"]["id"]: RowName(row["type"], row["number"]) for row in _rows(path)}


def _refused(path: Path) -> Path:
    return path.with_suffix(f".refused{path.suffix}")


def _add(path: Path, row: Mapping[str, object]) -> None:
    path.parent.mkdir(mode=_CLOSED, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _PRIVATE)
    with os.fdopen(descriptor, "ab") as file:
        file.write(b"\n" + orjson.dumps(row))  # first, so that it ends whatever a stopped machine left behind


def _read(path: Path) -> Iterator[tuple[str, str, Last]]:
    for row in _rows(path):
        yield row["type"], row["number"], Last(row["revision"], orjson.dumps(row["event"]))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            continue  # blank, or the machine stopped while it was written: as if it had not been
