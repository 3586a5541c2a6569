"""Accepted and refused submissions that are not sent yet, and how far the broker has acknowledged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeAlias

from services.intake.domain.acceptance_line import Reach
from services.intake.domain.mistakes import FoundMistake
from services.intake.domain.submission import InboundPlace, Key

# The last offset that the broker acknowledged, per topic and partition of the log.
BacklogOffsets: TypeAlias = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Encrypted bytes with what is needed, besides the key, to open them.

    The fingerprint is the same for the same key, headers and value, and says nothing to whoever lacks the key.
    """

    key_id: str
    nonce: bytes
    sealed: bytes = field(repr=False)
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row of the inbox."""

    n: int
    accepted_at: int
    key: Key
    digest: bytes
    type: str
    agency: str
    payload: bytes = field(repr=False)
    entities: tuple[str, ...]
    place: InboundPlace | None


@dataclass(frozen=True, slots=True)
class LateRow:
    """A row of copy, with what the event's other copies have: `caused_by` is the event that added it."""

    caused_by: int
    n: int
    accepted_at: int
    event_id: str
    type: str
    entity: str
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of quarantine: one attempt of an entry, which has the number of its first.

    `kept_in` is the number of the attempt that keeps these bytes, if one does; `size` is theirs, encrypted.
    """

    n: int
    entry: int
    accepted_at: int
    agency: str
    reason: str
    pointer: str
    key: Key | None
    type: str | None
    must_arrive: bool
    sealed: Sealed
    place: InboundPlace | None
    attempts: int
    kept_in: int | None
    size: int
    mistakes: tuple[FoundMistake, ...] = ()
    """Everything that was found wrong; empty in rows of an older version."""


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """A row of resubmission, with what the first receipt said."""

    seq: int
    repeated_at: int
    agency: str
    place: InboundPlace | None
    n: int
    accepted_at: int
    key: Key
    digest: bytes


@dataclass(frozen=True, slots=True)
class Pointer:
    """The last numbers that the broker has acknowledged, the epoch, and the last offset of each log partition."""

    last_n: int
    last_repeat: int
    epoch: int
    offsets: BacklogOffsets

    @property
    def reach(self) -> Reach:
        """Up to where that is."""
        return self.last_n, self.last_repeat


@dataclass(frozen=True, slots=True)
class Backlog:
    """The next rows to send: those up to `last_n`, and the repetitions up to `last_repeat`."""

    last_n: int
    last_repeat: int
    accepted: tuple[AcceptedRow, ...]
    late: tuple[LateRow, ...]
    refused: tuple[RefusedRow, ...]
    repeated: tuple[RepeatRow, ...]

    @property
    def reach(self) -> Reach:
        """Give the numbers up to which the backlog reaches."""
        return self.last_n, self.last_repeat


def gap_or_double(backlog: Backlog, after: Pointer) -> str | None:
    """Say where the numbers after the pointer have a gap or one twice: a bug that the relay must not paper over."""
    numbers = sorted([row.n for row in backlog.accepted] + [row.n for row in backlog.refused])
    wrong = _first_wrong(numbers, after.last_n, backlog.last_n)
    if wrong is not None:
        return f"n {wrong} is not in exactly one of inbox and quarantine"
    wrong = _first_wrong([row.seq for row in backlog.repeated], after.last_repeat, backlog.last_repeat)
    return None if wrong is None else f"resubmission {wrong} is missing"


def _first_wrong(numbers: Sequence[int], after: int, last: int) -> int | None:
    for expected, found in zip_longest(range(after + 1, last + 1), numbers):
        if expected != found:
            return min(number for number in (expected, found) if number is not None)
    return None
