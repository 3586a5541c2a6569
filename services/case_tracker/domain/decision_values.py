"""Decisions about a case, as values from which events are made."""

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

    It is open from `opens_at` on, unless there is a ruling on it (`ruled_by`: the ruling's reference). `waits`: it
    follows from the absence of an event, and opens only at that time. `happened`: time of its latest record.
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
    """Agencies that are informed at once when the finding opens."""

    def is_open(self, now: datetime) -> bool:
        """Whether the finding is open at the time `now`."""
        return self.ruled_by is None and (not self.waits or self.opens_at <= now)


@dataclass(frozen=True, slots=True)
class DecisionGround:
    """Cause of a decision: the event, the time of the decision, and `n`, the number of the last event in the log."""

    now: datetime
    event: Event
    n: int


@dataclass(frozen=True, slots=True)
class OpenedFinding:
    """Decision: a finding opens at `at`. `ground`: None if time alone opens it."""

    standing: StandingFinding
    at: datetime
    ground: DecisionGround | None


@dataclass(frozen=True, slots=True)
class ClosedFinding:
    """Decision: a finding closes, because it no longer holds or there is a ruling on it."""

    standing: StandingFinding
    reason: FindingClosure
    ground: DecisionGround
    told: tuple[str, ...] = ()
    """Agencies that are informed that the finding is closed."""

    @property
    def at(self) -> datetime:
        """Time at which the finding closes."""
        return self.ground.now


@dataclass(frozen=True, slots=True)
class CaseRestriction:
    """Restrictions of a case from now on, for the log of one person in it. Empty: no agency is kept out any more."""

    case: str
    person: str
    holding: tuple[Restriction, ...]
    ground: DecisionGround


@dataclass(frozen=True, slots=True)
class RestrictionTold:
    """A restriction that keeps an agency out of a case, for the message to the Council.

    `by`: agency that stated it. `record`: reference of its event. `until`: its end; None if it has none.
    """

    case: str
    kept_from: str
    by: str
    reason: str
    record: str
    holds: bool
    """Whether the agency is kept out now. If not, a second agency must restrict it too, or the restriction is over."""
    until: datetime | None
    at: datetime


CaseDecision: TypeAlias = OpenedFinding | ClosedFinding
