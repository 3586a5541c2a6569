"""Status of each referral of a person, and effect of each move, for agencies that ask.

`schemas.sight` decides which agencies see a referral. An agency that only made a move learns that move's effect.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from schemas.agencies import agency_of
from schemas.codebook.referral import MoveRefusal, ReferralState, Urgency
from schemas.referral.move_fields import Move
from schemas.sight import ConsentGap, SightState, sight_of
from services.referral.domain.danger_sight import referral_in_sight
from services.referral.domain.person_file import PersonFile
from services.referral.domain.referral_fold import Attempt


class MoveEffectKind(StrEnum):
    """Effects that a move of a referral can have."""

    IN_EFFECT = "in_effect"
    REFUSED = "refused"
    WAITS = "waits"
    """The move is kept until the move before it comes."""


@dataclass(frozen=True, slots=True)
class DecidedMove:
    """One move. `move`: reference of its event (source/id). `by`: the agency that published it.

    `unrelated`: its maker was never informed of the referral, or the case keeps the maker out. To the maker the move
    looks as if the referral's id did not exist: neither the state nor the holder is shown.
    """

    move: str
    by: str
    effect: MoveEffectKind
    reason: MoveRefusal | None = None
    unrelated: bool = False
    missing: tuple[ConsentGap, ...] = ()
    """For a referral refused for lack of consent: the parts of consent that the sender's own statements lack."""
    type: str | None = None
    """Event type of the move."""
    at: datetime | None = None
    """Time of the move, at the latest when intake accepted it."""


@dataclass(frozen=True, slots=True)
class ReferralStanding:
    """Status of one referral after the event with number `decided_n`."""

    referral: str
    person: str
    case: str | None
    sender: str | None
    receiver: str | None
    holder: str | None
    state: ReferralState | None
    urgency: Urgency | None
    service_types: tuple[str, ...]
    decided_n: int
    seen_by: tuple[str, ...]
    """Agencies that see the referral: those of its sender, receiver and holder that `schemas.sight` allows."""
    moves: tuple[DecidedMove, ...]


def standings(after: PersonFile, decided_n: int) -> tuple[ReferralStanding, ...]:
    """Return the status of every referral of a person."""
    return tuple(_standing(after, each, decided_n) for each in after.attempts.values())


def _standing(after: PersonFile, each: Attempt, decided_n: int) -> ReferralStanding:
    asks, said = each.asks, each.said
    return ReferralStanding(
        referral=each.id,
        person=after.person,
        case=None if asks is None else asks.case,
        sender=None if said is None else said.from_agency,
        receiver=None if said is None else said.to_agency,
        holder=each.holder,
        state=each.state,
        urgency=None if asks is None else after.urgency(asks),
        service_types=() if asks is None else tuple(each_type.value for each_type in asks.service_types),
        decided_n=decided_n,
        seen_by=_seen_by(after, each),
        moves=tuple(_effects(after, each)),
    )


def _seen_by(after: PersonFile, each: Attempt) -> tuple[str, ...]:
    """Return the parties that see the referral, sorted. A receiver to which it was not passed on does not."""
    asks, referral = each.asks, referral_in_sight(after, each)
    if asks is None or referral is None:
        return ()
    state = SightState(after.now, referrals=(referral,), words=MappingProxyType({after.person: after.words}))
    parties = {asks.from_agency, asks.to_agency, *referral.accepted_by}
    return tuple(
        sorted(
            party
            for party in parties
            if each.id in sight_of(party, state).own and not after.is_kept_out(party, asks.case, after.now)
        )
    )


def _effects(after: PersonFile, each: Attempt) -> Iterator[DecidedMove]:
    kept = {move.content.ref for move in each.kept}
    for made in after.effect.facts:
        content = made.content
        if not isinstance(content.data, Move) or content.data.referral != each.id:
            continue
        reason = each.refused.get(content.ref)
        effect = (
            MoveEffectKind.REFUSED
            if reason
            else MoveEffectKind.WAITS
            if content.ref in kept
            else MoveEffectKind.IN_EFFECT
        )
        case = None if each.asks is None else each.asks.case
        is_kept_out = after.is_kept_out(agency_of(made.publisher), case, after.now)
        for ref in dict.fromkeys((content.ref, made.ref)):
            unrelated = is_kept_out or each.was_never_informed(made.actor)
            # Another agency may have published it on the sender's behalf, and may see other statements.
            told = reason is MoveRefusal.CONSENT_MISSING and made.publisher == made.actor and not unrelated
            missing = each.gate.missing if told else ()
            at = made.at.astimezone(UTC)
            yield DecidedMove(ref, made.publisher, effect, reason, unrelated, missing, content.type, at)
