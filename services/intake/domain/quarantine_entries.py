"""Refused events as an operator sees them: one entry has all attempts of one event."""

from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.found_mistakes import FoundMistake
from services.intake.domain.submission import Key


class EntryState(StrEnum):
    """The state of an entry.

    `superseded`: its key was accepted after it was refused. `closed`: an operator said that nothing is missing.
    """

    OPEN = "open"
    CLOSED = "closed"
    SUPERSEDED = "superseded"


class CloseReason(StrEnum):
    """Reason codes that an operator gives for closing an entry."""

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
    """An entry and its last attempt. `key` and `type` are None unless they could be read and have a known form.

    `kept_in`: the number of the attempt that keeps the last one's bytes; None if they are not kept. `first_at`,
    `last_at`: times of the first and last attempt, in ms.
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
    """Everything that was wrong with the last attempt; `reason` and `pointer` are the first of it."""

    @property
    def not_delivered(self) -> bool:
        """Whether the entry is open and of an urgent type, so that a receiver still waits for its event."""
        return self.must_arrive and self.state is EntryState.OPEN
