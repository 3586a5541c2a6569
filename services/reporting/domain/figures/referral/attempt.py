"""One attempt: a referral from a sender to a receiver, the moves made in it, and the moves that have no effect.

The receiver makes most moves; some can only be made by the sender. The referral service decides which other agencies
may hold a referral, and which of two conflicting moves has no effect. Its decisions are only read here.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Self

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.agencies import agency_of
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import possible_days, values, with_entry
from services.reporting.domain.declaration.figure import Counted

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
"""Moves that only the sender can make."""

ENDS: Final = (COMPLETED, FAILED, HANDED_BACK, ONWARD)
"""Moves that end an accepted referral."""


class SentReferral(Struct, frozen=True):
    """The sending of a referral, by the event with the reference `ref`. `need`, `previous`: ids that it names."""

    ref: str
    when: Interval | None
    sender: str
    receiver: str
    need: str | None
    previous: str | None
    service_types: tuple[str, ...]
    urgency: str | None


class AttemptMove(Struct, frozen=True):
    """One move of a referral. `agency`: the agency that states it; `following`: id of the referral sent onward."""

    name: str
    when: Interval | None
    agency: str
    reason: str | None = None
    refused_by: str | None = None
    following: str | None = None


class LatenessStatement(Struct, frozen=True):
    """The referral service's statement that something about a referral did not happen by its due day."""

    reason: str
    due: date | None


class MoveVerdict(Struct, frozen=True):
    """A decision of the referral service on a move. `answered_n`: number of the log up to which it had read."""

    answered_n: int
    refused: bool


class ReferralAttempt(Struct, frozen=True):
    """One referral: its moves by the references of their events, in the order in which they happened.

    `verdicts`: the referral service's decisions on moves, by the same references. `holders`: the agencies that it named
    as holders. `late`: its statements of lateness. `once`: sendings that were corrected or retracted later.
    """

    sent: SentReferral | None = None
    once: tuple[SentReferral, ...] = ()
    moves: Mapping[str, AttemptMove] = field(default_factory=dict)
    verdicts: Mapping[str, MoveVerdict] = field(default_factory=dict)
    holders: frozenset[str] = frozenset()
    late: tuple[LatenessStatement, ...] = ()

    def judged(self, move: str, verdict: MoveVerdict) -> Self:
        """Return the attempt after a decision on a move. `move`: the reference of its event.

        The decision with the highest `answered_n` counts, and of equal ones the last.
        """
        before = self.verdicts.get(move)
        if before is not None and before.answered_n > verdict.answered_n:
            return self
        return replace(self, verdicts=with_entry(self.verdicts, move, verdict))

    def is_void(self, move: str) -> bool:
        """Whether the referral service's decision on a move, given by its reference, is a refusal."""
        verdict = self.verdicts.get(move)
        return verdict is not None and verdict.refused

    def gone(self) -> Iterator[SentReferral]:
        """Yield each sending of the referral, also corrected ones, that the referral service did not refuse."""
        said = (*self.once, *(() if self.sent is None else (self.sent,)))
        return (each for each in said if not self.is_void(each.ref))

    def accepted(self, kept: frozenset[str]) -> AttemptMove | None:
        """Return the move by which the referral was accepted, or None. `kept`: as in `standing`."""
        return _taking(_first(tuple(self.standing(kept)), ACCEPTED, REJECTED))

    def standing(self, kept: frozenset[str]) -> Iterator[AttemptMove]:
        """Yield the moves that have effect: not kept, not refused, and made by an agency that may make them.

        `kept`: references of moves that wait for the move before them (`ReferralRecord.kept`).
        """
        made = self.moves.items()
        return (move for ref, move in made if ref not in kept and not self.is_void(ref) and self._may(move))

    def _may(self, move: AttemptMove) -> bool:
        if self.sent is None:
            return True
        makers = {self.sent.sender} if move.name in SENDERS else {self.sent.receiver, *self.holders}
        return agency_of(move.agency) in map(agency_of, makers)

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the dimensions of the sending; an empty dict if no event states the sending."""
        if self.sent is None:
            return {}
        return {
            "from_agency": (self.sent.sender,),
            "to_agency": (self.sent.receiver,),
            "urgency": values(self.sent.urgency),
            "service_type": self.sent.service_types,
        }


class AttemptCourse(Struct, frozen=True):
    """The course of an attempt that has effect, computed once for all figures.

    `moves`: those that have effect. `answer`: the first acceptance or rejection. `accepted`: the answer if it is an
    acceptance. `cancelled`: the sender's cancellation, unless accepted. `end`: the first move in `ENDS`.
    """

    referral: str
    sent: SentReferral | None
    moves: tuple[AttemptMove, ...]
    answer: AttemptMove | None
    accepted: AttemptMove | None
    cancelled: AttemptMove | None
    end: AttemptMove | None
    late: tuple[LatenessStatement, ...]
    dims: Mapping[str, tuple[str, ...]]
    as_sent: tuple[Counted, ...]
    """Item for figures of referrals sent, on the day of the sending; empty if no event states the sending."""

    @classmethod
    def of(cls, referral: str, attempt: ReferralAttempt, kept: frozenset[str]) -> Self | None:
        """Compute the course of an attempt from its moves.

        None if it was neither sent nor has a move with effect, was entered in error, or was refused for lack of
        consent.
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
        """Return the acceptance, or None if there is none or the referral was handed back or sent onward after it."""
        return self.accepted if self.end is None or self.end.name not in {HANDED_BACK, ONWARD} else None


def _taking(answer: AttemptMove | None) -> AttemptMove | None:
    return answer if answer is not None and answer.name == ACCEPTED else None


def _cancelled(moves: tuple[AttemptMove, ...], accepted: AttemptMove | None) -> AttemptMove | None:
    """Return the sender's first cancellation; None if there is none or if the referral was accepted.

    A dated cancellation goes before one without a date.
    """
    return _first(moves, CANCELLED) if accepted is None else None


def _first(moves: tuple[AttemptMove, ...], *names: str) -> AttemptMove | None:
    """Return the first dated move with one of these names; without one, the first undated one; else None."""
    found = [move for move in moves if move.name in names]
    return next((move for move in found if move.when is not None), found[0] if found else None)
