"""Rows that `Officers` returns: referrals, findings, cases, counts, and answers about the events behind a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class SeenReferral:
    """A referral as the agency may see it. `moves`: the agency's own moves, with effect and reason.

    An agency that only made a move sees at most state, holder and its own moves; all other fields are None or empty.
    """

    referral: str
    person: str | None
    case_id: str | None
    sender: str | None
    receiver: str | None
    holder: str | None
    state: str | None
    urgency: str | None
    service_types: tuple[str, ...]
    moves: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class SeenFinding:
    """A finding of a case, or a danger of a person, as the agency may see it.

    `code` is None unless the agency sees all of the records. A record that it does not see is None in `records`.
    """

    finding: str
    case_id: str | None
    code: str | None
    severity: str
    records: tuple[str | None, ...]
    opened_at: datetime
    closed_at: datetime | None
    closure: str | None
    person: str | None = None
    """The person in danger; None for a finding of a case."""
    persons: tuple[str, ...] = ()
    """Persons named in those records of a case's finding that the agency sees."""
    happened_from: datetime | None = None
    happened_to: datetime | None = None
    """First and last possible time of the last record; None if unknown, or if the agency does not see all records."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case in the list: numbers of events that the agency sees for the purpose, and of open findings and dangers."""

    case_id: str
    facts: int
    newest: datetime
    findings: int
    dangers: int


class CasesPlace(NamedTuple):
    """A place in the list of cases: the newest time on its first page, and the last case before the place."""

    top: datetime
    newest: datetime
    case_id: str


@dataclass(frozen=True, slots=True)
class CasesPage:
    """A page of the list of cases. `after`: the place after its last case; None at the end of the list."""

    cases: Sequence[ListedCase]
    after: CasesPlace | None


@dataclass(frozen=True, slots=True)
class PairCount:
    """Numbers of referrals from one agency to another, by state."""

    sender: str
    receiver: str
    pending: int
    accepted: int
    declined: int
    overdue: int
    unsent: int
    """Referrals that were due and that nobody sent; in none of the other numbers."""


@dataclass(frozen=True, slots=True)
class DangerCount:
    """Number of open dangers of a kind, over all agencies. `code`: of the finding. `oldest_days`: whole days."""

    code: str
    dangers: int
    oldest_days: int


@dataclass(frozen=True, slots=True)
class AgencyWaits:
    """Numbers of what an agency must do about referrals, by the kind of the task. `late`: how many were due by now.

    `first_due_at`: the earliest deadline among them.
    """

    agency: str
    kind: str
    waiting: int
    late: int
    first_due_at: datetime


class WhyQuestion(NamedTuple):
    """A request for the events behind a figure: version of the code, figure's number, period, breakdown.

    `period`: text of an `AskedPeriod`. `by`: names of dimensions, joined by commas.
    """

    version: str
    number: str
    period: str
    by: str


@dataclass(frozen=True, slots=True)
class Why:
    """State of a requested answer: `answer` is None while it is computed. `complete_to`: number of its last event."""

    complete_to: int | None
    answer: dict[str, Any] | None
