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
    """A finding of a rule, from the log up to the event with number `answered_n`.

    It is open from `opens_at` on, unless somebody has ruled on it (`ruled_by`). `waits`: it follows from silence, once
    that time has come. `happened`: the time of the latest of its records.
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
    """The restrictions of a case that hold from now on, for one person in it. Empty: no agency is kept out any more."""

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
    """Whether the agency is kept out now. False: a second agency must restrict it too, or the restriction is over."""
    until: datetime | None
    at: datetime


CaseDecision: TypeAlias = OpenedFinding | ClosedFinding
