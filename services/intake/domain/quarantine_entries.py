"""Refused events as an operator sees them: one entry for all attempts at one event."""

from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.submission import Key


class EntryState(StrEnum):
    """The state of an entry.

    `superseded`: its key was accepted after it was refused. `closed`: an operator said that nothing is missing.
    """

    OPEN = "open"
    CLOSED = "closed"
    SUPERSEDED = "superseded"


class CloseReason(StrEnum):
    """Why an operator closes an entry."""

    DUPLICATE = "duplicate"
    """Its content is on the log already."""
    SENT_IN_ERROR = "sent_in_error"
    REPLACED = "replaced"
    """Its agency sent another event in its place."""
    NO_EVENT = "no_event"
    """It never was one: a test, garbage."""
    DELIVERED_OTHERWISE = "delivered_otherwise"
    """The receiver has been told by other means."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its last attempt; key and type only when they could be read and have a known form.

    `kept_in` is the number of the attempt that keeps the last one's bytes; None where they were not kept.
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

    @property
    def not_delivered(self) -> bool:
        """Whether somebody still waits for the entry's event."""
        return self.must_arrive and self.state is EntryState.OPEN
