"""Refused events as an operator sees them: one entry for all attempts at one event."""

from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.found_mistakes import FoundMistake
from services.intake.domain.submission import Key


class EntryState(StrEnum):
    """State of a quarantine entry.

    `superseded`: the event's key was accepted after the refusal. `closed`: an operator has closed it.
    """

    OPEN = "open"
    CLOSED = "closed"
    SUPERSEDED = "superseded"


class CloseReason(StrEnum):
    """Reason codes with which an operator closes a quarantine entry."""

    DUPLICATE = "duplicate"
    """The content of the event is on the log already."""
    SENT_IN_ERROR = "sent_in_error"
    REPLACED = "replaced"
    """The agency sent another event in its place."""
    NO_EVENT = "no_event"
    """It was never an event: a test, or garbage."""
    DELIVERED_OTHERWISE = "delivered_otherwise"
    """The receiver was informed by other means."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A quarantine entry and its last attempt. `key` and `type` are None unless they could be read and are valid.

    `number`: that of the first attempt. `kept_in`: the number of the attempt that keeps the last attempt's bytes; None
    if they are not kept. `first_at`, `last_at`: times of the first and last attempt, in ms since 1970 (UTC).
    """

    number: int
    last_n: int
    agency: str
    reason: str
    pointer: str
    key: Key | None
    type: str | None
    must_arrive: bool
    attempts: int
    first_at: int
    last_at: int
    state: EntryState
    kept_in: int | None
    mistakes: tuple[FoundMistake, ...] = ()
    """All mistakes of the last attempt; `reason` and `pointer` are the first of them."""

    @property
    def not_delivered(self) -> bool:
        """Whether the entry is open and of an urgent type, so that a receiver still waits for its event."""
        return self.must_arrive and self.state is EntryState.OPEN
