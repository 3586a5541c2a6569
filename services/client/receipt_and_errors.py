"""Receipts of events, the port to intake, and the client's errors. Nothing here has content of any event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of an event: `accepted`, `duplicate` (it had been accepted before), or `refused`.

    `n` is its number; `reason` is the rule that a refused event breaks, `pointer` its place (a JSON Pointer).
    `permitted`: the values that your agency may give there, if these depend on the publisher. `errors`: all mistakes,
    each with `rule` and `pointer` and, where it helps, `permitted`, `codes` (the address of a list), `nearest` codes of
    that list, `fields` (those that exist), and `detail` in `en` and `es`.
    A refused event is repaired by publishing it again under the same id. `accepted_n`: the number under which an event
    of that id was accepted, before the refusal or later; only in lists of receipts.
    """

    status: str
    id: str | None
    n: int | None = None
    accepted_at: int | None = None
    reason: str | None = None
    pointer: str | None = None
    permitted: Sequence[str] | None = None
    errors: Sequence[Mapping[str, Any]] | None = field(default=None, hash=False)
    accepted_n: int | None = None

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self:
        """Return the object for the JSON object `said` of an answer; unknown fields, of later versions, are ignored."""
        return cls(**{name: said.get(name) for name in cls.__slots__})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused event of the agency in quarantine, with its last refusal; nothing that was sent.

    `entry`: its number there. `last_at`: time of the last attempt, in milliseconds since 1970. `not_delivered`: a
    receiver still waits for the event.
    """

    entry: int
    reason: str
    pointer: str
    type: str | None
    source: str | None
    id: str | None
    attempts: int
    last_at: int
    not_delivered: bool

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self:
        """Return the object for the JSON object `said` of an answer; unknown fields, of later versions, are ignored."""
        return cls(**{name: said.get(name) for name in cls.__slots__})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event of the spool without an answer; `seq` is its place in the order, `key` the Kafka key."""

    seq: int
    id: str
    key: str | None
    value: bytes = field(repr=False)


class Door(Protocol):
    """Port to intake, over HTTPS (`Http`) or Kafka (`Kafka`). It sends events in the given order."""

    @property
    def most(self) -> int:
        """The most events of one call of `send`."""
        ...

    def send(self, events: Sequence[WaitingEvent], seconds: float) -> dict[int, Receipt]:
        """Send events, wait `seconds` at most, and return the receipts by `seq`. Unanswered ones may be sent again.

        Raises `Later` when intake is away or busy, `NotLetIn` when it refuses these credentials, and `NotTheDoor` when
        something else answers.
        """
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class ClientError(Exception):
    """The base class of the client's errors."""


class Later(ClientError):
    """Raised when intake is away or busy: try again, after `seconds` if it said so.

    `too_often`: it answered that this agency exceeds its share.
    """

    def __init__(self, why: str, seconds: float | None = None, *, too_often: bool = False) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.too_often = too_often


class NotLetIn(ClientError):
    """Raised when intake refuses the key, password or certificate, or does not allow this request with it."""


class NotTheDoor(ClientError):
    """Raised when something other than this intake answers at the address: a proxy, or another version of intake."""


class SpoolFull(ClientError):
    """Raised when the spool has reached its limit of bytes, or the disk is full: flush first, or raise the limit."""


class AlreadyUsed(ClientError):
    """Raised when another event with this id was published and not refused: a corrected fact is a new event."""
