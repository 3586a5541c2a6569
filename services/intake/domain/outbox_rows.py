"""Rows of accepted, refused and repeated submissions that the relay sends, and its pointer to the last sent ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeAlias

from services.intake.domain.acceptance_line import Reach
from services.intake.domain.found_mistakes import FoundMistake
from services.intake.domain.submission import InboundPlace, Key

# The last offset that the broker acknowledged, per topic and partition of the log.
BacklogOffsets: TypeAlias = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class SealedRefusal:
    """An encrypted refused submission. Decryption needs intake's key, and the inbound place, or `n` if it has no place.

    `fingerprint`: a hash under intake's key, which is equal for equal Kafka key, headers and value.
    """

    key_id: str
    nonce: bytes
    sealed: bytes = field(repr=False)
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row of the table `inbox`: an accepted event. `accepted_at`: ms since 1970 (UTC)."""

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
class LateCopyRow:
    """A copy of an event that a later event added, such as a merge: a row of the table `copy`, joined with its event.

    `caused_by`: number of the later event. `n`, `accepted_at`: of the copied event.
    """

    caused_by: int
    n: int
    accepted_at: int
    event_id: str
    type: str
    entity: str
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of the table `quarantine`: one refused attempt. `entry`: the number of the entry's first attempt.

    `kept_in`: number of the attempt that keeps its bytes; None if they are not kept. `size`: encrypted size in bytes.
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
    sealed: SealedRefusal
    place: InboundPlace | None
    attempts: int
    kept_in: int | None
    size: int
    mistakes: tuple[FoundMistake, ...] = ()
    """All mistakes of the submission; empty in rows of an older version."""


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """A row of the table `resubmission`, joined with the inbox row of the accepted event that it repeats."""

    seq: int
    repeated_at: int
    agency: str
    place: InboundPlace | None
    n: int
    accepted_at: int
    key: Key
    digest: bytes
    type: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """Pointer of the relay: the last numbers that the broker acknowledged, and the last offset of each log partition.

    `epoch`: rises when another process becomes the relay.
    """

    last_n: int
    last_repeat: int
    epoch: int
    offsets: BacklogOffsets

    @property
    def reach(self) -> Reach:
        """The last number `n` and the last `seq` of a repetition."""
        return self.last_n, self.last_repeat


@dataclass(frozen=True, slots=True)
class Backlog:
    """The next rows to send: submissions up to `last_n`, and repetitions up to `last_repeat`."""

    last_n: int
    last_repeat: int
    accepted: tuple[AcceptedRow, ...]
    late: tuple[LateCopyRow, ...]
    refused: tuple[RefusedRow, ...]
    repeated: tuple[RepeatRow, ...]

    @property
    def reach(self) -> Reach:
        """The last number `n` and the last `seq` of a repetition."""
        return self.last_n, self.last_repeat


def gap_or_double(backlog: Backlog, after: Pointer) -> str | None:
    """Return an error text if the numbers after the pointer have a gap or a duplicate; None if not.

    Only a bug can cause one.
    """
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
