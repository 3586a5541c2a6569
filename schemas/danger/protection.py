"""Decision whether a victim is safe from a suspect who is free."""

from datetime import timedelta
from typing import Any, Final

from schemas.codebook.identification import NewOrCarriedOver
from schemas.codebook.protection import LEFT_WITHOUT_SHELTER, ReturnKind, ServiceType, ShelterForm
from schemas.danger.charges import is_before
from schemas.danger.facts_by_id import FactsById, FactsOfPerson, FactT, HasEvent
from schemas.identification.victim import VictimIdentifiedV1
from schemas.protection.services import PlanApprovedV1

_PLANNED_FOR: Final = timedelta(days=366)
"""Time before an identification beyond which a safety plan does not count: it was against another danger."""
_PROTECTING: Final = frozenset({ServiceType.SHELTER, ServiceType.INDEPENDENT_LIVING_RENT})
"""Services that give a victim a place away from a suspect. A plan without one of them does not protect."""
_HOME: Final = "BZ"


def is_protected(facts: FactsById[FactT], victim: str) -> bool:
    """Whether the victim died, returned, is sheltered elsewhere than with family, or has a plan that protects.

    A person who is identified as a victim again is in a new danger. A return before that, or a plan of more than a year
    before, does not protect from it. Nor does a plan after which a stay in shelter ended, unless the person moved to
    another safe place. A deportation does not protect.
    """
    facts = FactsOfPerson(facts, victim)
    if facts.of(victim, "person.deceased_recorded"):
        return True
    # A plan may be approved before the person is identified, or before another agency identifies them too.
    found = [each for each in facts.of(victim, "victim.identified") if not _is_carried_over(each)]
    returned = [each for each in facts.of(victim, "repatriation.completed") if _leads_away(each)]
    if any(not any(is_before(each, one) for one in found) for each in returned):
        return True
    ended = left_without_shelter(facts, victim)
    plans = [
        each
        for each in facts.of(victim, "plan.approved")
        if _protects(facts, each) and all(is_before(end, each) for end in ended)
    ]
    if any(not any(_is_long_before(each, one) for one in found) for each in plans):
        return True
    started = [each for each in facts.of(victim, "shelter.placement_started") if not _is_with_family(each)]
    return any(not facts.of(_data(each).placement, "shelter.placement_ended") for each in started)


def left_without_shelter(facts: FactsById[FactT], victim: str) -> tuple[FactT, ...]:
    """Return the ends of the victim's stays in shelter after which no other safe place is stated."""
    ended = facts.of(victim, "shelter.placement_ended")
    return tuple(each for each in ended if _data(each).reason in LEFT_WITHOUT_SHELTER)


def _protects(facts: FactsById[FactT], plan: FactT) -> bool:
    """Whether a plan, or a need that it names, includes a service that protects."""
    content = plan.content
    if not isinstance(content, PlanApprovedV1):
        return False
    types = set(content.data.service_types)
    for need in content.data.needs:
        for assessed in facts.of(need, "need.assessed"):
            types.update(_data(assessed).service_types)
    return not _PROTECTING.isdisjoint(types)


def _leads_away(fact: HasEvent) -> bool:
    """Whether a return was no deportation and led out of Belize. An unknown destination counts as abroad."""
    data = _data(fact)
    return data.return_kind is not ReturnKind.DEPORTATION and data.destination != _HOME


def _is_with_family(fact: HasEvent) -> bool:
    return _data(fact).shelter_form is ShelterForm.FAMILY_REUNIFICATION


def _is_long_before(plan: HasEvent, found: HasEvent) -> bool:
    first, then = plan.content.occurred, found.content.occurred
    return first is not None and then is not None and then.start - first.end > _PLANNED_FOR


def _is_carried_over(fact: HasEvent) -> bool:
    """Whether an identification is an entry carried over from an earlier year."""
    content = fact.content
    return isinstance(content, VictimIdentifiedV1) and content.data.new_or_carried_over is NewOrCarriedOver.CARRIED_OVER


def _data(fact: HasEvent) -> Any:  # noqa: ANN401 - the data of an event whose type the name tells
    return fact.content.data
