"""Parses intake's own records on the topics back into rows of its tables: the inverse of `relay_records`, without I/O.

An accepted event is read from its primary copy, and a refused one from its quarantine record. The inbound place of
either is read from its receipt.
"""

from base64 import b64decode
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import orjson

from schemas import codec
from schemas.errors import Reason
from services.intake.domain.outbox_rows import SealedRefusal
from services.intake.domain.relay_records import SOURCE

RestoredRow: TypeAlias = tuple[object, ...]
RecordHeaders: TypeAlias = Iterable[tuple[str, bytes | None]]
At: TypeAlias = tuple[str, int, int]
"""Inbound place of a submission: topic, partition and offset."""

OWN: Final = "intake"
"""Value of `agency` in quarantine rows of lost numbers, whose publisher is unknown."""

_PREFIX: Final = "bz.atips.submission."
_REPEAT: Final = "repeat-"
_NAMED: Final = 10


@dataclass(slots=True)
class AnsweredSubmissions:
    """Submissions that have a receipt or a quarantine record.

    `offsets`: answered offsets by inbound (topic, partition). `places`: the place of each accepted event, by number.
    `relayed`: number of the relay's last progress record. `after`: for each number beyond `relayed`, all places that
    were answered with it. `last_n`, `last_repeat`: highest number of a submission and of a repetition in a receipt.
    """

    relayed: int = 0
    offsets: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    places: dict[int, At] = field(default_factory=dict)
    after: dict[int, set[At]] = field(default_factory=dict)
    last_n: int = 0
    last_repeat: int = 0

    def note(self, value: bytes) -> None:
        """Add a receipt, given as the value of a record on a delivery topic. Other records are ignored."""
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
        """Return a number that no repetition exceeds. `delivered`: (begin, end) offsets of the delivery topics.

        It is the highest number in the receipts. If receipts were deleted, it is at least the sum of the topics' ends,
        because each repetition had a record on one of them.
        """
        gone = any(begin for begin, _ in delivered)
        return max(self.last_repeat, sum(end for _, end in delivered)) if gone else self.last_repeat

    def note_refused(self, inbound: Mapping[str, Any]) -> None:
        """Add the inbound place of a quarantine record. Its receipt may not have been sent."""
        self._answered(inbound)

    def forget(self, n: int) -> None:
        """Mark the inbound records that were answered with number `n` as unanswered: they are judged again.

        `n` is lost: no topic has an event or a refusal with this number.
        """
        for topic, part, offset in self.after.get(n, ()):
            self.offsets[topic, part].discard(offset)

    def next_offset(self, place: tuple[str, int], begin: int) -> int:
        """Return the first unanswered offset of an inbound partition from `begin` on. `place`: (topic, partition).

        It may be before the last answered offset: a duplicate may be answered before an earlier record. A skipped
        record would be lost, while a record that is judged twice is recognised as a repetition.
        """
        answered, offset = self.offsets.get(place, set()), begin
        while offset in answered:
            offset += 1
        return offset

    def _answered(self, inbound: Mapping[str, Any]) -> At | None:
        if inbound["topic"] is None:  # it came over HTTP, or was restored before without a place
            return None
        at = (str(inbound["topic"]), int(inbound["partition"]), int(inbound["offset"]))
        self.offsets.setdefault(at[:2], set()).add(at[2])
        return at


@dataclass(frozen=True, slots=True)
class PrimaryCopy:
    """Content of an event's copy, primary or related, read from the headers and value of its record."""

    n: int
    accepted_at: int
    payload: bytes = field(repr=False)

    def row(self, place: At | None) -> RestoredRow:
        """Return the event's row of the table `inbox`, in the order of its columns. `place`: None if it is unknown.

        Raises `BadMessage` if the payload cannot be decoded.
        """
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


def parse_primary_copy(headers: RecordHeaders, value: bytes | None) -> PrimaryCopy | None:
    """Parse the record of a primary copy; None for any other record."""
    return _copy(b"primary", headers, value)


def parse_related_copy(headers: RecordHeaders, value: bytes | None) -> PrimaryCopy | None:
    """Parse the record of a related copy, which has all that the primary copy has; None for any other record."""
    return _copy(b"related", headers, value)


def _copy(role: bytes, headers: RecordHeaders, value: bytes | None) -> PrimaryCopy | None:
    found = dict(headers)
    if found.get("role") != role or not found.get("n") or not found.get("accepted_at"):
        return None
    return PrimaryCopy(int(found["n"] or b""), int(found["accepted_at"] or b""), value or b"")


def _object(value: bytes) -> Mapping[str, Any]:
    """Parse a JSON object; an empty mapping if the bytes are no JSON object."""
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def parse_quarantine_record(value: bytes) -> Mapping[str, Any] | None:
    """Parse the value of a quarantine record; None if intake did not write it."""
    found = _object(value)
    return found if {"n", "inbound", "key_id"} <= found.keys() else None


def quarantine_row_of(record: Mapping[str, Any]) -> RestoredRow:
    """Return the row of the table `quarantine` for a parsed quarantine record. Old records lack some fields.

    Bytes that were too large for a record were lost with the database: the row has none, and no key decrypts it.
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
    """Hash of the content of each number `n`, and `several`: the numbers that were seen with several contents.

    The content is an accepted event's bytes, or the nonce of a quarantine record. A relay repeats a record
    exactly. Therefore two contents mean that a number was given twice.
    """

    first: dict[int, int] = field(default_factory=dict)
    several: set[int] = field(default_factory=set)

    def note(self, n: int, content: bytes) -> None:
        """Add a content that was seen for number `n`."""
        found = hash(content)
        if self.first.setdefault(n, found) != found:
            self.several.add(n)


def missing_or_doubled(
    accepted: AbstractSet[int], refused: AbstractSet[int], said: Collection[int], several: Collection[int] = ()
) -> str | None:
    """Return an error text if numbers are missing or given twice; None if not.

    `said`: numbers that other records name, such as progress records. `several`: numbers with more than one content, of
    which the tables could keep only one.
    """
    both = sorted(accepted & refused)
    if both:
        return f"both accepted and refused: {_named(both)}"
    if several:
        return f"given to more than one submission: {_named(sorted(several))}"
    lost = missing_numbers(accepted, refused, said)
    return f"neither a primary copy nor a quarantine record has {_named(lost)}" if lost else None


def missing_numbers(accepted: AbstractSet[int], refused: AbstractSet[int], said: Collection[int]) -> list[int]:
    """Return the sorted numbers that are neither accepted nor refused, up to the highest that any argument names."""
    last = max((*accepted, *refused, *said, 0))
    return [n for n in range(1, last + 1) if n not in accepted and n not in refused]


def lost_tail(lost: Sequence[int], relayed: int) -> Sequence[int]:
    """Return `lost`, which is sorted, if all of it is after the relay's last progress `relayed`; otherwise empty."""
    return lost if lost and lost[0] > relayed else ()


def lost_number_row(n: int, accepted_at: int, sealed: SealedRefusal) -> RestoredRow:
    """Return the row of the table `quarantine` for a lost number, of which nothing else is known.

    It counts as urgent, because the lost event may have been urgent. It stays open until an operator closes it. It has
    no bytes, so it cannot be sent again.
    """
    what = Reason.LOST_BEFORE_SENT.value, "", None, None, None, True
    by_nobody = (None, None, None, None, 1, n, 0, None)
    return n, n, accepted_at, OWN, *what, sealed.key_id, sealed.nonce, b"", sealed.fingerprint, *by_nobody


def _named(numbers: list[int]) -> str:
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return "n " + ", ".join(map(str, numbers[:_NAMED])) + more
