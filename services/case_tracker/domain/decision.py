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
        """Whether it waits for somebody at a time."""
        return self.ruled_by is None and (not self.waits or self.opens_at <= now)


@dataclass(frozen=True, slots=True)
class DecisionGround:
    """Because of which event something is decided, the time that is used, and up to where the log was looked at."""

    now: datetime
    event: Event
    n: int


@dataclass(frozen=True, slots=True)
class OpenedFinding:
    """It is so from `at` on; `ground` is None where its time came."""

    standing: StandingFinding
    at: datetime
    ground: DecisionGround | None


@dataclass(frozen=True, slots=True)
class ClosedFinding:
    """It is so no longer, or somebody has ruled on it."""

    standing: StandingFinding
    reason: FindingClosure
    ground: DecisionGround

    @property
    def at(self) -> datetime:
        """When it was closed."""
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
    """A word that keeps an agency from a case, as the Council is told of it."""

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
