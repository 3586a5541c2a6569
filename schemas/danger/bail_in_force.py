"""Bail in force whose conditions, as last stated, do not forbid contact with victims."""

from collections.abc import Iterable, Iterator
from typing import Any

from schemas.codebook.courts import BailCondition
from schemas.danger.charges import (
    is_before,
    is_convicting,
    is_over,
    is_prison,
    is_quashed,
    is_without_prison,
    prison_in_force,
    standing_verdicts,
)
from schemas.danger.facts_by_id import FactsById, FactsOfPerson, FactT


def bail_allowing_contact(facts: FactsById[FactT], suspect: str) -> Iterator[tuple[FactT, FactT]]:
    """Yield each such bail as (its grant, the fact that states its conditions: the grant or its last variation).

    Nothing if the suspect has died.
    """
    facts = FactsOfPerson(facts, suspect)
    if facts.of(suspect, "person.deceased_recorded"):
        return
    for granted, terms in _bail_in_force(facts, suspect):
        if BailCondition.NO_CONTACT_WITH_VICTIM not in getattr(terms.content.data, "conditions", ()):
            yield granted, terms


def _bail_in_force(facts: FactsById[FactT], suspect: str) -> Iterator[tuple[FactT, FactT]]:
    grants = {_data(each).bail: each for each in facts.of(suspect, "bail.granted")}
    filed = tuple(dict.fromkeys(_data(each).charge for each in facts.of(suspect, "charge.filed")))
    for bail, granted in grants.items():
        charges = _data(granted).charges or filed
        if any(not is_before(each, granted) for each in facts.of(bail, "bail.revoked")):
            continue
        if _is_replaced(granted, charges, grants.values()):
            continue
        over = all(is_over(facts, each) and _has_ended(facts, each, granted) for each in charges)
        if charges and over and not prison_in_force(facts, suspect):
            continue
        if not any(_imprisoned_after(facts, granted, charge) for charge in charges):
            # Of events with one time, the variation is the later one.
            varied = [each for each in facts.of(bail, "bail.varied") if not is_before(each, granted)]
            yield granted, varied[-1] if varied else granted


def _is_replaced(granted: FactT, charges: Iterable[str], grants: Iterable[FactT]) -> bool:
    """Whether bail was certainly granted later for each of the charges of this bail, or for charges not stated."""
    later = [_data(each) for each in grants if is_before(granted, each)]
    covered = {charge for stated in later for charge in stated.charges}
    return any(not stated.charges for stated in later) or (bool(covered) and covered.issuperset(charges))


def _has_ended(facts: FactsById[FactT], charge: str, granted: FactT) -> bool:
    """Whether a charge has ended for which bail was granted.

    An end from before the charge was filed again does not count, unless the bail is older than that filing.
    A verdict on some counts ends no charge that has a conviction on others.
    """
    filed = [each for each in facts.of(charge, "charge.filed") if not is_before(granted, each)]
    ends = facts.of(charge, "charge.withdrawn", "verdict.returned")
    since = [each for each in ends if not any(is_before(each, one) for one in filed)]
    convicted = any(is_convicting(each) for each in standing_verdicts(facts, charge) if each in since)
    return bool(since) and (not convicted or is_quashed(facts, charge) or is_without_prison(facts, charge))


def _imprisoned_after(facts: FactsById[FactT], bail: FactT, charge: str) -> bool:
    """Whether a prison sentence for a charge was certainly imposed after the bail was granted, which ends the bail."""
    return any(is_prison(each) and is_before(bail, each) for each in facts.of(charge, "sentence.imposed"))


def _data(fact: FactT) -> Any:  # noqa: ANN401 - the data of a bail or a charge
    return fact.content.data
