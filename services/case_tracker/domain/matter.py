"""The matter of a fact, by its type and by its purpose in the case."""

from collections.abc import Iterator
from typing import Final

from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.protection import ServiceType
from schemas.consent import ConsentRecorded
from schemas.sight.table import Matter, matter_of_type
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.spine import Spine

_FOR: Final = ("referral", "previous_referral", "need", "consent")
"""Fields by which a fact says what it is part of."""

_CONSENTS: Final = ("consent.recorded", "consent.withdrawn")
_HEALTH: Final = frozenset({ServiceType.MEDICAL, ServiceType.COUNSELLING, ConsentPurpose.HEALTH_CARE})
_PLACEMENT: Final = frozenset(
    {ServiceType.SHELTER, ServiceType.INDEPENDENT_LIVING_RENT, ServiceType.FAMILY_REUNIFICATION}
)


def matter_of(fact: Fact, spine: Spine) -> Matter | None:
    """Give the matter of a fact, by its type and purposes; None if it is not declared."""
    matter = matter_of_type(fact.name)
    if matter is not Matter.PROTECTION:
        return matter
    purposes = frozenset(_purposes(fact, spine))
    # A referral of which nobody says what for may be for health.
    if purposes & _HEALTH or (not purposes and fact.name.startswith("referral.")):
        return Matter.HEALTH
    return Matter.PLACEMENT if purposes & _PLACEMENT else matter


def _purposes(fact: Fact, spine: Spine) -> Iterator[ServiceType | ConsentPurpose]:
    """Give what it is for, and what the referrals, needs and consents are for that it names, and those that they do."""
    facts, followed = [fact], set[str]()
    for each in facts:
        data = each.content.data
        services = {getattr(data, "service_type", None), *getattr(data, "service_types", ())}
        yield from services - {None}
        if isinstance(data, ConsentRecorded):
            yield from data.purposes
        named = {*(getattr(data, name, None) for name in _FOR), *getattr(data, "needs", ())} - {None, *followed}
        for an_id in named:
            followed.add(an_id)
            facts += spine.of(an_id, "referral.sent", "need.assessed")
            if "/" in an_id:  # an event's reference, which no index has
                facts += (said for said in spine.named(*_CONSENTS) if an_id in {said.ref, said.content.ref})
