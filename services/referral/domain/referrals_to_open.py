"""Referrals that the policy requires for an identification, until an agency sends them."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.ids import CaseId, Kind, ReferralId, derive
from services.referral.domain.events_in_force import FactInForce
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

    One is left out if its receiver identified the person, or sent or received any referral of the person.
    """
    asked = [each.asks for each in after.attempts.values() if each.asks is not None and each.was_sent]
    knowing = {agency for asks in asked for agency in (asks.from_agency, asks.to_agency)}
    for opening in policy.opens:
        on = full_type_name(opening.on)
        for made in after.effect.facts:
            if made.content.type == on and made.content.concerns()[0] == after.person:
                if opening.to not in {made.actor, *knowing}:
                    types = sorted(opening.service_types)
                    yield PolicyReferral(derive(Kind.REFERRAL, "opened", made.ref, opening.to, *types), opening, made)
                break
