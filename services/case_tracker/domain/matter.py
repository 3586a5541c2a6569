"""What a fact of a case belongs to, by its type and by what the case says that it is for."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.protection import ServiceType
from schemas.consent import ConsentRecorded
from services.case_tracker.domain.spine import Fact, Spine


class Matter(StrEnum):
    """What a fact belongs to."""

    FILE = "file"
    """The case as such, and who is in it."""
    JUSTICE = "justice"
    """Stages and days of a prosecution."""
    INTELLIGENCE = "intelligence"
    """Reports, operations, and what police look into."""
    PROTECTION = "protection"
    HEALTH = "health"
    PLACEMENT = "placement"
    """Where somebody is kept safe."""


_OF_NAME: Final[Mapping[str, Matter]] = MappingProxyType(
    {
        "report": Matter.INTELLIGENCE,
        "operation": Matter.INTELLIGENCE,
        "investigation": Matter.INTELLIGENCE,
        "screening": Matter.INTELLIGENCE,
        "suspect": Matter.JUSTICE,
        "victim_suspect": Matter.JUSTICE,
        "arrest": Matter.JUSTICE,
        "bail": Matter.JUSTICE,
        "charge": Matter.JUSTICE,
        "court": Matter.JUSTICE,
        "indictment": Matter.JUSTICE,
        "trial": Matter.JUSTICE,
        "verdict": Matter.JUSTICE,
        "sentence": Matter.JUSTICE,
        "restitution": Matter.JUSTICE,
        "appeal": Matter.JUSTICE,
        "case": Matter.FILE,
        "victim": Matter.FILE,
        "person": Matter.FILE,
        "finding": Matter.FILE,
        "consent": Matter.PROTECTION,
        "referral": Matter.PROTECTION,
        "need": Matter.PROTECTION,
        "plan": Matter.PROTECTION,
        "service": Matter.PROTECTION,
        "immigration": Matter.PROTECTION,
        "repatriation": Matter.PROTECTION,
        "shelter": Matter.PLACEMENT,
    }
)
"""By the first word of a type's name."""

_FOR: Final = ("referral", "previous_referral", "need", "consent")
"""Fields by which a fact says what it is part of."""

_CONSENTS: Final = ("consent.recorded", "consent.withdrawn")
_HEALTH: Final = frozenset({ServiceType.MEDICAL, ServiceType.COUNSELLING, ConsentPurpose.HEALTH_CARE})
_PLACEMENT: Final = frozenset(
    {ServiceType.SHELTER, ServiceType.INDEPENDENT_LIVING_RENT, ServiceType.FAMILY_REUNIFICATION}
)


def matter_of(fact: Fact, spine: Spine) -> Matter | None:
    """What a fact belongs to, by all that its case says it is for; None for what nobody has said it of."""
    matter = _OF_NAME.get(fact.name.partition(".")[0])
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
