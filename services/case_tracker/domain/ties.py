"""Ties of a case: the facts by which a victim and a suspect are tied, until one unlinks them."""

from collections.abc import Iterable, Iterator, Mapping

from schemas.envelope import Event
from schemas.justice.bail import BailBreachedV1, BailGrantedV1, BailRevokedV1, BailVariedV1
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1
from schemas.justice.links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.justice.police import ArrestMadeV1, ArrestReleasedV1
from schemas.times import surely_before
from services.case_tracker.domain.fact import Fact, recorded


def ties_of(facts: Iterable[Fact]) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
    """Give the facts by which each pair of victim and suspect is tied, first what was recorded first."""
    ties: dict[tuple[str, str], list[Fact]] = {}
    ended: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        for pair in _tied(fact.content):
            ties.setdefault(pair, []).append(fact)
        if isinstance(fact.content, VictimSuspectUnlinkedV1):
            ended.setdefault((fact.content.data.victim, fact.content.data.suspect), []).append(fact)
    for pair, ends in ended.items():
        ties[pair] = [each for each in ties.get(pair, ()) if all(surely_before(end.at, each.at) for end in ends)]
    return {pair: tuple(sorted(by, key=recorded)) for pair, by in ties.items() if by}


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
