"""Rebuild intake's rows from its own records on the topics: pure readings of copies and receipts.

The inverse of outbound: of each accepted event its primary copy, of each refused one its quarantine record, and from
the receipts the place where either came in.
"""

from base64 import b64decode
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import orjson

from schemas import codec
from schemas.errors import Reason
from services.intake.domain.backlog import Sealed
from services.intake.domain.outbound import SOURCE

RestoredRow: TypeAlias = tuple[object, ...]
RecordHeaders: TypeAlias = Iterable[tuple[str, bytes | None]]
At: TypeAlias = tuple[str, int, int]
"""Topic, partition and offset of a submission."""

OWN: Final = "intake"
"""The owner of a number that no other publisher is known to have been given."""

_PREFIX: Final = "bz.atips.submission."
_REPEAT: Final = "repeat-"
_NAMED: Final = 10


@dataclass(slots=True)
class AnsweredSubmissions:
    """Answered submissions: the offsets of each inbound partition, and by number the place where an event came in.

    Of the numbers after `relayed`, the relay's last word, all places are kept that were answered with them.
    """

    relayed: int = 0
    offsets: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    places: dict[int, At] = field(default_factory=dict)
    after: dict[int, set[At]] = field(default_factory=dict)
    last_n: int = 0
    last_repeat: int = 0

    def note(self, value: bytes) -> None:
        """Take in a record of a delivery topic. Records other than our receipts are ignored."""
        receipt = _object(value)
        if receipt.get("source") != SOURCE or not str(receipt.get("type")).startswith(_PREFIX):
            return
        data, receipt_id = receipt["data"], str(receipt["id"])
        if receipt_id.startswith(_REPEAT):
            self.last_repeat = max(self.last_repeat, int(receipt_id.removeprefix(_REPEAT)))
        n = int(data["n"] or 0)
        self.last_n = max(self.last_n, n)
        at = self._answered(data["inbound"])
        if at is not None and data["status"] == "accepted":
            self.places[n] = at
        if at is not None and n > self.relayed:
            self.after.setdefault(n, set()).add(at)

    def repeated(self, delivered: Collection[tuple[int, int]]) -> int:
        """Give a number that no repetition got beyond, from where the delivery topics begin and end.

        Where receipts are gone the last repetition's may be among them. Each had a record there: there were no more of
        them than records.
        """
        gone = any(begin for begin, _ in delivered)
        return max(self.last_repeat, sum(end for _, end in delivered)) if gone else self.last_repeat

    def note_refused(self, inbound: Mapping[str, Any]) -> None:
        """Take in the place that a quarantine record names, whose receipt may not have been sent."""
        self._answered(inbound)

    def forget(self, n: int) -> None:
        """Take back what was answered with a number that came to nothing: it is to be judged again."""
        for topic, part, offset in self.after.get(n, ()):
            self.offsets[topic, part].discard(offset)

    def next_offset(self, place: tuple[str, int], begin: int) -> int:
        """Give the first offset, of those still there, that nobody answered.

        Not the one after the last answer: a duplicate may be answered before what came in ahead of it, and what is
        passed over would be lost, while what is judged twice is found to be the same.
        """
        answered, offset = self.offsets.get(place, set()), begin
        while offset in answered:
            offset += 1
        return offset

    def _answered(self, inbound: Mapping[str, Any]) -> At | None:
        if inbound["topic"] is None:  # restored before, its place unknown
            return None
        at = (str(inbound["topic"]), int(inbound["partition"]), int(inbound["offset"]))
        self.offsets.setdefault(at[:2], set()).add(at[2])
        return at


@dataclass(frozen=True, slots=True)
class PrimaryCopy:
    """A primary copy, read from the headers and bytes of its record."""

    n: int
    accepted_at: int
    payload: bytes = field(repr=False)

    def row(self, place: At | None) -> RestoredRow:
        """Give the inbox's row; everything but number, time and place follows from the bytes. May raise BadMessage."""
        event = codec.decode(self.payload)
        return (
            self.n,
            event.source,
            event.id,
            codec.digest(self.payload),
            self.accepted_at,
            event.type,
            event.agency,
            self.payload,
            event.concerns(),
            *(place or (None, None, None)),
        )


def primary(headers: RecordHeaders, value: bytes | None) -> PrimaryCopy | None:
    """Read a copy of the log; None when it is a related one, or nothing that intake wrote (a replay names those)."""
    return _copy(b"primary", headers, value)


def related(headers: RecordHeaders, value: bytes | None) -> PrimaryCopy | None:
    """Read what a related copy says of the primary one, which is all of it; None when it is no related copy."""
    return _copy(b"related", headers, value)


def _copy(role: bytes, headers: RecordHeaders, value: bytes | None) -> PrimaryCopy | None:
    found = dict(headers)
    if found.get("role") != role or not found.get("n") or not found.get("accepted_at"):
        return None
    return PrimaryCopy(int(found["n"] or b""), int(found["accepted_at"] or b""), value or b"")


def _object(value: bytes) -> Mapping[str, Any]:
    """Read a JSON object; empty for what is none."""
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def said_of(value: bytes) -> Mapping[str, Any] | None:
    """Read a record of the quarantine; None for what intake did not write."""
    found = _object(value)
    return found if {"n", "inbound", "key_id"} <= found.keys() else None


def quarantined(record: Mapping[str, Any]) -> RestoredRow:
    """Give the quarantine's row that a record of its topic says; records of old say less.

    Of what was too large for a record the bytes were in the lost database alone: the row has none, and no key opens it.
    """
    inbound, sealed = record["inbound"], b64decode(record.get("sealed", ""))
    return (
        record["n"],
        record.get("entry", record["n"]),
        record["accepted_at"],
        record["agency"],
        record["reason"],
        record["pointer"],
        record["source"],
        record["id"],
        record.get("type"),
        record.get("must_arrive", False),
        record["key_id"],
        b64decode(record["nonce"]),
        sealed,
        bytes.fromhex(record["fingerprint"]) if "fingerprint" in record else None,
        inbound["topic"],
        inbound["partition"],
        inbound["offset"],
        inbound["timestamp"],
        record["attempts"],
        record.get("kept_in", record["n"]),
        record.get("size", len(sealed)),
        orjson.dumps(record["mistakes"]).decode() if "mistakes" in record else None,
    )


@dataclass(slots=True)
class ContentsByNumber:
    """The content of each number, as a hash.

    A relay repeats a record exactly, so two contents mean that a number was given twice.
    """

    first: dict[int, int] = field(default_factory=dict)
    several: set[int] = field(default_factory=set)

    def note(self, n: int, content: bytes) -> None:
        """Take in the hash of a record's content."""
        found = hash(content)
        if self.first.setdefault(n, found) != found:
            self.several.add(n)


def missing_or_doubled(
    accepted: AbstractSet[int], refused: AbstractSet[int], said: Collection[int], several: Collection[int] = ()
) -> str | None:
    """Say which numbers are missing or there twice; `said` are those that something else on the topics speaks of.

    `several` were given more than once: of what has one number the store holds one, and the others would be lost.
    """
    both = sorted(accepted & refused)
    if both:
        return f"both accepted and refused: {_named(both)}"
    if several:
        return f"given to more than one submission: {_named(sorted(several))}"
    lost = missing(accepted, refused, said)
    return f"neither a primary copy nor a quarantine record has {_named(lost)}" if lost else None


def missing(accepted: AbstractSet[int], refused: AbstractSet[int], said: Collection[int]) -> list[int]:
    """Give the numbers that nothing on the topics has, though something speaks of them or of later ones."""
    last = max((*accepted, *refused, *said, 0))
    return [n for n in range(1, last + 1) if n not in accepted and n not in refused]


def lost_tail(lost: Sequence[int], relayed: int) -> Sequence[int]:
    """Give what was lost after the relay's last word; nothing where a number up to that, once on the log, is gone."""
    return lost if lost and lost[0] > relayed else ()


def given_up(n: int, accepted_at: int, sealed: Sealed) -> RestoredRow:
    """Give the quarantine's row of a number of which nothing is known but that it was given.

    It stands there as not delivered, for it may have been anything, until an operator closes it. There are no bytes of
    it: no key opens it, so that nothing is sent again whose refusal would take its place.
    """
    what = Reason.LOST_BEFORE_SENT.value, "", None, None, None, True
    by_nobody = (None, None, None, None, 1, n, 0, None)
    return n, n, accepted_at, OWN, *what, sealed.key_id, sealed.nonce, b"", sealed.fingerprint, *by_nobody


def _named(numbers: list[int]) -> str:
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return "n " + ", ".join(map(str, numbers[:_NAMED])) + more
