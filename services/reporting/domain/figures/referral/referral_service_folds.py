"""Folds of the referral service's decisions on a person's referrals: holders, moves without effect, lateness.

A fold returns the record unchanged for an event of another person.
"""

from typing import Final

from msgspec.structs import replace

from schemas.codebook.governance import FindingCode
from schemas.governance import FindingClosedV1, FindingOpenedV1
from schemas.referral.decision_events import ReferralAssignedV1, ReferralEscalatedV1, ReferralMoveRefusedV1
from schemas.times import BELIZE
from services.reporting.domain.declaration.entity_state_part import with_entry
from services.reporting.domain.figures.referral.attempt import LatenessStatement, MoveVerdict, ReferralAttempt
from services.reporting.domain.figures.referral.state import PendingMoves, ReferralRecord

_SERVICE: Final = "referral"


def holder_assigned(person: str, referred: ReferralRecord, event: ReferralAssignedV1) -> ReferralRecord:
    """Return the record with a holder of a referral added, and with the moves in `standing` restored.

    A holder may make the receiver's moves. The record is unchanged if the event is of another person.
    """
    data = event.data
    if data.person != person:
        return referred
    stands = MoveVerdict(data.answered_n, refused=False)

    def held(attempt: ReferralAttempt) -> ReferralAttempt:
        for move in data.standing:
            attempt = attempt.judged(move, stands)
        return replace(attempt, holders=attempt.holders | {data.holder})

    return referred.changed(data.referral, held)


def move_refused(person: str, referred: ReferralRecord, event: ReferralMoveRefusedV1) -> ReferralRecord:
    """Return the record with a move marked as refused, which then has no effect.

    The record is unchanged if the event is of another person.
    """
    data = event.data
    if data.person != person:
        return referred
    refused = MoveVerdict(data.answered_n, refused=True)
    return referred.changed(data.referral, lambda attempt: attempt.judged(data.move, refused))


def pending_moves_found(person: str, referred: ReferralRecord, event: FindingOpenedV1) -> ReferralRecord:
    """Return the record with a finding that moves have no effect until the move before them is published.

    The record is unchanged for another finding, or for one of another person.
    """
    data = event.data
    if data.code is not FindingCode.MOVE_WITHOUT_PREDECESSOR or person not in data.names:
        return referred
    return _waits(referred, data.finding, PendingMoves(data.answered_n or 0, data.records))


def pending_moves_resolved(person: str, referred: ReferralRecord, event: FindingClosedV1) -> ReferralRecord:
    """Return the record with a finding about waiting moves closed.

    The event has no code of the finding, so every closing by the referral service that names the person is recorded.
    """
    data = event.data
    if event.agency != _SERVICE or person not in data.names:
        return referred
    return _waits(referred, data.finding, PendingMoves(data.answered_n or 0))


def _waits(referred: ReferralRecord, finding: str, said: PendingMoves) -> ReferralRecord:
    """Replace the state of a finding. The state with the highest `answered_n` counts, and of equal ones the last."""
    before = referred.waiting.get(finding)
    if before is not None and before.answered_n > said.answered_n:
        return referred
    return replace(referred, waiting=with_entry(referred.waiting, finding, said))


def deadline_passed(person: str, referred: ReferralRecord, event: ReferralEscalatedV1) -> ReferralRecord:
    """Return the record with a statement that a deadline of a referral passed, and its due day in Belize.

    The record is unchanged if the event is of another person.
    """
    data = event.data
    if data.person != person:
        return referred
    due = None if data.due_at is None else data.due_at.astimezone(BELIZE).date()
    said = LatenessStatement(str(data.reason), due)
    return referred.changed(data.referral, lambda attempt: replace(attempt, late=(*attempt.late, said)))
