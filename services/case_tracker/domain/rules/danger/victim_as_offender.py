"""Dangers to a victim who is treated as an offender, or identified with one."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from schemas.danger import deports, is_let_go, is_over_for_victim
from schemas.required_copies import Groups
from services.case_tracker.domain.case_facts import CaseRole, Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.finding_rule import CaseContradiction

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
            if each.name == "arrest.made" and not is_let_go(spine, person, each):
                yield CaseContradiction((words[0], each), (person,))
            if each.name == "charge.filed" and not is_over_for_victim(spine, person, each):
                yield CaseContradiction((words[0], each), (person,))


def victim_deported(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield deportations of a victim, and orders to leave after which no permission to stay was granted."""
    for person, facts in spine.about.items():
        for each in facts:
            if deports(spine, person, each) and (words := spine.is_victim(person)):
                yield CaseContradiction((words[0], each), (person,))


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
