"""Events of the referral service's decisions, each made once, with the last `n` considered, its time and versions."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.consent import ShutOut
from schemas.codebook.referral import EscalationReason, MoveRefusal, ReferralState
from schemas.envelope import Event, entities
from schemas.fields import CODES, IDS, AgencyCode, Count, EventRef, VersionHash, Wire
from schemas.ids import CaseId, PersonId
from schemas.referral.move_fields import Move
from schemas.times import Timestamp


class Decision(Wire):
    """A decision, as it can be made again from the log: folds read it and never decide anew."""

    person: PersonId
    case: CaseId | None = None
    answered_n: Count
    decided_at: Timestamp
    code_version: VersionHash
    policy_version: VersionHash


class MoveDecision(Decision, Move):
    """A decision about a referral."""

    due_at: Timestamp | None = None
    told: Annotated[tuple[AgencyCode, ...], CODES] = ()


class ReferralAssigned(MoveDecision):
    """A new holder, moves that have effect after all, or an end that the case did not hear of."""

    holder: AgencyCode
    state: ReferralState | None = None
    standing: Annotated[tuple[EventRef, ...], IDS] = ()


class ReferralAssignedV1(Event):
    """bz.atips.referral.assigned.v1."""

    type: Literal["bz.atips.referral.assigned.v1"]
    subject: PersonId
    data: ReferralAssigned

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralEscalated(MoveDecision):
    """The escalation of something that did not happen by `due_at`: other agencies are told."""

    reason: EscalationReason
    holder: AgencyCode | None = None
    state: ReferralState | None = None


class ReferralEscalatedV1(Event):
    """bz.atips.referral.escalated.v1."""

    type: Literal["bz.atips.referral.escalated.v1"]
    subject: PersonId
    data: ReferralEscalated

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ReferralMoveRefused(MoveDecision):
    """The refusal of a move, which has no effect, such as a move that lost a contest."""

    move: EventRef
    reason: MoveRefusal
    holder: AgencyCode | None = None
    state: ReferralState | None = None


class ReferralMoveRefusedV1(Event):
    """bz.atips.referral.move_refused.v1."""

    type: Literal["bz.atips.referral.move_refused.v1"]
    subject: PersonId
    data: ReferralMoveRefused

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class ConsentSightChanged(Decision):
    """Agencies that may see nothing of a person in a case, by statements on consent that do not name the case."""

    case: CaseId
    shut_out: ShutOut
    agencies: Annotated[tuple[AgencyCode, ...], CODES] = ()
    lasting: Annotated[tuple[AgencyCode, ...], CODES] = ()
    until: Timestamp | None = None

    def shuts_out(self, agency: str) -> bool:
        """Whether an agency (not a unit) may see nothing of the person."""
        match self.shut_out:
            case ShutOut.NOBODY:
                return False
            case ShutOut.NAMED:
                return agency in self.agencies
            case ShutOut.ALL_BUT_NAMED:
                return agency not in self.agencies


class ConsentSightChangedV1(Event):
    """bz.atips.consent.sight_changed.v1."""

    type: Literal["bz.atips.consent.sight_changed.v1"]
    subject: PersonId
    data: ConsentSightChanged

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)
