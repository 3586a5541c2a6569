"""Decisions about referrals, and messages to agencies, as values from which events are made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from schemas.codebook.consent import ShutOut
from schemas.codebook.governance import FindingClosure
from schemas.codebook.referral import EscalationReason, MoveRefusal, ReferralState, Urgency
from schemas.ids import CaseId, PersonId, ReferralId
from services.referral.domain.dangers_to_victims import Danger
from services.referral.domain.pending_action import PendingAction, WaitKind


@dataclass(frozen=True, slots=True)
class ReferralGround:
    """Person and case of a decision, its cause, and the time as of which it is made.

    `answered_n`: number of the last event that the decision takes into account.
    """

    person: PersonId
    case: CaseId | None
    cause: str
    """Reference of the event, or text of the deadline, that caused the decision."""
    answered_n: int
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class ReferralDecisionGround(ReferralGround):
    """Ground of a decision about a referral."""

    referral: ReferralId


@dataclass(frozen=True, slots=True)
class Assigned:
    """Decision: a referral has a new holder, or refused moves have effect after all (`standing`: their references)."""

    ground: ReferralDecisionGround
    told: tuple[str, ...]
    holder: str
    state: ReferralState | None
    standing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptedAfterEnd:
    """An agency (`by`) accepts or starts a referral that has ended. `sender`: the agency that sent the referral."""

    sender: str
    by: str


@dataclass(frozen=True, slots=True)
class MoveRefused:
    """Decision: a move has no effect. `move`: reference of its event."""

    ground: ReferralDecisionGround
    told: tuple[str, ...]
    holder: str | None
    state: ReferralState | None
    move: str
    reason: MoveRefusal
    unrelated: bool = False
    """Whether the move's maker was never informed of the referral. Then no message says that the referral exists."""
    after_end: AcceptedAfterEnd | None = None
    """Set if the move accepts or starts a referral that has ended."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """Decision: a deadline of a referral has passed."""

    ground: ReferralDecisionGround
    told: tuple[str, ...]
    holder: str | None
    state: ReferralState | None
    due_at: datetime
    reason: EscalationReason


@dataclass(frozen=True, slots=True)
class SightChanged:
    """Decision: agencies that may see nothing of a person in a case from now on, by the person's statements on consent.

    The statements do not name the case, so the case does not receive them.
    """

    ground: ReferralGround
    shut_out: ShutOut
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveMissing:
    """Finding: a move is kept and has no effect yet, because the move before it is missing. `move`: its reference."""

    ground: ReferralGround
    move: str


@dataclass(frozen=True, slots=True)
class MoveFound:
    """End of the finding of a missing move: that move came, or the waiting one was changed or retracted."""

    ground: ReferralGround
    move: str
    reason: FindingClosure


@dataclass(frozen=True, slots=True)
class DangerFound:
    """Finding: a person is in danger. `told`: agencies that are informed at once."""

    ground: ReferralGround
    danger: Danger
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UntoldDanger:
    """An open danger of which nobody was informed when it was found. `since`: time as of which it was found."""

    danger: Danger
    since: datetime


@dataclass(frozen=True, slots=True)
class DangerPast:
    """End of the finding of a danger: the danger is over, or an agency has ruled on it. `told`: agencies to inform."""

    ground: ReferralGround
    danger: Danger
    reason: FindingClosure
    told: tuple[str, ...] = ()


FindingDecision: TypeAlias = MoveMissing | MoveFound | DangerFound | DangerPast

ReferralDecision: TypeAlias = Assigned | MoveRefused | Escalated | SightChanged

_ABOUT_EVENTS: Final = frozenset({WaitKind.ACKNOWLEDGEMENT})


class Subject(StrEnum):
    """Subjects of messages to agencies. A message has the type `bz.atips.delivery.<subject>.v1`."""

    TO_ANSWER = "to_answer"
    """A referral that the agency must answer."""
    ON_CALL = "on_call"
    """An emergency that another agency must answer, while this agency is on call."""
    TO_TAKE = "to_take"
    """A referral that nobody has answered for a part of its time: this agency may accept it, too."""
    NO_LONGER_OPEN = "no_longer_open"
    """A referral to another agency that is answered or has ended: this agency, which knew of it, need not act."""
    TO_REFER = "to_refer"
    """A referral that the policy requires for a person whom this agency identified: the agency must send it."""
    MOVED = "moved"
    """Another agency's move of a referral that the agency sent or received."""
    ASSIGNED = "assigned"
    MOVE_REFUSED = "move_refused"
    MOVED_AFTER_END = "moved_after_end"
    """Another agency accepted or started a referral that this agency sent and that has ended: it may act on it."""
    LATE = "late"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    """A withdrawal of consent that this agency must acknowledge and act on."""
    NOTICE = "notice"
    """An event about a suspect who is linked to a victim in this agency's care."""


@dataclass(frozen=True, slots=True)
class AgencyMessage:
    """A message to one agency. `event`: reference of its cause; of an overdue matter, its id, `|` and its due time."""

    subject: Subject
    agency: str
    person: PersonId
    event: str
    at: datetime
    case: CaseId | None = None
    referral: ReferralId | None = None
    sender: str | None = None
    receiver: str | None = None
    holder: str | None = None
    state: ReferralState | None = None
    urgency: Urgency | None = None
    service_types: tuple[str, ...] = ()
    reason: str | None = None
    due_at: datetime | None = None
    by: str | None = None
    """In `MOVED_AFTER_END`: the agency that made the move."""


@dataclass(frozen=True, slots=True)
class Notice:
    """An event about a suspect, for agencies that care for a linked victim, now or later, and for agencies in `also`.

    `event`: its reference. `again`: further ids of victims for whom `also` were informed already; for these, only
    carers are informed. `kept_out`: agencies that the event's case kept out then; they get nothing, even as carers.
    `case`: the case that the event names.
    """

    event: str
    type: str
    at: datetime
    victims: tuple[PersonId, ...]
    also: tuple[str, ...]
    again: tuple[PersonId, ...] = ()
    kept_out: tuple[str, ...] = ()
    case: CaseId | None = None

    def beside(self, victim: PersonId) -> tuple[str, ...]:
        """Return `also`: agencies that get the notice as well as carers; none for a victim in `again`.

        It may contain carers, and agencies that are kept out.
        """
        return () if victim in self.again else self.also


def messages_of_notice(
    notice: Notice, victim: PersonId, carers: frozenset[str], kept_out: frozenset[str] = frozenset()
) -> list[AgencyMessage]:
    """Return the messages of a notice: to the victim's carers and the agencies in `also`, without those kept out.

    `kept_out`: agencies that a case of the victim keeps out now. A restriction may be younger than the notice.
    """
    return [
        AgencyMessage(Subject.NOTICE, agency, victim, notice.event, notice.at, reason=notice.type)
        for agency in sorted((carers | set(notice.beside(victim))).difference(notice.kept_out, kept_out))
    ]


def messages_of_decision(decision: Assigned | MoveRefused) -> list[AgencyMessage]:
    """Return the messages to the agencies that a decision names; of an unrelated refusal none to the move's maker.

    If a refused move accepts or starts a referral that has ended, the referral's sender is told of it, too.
    """
    if isinstance(decision, Assigned):
        return _messages(decision, Subject.ASSIGNED, decision.ground.cause, decision.told)
    late = decision.after_end
    makers = () if decision.unrelated else decision.told
    found = _messages(decision, Subject.MOVE_REFUSED, decision.move, makers, reason=decision.reason)
    if late is not None:
        told = _messages(decision, Subject.MOVED_AFTER_END, decision.move, (late.sender,), reason=decision.reason)
        found += [replace(each, by=late.by) for each in told]
    return found


def _messages(
    decision: Assigned | MoveRefused,
    subject: Subject,
    event: str,
    agencies: Iterable[str],
    *,
    reason: MoveRefusal | None = None,
) -> list[AgencyMessage]:
    ground = decision.ground
    return [
        AgencyMessage(
            subject,
            agency,
            ground.person,
            event,
            ground.decided_at,
            case=ground.case,
            referral=ground.referral,
            holder=decision.holder,
            state=decision.state,
            reason=None if reason is None else reason.value,
        )
        for agency in agencies
    ]


def escalation_of(late: PendingAction) -> Escalated | None:
    """Return the decision that a wait is late, as of its `late_at`; None for a kind of wait that is not published.

    One log always gives one decision.
    """
    if late.reason is None:
        return None
    cause = f"{late.kind}|{late.due_at.isoformat()}"
    ground = ReferralDecisionGround(late.person, late.case, cause, late.answered_n, late.late_at, late.about)
    return Escalated(ground, late.told, late.holder, late.state, late.due_at, late.reason)


def messages_of_lateness(late: PendingAction) -> list[AgencyMessage]:
    """Return the messages to the wait's `told` agencies: it is late or, if `SECOND`, they may accept the referral."""
    return [
        AgencyMessage(
            Subject.TO_TAKE if late.kind is WaitKind.SECOND else Subject.LATE,
            agency,
            late.person,
            f"{late.about}|{late.due_at.isoformat()}",
            late.late_at,
            case=late.case,
            referral=None if late.kind in _ABOUT_EVENTS else late.about,
            sender=late.sender,
            receiver=late.receiver,
            holder=late.holder,
            state=late.state,
            urgency=late.urgency,
            reason=late.kind,
            due_at=late.due_at,
        )
        for agency in late.told
    ]
