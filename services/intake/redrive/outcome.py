"""The request and the outcome of one redrive, entry by entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.redrive_order import CAP


@dataclass(frozen=True, slots=True)
class RedriveRequest:
    """The request of one redrive, which sends the open entries that match `agency`, `reason` and `numbers` (None: all).

    `cap`: entries with as many attempts are not sent. `patience`: the longest silence of intake, in seconds, that the
    redrive waits out. `dry_run`: nothing is sent, and the outcomes are predicted.
    """

    operator: str
    agency: str | None = None
    reason: str | None = None
    numbers: Sequence[int] | None = None
    dry_run: bool = False
    cap: int = CAP
    patience: float = 30.0


class RedriveResult(StrEnum):
    """Outcomes of an entry's redrive. A dry run predicts them."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    HELD = "held"
    LOCKED = "locked"
    """Not sent: its bytes are encrypted under another key, or were lost with a database."""
    NOT_KEPT = "not_kept"
    """Not sent: it was refused while its agency's quarantine was full, so its bytes are not kept."""
    UNCONFIRMED = "unconfirmed"
    """Sent, and not judged in time. The next redrive waits for its verdict, and sends it again only if intake has read
    past it without a verdict."""


@dataclass(frozen=True, slots=True)
class RedriveOutcome:
    """The outcome of one entry. `why`: the reason of a new refusal or of a hold. `behind`: the entry it waits for."""

    entry: int
    agency: str
    what: RedriveResult
    why: str | None = None
    pointer: str | None = None
    behind: int | None = None
