"""Decisions about a case: values from which events are made."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from schemas.codebook.governance import FindingClosure, FindingCode, FindingSeverity
from schemas.envelope import Event
from schemas.sight import Restriction
from schemas.times import Interval


@dataclass(frozen=True, slots=True)
class StandingFinding:
    """Records that cannot all be right by what the log holds up to `answered_n`; open from `opens_at` on, unless ruled.

    `waits`: silence makes it so, once that time has come. `happened` is when the last of the records did.
    """

    finding: str
    case: str
    code: FindingCode
    severity: FindingSeverity
    records: tuple[str, ...]
    persons: tuple[str, ...]
    opens_at: datetime
    waits: bool
    happened: Interval | None
    ruled_by: str | None
    answered_n: int
    told: tuple[str, ...] = ()
    """Agencies that are told at once when it opens."""

    def is_open(self, now: datetime) -> bool:
        """Whether the finding is open at a time."""
        return self.ruled_by is None and (not self.waits or self.opens_at <= now)


@dataclass(frozen=True, slots=True)
class DecisionGround:
    """The ground of a decision: the event that caused it, its time, and how far the log was read."""

    now: datetime
    event: Event
    n: int


@dataclass(frozen=True, slots=True)
class OpenedFinding:
    """A finding that opens at `at`. `ground` is None where time alone opens it."""

    standing: StandingFinding
    at: datetime
    ground: DecisionGround | None


@dataclass(frozen=True, slots=True)
class ClosedFinding:
    """A finding that closes: it no longer holds, or somebody has ruled on it."""

    standing: StandingFinding
    reason: FindingClosure
    ground: DecisionGround

    @property
    def at(self) -> datetime:
        """The time at which the finding is closed."""
        return self.ground.now


@dataclass(frozen=True, slots=True)
class CaseRestriction:
    """The restrictions of a case that hold from now on, for one person in it; none: nobody is kept out any more."""

    case: str
    person: str
    holding: tuple[Restriction, ...]
    ground: DecisionGround


@dataclass(frozen=True, slots=True)
class RestrictionTold:
    """A restriction that keeps an agency from a case, for the message to the Council."""

    case: str
    kept_from: str
    by: str
    reason: str
    record: str
    holds: bool
    """Whether it keeps the agency out now; False: a second agency must say so too, or its time is over."""
    until: datetime | None
    at: datetime


CaseDecision: TypeAlias = OpenedFinding | ClosedFinding
