"""Dangers by contact with a family in which a relative is a suspect.

The referral service finds a suspect who consented as guardian.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from schemas.codebook.identification import RecruiterRelation
from schemas.codebook.justice import Relationship
from schemas.codebook.protection import ServiceType, ShelterForm
from schemas.identification import VictimIdentifiedV1
from schemas.justice.victim_suspect_links import VictimSuspectLinkedV1
from schemas.protection.services import ServiceProvidedV1
from schemas.protection.shelter_and_return import ShelterPlacementStartedV1
from schemas.times import surely_before
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.finding_rule import CaseContradiction

FAMILY: Final = frozenset(
    {Relationship.PARENT, Relationship.OTHER_FAMILY, Relationship.GUARDIAN, Relationship.INTIMATE_PARTNER}
)
_NOT_SAID: Final = frozenset({None, Relationship.UNKNOWN, Relationship.NOT_ASKED})
_BY_FAMILY: Final = frozenset({RecruiterRelation.FAMILY, RecruiterRelation.INTIMATE_PARTNER})


def family_is_suspect(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield services and placements that bring a victim to family, or in touch with it, if a relative is a suspect."""
    for (victim, suspect), tied in spine.ties.items():
        family = _says_family(spine, victim, tied)
        if not family:
            continue
        tie = family[0]
        shelters = [each for each in spine.of(victim, "shelter.placement_started") if not _with_family(each)]
        for each in spine.of(victim, "service.provided", "shelter.placement_started"):
            if _in_touch(each):
                dangerous = not surely_before(each.at, tie.at)
            else:
                left = any(not surely_before(one.at, each.at) for one in shelters) or _ended(spine, each)
                dangerous = _with_family(each) and not left
            if dangerous:
                yield CaseContradiction((each, *family), (victim, suspect))


def _says_family(spine: Spine, victim: str, tied: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts by which suspect and victim are family; () if they are not.

    This is the link that states it. If no link states a relationship, these are the first link, and the identification
    that states that family recruited the victim. A later link without a statement on family changes nothing.
    """
    said = [(each, _relationship(each)) for each in tied]
    family = next((each for each, relationship in said if relationship in FAMILY), None)
    if family is not None:
        return (family,)
    recruited = next(filter(_is_by_family, spine.of(victim, "victim.identified")), None)
    if recruited is None or any(relationship not in _NOT_SAID for _, relationship in said):
        return ()
    return said[0][0], recruited


def _relationship(tie: Fact) -> Relationship | None:
    content = tie.content
    return content.data.relationship if isinstance(content, VictimSuspectLinkedV1) else None


def _is_by_family(fact: Fact) -> bool:
    content = fact.content
    return isinstance(content, VictimIdentifiedV1) and content.data.recruiter_relation in _BY_FAMILY


def _in_touch(fact: Fact) -> bool:
    content = fact.content
    return isinstance(content, ServiceProvidedV1) and content.data.service_type is ServiceType.FAMILY_COMMUNICATION


def _with_family(fact: Fact) -> bool:
    match fact.content:
        case ServiceProvidedV1(data=data):
            return data.service_type is ServiceType.FAMILY_REUNIFICATION
        case ShelterPlacementStartedV1(data=data):
            return data.shelter_form is ShelterForm.FAMILY_REUNIFICATION
        case _:
            return False


def _ended(spine: Spine, fact: Fact) -> bool:
    content = fact.content
    if not isinstance(content, ShelterPlacementStartedV1):
        return False
    return bool(spine.of(content.data.placement, "shelter.placement_ended"))
