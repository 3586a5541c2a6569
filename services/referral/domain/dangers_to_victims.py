"""Dangers of a person: a victim who is arrested, charged, deported or ordered to leave, or threatened by a suspect.

The case tracker reads only cases. It finds a danger if the statement that the person is a victim and the act against
the person name one case. All other dangers are found here, in the person's own log. So is the consent of a guardian who
is a suspect, in any case: only this log has every withdrawal.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from schemas.catalogue import order_key
from schemas.codebook.governance import FindingCode
from schemas.danger import (
    NAMES,
    IndexedFacts,
    bail_allowing_contact,
    deports,
    is_let_go,
    is_over_for_victim,
    is_protected,
    last_freeing_fact,
    left_without_shelter,
    name_of,
)
from schemas.governance.findings import FindingRuledV1, finding_of
from schemas.identification import statements_that_hold
from schemas.ids import CaseId
from services.referral.domain.consent_by_suspects import consented_by_suspects
from services.referral.domain.events_in_force import FactInForce, FactsInForce
from services.referral.domain.person_facts import first_ties_by_suspect
from services.referral.domain.person_file import PersonFile
from services.referral.domain.waits_ended_without_service import last_status_statements

TELLS: Final = ("odpp", "dhs")
"""Agencies informed of a danger at once, so that no victim is punished for acts that trafficking made them do."""
TELLS_OF_FREE: Final = ("dhs", "bpd")
"""Agencies informed at once that a suspect is free while a victim has no protection."""
_TOLD: Final[Mapping[FindingCode, tuple[str, ...]]] = MappingProxyType(
    {FindingCode.VICTIM_UNPROTECTED: TELLS_OF_FREE, FindingCode.GUARDIAN_IS_SUSPECT: ("dhs",)}
)
"""Agencies informed of a danger at once, by the danger's code, if they are not `TELLS`."""
_Facts: TypeAlias = IndexedFacts[FactInForce]


@dataclass(frozen=True, slots=True)
class Danger:
    """Records that endanger a person. `case`: the case that the act names, or None. `records`: references of events."""

    code: FindingCode
    person: str
    case: CaseId | None
    records: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """Agencies that are informed of this danger at once."""
        return _TOLD.get(self.code, TELLS)

    @property
    def finding(self) -> str:
        """Id of the danger's finding."""
        return finding_of(self.code, self.person, *self.records)


def open_dangers(after: PersonFile) -> dict[str, Danger]:
    """Return the open dangers of a person on which there is no ruling, by finding id.

    A person with several ids has dangers only under the smallest one.
    """
    effect = after.effect
    if after.person != min(effect.same):
        return {}
    rulings = [(made.content.data.finding, made.n) for made in effect.facts if isinstance(made.content, FindingRuledV1)]
    facts = _index(effect)
    left = [made.n for made in left_without_shelter(facts, after.person)]
    words, ties = _held_by(effect, effect.facts), after.known.ties
    # A person who is tied to a suspect counts as a victim as long as no agency has stated a status.
    words = words or ([] if last_status_statements(effect) else list(ties.values()))
    found: dict[str, Danger] = {}
    for threat in _threats(after, facts, is_victim=bool(words)):
        case: CaseId | None = getattr(threat.act.content.data, "case", None)
        by_guardian = threat.code is FindingCode.GUARDIAN_IS_SUSPECT
        if case is not None and not by_guardian and _is_found_in(effect, case, threat):
            continue
        beside = ties[threat.suspect] if by_guardian else words[0]
        # One event may be the act and the tie, such as bail that names the victim: then there is one record, not two.
        records = tuple(dict.fromkeys((beside.ref, threat.act.ref)))
        findings = {finding_of(threat.code, an_id, *records) for an_id in effect.same}
        # A victim who leaves the shelter is in a new danger, to which an earlier ruling does not apply.
        since = max(left, default=0) if threat.code is FindingCode.VICTIM_UNPROTECTED else 0
        if not any(on in findings and n > since for on, n in rulings):
            one = Danger(threat.code, after.person, case, records)
            found[one.finding] = one
    return found


@dataclass(frozen=True, slots=True)
class _Threat:
    """An act that endangers the person. `suspect`: id under which the suspect is tied to the person; "" without one."""

    code: FindingCode
    act: FactInForce
    suspect: str = ""


def _threats(after: PersonFile, facts: _Facts, *, is_victim: bool) -> Iterator[_Threat]:
    for guardian, given in consented_by_suspects(after.known):
        yield _Threat(FindingCode.GUARDIAN_IS_SUSPECT, given, _tied_by(after, guardian))
    if is_victim:
        yield from _acts(after.effect, facts, after.person)
        yield from _by_suspects(after, facts)


def _tied_by(after: PersonFile, suspect: str) -> str:
    """Return the id of a suspect under which the tie with the person was recorded; it may be another of their ids."""
    ids = after.effect.ids_of((suspect,))
    return next(each for each in after.known.ties if each in ids)


def _is_found_in(effect: FactsInForce, case: str, threat: _Threat) -> bool:
    """Whether the facts of a case alone show a danger, so that the case tracker finds the danger itself.

    They do not where the statement that the person is a victim, the tie with the suspect, or the end of what held the
    suspect or protected the victim names another case or none.
    """
    of_case = FactsInForce(tuple(_of_case(effect, case)), effect.same, effect.one_with)
    facts, person = _index(of_case), min(effect.same)
    if not _held_by(effect, of_case.facts):
        return False
    if not threat.suspect:
        return any(each.act is threat.act for each in _acts(of_case, facts, person))
    if effect.ids_of((threat.suspect,)).isdisjoint(first_ties_by_suspect(of_case)):
        return False
    suspect = effect.smallest_id(threat.suspect)
    if threat.code is FindingCode.BAIL_WITHOUT_NO_CONTACT:
        return any(terms is threat.act for _, terms in bail_allowing_contact(facts, suspect))
    return last_freeing_fact(facts, suspect) is not None and not is_protected(facts, person)


def _index(effect: FactsInForce) -> _Facts:
    return IndexedFacts((made for made in effect.facts if name_of(made) in NAMES), effect.one_with)


def _by_suspects(after: PersonFile, facts: _Facts) -> Iterator[_Threat]:
    """Yield the threats by suspects tied to the victim: bail that allows contact, and release.

    Yield nothing if the victim has died.
    """
    if facts.of(after.person, "person.deceased_recorded"):
        return
    by_one = {after.effect.smallest_id(each): each for each in sorted(after.known.ties, reverse=True)}
    protected = bool(by_one) and is_protected(facts, after.person)
    for suspect, tied in sorted(by_one.items()):
        for _, terms in bail_allowing_contact(facts, suspect):
            yield _Threat(FindingCode.BAIL_WITHOUT_NO_CONTACT, terms, tied)
        free = None if protected else last_freeing_fact(facts, suspect)
        if free is not None:
            yield _Threat(FindingCode.VICTIM_UNPROTECTED, free, tied)


def _held_by(effect: FactsInForce, facts: Iterable[FactInForce]) -> list[FactInForce]:
    """Return the agencies' last statements that make the person a victim, in the order of what happened."""
    kept = FactsInForce(tuple(facts), effect.same, effect.one_with)
    words = last_status_statements(kept)
    held = {each.ref for each in statements_that_hold(made.content for made in words)}
    return sorted((made for made in words if made.content.ref in held), key=lambda made: order_key(made.content))


def _of_case(effect: FactsInForce, case: str) -> Iterator[FactInForce]:
    ids = effect.ids_of((case,))
    return (made for made in effect.facts if not ids.isdisjoint(made.content.concerns()))


def _acts(effect: FactsInForce, facts: _Facts, person: str) -> Iterator[_Threat]:
    """Yield the acts against the person that are still in force, in the order of the log."""
    for made in effect.facts:
        rule = _ACTS.get(name_of(made))
        if rule is None or getattr(made.content.data, "person", None) not in effect.same:
            continue
        code, is_in_force = rule
        if is_in_force(facts, person, made):
            yield _Threat(code, made)


_Rule: TypeAlias = tuple[FindingCode, Callable[[_Facts, str, FactInForce], bool]]
_ACTS: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "arrest.made": (FindingCode.VICTIM_PROSECUTED, lambda *said: not is_let_go(*said)),
        "charge.filed": (FindingCode.VICTIM_PROSECUTED, lambda *said: not is_over_for_victim(*said)),
        "repatriation.completed": (FindingCode.VICTIM_DEPORTED, deports),
        "immigration.status_refused": (FindingCode.VICTIM_DEPORTED, deports),
    }
)
"""By name of the act: the danger's code, and a function that returns whether the act is still in force."""
