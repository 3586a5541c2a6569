"""Waits: actions that agencies must take, by kind, each with its deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from schemas.codebook.referral import EscalationReason, ReferralState, Urgency
from schemas.ids import CaseId, PersonId


class WaitKind(StrEnum):
    """Kinds of waits, by the action that the agency must take."""

    ANSWER = "answer"
    START = "start"
    SILENCE = "silence"
    """Work has begun: the holder must publish some event about the person."""
    RESUMPTION = "resumption"
    NEXT_ATTEMPT = "next_attempt"
    """The sender must refer again, as the need is not met; or the holder that announced a further referral must."""
    FIRST_REFERRAL = "first_referral"
    """The agency that identified a person must send the referral that the policy requires."""
    MISSING_MOVE = "missing_move"
    """A move is kept because the move before it is missing. This is a finding, which the missing event closes."""
    SECOND = "second"
    """Another agency may accept an unanswered referral, and is informed after a part of the time to answer."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """An agency with data on the person must acknowledge that consent was withdrawn."""


ESCALATES: Final[Mapping[WaitKind, EscalationReason]] = MappingProxyType(
    {
        WaitKind.ANSWER: EscalationReason.NOT_ANSWERED,
        WaitKind.START: EscalationReason.NOT_STARTED,
        WaitKind.SILENCE: EscalationReason.GONE_SILENT,
        WaitKind.RESUMPTION: EscalationReason.ON_HOLD_TOO_LONG,
    }
)
"""Escalation reasons of the kinds of waits that are published once they are late. Agencies learn of all late waits."""


@dataclass(frozen=True, slots=True)
class PendingAction:
    """A wait: an action that an agency must take by `due_at`. `about`: id of the referral, or a withdrawal's reference.

    `told`: agencies that are informed when it is late.
    """

    kind: WaitKind
    agency: str
    about: str
    person: PersonId
    case: CaseId | None
    since: datetime
    due_at: datetime
    late_at: datetime
    """Time at which others are informed: `due_at`, or some minutes after the matter became known, if that is later."""
    urgency: Urgency | None = None
    sender: str | None = None
    receiver: str | None = None
    holder: str | None = None
    state: ReferralState | None = None
    answered_n: int = 0
    told: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[WaitKind, str, str]:
        """Key of this wait among all waits about a person: kind, matter and agency."""
        return self.kind, self.about, self.agency

    @property
    def shown(self) -> tuple[object, ...]:
        """Values that a reader sees. A change of them makes another row in the history of waits."""
        return (self.case, self.since, self.due_at, self.urgency, self.sender, self.receiver, self.holder, self.state)

    @property
    def reason(self) -> EscalationReason | None:
        """Reason of the escalation; None for a kind of wait that is not escalated."""
        return ESCALATES.get(self.kind)
