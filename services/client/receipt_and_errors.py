"""Receipts of events, the port to intake, and the client's errors. Nothing here has content of any event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Receipt:
    """Outcome of an event. `status`: `accepted`, `duplicate` (it was accepted before) or `refused`.

    `n`: its number. `accepted_at`: ms since 1970 (UTC). `reason`: rule that a refused event breaks; `pointer`: its
    place (a JSON Pointer). `permitted`: values that your agency may give there, if these depend on the publisher.
    `errors`: all mistakes, each with `rule` and `pointer` and, if it helps, `permitted`, `codes` (address of a list),
    `nearest` codes of that list, `fields` (those that exist), and `detail` in `en` and `es`.
    A refused event is repaired by publishing it again under its id. `accepted_n`: number under which an event of that
    id was accepted, before the refusal or later; only in lists of receipts. `type`: the event's type; None if intake
    could not read it, or is of an earlier version.
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
    type: str | None = None

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self:
        """Return the receipt in the JSON object `said` of an answer. Unknown fields, of later versions, are ignored."""
        return cls(**{name: said.get(name) for name in cls.__slots__})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused event of the agency in quarantine, with its last refusal; without any value that was sent.

    `entry`: its number there. `last_at`: time of the last attempt, in ms since 1970 (UTC). `not_delivered`: whether a
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
        """Return the refusal in the JSON object `said` of an answer. Unknown fields, of later versions, are ignored."""
        return cls(**{name: said.get(name) for name in cls.__slots__})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event of the spool without an answer. `seq`: its place in the order. `key`: its Kafka key."""

    seq: int
    id: str
    key: str | None
    value: bytes = field(repr=False)


class IntakeConnection(Protocol):
    """Port to intake, over HTTPS (`Http`) or Kafka (`Kafka`). It sends events in the given order."""

    @property
    def most(self) -> int:
        """Number of events of one call of `send`, at most."""
        ...

    def send(self, events: Sequence[WaitingEvent], seconds: float) -> dict[int, Receipt]:
        """Send events, wait `seconds` at most, and return the receipts by `seq`. Unanswered events may be sent again.

        Raises `Later` if intake is away or busy, `NotLetIn` if it refuses these credentials, and `NotTheDoor` if
        something else answers.
        """
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class ClientError(Exception):
    """Base class of the client's errors."""


class Later(ClientError):
    """Raised if intake is away or busy. Try again, after `seconds` if intake stated them (else None).

    `too_often`: intake answered that this agency exceeds its share.
    """

    def __init__(self, why: str, seconds: float | None = None, *, too_often: bool = False) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.too_often = too_often


class NotLetIn(ClientError):
    """Raised if intake refuses the key, password or certificate, or does not allow this request with it."""


class NotTheDoor(ClientError):
    """Raised if something other than this intake answers at the address: a proxy, or another version of intake.

    Raised also if its certificate is not valid by this computer's clock and authority.
    """


class SpoolFull(ClientError):
    """Raised if the spool has reached its limit of bytes, or the disk is full. Flush first, or raise the limit."""


class AlreadyUsed(ClientError):
    """Raised if another event with this id was published and not refused. A corrected fact is a new event."""
