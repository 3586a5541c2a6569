"""Dangers of a person: a victim who is arrested, charged, deported or ordered to leave, or threatened by a suspect.

The case tracker reads only cases. It finds a danger if the statement that the person is a victim and the act against
the person name one case. All other dangers are found here, in the person's own log. So is the consent of a guardian who
is a suspect, in any case: only this log has every withdrawal.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from schemas.catalogue import order_key
from schemas.codebook.courts import AppealOutcome, ReleaseReason
from schemas.codebook.governance import FindingCode
from schemas.codebook.justice import ChargeOutcome
from schemas.codebook.protection import ReturnKind
from schemas.codebook.shared import YesNo
from schemas.envelope import Event
from schemas.governance.findings import FindingRuledV1, finding_of
from schemas.identification import statements_that_hold
from schemas.ids import CaseId
from schemas.justice.charges import ChargeFiledV1, ChargeWithdrawnV1, VerdictReturnedV1
from schemas.justice.police import ArrestMadeV1, ArrestReleasedV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1
from schemas.protection.shelter_and_return import (
    ImmigrationStatusGrantedV1,
    ImmigrationStatusRefusedV1,
    RepatriationCompletedV1,
)
from schemas.times import surely_before
from services.referral.domain.dangers_by_consent_and_bail import bail_that_allows_contact, consented_by_suspects
from services.referral.domain.events_in_force import FactInForce, FactsInForce
from services.referral.domain.person_facts import first_ties_by_suspect
from services.referral.domain.person_file import PersonFile
from services.referral.domain.suspect_at_liberty import (
    events_since_retrial,
    is_protected,
    last_freeing_event,
    left_without_shelter,
    name_of,
    since_filed,
)
from services.referral.domain.waits_ended_without_service import last_status_statements

TELLS: Final = ("odpp", "dhs")
"""Agencies informed of a danger at once, so that no victim is punished for acts that trafficking made them do."""
TELLS_OF_FREE: Final = ("dhs", "bpd")
"""Agencies informed at once that a suspect is free while a victim has no protection."""
_TOLD: Final[Mapping[FindingCode, tuple[str, ...]]] = MappingProxyType(
    {FindingCode.VICTIM_UNPROTECTED: TELLS_OF_FREE, FindingCode.GUARDIAN_IS_SUSPECT: ("dhs",)}
)
"""Agencies informed of a danger at once, by the danger's code, if they are not `TELLS`."""
_CONVICTIONS: Final = frozenset({ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED_OF_LESSER})


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
    left = [made.n for made in left_without_shelter(effect)]
    words, ties = _held_by(effect, effect.facts), after.known.ties
    # A person who is tied to a suspect counts as a victim as long as no agency has stated a status.
    words = words or ([] if last_status_statements(effect) else list(ties.values()))
    found: dict[str, Danger] = {}
    for threat in _threats(after, is_victim=bool(words)):
        case: CaseId | None = getattr(threat.act.content.data, "case", None)
        by_guardian = threat.code is FindingCode.GUARDIAN_IS_SUSPECT
        if case is not None and not by_guardian and _is_whole_in(effect, case, threat):
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


def _threats(after: PersonFile, *, is_victim: bool) -> Iterator[_Threat]:
    for guardian, given in consented_by_suspects(after.known):
        yield _Threat(FindingCode.GUARDIAN_IS_SUSPECT, given, _tied_by(after, guardian))
    if is_victim:
        yield from _acts(after.effect)
        yield from _by_suspects(after)


def _tied_by(after: PersonFile, suspect: str) -> str:
    """Return the id of a suspect under which the tie with the person was recorded; it may be another of their ids."""
    ids = after.effect.ids_of((suspect,))
    return next(each for each in after.known.ties if each in ids)


def _is_whole_in(effect: FactsInForce, case: str, threat: _Threat) -> bool:
    """Whether a case receives every event of a danger, so that the case tracker finds the danger itself.

    These events are the statement that the person is a victim, and the tie with the suspect, if there is one.
    """
    facts = FactsInForce(tuple(_of_case(effect, case)), effect.same, effect.one_with)
    if not _held_by(effect, facts.facts):
        return False
    return not threat.suspect or not effect.ids_of((threat.suspect,)).isdisjoint(first_ties_by_suspect(facts))


def _by_suspects(after: PersonFile) -> Iterator[_Threat]:
    """Yield the threats by suspects tied to the person: bail that allows contact, and release. None after a death."""
    effect = after.effect
    if any(name_of(made) == "person.deceased_recorded" and _is_of(effect, made) for made in effect.facts):
        return
    by_one = {effect.smallest_id(each): each for each in sorted(after.known.ties, reverse=True)}
    protected = bool(by_one) and is_protected(effect)
    for suspect, tied in sorted(by_one.items()):
        for bail in bail_that_allows_contact(effect, suspect):
            yield _Threat(FindingCode.BAIL_WITHOUT_NO_CONTACT, bail, tied)
        free = None if protected else last_freeing_event(effect, suspect)
        if free is not None:
            yield _Threat(FindingCode.VICTIM_UNPROTECTED, free, tied)


def _is_of(effect: FactsInForce, made: FactInForce) -> bool:
    return getattr(made.content.data, "person", None) in effect.same


def _held_by(effect: FactsInForce, facts: Iterable[FactInForce]) -> list[FactInForce]:
    """Return the agencies' last statements that make the person a victim, in the order of what happened."""
    kept = FactsInForce(tuple(facts), effect.same, effect.one_with)
    words = last_status_statements(kept)
    held = {each.ref for each in statements_that_hold(made.content for made in words)}
    return sorted((made for made in words if made.content.ref in held), key=lambda made: order_key(made.content))


def _of_case(effect: FactsInForce, case: str) -> Iterator[FactInForce]:
    ids = effect.ids_of((case,))
    return (made for made in effect.facts if not ids.isdisjoint(made.content.concerns()))


def _acts(effect: FactsInForce) -> Iterator[_Threat]:
    """Yield the acts against the person that are still in force."""
    for made in effect.facts:
        data = made.content.data
        if getattr(data, "person", None) not in effect.same:
            continue
        rule = _STANDS.get(type(made.content))
        if rule is not None and rule[1](effect, made):
            yield _Threat(rule[0], made)


def _arrested(effect: FactsInForce, act: FactInForce) -> bool:
    return isinstance(act.content, ArrestMadeV1) and not any(
        isinstance(made.content, ArrestReleasedV1)
        and made.content.data.arrest == act.content.data.arrest
        and made.content.data.reason is not ReleaseReason.ESCAPED
        and not surely_before(made.content.occurred, act.content.occurred)
        for made in effect.facts
    )


def _charged(effect: FactsInForce, act: FactInForce) -> bool:
    if not isinstance(act.content, ChargeFiledV1):
        return False
    charge = act.content.data.charge
    # A charge that is filed again after its end is not ended by what came before.
    since = FactsInForce(tuple(since_filed(effect.facts, act)), effect.same, effect.one_with)
    outcomes = {
        made.content.data.outcome
        for made in events_since_retrial(since.facts, charge)
        if isinstance(made.content, VerdictReturnedV1) and made.content.data.charge == charge
    }
    if outcomes.isdisjoint(_CONVICTIONS):
        return not outcomes and not _is_withdrawn(since, charge)
    return not _is_quashed(effect, charge)


def _is_withdrawn(effect: FactsInForce, charge: str) -> bool:
    return any(
        isinstance(made.content, ChargeWithdrawnV1) and made.content.data.charge == charge for made in effect.facts
    )


def _is_quashed(effect: FactsInForce, charge: str) -> bool:
    """Whether the last decision on an appeal quashed the conviction on the charge, and none followed certainly."""
    appeals = [
        made.content
        for made in sorted(effect.facts, key=lambda made: order_key(made.content))
        if isinstance(made.content, AppealDecidedV1) and charge in made.content.data.charges
    ]
    if not appeals or appeals[-1].data.outcome is not AppealOutcome.CONVICTION_QUASHED:
        return False
    return not any(
        isinstance(made.content, VerdictReturnedV1)
        and made.content.data.charge == charge
        and made.content.data.outcome in _CONVICTIONS
        and surely_before(appeals[-1].occurred, made.content.occurred)
        for made in effect.facts
    )


def _deported(effect: FactsInForce, act: FactInForce) -> bool:  # noqa: ARG001
    return isinstance(act.content, RepatriationCompletedV1) and act.content.data.return_kind is ReturnKind.DEPORTATION


def _to_leave(effect: FactsInForce, act: FactInForce) -> bool:
    content = act.content
    if not isinstance(content, ImmigrationStatusRefusedV1) or content.data.removal_ordered is not YesNo.YES:
        return False
    return all(
        surely_before(made.content.occurred, content.occurred)
        for made in effect.facts
        if isinstance(made.content, ImmigrationStatusGrantedV1 | RepatriationCompletedV1)
    )


_Rule = tuple[FindingCode, Callable[[FactsInForce, FactInForce], bool]]
_STANDS: Final[Mapping[type[Event], _Rule]] = MappingProxyType(
    {
        ArrestMadeV1: (FindingCode.VICTIM_PROSECUTED, _arrested),
        ChargeFiledV1: (FindingCode.VICTIM_PROSECUTED, _charged),
        RepatriationCompletedV1: (FindingCode.VICTIM_DEPORTED, _deported),
        ImmigrationStatusRefusedV1: (FindingCode.VICTIM_DEPORTED, _to_leave),
    }
)
"""By type of the act: the danger's code, and a function that returns whether the act is still in force."""
