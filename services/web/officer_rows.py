"""Rows of what an officer reads: referrals, findings, cases, counts, and answers to why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class SeenReferral:
    """A referral as the agency may see it.

    An agency that only made a move sees the state, the holder and its own moves: `sender` is None then.
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
    """A finding of a case, or a danger of a person, as the agency may read it.

    `code` is None where the agency does not see all of the records; a record that it does not see is None.
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
    """Persons whom the records of a finding of a case name, as far as the agency reads them."""
    happened_from: datetime | None = None
    happened_to: datetime | None = None
    """When the last of the records happened, from and to; None where nobody knows, or the agency does not see all."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case in the list: events that the agency sees for the purpose, and open findings among them."""

    case_id: str
    facts: int
    newest: datetime
    findings: int
    dangers: int


class CasesPlace(NamedTuple):
    """A place in the list of cases: the newest time when its first page was read, and the last case before it."""

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
    """Referrals from one agency to another, by how they stand."""

    sender: str
    receiver: str
    pending: int
    accepted: int
    declined: int
    overdue: int


class WhyQuestion(NamedTuple):
    """A question for the events behind a figure: version of the code, number, period, breakdown by its names.

    The period is written as `AskedPeriod` writes it.
    """

    version: str
    number: str
    period: str
    by: str


@dataclass(frozen=True, slots=True)
class Why:
    """The state of an answer to why: `answer` is None while it is worked out. It is complete to event `complete_to`."""

    complete_to: int | None
    answer: dict[str, Any] | None
