"""Referrals that the policy requires for an identification, until an agency sends them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from schemas.codebook.identification import VictimStatus
from schemas.identification import is_carried_over, status_in
from schemas.ids import CaseId, Kind, ReferralId, derive
from schemas.referral.move_fields import Move
from schemas.times import surely_before
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.move_table import MOVES, OPEN
from services.referral.domain.person_file import PersonFile
from services.referral.domain.policy import Policy, RequiredReferral, full_type_name


@dataclass(frozen=True, slots=True)
class PolicyReferral:
    """A referral that the policy requires for an identification (`made`) and nobody has sent. Its id is derived."""

    referral: ReferralId
    by: RequiredReferral
    made: FactInForce

    @property
    def case(self) -> CaseId | None:
        """Case that the identification names, or None."""
        found: CaseId | None = getattr(self.made.content.data, "case", None)
        return found


def demanded_referrals(after: PersonFile, policy: Policy) -> Iterator[PolicyReferral]:
    """Yield referrals that the person's first identification requires and nobody has sent.

    One is left out if its receiver identified the person, or sent or received any referral of the person. It is left
    out too if the receiver made a move of a referral of another id of the person. A person who was found no victim, and
    is identified after that, needs one anew: of the earlier referrals only the open ones count.
    """
    for opening in policy.opens:
        on = full_type_name(opening.on)
        named = [
            made
            for made in after.effect.facts
            if made.content.type == on and made.content.concerns()[0] == after.person
        ]
        anew = [made for made in named if not is_carried_over(made.content) and _denied_before(after, made)]
        made = next(iter(anew or named), None)
        if made is None or opening.to in {made.actor, *_knowing(after, _denied_before(after, made) if anew else ())}:
            continue
        types = sorted(opening.service_types)
        yield PolicyReferral(derive(Kind.REFERRAL, "opened", made.ref, opening.to, *types), opening, made)


def _denied_before(after: PersonFile, identified: FactInForce) -> list[FactInForce]:
    """Return the statements that the person is no victim that certainly came before an identification."""
    return [
        made
        for made in after.effect.facts
        if status_in(made.content) is VictimStatus.NOT_A_VICTIM
        and getattr(made.content.data, "person", None) in after.effect.same
        and surely_before(made.content.occurred, identified.content.occurred)
    ]


def _knowing(after: PersonFile, denials: Collection[FactInForce]) -> Iterator[str]:
    """Yield the agencies that know of the person by a referral; a closed one from before a denial does not count."""
    for each in after.attempts.values():
        counts = each.sent is not None and (each.state in OPEN or not _is_before(each.sent, denials))
        if each.asks is not None and each.was_sent and counts:
            yield from (each.asks.from_agency, each.asks.to_agency)
    others = after.effect.same - {after.person}
    for made in after.effect.facts:
        data = made.content.data
        if isinstance(data, Move) and made.content.type in MOVES and data.person in others:
            yield from () if _is_before(made, denials) else (made.actor,)


def _is_before(made: FactInForce, denials: Collection[FactInForce]) -> bool:
    return any(surely_before(made.content.occurred, each.content.occurred) for each in denials)
