"""Submissions and their outcomes: what comes in at a door, and whether it was accepted, repeated or refused.

Nothing here is shown in full: a submission's bytes may hold anything, and leave intake only encrypted.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from schemas.errors import Reason
from services.intake.domain.mistakes import FoundMistake

InboundHeaders: TypeAlias = tuple[tuple[str, bytes | None], ...]

STRUCTURED: Final = b"application/cloudevents+json"
"""The content type of an event in structured mode."""

URGENT: Final = ("bz.atips.referral.", "bz.atips.consent.", "bz.atips.victim.identified.")
"""Types that somebody waits for: refused, they leave a person without help until they are repaired."""

CLOSING: Final[InboundHeaders] = (("atips-file-end", None),)
"""The headers of a record without key and value that says nothing. It is appended so that Kafka closes the file before
it: what was refused lies there, and Kafka removes closed files alone."""

_URGENT: Final = re.compile(b"|".join(re.escape(each.encode()) for each in URGENT))
# A whole name: one that is cut off may have been any. What changes an event says nothing of which it changes.
_TYPE: Final = re.compile(rb"bz\.atips\.(?!event\.)[a-z_]+\.[a-z_]+\.v[0-9]")
# In the bytes, since those that cannot be read may be about a person too; also where an event corrects such a one.
_SAYS_URGENT: Final = re.compile(rb'"type"\s*:\s*"(?:' + _URGENT.pattern + b")")
_ESCAPED: Final = re.compile(rb"\\u00([0-7][0-9A-Fa-f])")

_UNREAD: Final = frozenset({Reason.TOO_LARGE, Reason.NOT_UTF8, Reason.BYTE_ORDER_MARK, Reason.NOT_JSON})
"""Reasons that leave open what a submission said."""

# (source, id): what makes an event the same submission, whatever its bytes are.
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class InboundPlace:
    """The place of a submission on its inbound topic. The timestamp is the broker's, in ms."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """One submission, with the agency, or the service of ours, whose topic or key it came with.

    Over Kafka `place` is its record's; over HTTP there is none, and `headers` are as a record's would be. `system` is
    the one whose key, or whose topic, it came with; None where nobody knows.
    """

    agency: str
    place: InboundPlace | None
    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    headers: InboundHeaders = field(repr=False)
    system: str | None = None


def closes_a_file(inbound: Inbound) -> bool:
    """Whether a record only closes a file of its topic and is no submission, by any author: see `CLOSING`."""
    headers = tuple((name, value or None) for name, value in inbound.headers)
    return inbound.key is None and inbound.value is None and headers == CLOSING


@dataclass(frozen=True, slots=True)
class AcceptedSubmission:
    """An event that may go on the log; `payload` are its structured bytes, `entities` are primary first.

    `target` is the key of the event that it corrects or retracts; `joins` are the entities that it says are one.
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
    """A submission that may not; `key` and `type` only when they could be read and have a known form."""

    inbound: Inbound
    reason: Reason
    pointer: str
    key: Key | None = None
    type: str | None = None
    found: tuple[FoundMistake, ...] = field(default=(), compare=False)

    @property
    def mistakes(self) -> tuple[FoundMistake, ...]:
        """Give everything that was found wrong; `reason` and `pointer` are the first of it."""
        return self.found or (FoundMistake(self.reason.value, self.pointer),)

    @property
    def must_arrive(self) -> bool:
        """Whether it is, or says that it is, of an urgent type; in doubt it is.

        There is doubt where it cannot be read and names, whatever its form, an urgent type or none at all; not where it
        names others only, and not about nothing.
        """
        typed = _plain(b" ".join(value or b"" for name, value in self.inbound.headers if name.lower() == "ce_type"))
        said = _plain(self.inbound.value or b"")
        if _URGENT.search(typed) or _SAYS_URGENT.search(said):
            return True
        if self.reason not in _UNREAD or not said.strip():
            return False
        return _URGENT.search(said) is not None or _TYPE.search(typed + said) is None


def _plain(octets: bytes) -> bytes:
    """Give text as it is in UTF-8 and without JSON's escapes: UTF-16 and -32 put NULs between ASCII's letters."""
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), octets.replace(b"\0", b"")).replace(b"\\", b"")


Judged: TypeAlias = AcceptedSubmission | RefusedSubmission


def firsts(judged: Sequence[Judged], known: Container[Key]) -> Iterator[tuple[Judged, bool]]:
    """Give each judgement, and whether it may be accepted and its key was neither `known` nor among the ones before."""
    seen = set[Key]()
    for each in judged:
        is_first = isinstance(each, AcceptedSubmission) and each.key not in known and each.key not in seen
        if isinstance(each, AcceptedSubmission):
            seen.add(each.key)
        yield each, is_first
