"""Table of the moves of a referral: which agency may make a move, from which states, and the state to which it leads.

A move that the table does not allow is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from schemas.codebook.referral import ReferralState as S


class MoveMaker(StrEnum):
    """Agencies that may make a move, by their part in the referral."""

    SENDER = "sender"
    ADDRESSEE = "addressee"
    """Agency to which the referral was sent."""
    INVITED = "invited"
    """The addressee, or an agency that the policy names for the services. The first one to accept is the holder."""
    HOLDER = "holder"
    """Agency that accepted the referral."""


@dataclass(frozen=True, slots=True)
class MoveRule:
    """Row of the table `MOVES`: who may make the move, in which states (`origins`), and the state after it."""

    who: MoveMaker
    origins: frozenset[S]
    leads_to: S


UNANSWERED: Final = frozenset({S.SENT, S.RECEIVED})
_TAKEN: Final = frozenset({S.ACCEPTED, S.IN_PROGRESS, S.ON_HOLD})

MOVES: Final[Mapping[str, MoveRule]] = MappingProxyType(
    {
        "bz.atips.referral.received.v1": MoveRule(MoveMaker.ADDRESSEE, frozenset({S.SENT}), S.RECEIVED),
        "bz.atips.referral.accepted.v1": MoveRule(MoveMaker.INVITED, UNANSWERED, S.ACCEPTED),
        "bz.atips.referral.rejected.v1": MoveRule(MoveMaker.ADDRESSEE, UNANSWERED, S.REJECTED),
        "bz.atips.referral.cancelled.v1": MoveRule(MoveMaker.SENDER, UNANSWERED, S.CANCELLED_BY_SENDER),
        "bz.atips.referral.entered_in_error.v1": MoveRule(MoveMaker.SENDER, UNANSWERED, S.ENTERED_IN_ERROR),
        "bz.atips.referral.started.v1": MoveRule(MoveMaker.HOLDER, frozenset({S.ACCEPTED}), S.IN_PROGRESS),
        "bz.atips.referral.put_on_hold.v1": MoveRule(
            MoveMaker.HOLDER, frozenset({S.ACCEPTED, S.IN_PROGRESS}), S.ON_HOLD
        ),
        "bz.atips.referral.resumed.v1": MoveRule(MoveMaker.HOLDER, frozenset({S.ON_HOLD}), S.IN_PROGRESS),
        "bz.atips.referral.completed.v1": MoveRule(MoveMaker.HOLDER, _TAKEN, S.COMPLETED),
        "bz.atips.referral.failed.v1": MoveRule(MoveMaker.HOLDER, _TAKEN, S.FAILED),
        "bz.atips.referral.handed_back.v1": MoveRule(MoveMaker.HOLDER, _TAKEN, S.HANDED_BACK),
        "bz.atips.referral.referred_onward.v1": MoveRule(MoveMaker.HOLDER, _TAKEN, S.REFERRED_ONWARD),
    }
)

OPEN: Final = UNANSWERED | _TAKEN
"""States in which an agency must act. Every other state is final."""

BEGIN_CARE: Final = frozenset({S.ACCEPTED, S.IN_PROGRESS})
"""States to which a move leads by which an agency begins to act for the person."""

PRECEDES: Final[Mapping[S, frozenset[S]]] = MappingProxyType(
    {
        S.SENT: OPEN,
        S.RECEIVED: OPEN - {S.SENT},
        S.ACCEPTED: _TAKEN,
        S.IN_PROGRESS: _TAKEN - {S.ACCEPTED},
        S.ON_HOLD: _TAKEN - {S.ACCEPTED},
    }
)
"""States that can still follow a state. A move that starts from one of them waits for the missing move."""
