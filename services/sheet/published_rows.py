"""Memory of the rows that an agency sent from sheets: it shows that a row has changed, and finds the row of a receipt.

It is a file of JSON Lines in the data folder, readable only by its owner, that only grows. It may be lost: without it
intake refuses a changed row, as its event's id follows from its number. Publishing the sheet again, which is answered
with duplicates, fills it again. The numbers of refused rows are in a second file beside it, retractions in a third.
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
    """A published revision of a row, and its event; the last revision unless stated otherwise."""

    revision: int
    value: bytes = field(repr=False)


class RowName(NamedTuple):
    """A row's name: the type of its event and the agency's own number."""

    event_type: str
    number: str


class SentRows(Protocol):
    """Port to the store of the rows that were published from sheets, and of rows that intake refused."""

    def last(self, event_type: str, number: str) -> Last | None:
        """Return the last revision published under this number; None if none is known."""
        ...

    def at(self, event_type: str, number: str, revision: int) -> Last | None:
        """Return the row as published in this revision; None if it is not known."""
        ...

    def note(self, event_type: str, number: str, last: Last) -> None:
        """Store a revision that intake accepted."""
        ...

    def retraction(self, event_type: str, number: str) -> bytes | None:
        """Return the event that took the record of this number back; None if none is known."""
        ...

    def note_retraction(self, event_type: str, number: str, event: bytes) -> None:
        """Store an event that took the record of this number back."""
        ...

    def note_refused(self, event_id: str, row: RowName) -> None:
        """Store the row of an event that intake refused."""
        ...


class NoPublishedRows:
    """A memory of published rows that stores none.

    Intake then refuses a changed row that states no revision (`id_already_used`).
    """

    def last(self, event_type: str, number: str) -> Last | None:  # noqa: ARG002, D102 - as `SentRows` says
        return None

    def at(self, event_type: str, number: str, revision: int) -> Last | None:  # noqa: ARG002, D102
        return None

    def note(self, event_type: str, number: str, last: Last) -> None:  # noqa: D102
        pass

    def retraction(self, event_type: str, number: str) -> bytes | None:  # noqa: ARG002, D102
        return None

    def note_retraction(self, event_type: str, number: str, event: bytes) -> None:  # noqa: D102
        pass

    def note_refused(self, event_id: str, row: RowName) -> None:  # noqa: D102
        pass


class PublishedRowsFile:
    """The published rows of one agency's sheets, kept in a file. It is read once; each addition is written at once.

    Capitals in the rows' own numbers do not matter.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._said: dict[tuple[str, str], dict[int, Last]] = {}
        self._refused: set[str] | None = None
        self._retracted = {
            (row["type"], row["number"].casefold()): orjson.dumps(row["event"]) for row in _rows(_retracted(path))
        }
        for event_type, number, last in _read(path):
            self._keep(event_type, number, last)

    def last(self, event_type: str, number: str) -> Last | None:
        """Return the last revision published under this number; None if none is known here."""
        known = self._said.get((event_type, number.casefold()))
        return None if known is None else known[max(known)]

    def at(self, event_type: str, number: str, revision: int) -> Last | None:
        """Return the row as published in this revision; None if it is not known here."""
        return self._said.get((event_type, number.casefold()), {}).get(revision)

    def note(self, event_type: str, number: str, last: Last) -> None:
        """Store a revision that intake accepted, now or before; a known revision is not stored again."""
        if self.at(event_type, number, last.revision) is not None:
            return
        self._keep(event_type, number, last)
        row = {"type": event_type, "number": number, "revision": last.revision, "event": orjson.Fragment(last.value)}
        _add(self._path, row)

    def retraction(self, event_type: str, number: str) -> bytes | None:
        """Return the event that took the record of this number back; None if none is known here."""
        return self._retracted.get((event_type, number.casefold()))

    def note_retraction(self, event_type: str, number: str, event: bytes) -> None:
        """Store an event that took a record back, once for each record."""
        if self.retraction(event_type, number) is None:
            self._retracted[event_type, number.casefold()] = event
            _add(_retracted(self._path), {"type": event_type, "number": number, "event": orjson.Fragment(event)})

    def note_refused(self, event_id: str, row: RowName) -> None:
        """Store the number of a refused row, once for each event id."""
        if self._refused is None:
            self._refused = {row["id"] for row in _rows(_refused(self._path))}
        if event_id not in self._refused:
            self._refused.add(event_id)
            _add(_refused(self._path), {"id": event_id, "type": row.event_type, "number": row.number})

    def _keep(self, event_type: str, number: str, last: Last) -> None:
        self._said.setdefault((event_type, number.casefold()), {})[last.revision] = last


def rows_by_event(path: Path) -> Mapping[str, RowName]:
    """Return the rows that were sent from here, accepted and refused, by the ids of their events.

    `path`: the file of a `PublishedRowsFile`.
    """
    refused = {row["id"]: RowName(row["type"], row["number"]) for row in _rows(_refused(path))}
    accepted = (*_rows(_retracted(path)), *_rows(path))
    return refused | {row["event"]["id"]: RowName(row["type"], row["number"]) for row in accepted}


def _refused(path: Path) -> Path:
    return path.with_suffix(f".refused{path.suffix}")


def _retracted(path: Path) -> Path:
    return path.with_suffix(f".retracted{path.suffix}")


def _add(path: Path, row: Mapping[str, object]) -> None:
    path.parent.mkdir(mode=_CLOSED, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _PRIVATE)
    with os.fdopen(descriptor, "ab") as file:
        file.write(b"\n" + orjson.dumps(row))  # the line end first: it ends a line that a crash left incomplete


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
            continue  # blank, or incomplete after a crash: ignored
