"""The request and the outcome of one redrive, entry by entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.redrive import CAP


@dataclass(frozen=True, slots=True)
class RedriveRequest:
    """The request of one redrive: the entries, the operator, and the way.

    `patience`: the longest silence of intake, in seconds, that the redrive waits out.
    """

    operator: str
    agency: str | None = None
    reason: str | None = None
    numbers: Sequence[int] | None = None
    dry_run: bool = False
    cap: int = CAP
    patience: float = 30.0


class RedriveResult(StrEnum):
    """The outcome of an entry's redrive. A dry run predicts it."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    HELD = "held"
    LOCKED = "locked"
    """Encrypted under another key, or lost with a database."""
    NOT_KEPT = "not_kept"
    """Refused while the quarantine of its agency was full, so that there is nothing to send."""
    UNCONFIRMED = "unconfirmed"
    """Sent, and not judged in time: the next redrive waits for its verdict, and sends it again only where intake has
    gone past it without one."""


@dataclass(frozen=True, slots=True)
class RedriveOutcome:
    """The outcome of one entry. `why`: why it was refused again or held. `behind`: the entry that it waits for."""

    entry: int
    agency: str
    what: RedriveResult
    why: str | None = None
    pointer: str | None = None
    behind: int | None = None
