"""Waits: actions that agencies owe, by kind, each with its deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from schemas.codebook.referral import EscalationReason, ReferralState, Urgency
from schemas.ids import CaseId, PersonId


class WaitKind(StrEnum):
    """Kinds of waits: the action that an agency owes."""

    ANSWER = "answer"
    START = "start"
    SILENCE = "silence"
    """Work has begun; the holder is to publish something about the person."""
    RESUMPTION = "resumption"
    NEXT_ATTEMPT = "next_attempt"
    """The sender is to refer again, since the need is not met; or the holder that announced a referral onward."""
    FIRST_REFERRAL = "first_referral"
    """The agency that identified a person must send the referral that the policy opens."""
    MISSING_MOVE = "missing_move"
    """A move is kept because the move before it is missing: a finding, which the missing event closes."""
    SECOND = "second"
    """Another agency may accept an unanswered referral, and is told so after a part of the time to answer."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """An agency with data on the person is to acknowledge that consent was taken back."""


ESCALATES: Final[Mapping[WaitKind, EscalationReason]] = MappingProxyType(
    {
        WaitKind.ANSWER: EscalationReason.NOT_ANSWERED,
        WaitKind.START: EscalationReason.NOT_STARTED,
        WaitKind.SILENCE: EscalationReason.GONE_SILENT,
        WaitKind.RESUMPTION: EscalationReason.ON_HOLD_TOO_LONG,
    }
)
"""Kinds of waits that are published as escalations once they are late. Late waits of all kinds are told to agencies."""


@dataclass(frozen=True, slots=True)
class PendingAction:
    """A wait: something that an agency has to do until `due_at`. `about`: id of the referral, or the withdrawal's ref.

    `told`: agencies that are told when it is late.
    """

    kind: WaitKind
    agency: str
    about: str
    person: PersonId
    case: CaseId | None
    since: datetime
    due_at: datetime
    late_at: datetime
    """When others are told: at the due time, or some minutes after the matter became known, if that is later."""
    urgency: Urgency | None = None
    sender: str | None = None
    receiver: str | None = None
    holder: str | None = None
    state: ReferralState | None = None
    answered_n: int = 0
    told: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[WaitKind, str, str]:
        """Give the key of this wait among all waits about a person."""
        return self.kind, self.about, self.agency

    @property
    def shown(self) -> tuple[object, ...]:
        """Give the values that a reader sees. A change makes another row in the history of waits."""
        return (self.case, self.since, self.due_at, self.urgency, self.sender, self.receiver, self.holder, self.state)

    @property
    def reason(self) -> EscalationReason | None:
        """The reason of the escalation; None for a kind of wait that is not escalated."""
        return ESCALATES.get(self.kind)
