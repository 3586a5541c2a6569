"""The spine of a case: its facts in force, in the order of what happened, with an index by the ids that they name.

Only ids connect victim, suspect, arrest, charge, court stage and service. Corrections, retractions and merges come
first. A fact that was corrected to name another case is no fact of this case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from schemas.danger import ids_named
from schemas.envelope import Event
from schemas.facts_in_force import Aliases, Effect, aliases, effects, facts_in_force_among, span_of_stated_times
from schemas.identification import SuspectIdentifiedV1, VictimIdentifiedV1, statements_that_hold
from schemas.justice.charges import ChargeFiledV1
from schemas.justice.police import ArrestMadeV1
from schemas.justice.victim_suspect_links import VictimSuspectLinkedV1
from schemas.merge_events import PersonMergedV1
from schemas.referral.decision_events import ConsentSightChanged
from schemas.service_decisions import Entered, facts_of
from schemas.sight.state import Restriction, restrictions
from services.case_tracker.domain.access_restrictions import protected_persons, stated_restrictions
from services.case_tracker.domain.fact import Fact, recording_order
from services.case_tracker.domain.referral_decisions import (
    causes_of_sight_decisions,
    last_referral_decisions,
    sight_decisions_by_person,
)
from services.case_tracker.domain.victim_suspect_ties import ties_of


class CaseRole(StrEnum):
    """Roles of a person in a case."""

    VICTIM = "victim"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True)
class Spine:
    """The timeline of one case. It has no facts if the case was merged into a case with another id."""

    case: str
    ids: frozenset[str]
    """Every id of the case."""
    one_with: Aliases = field(default_factory=dict)
    """Present id (the smallest) of each merged person or thing, by its id. Other cases may know more of these."""
    merges: tuple[Fact, ...] = ()
    """Events that merged persons, in the order of recording."""
    roles: Mapping[CaseRole, frozenset[str]] = field(default_factory=lambda: {each: frozenset() for each in CaseRole})
    """Ids of persons in each role, as the events state them, before merges are applied."""
    restrictions: tuple[Restriction, ...] = ()
    """Restrictions of access under any id of the case: agencies that may see nothing of it, each with its end."""
    persons: frozenset[str] = frozenset()
    """Persons whom the case names, by all their ids. A case that was merged into another has them too."""
    persons_kept: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By agency that a restriction names, these persons and those whom it named itself and took out again."""
    facts: tuple[Fact, ...] = ()
    names: frozenset[str] = frozenset()
    """Names of all facts, such as `arrest.made`. With them a search for other names ends at once."""
    about: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    """Facts that name the id of a person, a charge, an arrest or another thing, by that id."""
    ties: Mapping[tuple[str, str], tuple[Fact, ...]] = field(default_factory=dict)
    """Facts that tie each pair (victim, suspect): links, and arrests, charges, releases and bail that name both.

    They are in the order of recording, so that a repetition does not change the first one. After an event that unlinks
    the two, only facts that outlast it count.
    """
    refused: frozenset[str] = frozenset()
    """References of the present statements of moves that have no effect, by the referral service's decision."""
    holders: Mapping[str, str] = field(default_factory=dict)
    """Holder of each referral, by the referral service's last decision."""
    taken: frozenset[str] = frozenset()
    """Ids of referrals that an agency has accepted, by the referral service's last decision."""
    ended: frozenset[str] = frozenset()
    """Ids of referrals that ended so that the receiver may see nothing more, by the referral service's last decision.

    The move that ended a referral may not name the case.
    """
    shut_out: Mapping[str, tuple[ConsentSightChanged, ...]] = field(default_factory=dict)
    """Last decisions of the referral service on agencies that may see nothing of a person, by person.

    They follow from statements on consent that do not name the case, or that name a consent of elsewhere.
    """
    withdrawals_decided: frozenset[str] = frozenset()
    """References of the events by which the referral service decided on agencies that may see nothing of a person."""

    def of(self, an_id: str, *names: str) -> tuple[Fact, ...]:
        """Return the facts about an id with one of these names (`arrest.made`), in the order of what happened."""
        if self.names.isdisjoint(names):
            return ()
        return tuple(each for each in self.about.get(an_id, ()) if each.name in names)

    def named(self, *names: str) -> tuple[Fact, ...]:
        """Return all facts with one of these names, such as `arrest.made`, in the order of what happened."""
        if self.names.isdisjoint(names):
            return ()
        return tuple(each for each in self.facts if each.name in names)

    def is_victim(self, person: str) -> tuple[Fact, ...]:
        """Return the agencies' last statements that make a person a victim; empty if none does.

        One agency's `not_a_victim` cancels others' `suspected` and `potential`, except those that are certainly later.
        Another agency's `confirmed` remains.
        """
        last: dict[str, Fact] = {}
        for each in self.of(person, "victim.identified", "victim.status_changed"):
            last[each.acting_agency] = each
        held = {each.ref for each in statements_that_hold(each.content for each in last.values())}
        return tuple(each for each in last.values() if each.content.ref in held)


def spine(case: str, entered: Sequence[Entered]) -> Spine:
    """Fold a case from its events. Their order and repetitions make no difference."""
    known = facts_of(entered)
    accepted = {each.event.ref: each.accepted_at for each in known}
    events = [each.event for each in known]
    resolved = effects(events)
    one_with = aliases(resolved)
    mine = one_with.get(case, case)
    ids = frozenset({case, mine, *(member for member, alias in one_with.items() if alias == mine)})
    stated = {each.ref: each for each in events}
    facts = [
        Fact(each.root, _known_at(each, accepted), each.content, span_of_stated_times(each, stated))
        for each in facts_in_force_among(mine, resolved)
    ]
    merges = [Fact(each.root, _known_at(each, accepted), each.content) for each in resolved if each.content.joins()]
    said = last_referral_decisions(entered)
    persons, kept = protected_persons(facts, ids, one_with, known)
    whole = Spine(
        case=case,
        ids=ids,
        one_with=one_with,
        merges=tuple(
            sorted((each for each in merges if isinstance(each.content, PersonMergedV1)), key=recording_order)
        ),
        roles=_roles(each.content for each in resolved if case == mine and not ids.isdisjoint(each.content.concerns())),
        restrictions=restrictions(stated_restrictions(mine, facts, known)),
        persons=persons,
        persons_kept=kept,
        refused=said.refused,
        holders=said.holders,
        taken=said.taken,
        ended=said.ended,
        shut_out=sight_decisions_by_person(entered, ids, one_with),
        withdrawals_decided=causes_of_sight_decisions(entered, ids),
    )
    return with_facts(whole, (each for each in facts if case in each.content.concerns()))


def spine_of(case: str, facts: Iterable[Fact], merges: Iterable[Fact] = ()) -> Spine:
    """Return a spine of facts in force, without restrictions and decisions of the referral service.

    The facts must be in the order of what happened.
    """
    bare = Spine(case=case, ids=frozenset({case}), merges=tuple(merges))
    return with_facts(bare, facts)


def with_facts(whole: Spine, facts: Iterable[Fact]) -> Spine:
    """Return the spine with these facts only, such as those that an agency sees. They must be in order already."""
    kept = tuple(facts)
    about: dict[str, list[Fact]] = {}
    for fact in kept:
        for an_id in ids_named(fact.content):
            about.setdefault(an_id, []).append(fact)
    return replace(
        whole,
        facts=kept,
        names=frozenset(fact.name for fact in kept),
        about={an_id: tuple(found) for an_id, found in about.items()},
        ties=ties_of(kept),
    )


def _known_at(effect: Effect, accepted: Mapping[str, datetime]) -> datetime:
    """Return the time since which a fact's present content is known.

    The fact's first event may be only in the log of other entities.
    """
    return max(accepted[ref] for ref in ([step.ref for step in effect.way] or [effect.root]))


def _roles(said: Iterable[Event]) -> Mapping[CaseRole, frozenset[str]]:
    found: dict[CaseRole, set[str]] = {each: set() for each in CaseRole}
    for event in said:
        match event:
            case VictimIdentifiedV1(data=data):
                found[CaseRole.VICTIM].add(data.person)
            case SuspectIdentifiedV1(data=data) | ArrestMadeV1(data=data) | ChargeFiledV1(data=data):
                found[CaseRole.SUSPECT].add(data.person)
            case VictimSuspectLinkedV1(data=data):
                found[CaseRole.VICTIM].add(data.victim)
                found[CaseRole.SUSPECT].add(data.suspect)
            case _:
                pass
    return {role: frozenset(persons) for role, persons in found.items()}
