"""Pydantic models of the responses about persons and cases, for the OpenAPI description only."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from services.web.api.data.models import BilingualText, Listed


class FindingOfPeriod(BaseModel):
    """Figures, records of a case, or a move of a referral that cannot all be right; or a danger to a person."""

    code: Annotated[str | None, Field(description="Null where the agency does not see all of the records.")]
    severity: str
    state: Annotated[str, Field(description="open or closed.")]
    text: BilingualText
    finding: Annotated[str | None, Field(description="Its id, where a ruling may be given on it.")]
    case: str | None
    persons: list[str]
    records: Annotated[list[str | None], Field(description="Null: a record that the agency does not see.")]
    opened_at: str | None
    closed_at: str | None
    closure: Annotated[str | None, Field(description="How it was closed: ruled, or by a later event.")]


class FindingsOfPeriod(Listed):
    """Findings between figures, for committees; findings of cases and moves, for officers."""

    findings: list[FindingOfPeriod]


class ReferralMove(BaseModel):
    """A move of the own agency, and what became of it."""

    move: Annotated[str, Field(description="The event, as source/id.")]
    effect: str
    reason: str | None = None
    type: Annotated[str | None, Field(description="The event type of the move.")] = None
    at: Annotated[str | None, Field(description="When it was made.")] = None


class ReferralOfAgency(BaseModel):
    """A referral as the own agency may see it. An agency that only made a move sees state, holder and its moves."""

    referral: str
    state: str | None
    sender: str | None
    receiver: str | None
    holder: str | None
    urgency: str | None
    service_types: list[str]
    person: str | None
    case: str | None
    waits_for: Annotated[str | None, Field(description="The agency that is to act first. Null: nothing waits.")]
    to_do: str | None
    since: str | None
    due_at: str | None
    late: bool
    moves: list[ReferralMove]


class WaitOfAgency(BaseModel):
    """Something that an agency is to do about a referral or a withdrawal of consent."""

    waits_for: str
    to_do: str
    about: str
    person: str
    case: str | None
    since: str
    due_at: str
    late: bool
    working_days: Annotated[int, Field(description="Belize working days since it began.")]
    urgency: str | None
    sender: str | None
    receiver: str | None
    holder: str | None
    state: str | None
    service_types: list[str]
    escalated: Annotated[bool, Field(description="Others were told that it is late.")]


class ReferralsOfAgency(BaseModel):
    """Referrals and waits that the own agency may see."""

    referrals: list[ReferralOfAgency]
    waiting: list[WaitOfAgency]
    next: Annotated[str | None, Field(description="Cursor of the next page. Null at the end of both lists.")]


class FindingOfAgency(BaseModel):
    """A finding of a case, or a danger of a person."""

    finding: str
    case: str | None
    person: Annotated[str | None, Field(description="The person in danger. Null for a finding of a case.")]
    code: Annotated[str | None, Field(description="Null where the agency does not see all of the records.")]
    severity: str
    records: Annotated[list[str | None], Field(description="Null: a record that the agency does not see.")]
    opened_at: str
    closed_at: str | None
    closure: str | None
    text: BilingualText


class FindingsOfAgency(BaseModel):
    """Findings that the own agency may know of."""

    findings: list[FindingOfAgency]
    left_out: Annotated[int, Field(description="Rows beyond the thousandth. CSV has all of them.")]


class CaseInList(BaseModel):
    """A case in the list."""

    case: str
    events: Annotated[int, Field(description="Events that the agency sees for the purpose.")]
    newest: str
    findings: int
    dangers: int


class CasesOfAgency(BaseModel):
    """Cases of which the agency sees anything for a purpose."""

    purpose: str
    cases: list[CaseInList]
    next: Annotated[str | None, Field(description="Cursor of the next page. Null at the end.")]


class CaseEvent(BaseModel):
    """An event of a case."""

    at: str
    type: str
    agency: str
    record: str
    register_number: str | None
    says: dict[str, Any]


class FindingOfCase(BaseModel):
    """A finding of the case."""

    finding: str
    code: str | None
    severity: str
    state: str
    records: list[str]
    text: str


class CasePage(BaseModel):
    """A case as the agency sees it for a purpose, with its timeline."""

    case: str
    agency: str
    purpose: str
    as_of: str
    parties: list[dict[str, Any]]
    ties: list[dict[str, Any]]
    charges: list[dict[str, Any]]
    hearings: list[dict[str, Any]]
    kept: list[dict[str, Any]]
    services: list[dict[str, Any]]
    findings: list[FindingOfCase]
    timeline: list[CaseEvent]
    hidden: Annotated[int, Field(description="Events that the agency does not see.")]
    later: Annotated[int, Field(description="Events that were accepted or corrected after `known_at`. 0 without it.")]


class AccountOfToken(BaseModel):
    """The account of a session or of a token."""

    account: str
    id: Annotated[str | None, Field(description="Number by which the log of looks names the account.")]
    role: str
    agency: str
    looks: Annotated[bool, Field(description="Whether it may look at records of persons and cases.")]
