"""One attempt of a referral: who sent it where, the moves that were made, and those that have no effect.

A move is the receiver's, or the sender's where only the sender may make it. Who else may be asked, as the one on call,
is for the referral service to say, and so is who loses a contest: its decisions are read here and none is made.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Self

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.agencies import house
from schemas.times import Interval
from services.reporting.domain.declaration.figure import Counted
from services.reporting.domain.declaration.part import having, possible_days, values

RECEIVED: Final = "received"
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
STARTED: Final = "started"
ON_HOLD: Final = "put_on_hold"
RESUMED: Final = "resumed"
CANCELLED: Final = "cancelled"
MISTAKEN: Final = "entered_in_error"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
HANDED_BACK: Final = "handed_back"
ONWARD: Final = "referred_onward"

SENDERS: Final = frozenset({CANCELLED, MISTAKEN})
"""Moves that are the sender's alone."""

ENDS: Final = (COMPLETED, FAILED, HANDED_BACK, ONWARD)
"""Moves after which an accepted referral is in nobody's hands any more."""


class SentReferral(Struct, frozen=True):
    """A referral as it was last said to be sent, by the event `ref`."""

    ref: str
    when: Interval | None
    sender: str
    receiver: str
    need: str | None
    previous: str | None
    service_types: tuple[str, ...]
    urgency: str | None


class AttemptMove(Struct, frozen=True):
    """One move as its author tells it. `following`: the referral by which the person was sent onward."""

    name: str
    when: Interval | None
    agency: str
    reason: str | None = None
    refused_by: str | None = None
    following: str | None = None


class LateReferral(Struct, frozen=True):
    """A statement that something about a referral did not happen by its due day."""

    reason: str
    due: date | None


class MoveVerdict(Struct, frozen=True):
    """The referral service's last decision on a move, and the `n` that it answers."""

    answered_n: int
    refused: bool


class ReferralAttempt(Struct, frozen=True):
    """One referral: moves by their events' names, in the order in which they happened.

    `verdicts`: the referral service's decisions on moves, by the same names. `holders`: the holders that it named.
    `late`: what it said was late. `once`: earlier sendings that were corrected or taken back.
    """

    sent: SentReferral | None = None
    once: tuple[SentReferral, ...] = ()
    moves: Mapping[str, AttemptMove] = field(default_factory=dict)
    verdicts: Mapping[str, MoveVerdict] = field(default_factory=dict)
    holders: frozenset[str] = frozenset()
    late: tuple[LateReferral, ...] = ()

    def judged(self, move: str, verdict: MoveVerdict) -> Self:
        """Take in one more decision on a move. The one that answers most of the log counts, and of those the last."""
        before = self.verdicts.get(move)
        if before is not None and before.answered_n > verdict.answered_n:
            return self
        return replace(self, verdicts=having(self.verdicts, move, verdict))

    def is_void(self, move: str) -> bool:
        """Whether the referral service refused the referral and has not restored it since."""
        verdict = self.verdicts.get(move)
        return verdict is not None and verdict.refused

    def gone(self) -> Iterator[SentReferral]:
        """Give each statement by which the referral was sent and which the referral service did not refuse."""
        said = (*self.once, *(() if self.sent is None else (self.sent,)))
        return (each for each in said if not self.is_void(each.ref))

    def accepted(self, kept: frozenset[str]) -> AttemptMove | None:
        """Give the answer, if the receiver accepts the referral."""
        return _taking(_first(tuple(self.standing(kept)), ACCEPTED, REJECTED))

    def standing(self, kept: frozenset[str]) -> Iterator[AttemptMove]:
        """The moves that have effect; what the service keeps until the move before it comes has none yet."""
        made = self.moves.items()
        return (move for ref, move in made if ref not in kept and not self.is_void(ref) and self._may(move))

    def _may(self, move: AttemptMove) -> bool:
        if self.sent is None:
            return True
        makers = {self.sent.sender} if move.name in SENDERS else {self.sent.receiver, *self.holders}
        return house(move.agency) in map(house, makers)

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Give the dimensions of the sending."""
        if self.sent is None:
            return {}
        return {
            "from_agency": (self.sent.sender,),
            "to_agency": (self.sent.receiver,),
            "urgency": values(self.sent.urgency),
            "service_type": self.sent.service_types,
        }


class AttemptCourse(Struct, frozen=True):
    """The course of an attempt that was not entered in error, worked out once for all figures.

    `moves` are those that have effect; `accepted` is the answer if it is that, `end` how an accepted referral ended.
    """

    referral: str
    sent: SentReferral | None
    moves: tuple[AttemptMove, ...]
    answer: AttemptMove | None
    accepted: AttemptMove | None
    cancelled: AttemptMove | None
    end: AttemptMove | None
    late: tuple[LateReferral, ...]
    dims: Mapping[str, tuple[str, ...]]
    as_sent: tuple[Counted, ...]
    """How figures of what was sent count it: by the day of the sending; nothing where nobody told of that."""

    @classmethod
    def of(cls, referral: str, attempt: ReferralAttempt, kept: frozenset[str]) -> Self | None:
        """Work out the course of an attempt from its moves.

        None where the attempt has no effect, was entered in error, or was refused for want of consent.
        """
        sent, moves = attempt.sent, tuple(attempt.standing(kept))
        nothing = sent is None and not moves
        if nothing or (sent is not None and attempt.is_void(sent.ref)) or _first(moves, MISTAKEN) is not None:
            return None
        answer = _first(moves, ACCEPTED, REJECTED)
        accepted, dims = _taking(answer), attempt.dims()
        return cls(
            referral=referral,
            sent=sent,
            moves=moves,
            answer=answer,
            accepted=accepted,
            cancelled=_cancelled(moves, accepted),
            end=_first(moves, *ENDS),
            late=attempt.late,
            dims=dims,
            as_sent=() if sent is None else (Counted(possible_days(sent.when), dims=dims),),
        )

    def taken_on(self) -> AttemptMove | None:
        """The acceptance, if it was not given away again: handed back or sent onward."""
        return self.accepted if self.end is None or self.end.name not in {HANDED_BACK, ONWARD} else None


def _taking(answer: AttemptMove | None) -> AttemptMove | None:
    return answer if answer is not None and answer.name == ACCEPTED else None


def _cancelled(moves: tuple[AttemptMove, ...], accepted: AttemptMove | None) -> AttemptMove | None:
    """Give the sender's cancellation, unless the referral was accepted before."""
    return _first(moves, CANCELLED) if accepted is None else None


def _first(moves: tuple[AttemptMove, ...], *names: str) -> AttemptMove | None:
    """The first of some moves; one that nobody can date only where there is no other."""
    found = [move for move in moves if move.name in names]
    return next((move for move in found if move.when is not None), found[0] if found else None)
