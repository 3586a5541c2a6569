"""Submissions over Kafka and HTTP, and their judgement: accepted or refused.

`repr` shows no content, because a submission may hold anything. Its bytes leave intake only encrypted.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from schemas.errors import Reason
from services.intake.domain.found_mistakes import FoundMistake

InboundHeaders: TypeAlias = tuple[tuple[str, bytes | None], ...]

STRUCTURED: Final = b"application/cloudevents+json"
"""Content type of an event in structured mode."""

URGENT: Final = ("bz.atips.referral.", "bz.atips.consent.", "bz.atips.victim.identified.")
"""Prefixes of the urgent event types. While such an event is refused, a person stays without help."""

CLOSING: Final[InboundHeaders] = (("atips-file-end", None),)
"""Headers of an empty record, without key and value, that intake appends to an inbound topic. Kafka then closes the
segment file before it. That file may hold refused submissions, and Kafka removes only closed files."""

_URGENT: Final = re.compile(b"|".join(re.escape(each.encode()) for each in URGENT))
# A whole type name, as a truncated one may be any. Corrections (`event.`) do not show the type that they change.
_TYPE: Final = re.compile(rb"bz\.atips\.(?!event\.)[a-z_]+\.[a-z_]+\.v[0-9]")
# Searched in the bytes: an event that cannot be parsed may be urgent too, and so may a correction of an urgent one.
_SAYS_URGENT: Final = re.compile(rb'"type"\s*:\s*"(?:' + _URGENT.pattern + b")")
_ESCAPED: Final = re.compile(rb"\\u00([0-7][0-9A-Fa-f])")

_UNREAD: Final = frozenset({Reason.TOO_LARGE, Reason.NOT_UTF8, Reason.BYTE_ORDER_MARK, Reason.NOT_JSON})
"""Reasons of refusals after which a submission's content is not known."""

# (source, id) of an event. Submissions with one key are the same event, whatever their bytes.
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class InboundPlace:
    """Place of a submission on its inbound topic. `timestamp_ms`: the broker's time, in ms since 1970 (UTC)."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """One submission. `agency`: the agency or service whose topic or API key it came with.

    `place`: that of its Kafka record; None over HTTP. Then `headers` are those that a record would have. `system`:
    the agency's system whose topic or API key it came with; None if that is unknown.
    """

    agency: str
    place: InboundPlace | None
    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    headers: InboundHeaders = field(repr=False)
    system: str | None = None


def is_segment_closer(inbound: Inbound) -> bool:
    """Whether a record is the empty one that only closes a segment file (`CLOSING`), whichever client wrote it."""
    headers = tuple((name, value or None) for name, value in inbound.headers)
    return inbound.key is None and inbound.value is None and headers == CLOSING


@dataclass(frozen=True, slots=True)
class AcceptedSubmission:
    """An event that may go on the log. `payload`: its bytes in structured mode. `entities`: the primary one first.

    `target`: key of the event that it corrects or retracts. `joins`: the entities that it merges.
    """

    inbound: Inbound
    key: Key
    digest: bytes
    type: str
    payload: bytes = field(repr=False)
    entities: tuple[str, ...]
    target: Key | None = None
    joins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedSubmission:
    """A submission that may not go on the log. `key` and `type` are None unless they have a valid form."""

    inbound: Inbound
    reason: Reason
    pointer: str
    key: Key | None = None
    type: str | None = None
    found: tuple[FoundMistake, ...] = field(default=(), compare=False)

    @property
    def mistakes(self) -> tuple[FoundMistake, ...]:
        """All mistakes of the submission; `reason` and `pointer` are the first of them."""
        return self.found or (FoundMistake(self.reason.value, self.pointer),)

    @property
    def must_arrive(self) -> bool:
        """Whether the submission is, or may be, of an urgent type (`URGENT`).

        It may be urgent if it names an urgent type anywhere, or if it is unreadable, not empty, and names no type.
        """
        typed = _plain(b" ".join(value or b"" for name, value in self.inbound.headers if name.lower() == "ce_type"))
        said = _plain(self.inbound.value or b"")
        if _URGENT.search(typed) or _SAYS_URGENT.search(said):
            return True
        if self.reason not in _UNREAD or not said.strip():
            return False
        return _URGENT.search(said) is not None or _TYPE.search(typed + said) is None


def _plain(octets: bytes) -> bytes:
    """Return bytes without JSON escapes and without the NULs that UTF-16 and UTF-32 put between ASCII letters."""
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), octets.replace(b"\0", b"")).replace(b"\\", b"")


Judged: TypeAlias = AcceptedSubmission | RefusedSubmission


def mark_first_occurrences(judged: Sequence[Judged], known: Container[Key]) -> Iterator[tuple[Judged, bool]]:
    """Yield each of `judged` with True if it is the first acceptable submission of its key, otherwise with False.

    Keys in `known` were accepted before, so that none of `judged` is their first.
    """
    seen = set[Key]()
    for each in judged:
        is_first = isinstance(each, AcceptedSubmission) and each.key not in known and each.key not in seen
        if isinstance(each, AcceptedSubmission):
            seen.add(each.key)
        yield each, is_first
