"""The spine of a case: who and what stands in it, by the ids that the facts name, in the order of what happened.

Victim, suspect, arrest, charge, court stage and service hang together by ids alone; corrections, retractions and merges
are settled before. A fact that was corrected away from the case is none of its facts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Final

from schemas.agencies import house
from schemas.case import CaseAccessRestricted, CaseAccessRestrictedV1
from schemas.codebook.identification import VictimStatus, held_as_victim
from schemas.deciding import Entered, facts_of
from schemas.effects import Aliases, Effect, aliases, effects, holding
from schemas.envelope import Event
from schemas.fields import Wire
from schemas.identification import SuspectIdentifiedV1, VictimIdentifiedV1, VictimStatusChangedV1
from schemas.justice.bail import BailBreachedV1, BailGrantedV1, BailRevokedV1, BailVariedV1
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1
from schemas.justice.links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.justice.police import ArrestMadeV1, ArrestReleasedV1
from schemas.merging import PersonMergedV1
from schemas.referral.decisions import ConsentSightChanged
from schemas.sight.state import Restriction, restrictions
from schemas.times import Interval, surely_before
from services.case_tracker.domain.decided import answered, shut_out

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
class Fact:
    """A fact in force. `ref` names its first event; `content` is its present statement."""

    ref: str
    known_at: datetime
    """When intake accepted it, or the correction that stands in its place."""
    content: Event

    @property
    def name(self) -> str:
        """Its type without what all types have in common: arrest.made."""
        return _short(self.content.type)

    @property
    def at(self) -> Interval | None:
        """When it happened, as exactly as is known."""
        return self.content.occurred

    @property
    def actor(self) -> str:
        """Give the agency or unit whose statement it is."""
        return self.content.onbehalfof or self.content.agency

    @property
    def house(self) -> str:
        """The agency whose word it is: a unit's word is its agency's."""
        return house(self.actor)


@dataclass(frozen=True, slots=True)
class Spine:
    """A case; empty where it lives on under another id."""

    case: str
    ids: frozenset[str]
    """Every id of the case."""
    one_with: Aliases
    """By which id goes who or what was found to be one with another; of such persons other cases may know more."""
    merges: tuple[Fact, ...]
    """By what persons are one with another; first what was recorded first."""
    roles: Mapping[CaseRole, frozenset[str]]
    """By which ids persons were said to be what, before any was found to be one with another."""
    restrictions: tuple[Restriction, ...]
    """The agencies that may see nothing of the case, and until when, whichever of its ids that was said of."""
    facts: tuple[Fact, ...]
    names: frozenset[str]
    """Of all facts: what a case knows nothing of is not looked for among them."""
    about: Mapping[str, tuple[Fact, ...]]
    """By the id of a person, a charge, an arrest and so on: the facts that name it."""
    ties: Mapping[tuple[str, str], tuple[Fact, ...]]
    """Victim and suspect, and by what they are tied: links, and arrests, charges, releases and bail that name both.

    First what was recorded first, so that whoever says it again changes nothing of that one. Who were unlinked are tied
    by what surely came after that alone.
    """
    refused: frozenset[str]
    """Moves without effect by the referral service's decision, by the reference of their present statement."""
    holders: Mapping[str, str]
    """By referral, who holds it as the referral service last said."""
    taken: frozenset[str]
    """Referrals that somebody has accepted, as it last said."""
    ended: frozenset[str]
    """Referrals that ended so that sight ends, as it last said: by a move, perhaps, that did not name the case."""
    shut_out: Mapping[str, tuple[ConsentSightChanged, ...]]
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
        """Give by what somebody is a victim: the last word of each agency that says so.

        One agency's `not_a_victim` takes away what others only suspect; another agency's `confirmed` stands beside it.
        """
        last: dict[str, Fact] = {}
        for each in self.of(person, "victim.identified", "victim.status_changed"):
            last[each.house] = each
        said = {each.ref: _status(each.content) for each in last.values()}
        held = held_as_victim(said.values())
        return tuple(each for each in last.values() if said[each.ref] in held)


def spine(case: str, entered: Sequence[Entered]) -> Spine:
    """Fold a case from its events, in whatever order and however often they are given."""
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
        merges=tuple(sorted((each for each in merges if isinstance(each.content, PersonMergedV1)), key=_recorded)),
        roles=_roles(each.content for each in resolved if case == mine and not ids.isdisjoint(each.content.concerns())),
        restrictions=restrictions(_restricted(mine, facts, known)),
        facts=(),
        names=frozenset(),
        about={},
        ties={},
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
    bare = Spine(
        case=case,
        ids=frozenset({case}),
        one_with={},
        merges=tuple(merges),
        roles={each: frozenset() for each in CaseRole},
        restrictions=(),
        facts=(),
        names=frozenset(),
        about={},
        ties={},
        refused=frozenset(),
        holders={},
        taken=frozenset(),
        ended=frozenset(),
        shut_out={},
    )
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
        ties=_ties(kept),
    )


def _known_at(effect: Effect, accepted: Mapping[str, datetime]) -> datetime:
    """Of what stands now; the event that it began with may lie under other entities alone."""
    return max(accepted[ref] for ref in ([step.ref for step in effect.way] or [effect.root]))


def _named(event: Event) -> Iterator[str]:
    data = event.data
    found: list[str] = []
    for name in _naming(type(data)):
        said = getattr(data, name)
        found += said if isinstance(said, tuple) else [said] if said is not None else []
    yield from dict.fromkeys(found)


@cache
def _short(type_name: str) -> str:
    return type_name.removeprefix("bz.atips.").removesuffix(".v1")


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


def _ties(facts: Iterable[Fact]) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
    ties: dict[tuple[str, str], list[Fact]] = {}
    ended: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        for pair in _tied(fact.content):
            ties.setdefault(pair, []).append(fact)
        if isinstance(fact.content, VictimSuspectUnlinkedV1):
            ended.setdefault((fact.content.data.victim, fact.content.data.suspect), []).append(fact)
    for pair, ends in ended.items():
        ties[pair] = [each for each in ties.get(pair, ()) if all(surely_before(end.at, each.at) for end in ends)]
    return {pair: tuple(sorted(by, key=_recorded)) for pair, by in ties.items() if by}


def _tied(event: Event) -> Iterator[tuple[str, str]]:
    """The victims, each with the suspect, whom an event names together."""
    match event:
        case VictimSuspectLinkedV1(data=data):
            yield data.victim, data.suspect
        case ArrestMadeV1(data=data):
            yield from ((victim, data.person) for victim in data.linked_victims)
        case ChargeFiledV1(data=data) | ChargeAmendedV1(data=data) | ArrestReleasedV1(data=data):
            yield from ((victim, data.person) for victim in data.victims)
        case BailGrantedV1() | BailVariedV1() | BailBreachedV1() | BailRevokedV1():
            yield from ((victim, event.data.person) for victim in event.data.victims)
        case _:
            pass


def _recorded(fact: Fact) -> tuple[datetime, str]:
    return fact.content.recordedtime, fact.ref
