"""Request of one redrive, and the outcome of each of its entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.redrive_order import CAP


@dataclass(frozen=True, slots=True)
class RedriveRequest:
    """Request of one redrive: send the open entries again that match `agency`, `reason` and `numbers` (None: all).

    `operator`: name of the person who asks. `cap`: an entry with this number of attempts is not sent. `patience`:
    seconds without any verdict of intake after which the redrive stops waiting. `dry_run`: nothing is sent, and the
    outcomes are predicted.
    """

    operator: str
    agency: str | None = None
    reason: str | None = None
    numbers: Sequence[int] | None = None
    dry_run: bool = False
    cap: int = CAP
    patience: float = 30.0


class RedriveResult(StrEnum):
    """Result codes of an entry's redrive. A dry run predicts them."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    HELD = "held"
    LOCKED = "locked"
    """Not sent: its bytes are encrypted under another key, or were lost with a database."""
    NOT_KEPT = "not_kept"
    """Not sent: it was refused while its agency's quarantine was full, so its bytes are not kept."""
    UNCONFIRMED = "unconfirmed"
    """Sent, and not judged in time. The next redrive waits for the verdict of this attempt. It sends the entry again
    only if intake has read past it without a verdict.
    """


@dataclass(frozen=True, slots=True)
class RedriveOutcome:
    """Outcome of one entry. `why`: code of a new refusal or of the hold. `behind`: number of the entry it waits for."""

    entry: int
    agency: str
    what: RedriveResult
    why: str | None = None
    pointer: str | None = None
    behind: int | None = None
