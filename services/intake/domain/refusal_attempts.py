"""Attempts of refused events: the quarantine entry of each attempt, its count, and whether its bytes are kept.

Submissions of one agency with an equal key or equal bytes are attempts of one entry. Equal bytes are kept once. There
are limits for the versions kept of one entry and the bytes kept of one agency. A refusal beyond them is stored with
number, reason, place, size and fingerprint, but without bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from services.intake.domain.acceptance_line import AcceptedEvent, LineOutcome, NumberedRefusal
from services.intake.domain.outbox_rows import SealedRefusal
from services.intake.domain.submission import Key

SAMPLES: Final = 5
"""Versions of one entry that are kept, at most. An operator tries an entry five times at most (`redrive_order.CAP`)."""

AgencyKey: TypeAlias = tuple[str, Key]
Bytes: TypeAlias = tuple[str, bytes]
"""An agency, and the fingerprint of bytes that it sent."""


@dataclass(frozen=True, slots=True)
class QuarantineRoom:
    """Limit of the encrypted bytes kept of one agency. Only urgent refusals may use the last `reserve` bytes of it."""

    most: int
    reserve: int

    def has(self, kept: int, size: int, *, alarms: bool) -> bool:
        """Whether the quarantine has room for `size` more bytes of an agency that has `kept` bytes in it.

        `alarms`: the refused event is of an urgent type, which may use the reserve too.
        """
        return kept + size <= (self.most if alarms else self.most - self.reserve)


ROOM: Final = QuarantineRoom(most=64 * 1024 * 1024, reserve=16 * 1024 * 1024)
"""Default limits of an agency's quarantine: some 60,000 refused events of the usual size."""


@dataclass(frozen=True, slots=True)
class RefusalFingerprint:
    """Fingerprint and encrypted size of a refused submission, known before it is encrypted."""

    fingerprint: bytes
    size: int


@dataclass(slots=True)
class TriedEntry:
    """A quarantine entry so far: its number, the count of its attempts, and where its bytes are kept.

    `waits`: whether a receiver waits for its event (an urgent type). `kept_in`: by fingerprint, the number of the
    attempt that keeps these bytes.
    """

    number: int
    attempts: int = 0
    waits: bool = False
    kept_in: dict[bytes, int] = field(default_factory=dict)


@dataclass(slots=True)
class EarlierEntries:
    """Entries that the refusals of a batch may belong to, by key and by bytes. `kept`: kept bytes by agency.

    Each entry is paired with the number of its last attempt that had this key or these bytes.
    """

    by_key: dict[AgencyKey, tuple[int, TriedEntry]] = field(default_factory=dict)
    by_bytes: dict[Bytes, tuple[int, TriedEntry]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusalAttempt:
    """Place of a refusal in its entry: the entry's number and the count of its attempts.

    `kept_in`: the number of the attempt that keeps its bytes; None if they are not kept. `found_no_room`: they are not
    kept because the quarantine of the agency is full.
    """

    entry: int
    attempts: int
    must_arrive: bool
    kept_in: int | None
    mark: RefusalFingerprint
    found_no_room: bool = False


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """An attempt as it is stored. `sealed` has encrypted bytes only if this attempt keeps them."""

    attempt: RefusalAttempt
    sealed: SealedRefusal


def attempts(
    outcomes: Iterable[LineOutcome],
    marks: Mapping[int, RefusalFingerprint],
    earlier: EarlierEntries,
    room: QuarantineRoom,
) -> dict[int, RefusalAttempt]:
    """Return the attempt of each refusal among `outcomes`, by its number, and update `earlier` with them.

    `marks`: fingerprint and size of each refusal, by its number.
    """
    found: dict[int, RefusalAttempt] = {}
    for outcome in outcomes:
        match outcome:
            case AcceptedEvent(accepted=accepted):
                before = earlier.by_key.get((accepted.inbound.agency, accepted.key))
                if before is not None:
                    before[1].waits = False
            case NumberedRefusal():
                found[outcome.n] = _attempt(outcome, marks[outcome.n], earlier, room)
            case _:  # a repetition has no number
                pass
    return found


def _attempt(
    refusal: NumberedRefusal, mark: RefusalFingerprint, earlier: EarlierEntries, room: QuarantineRoom
) -> RefusalAttempt:
    n, agency, key = refusal.n, refusal.refused.inbound.agency, refusal.refused.key
    same_bytes = agency, mark.fingerprint
    before = [found for found in (earlier.by_bytes.get(same_bytes), key and earlier.by_key.get((agency, key))) if found]
    tried = max(before, key=_number)[1] if before else TriedEntry(n)
    tried.attempts += 1
    # An open entry that a receiver waits for keeps that mark, whatever type its next attempt names.
    tried.waits = refusal.refused.must_arrive or tried.waits
    kept, full = earlier.kept.get(agency, 0), False
    if mark.fingerprint not in tried.kept_in and len(tried.kept_in) < SAMPLES:
        full = not room.has(kept, mark.size, alarms=tried.waits)
        if not full:
            tried.kept_in[mark.fingerprint] = n
            earlier.kept[agency] = kept + mark.size
    earlier.by_bytes[same_bytes] = n, tried
    if key is not None:
        earlier.by_key[agency, key] = n, tried
    return RefusalAttempt(tried.number, tried.attempts, tried.waits, tried.kept_in.get(mark.fingerprint), mark, full)


def _number(found: tuple[int, TriedEntry]) -> int:
    return found[0]
