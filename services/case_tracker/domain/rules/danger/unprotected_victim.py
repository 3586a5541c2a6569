"""Dangers: a suspect tied to a victim is free while the victim has no protection, or is on bail that allows contact."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

from schemas.codebook.courts import BailCondition
from schemas.codebook.identification import NewOrCarriedOver
from schemas.codebook.protection import LEFT_WITHOUT_SHELTER, ReturnKind, ServiceType, ShelterForm
from schemas.identification import VictimIdentifiedV1
from schemas.protection.services import PlanApprovedV1
from schemas.times import surely_before
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.danger.suspect_at_liberty import (
    CONVICTIONS,
    charges_ended_without_prison,
    is_prison,
    is_quashed,
    is_without_prison,
    last_freeing_fact,
    standing_verdicts,
)
from services.case_tracker.domain.rules.finding_rule import CaseContradiction, text_of_field

_PLANNED_FOR: Final = timedelta(days=366)
"""Time before an identification beyond which a safety plan does not count: it was against another danger."""
PROTECTING: Final = frozenset({ServiceType.SHELTER, ServiceType.INDEPENDENT_LIVING_RENT})
"""Services that give a victim a place away from a suspect. A plan without one of them does not protect."""
_HOME: Final = "BZ"
_NO_CONTACT: Final = BailCondition.NO_CONTACT_WITH_VICTIM


def suspect_free_and_victim_unprotected(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield suspects who are certainly free and tied to a victim without known shelter or safety plan."""
    for (victim, suspect), tied in spine.ties.items():
        free = last_freeing_fact(spine, suspect)
        if free is None or _protected(spine, victim):
            continue
        fact, since = free
        # The victim's own log has no event for the end of a term.
        if not _is_victim(spine, victim, *(() if since is not None else (fact,))):
            continue
        # The fact that frees the suspect may also be the one that ties the two.
        facts = (fact,) if tied[0] is fact else (fact, tied[0])
        # A victim who leaves the shelter is in a new danger, to which an earlier ruling does not apply.
        yield CaseContradiction(facts, (victim, suspect), due=since, anew=_left_without_shelter(spine, victim))


def bail_without_no_contact(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield bail in force whose present conditions do not forbid contact with a victim tied to the suspect."""
    for (victim, suspect), tied in spine.ties.items():
        if spine.of(victim, "person.deceased_recorded"):
            continue
        for granted, terms in _bail_in_force(spine, suspect):
            data: Any = terms.content.data
            if _NO_CONTACT not in data.conditions and _is_victim(spine, victim, granted, terms):
                yield CaseContradiction((terms,) if tied[0] is terms else (terms, tied[0]), (victim, suspect))


def _is_victim(spine: Spine, victim: str, *facts: Fact) -> bool:
    """Whether a person tied to a suspect is a victim: by an agency's statement in the case, or by the tie alone.

    The tie alone counts if the case has no statement and the victim's own log does not have the danger. The referral
    service reads that log, which has only facts that name the victim.
    """
    if spine.of(victim, "victim.identified", "victim.status_changed"):
        return bool(spine.is_victim(victim))
    return not facts or any(victim not in getattr(each.content.data, "victims", ()) for each in facts)


def _bail_in_force(spine: Spine, suspect: str) -> Iterator[tuple[Fact, Fact]]:
    """Yield each bail in force as (its grant, the fact that states its conditions: the grant or its last variation)."""
    if spine.of(suspect, "person.deceased_recorded"):
        return
    grants = {text_of_field(each, "bail"): each for each in spine.of(suspect, "bail.granted")}
    filed = dict.fromkeys(text_of_field(each, "charge") for each in spine.of(suspect, "charge.filed"))
    for bail, granted in grants.items():
        said: Any = granted.content.data
        charges = said.charges or tuple(filed)
        if any(not surely_before(each.at, granted.at) for each in spine.of(bail, "bail.revoked")):
            continue
        if _is_replaced(granted, charges, grants.values()):
            continue
        over = charges_ended_without_prison(spine, suspect, charges) and all(
            _has_ended(spine, each, granted) for each in charges
        )
        if charges and over:
            continue
        if not any(_imprisoned_after(spine, granted, charge) for charge in charges):
            # Of events with one time, the variation is the later one.
            varied = [each for each in spine.of(bail, "bail.varied") if not surely_before(each.at, granted.at)]
            yield granted, varied[-1] if varied else granted


def _is_replaced(granted: Fact, charges: Iterable[str], grants: Iterable[Fact]) -> bool:
    """Whether bail was certainly granted later for each of the charges of this bail, or for charges not stated."""
    later: list[Any] = [each.content.data for each in grants if surely_before(granted.at, each.at)]
    covered = {charge for said in later for charge in said.charges}
    return any(not said.charges for said in later) or (bool(covered) and covered.issuperset(charges))


def _has_ended(spine: Spine, charge: str, granted: Fact) -> bool:
    """Whether a charge has ended for which bail was granted.

    An end from before the charge was filed again does not count, unless the bail is older than that filing.
    A verdict on some counts ends no charge that has a conviction on others.
    """
    filed = [each for each in spine.of(charge, "charge.filed") if not surely_before(granted.at, each.at)]
    ends = spine.of(charge, "charge.withdrawn", "verdict.returned")
    since = [each for each in ends if not any(surely_before(each.at, one.at) for one in filed)]
    verdicts = [each for each in standing_verdicts(spine, charge) if each in since]
    convicted = any(getattr(each.content.data, "outcome", None) in CONVICTIONS for each in verdicts)
    return bool(since) and (not convicted or is_quashed(spine, charge) or is_without_prison(spine, charge))


def _imprisoned_after(spine: Spine, bail: Fact, charge: str) -> bool:
    """Whether a prison sentence for a charge was certainly imposed after the bail was granted, which ends the bail."""
    return any(is_prison(each) and surely_before(bail.at, each.at) for each in spine.of(charge, "sentence.imposed"))


def _protected(spine: Spine, victim: str) -> bool:
    if spine.of(victim, "person.deceased_recorded"):
        return True
    found = [each for each in spine.of(victim, "victim.identified") if not _is_carried_over(each)]
    # A person who is identified anew after a return is in a new danger. A plan may be approved before the person is
    # identified, or before another agency identifies them too. Only a plan of long before was against another danger.
    returned = [each for each in spine.of(victim, "repatriation.completed") if _leads_away(each)]
    if any(not any(surely_before(each.at, one.at) for one in found) for each in returned):
        return True
    ended = _left_without_shelter(spine, victim)
    # A plan that led to a stay in shelter ends with the stay, unless the person moved to another safe place.
    plans = [
        each
        for each in spine.of(victim, "plan.approved")
        if _protects(spine, each) and all(surely_before(end.at, each.at) for end in ended)
    ]
    if any(not any(_is_long_before(each, one) for one in found) for each in plans):
        return True
    started = [each for each in spine.of(victim, "shelter.placement_started") if not _is_with_family(each)]
    return any(not spine.of(text_of_field(each, "placement"), "shelter.placement_ended") for each in started)


def _protects(spine: Spine, plan: Fact) -> bool:
    """Whether a plan, or a need that it names, includes a service that protects."""
    content = plan.content
    if not isinstance(content, PlanApprovedV1):
        return False
    types = set(content.data.service_types)
    for need in content.data.needs:
        for assessed in spine.of(need, "need.assessed"):
            types.update(getattr(assessed.content.data, "service_types", ()))
    return not PROTECTING.isdisjoint(types)


def _leads_away(fact: Fact) -> bool:
    """Whether a return was no deportation and led out of Belize. An unknown destination counts as abroad."""
    data: Any = fact.content.data
    return data.return_kind is not ReturnKind.DEPORTATION and data.destination != _HOME


def _left_without_shelter(spine: Spine, victim: str) -> tuple[Fact, ...]:
    """Return the ends of the victim's stays in shelter after which no other safe place is stated."""
    ended = spine.of(victim, "shelter.placement_ended")
    return tuple(each for each in ended if getattr(each.content.data, "reason", None) in LEFT_WITHOUT_SHELTER)


def _is_with_family(fact: Fact) -> bool:
    return getattr(fact.content.data, "shelter_form", None) is ShelterForm.FAMILY_REUNIFICATION


def _is_long_before(plan: Fact, found: Fact) -> bool:
    return plan.at is not None and found.at is not None and found.at.start - plan.at.end > _PLANNED_FOR


def _is_carried_over(fact: Fact) -> bool:
    """Whether an identification is an entry carried over from an earlier year."""
    content = fact.content
    return isinstance(content, VictimIdentifiedV1) and content.data.new_or_carried_over is NewOrCarriedOver.CARRIED_OVER
