"""Receipts of events, and the client's errors. Their texts and fields hold nothing of any event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of an event: `accepted`, `duplicate` (it had been accepted before), or `refused`.

    `n` is its number in the line; `reason` is the rule that a refused one breaks, `pointer` where (a JSON Pointer).
    `permitted` are the values that your agency may give there, where these depend on who publishes. `errors`:
    everything that was found wrong, each with `rule` and `pointer` and, where it helps, `permitted`, `codes` (the
    address of a list), `nearest` codes of it, `fields` that there are, and `detail` in `en` and `es`.
    A refused event is repaired by publishing it again under the same id.
    """

    status: str
    id: str | None
    n: int | None = None
    accepted_at: int | None = None
    reason: str | None = None
    pointer: str | None = None
    permitted: Sequence[str] | None = None
    errors: Sequence[Mapping[str, Any]] | None = field(default=None, hash=False)

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self:
        """Take it from what a door says; fields of later versions are left out."""
        return cls(**{name: said.get(name) for name in cls.__slots__})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event of the agency that lies in quarantine, as its last attempt was refused; nothing of what was sent.

    `entry` is its number there, `last_at` in milliseconds since 1970. `not_delivered`: somebody waits for it.
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
        """Take it from what a door says; fields of later versions are left out."""
        return cls(**{name: said.get(name) for name in cls.__slots__})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event of the spool that has no answer yet; `seq` is its place in the order."""

    seq: int
    id: str
    key: str | None
    value: bytes = field(repr=False)


class Door(Protocol):
    """A way in. Sends in the order given."""

    @property
    def most(self) -> int:
        """The number of events that one call may have at most."""
        ...

    def send(self, events: Sequence[WaitingEvent], seconds: float) -> dict[int, Receipt]:
        """Send, wait at most so long, and give by `seq` what was answered; what was not may be sent again, unchanged.

        Raises `Later` when nothing can be promised now, `NotLetIn` when it never will be with these credentials, and
        `NotTheDoor` when something else answers.
        """
        ...

    def close(self) -> None:
        """Let the connections go."""
        ...


class ClientError(Exception):
    """The base class of the client's errors."""


class Later(ClientError):
    """The door is away or busy: try again, not before `seconds` when it said so.

    `too_often`: it is there, and this agency asks more of it than its share.
    """

    def __init__(self, why: str, seconds: float | None = None, *, too_often: bool = False) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.too_often = too_often


class NotLetIn(ClientError):
    """Key, password or certificate do not open this door, or not for this."""


class NotTheDoor(ClientError):
    """Something other than intake's door answers at this address, such as a proxy, or a door of another version."""


class SpoolFull(ClientError):
    """The spool holds as many bytes of unanswered events as it may: flush first, or let it hold more."""


class AlreadyUsed(ClientError):
    """Another event was published under this id, and was not refused: a corrected fact is a new event."""
