"""The spine of a case: who and what stands in it, by the ids that the facts name, in the order of what happened.

Victim, suspect, arrest, charge, court stage and service hang together by ids alone; corrections, retractions and merges
are settled before. A fact that was corrected away from the case is none of its facts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Final

from schemas.agencies import house
from schemas.case import CaseAccessRestricted, CaseAccessRestrictedV1
from schemas.codebook.identification import VictimStatus, held_as_victim
from schemas.decision_ids import Entered, facts_of
from schemas.envelope import Event
from schemas.facts_in_force import Aliases, Effect, aliases, effects, holding
from schemas.fields import Wire
from schemas.identification import SuspectIdentifiedV1, VictimIdentifiedV1, VictimStatusChangedV1
from schemas.justice.charges import ChargeFiledV1
from schemas.justice.links import VictimSuspectLinkedV1
from schemas.justice.police import ArrestMadeV1
from schemas.merging import PersonMergedV1
from schemas.referral.decisions import ConsentSightChanged
from schemas.sight.state import Restriction, restrictions
from services.case_tracker.domain.fact import Fact, recorded
from services.case_tracker.domain.referral_decisions import answered, shut_out
from services.case_tracker.domain.ties import ties_of

_NAMING: Final = (
    *("person", "arrest", "charge", "hearing", "bail", "placement", "restitution", "sentence", "appeal"),
    *("service", "referral", "need", "finding", "charges"),
)
"""Fields by which a fact says what it is about."""


class CaseRole(StrEnum):
    """A person's role in a case."""

    VICTIM = "victim"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True)
class Spine:
    """A case; empty where it lives on under another id."""

    case: str
    ids: frozenset[str]
    """Every id of the case."""
    one_with: Aliases = field(default_factory=dict)
    """By which id goes who or what was found to be one with another; of such persons other cases may know more."""
    merges: tuple[Fact, ...] = ()
    """By what persons are one with another; first what was recorded first."""
    roles: Mapping[CaseRole, frozenset[str]] = field(default_factory=lambda: {each: frozenset() for each in CaseRole})
    """By which ids persons were said to be what, before any was found to be one with another."""
    restrictions: tuple[Restriction, ...] = ()
    """The agencies that may see nothing of the case, and until when, whichever of its ids that was said of."""
    facts: tuple[Fact, ...] = ()
    names: frozenset[str] = frozenset()
    """Of all facts: what a case knows nothing of is not looked for among them."""
    about: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    """By the id of a person, a charge, an arrest and so on: the facts that name it."""
    ties: Mapping[tuple[str, str], tuple[Fact, ...]] = field(default_factory=dict)
    """Victim and suspect, and by what they are tied: links, and arrests, charges, releases and bail that name both.

    First what was recorded first, so that whoever says it again changes nothing of that one. Who were unlinked are tied
    by what surely came after that alone.
    """
    refused: frozenset[str] = frozenset()
    """Moves without effect by the referral service's decision, by the reference of their present statement."""
    holders: Mapping[str, str] = field(default_factory=dict)
    """By referral, who holds it as the referral service last said."""
    taken: frozenset[str] = frozenset()
    """Referrals that somebody has accepted, as it last said."""
    ended: frozenset[str] = frozenset()
    """Referrals that ended so that sight ends, as it last said: by a move, perhaps, that did not name the case."""
    shut_out: Mapping[str, tuple[ConsentSightChanged, ...]] = field(default_factory=dict)
    """By person, who may see nothing of them by words on consent that did not come here, as it last said of each id."""

    def of(self, an_id: str, *names: str) -> tuple[Fact, ...]:
        """The facts of some types about an id."""
        if self.names.isdisjoint(names):
            return ()
        return tuple(each for each in self.about.get(an_id, ()) if each.name in names)

    def named(self, *names: str) -> tuple[Fact, ...]:
        """All facts of some types."""
        if self.names.isdisjoint(names):
            return ()
        return tuple(each for each in self.facts if each.name in names)

    def is_victim(self, person: str) -> tuple[Fact, ...]:
        """Give the last statements of agencies by which a person is a victim.

        One agency's `not_a_victim` takes away what others only suspect; another agency's `confirmed` remains beside it.
        """
        last: dict[str, Fact] = {}
        for each in self.of(person, "victim.identified", "victim.status_changed"):
            last[each.house] = each
        said = {each.ref: _status(each.content) for each in last.values()}
        held = held_as_victim(said.values())
        return tuple(each for each in last.values() if said[each.ref] in held)


def spine(case: str, entered: Sequence[Entered]) -> Spine:
    """Fold a case from its events. Order and repetition of the events make no difference."""
    known = facts_of(entered)
    accepted = {each.event.ref: each.accepted_at for each in known}
    events = [each.event for each in known]
    resolved = effects(events)
    one_with = aliases(resolved)
    mine = one_with.get(case, case)
    ids = frozenset({case, mine, *(member for member, alias in one_with.items() if alias == mine)})
    facts = [Fact(each.root, _known_at(each, accepted), each.content) for each in holding(mine, resolved)]
    merges = [Fact(each.root, _known_at(each, accepted), each.content) for each in resolved if each.content.joins()]
    said = answered(entered)
    whole = Spine(
        case=case,
        ids=ids,
        one_with=one_with,
        merges=tuple(sorted((each for each in merges if isinstance(each.content, PersonMergedV1)), key=recorded)),
        roles=_roles(each.content for each in resolved if case == mine and not ids.isdisjoint(each.content.concerns())),
        restrictions=restrictions(_restricted(mine, facts, known)),
        refused=said.refused,
        holders=said.holders,
        taken=said.taken,
        ended=said.ended,
        shut_out=shut_out(entered, ids, one_with),
    )
    return with_facts(whole, (each for each in facts if case in each.content.concerns()))


def _restricted(case: str, facts: Iterable[Fact], known: Sequence[Entered]) -> Iterator[tuple[str, str, datetime]]:
    """Give who keeps whom from the case, and when that agency first said so: said again, it lasts no longer."""
    first: dict[tuple[str, str], datetime] = {}
    for each in known:
        kept = _keeps_from(each.event)
        if kept is not None:
            first.setdefault((house(each.event.agency), kept), each.accepted_at)
    for fact in facts:
        kept = _keeps_from(fact.content)
        if kept is not None and isinstance(fact.content.data, CaseAccessRestricted) and fact.content.data.case == case:
            author = house(fact.content.agency)
            yield author, kept, first.get((author, kept), fact.known_at)


def _keeps_from(event: Event) -> str | None:
    """Give the agency that an event keeps from a case, of a unit its agency: a unit never looks by itself."""
    return house(event.data.kept_from) if isinstance(event, CaseAccessRestrictedV1) else None


def spine_of(case: str, facts: Iterable[Fact], merges: Iterable[Fact] = ()) -> Spine:
    """Make a spine of facts in force that are known already, and of nothing that was said beside them."""
    bare = Spine(case=case, ids=frozenset({case}), merges=tuple(merges))
    return with_facts(bare, facts)


def with_facts(whole: Spine, facts: Iterable[Fact]) -> Spine:
    """Give the spine with these facts alone, in the order of what happened: what somebody may see, what was so far."""
    kept = tuple(facts)
    about: dict[str, list[Fact]] = {}
    for fact in kept:
        for an_id in _named(fact.content):
            about.setdefault(an_id, []).append(fact)
    return replace(
        whole,
        facts=kept,
        names=frozenset(fact.name for fact in kept),
        about={an_id: tuple(found) for an_id, found in about.items()},
        ties=ties_of(kept),
    )


def _known_at(effect: Effect, accepted: Mapping[str, datetime]) -> datetime:
    """Give the time since which a fact's present content is known.

    The fact's first event may lie under other entities alone.
    """
    return max(accepted[ref] for ref in ([step.ref for step in effect.way] or [effect.root]))


def _named(event: Event) -> Iterator[str]:
    data = event.data
    found: list[str] = []
    for name in _naming(type(data)):
        said = getattr(data, name)
        found += said if isinstance(said, tuple) else [said] if said is not None else []
    yield from dict.fromkeys(found)


@cache
def _naming(model: type[Wire]) -> tuple[str, ...]:
    """Which of the fields a type has; asked once, for a model is slow to say what it has not."""
    return tuple(name for name in _NAMING if name in model.model_fields)


def _status(event: Event) -> VictimStatus | None:
    return event.data.status if isinstance(event, VictimIdentifiedV1 | VictimStatusChangedV1) else None


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
