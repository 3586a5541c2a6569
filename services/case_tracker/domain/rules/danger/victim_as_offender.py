"""Dangers to a victim who is treated as an offender, or identified with one."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from schemas.codebook.courts import ReleaseReason
from schemas.codebook.protection import ReturnKind
from schemas.codebook.shared import YesNo
from schemas.protection.shelter_and_return import ImmigrationStatusRefusedV1, RepatriationCompletedV1
from schemas.required_copies import Groups
from schemas.times import surely_before
from services.case_tracker.domain.case_facts import CaseRole, Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.danger.suspect_at_liberty import CONVICTIONS, is_quashed, standing_verdicts
from services.case_tracker.domain.rules.finding_rule import CaseContradiction, text_of_field

MERGE_TOGETHER: Final = ("dhs", "bpd")
"""Agencies that may each publish that two ids are one person. That a victim is a suspect, both must publish."""


def victim_prosecuted(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield arrests without release, and open charges, of a victim. Trafficking may have made them commit the act."""
    for person, facts in spine.about.items():
        against = [each for each in facts if each.name in {"arrest.made", "charge.filed"}]
        words = spine.is_victim(person) if against else ()
        if not words:
            continue
        for each in against:
            if each.name == "arrest.made" and not _let_go(spine, each):
                yield CaseContradiction((words[0], each), (person,))
            if each.name == "charge.filed" and not _given_up(spine, text_of_field(each, "charge"), each):
                yield CaseContradiction((words[0], each), (person,))


def _let_go(spine: Spine, arrest: Fact) -> bool:
    released = spine.of(text_of_field(arrest, "arrest"), "arrest.released")
    return any(
        getattr(each.content.data, "reason", None) is not ReleaseReason.ESCAPED
        and not surely_before(each.at, arrest.at)
        for each in released
    )


def victim_deported(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield deportations of a victim, and orders to leave after which no permission to stay was granted."""
    for person, facts in spine.about.items():
        for each in facts:
            if _deports(spine, person, each) and (words := spine.is_victim(person)):
                yield CaseContradiction((words[0], each), (person,))


def _deports(spine: Spine, person: str, fact: Fact) -> bool:
    match fact.content:
        case RepatriationCompletedV1(data=data):
            return data.return_kind is ReturnKind.DEPORTATION
        case ImmigrationStatusRefusedV1(data=data):
            ends = spine.of(person, "immigration.status_granted", "repatriation.completed")
            return data.removal_ordered is YesNo.YES and all(surely_before(each.at, fact.at) for each in ends)
        case _:
            return False


def _given_up(spine: Spine, charge: str, filed: Fact) -> bool:
    """Whether a charge was withdrawn, not proven, or its conviction quashed. A retrial order opens it again.

    An end that certainly came before the charge was filed says nothing of it: it was filed again.
    """
    verdicts = [each for each in standing_verdicts(spine, charge) if not surely_before(each.at, filed.at)]
    convicted = any(getattr(each.content.data, "outcome", None) in CONVICTIONS for each in verdicts)
    withdrawn = any(not surely_before(each.at, filed.at) for each in spine.of(charge, "charge.withdrawn"))
    ended = bool(verdicts) or withdrawn
    return ended and (not convicted or is_quashed(spine, charge))


def victim_is_suspect(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield merges that make a victim's id and a suspect's id one person, if only one agency published that."""
    if not spine.merges:
        return
    every = _joined(spine.merges)
    by_each = [_joined(one for one in spine.merges if one.content.agency == agency) for agency in MERGE_TOGETHER]
    persons: dict[str, set[str]] = {}
    for pair in product(spine.roles[CaseRole.VICTIM], spine.roles[CaseRole.SUSPECT]):
        if _are_one(every, *pair) and not all(_are_one(said, *pair) for said in by_each):
            persons.setdefault(every.of(pair[0]), set()).update(pair)
    for group, of_it in persons.items():
        merges = tuple(each for each in spine.merges if every.of(each.content.joins()[0]) == group)
        yield CaseContradiction(merges, tuple(sorted(of_it)))


def _joined(merges: Iterable[Fact]) -> Groups:
    groups = Groups()
    for each in merges:
        groups.join(*each.content.joins())
    return groups


def _are_one(groups: Groups, one: str, other: str) -> bool:
    return groups.of(one) == groups.of(other)
