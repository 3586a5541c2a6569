"""Attempts of refused events: the quarantine entry of each, the count of attempts, and whether its bytes are kept.

The same key or the same bytes make an attempt of the same entry. Equal bytes are kept once. The versions kept of one
entry and the bytes kept of one agency are limited: a refusal beyond has a number, reason, place, size and fingerprint,
but no bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from services.intake.domain.acceptance_line import AcceptedEvent, LineOutcome, NumberedRefusal
from services.intake.domain.relay_rows import Sealed
from services.intake.domain.submission import Key

SAMPLES: Final = 5
"""The most versions of one entry that are kept. An operator tries an entry five times at most (`redrive.CAP`)."""

AgencyKey: TypeAlias = tuple[str, Key]
Bytes: TypeAlias = tuple[str, bytes]
"""An agency, and the fingerprint of bytes that it sent."""


@dataclass(frozen=True, slots=True)
class QuarantineRoom:
    """Limits, in encrypted bytes kept of one agency. Only refusals that alarm may use the part `reserve` of `most`."""

    most: int
    reserve: int

    def has(self, kept: int, size: int, *, alarms: bool) -> bool:
        """Whether `size` more bytes may be kept beside the `kept` ones."""
        return kept + size <= (self.most if alarms else self.most - self.reserve)


ROOM: Final = QuarantineRoom(most=64 * 1024 * 1024, reserve=16 * 1024 * 1024)
"""Default volume of an agency's quarantine: some 60,000 refused events of the usual size."""


@dataclass(frozen=True, slots=True)
class RefusalFingerprint:
    """A refused submission before encryption: its fingerprint, and its encrypted size."""

    fingerprint: bytes
    size: int


@dataclass(slots=True)
class TriedEntry:
    """An entry so far: its number, its attempts, and where its bytes are.

    `waits`: a receiver waits for its event (an urgent type). `kept_in`: the number of the attempt that keeps the bytes,
    by fingerprint.
    """

    number: int
    attempts: int = 0
    waits: bool = False
    kept_in: dict[bytes, int] = field(default_factory=dict)


@dataclass(slots=True)
class EarlierEntries:
    """The entries that the refusals of a batch may belong to, by key and by bytes; `kept`: the bytes kept, by agency.

    Each entry is paired with the number of the last attempt that had this key or these bytes.
    """

    by_key: dict[AgencyKey, tuple[int, TriedEntry]] = field(default_factory=dict)
    by_bytes: dict[Bytes, tuple[int, TriedEntry]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusalAttempt:
    """A refusal's place in its entry. `kept_in` is the number of the attempt that keeps its bytes, if one does.

    `found_no_room`: they are not kept because the quarantine of its agency is full.
    """

    entry: int
    attempts: int
    must_arrive: bool
    kept_in: int | None
    mark: RefusalFingerprint
    found_no_room: bool = False


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """An attempt as it is stored. `sealed` has no encrypted bytes if they are not kept, or kept by another attempt."""

    attempt: RefusalAttempt
    sealed: Sealed


def attempts(
    outcomes: Iterable[LineOutcome],
    marks: Mapping[int, RefusalFingerprint],
    earlier: EarlierEntries,
    room: QuarantineRoom,
) -> dict[int, RefusalAttempt]:
    """Return the attempt of each refusal, by its number. Updates `earlier` with these attempts."""
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
