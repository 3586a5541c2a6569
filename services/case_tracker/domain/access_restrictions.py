"""Restrictions of access to a case: agencies that it keeps out, and the persons whom it protects from them.

An agency that is kept out lifts nothing by its own retractions, corrections and merges.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from schemas.agencies import agency_of
from schemas.case_events import CaseAccessRestricted, CaseAccessRestrictedV1
from schemas.correction_events import EventCorrectedV1, EventRetractedV1
from schemas.envelope import Event
from schemas.facts_in_force import Aliases, aliases, effects
from schemas.ids import Kind, is_id
from schemas.required_copies import Groups
from schemas.service_decisions import Entered
from services.case_tracker.domain.fact import Fact


def stated_restrictions(
    case: str, facts: Iterable[Fact], known: Sequence[Entered]
) -> Iterator[tuple[str, str, datetime]]:
    """Yield (agency that restricts, agency kept out, time of the first such statement).

    A repetition does not extend the restriction. A restriction that was stated of a merged case holds for both cases,
    also after the merge was retracted. So does one of a case that the agency itself merged with this one.
    """
    first: dict[tuple[str, str], datetime] = {}
    for each in known:
        kept = _keeps_from(each.event)
        if kept is not None:
            first.setdefault((agency_of(each.event.agency), kept), each.accepted_at)
    for fact in facts:
        kept = _keeps_from(fact.content)
        data = fact.content.data
        if kept is None or not isinstance(data, CaseAccessRestricted):
            continue
        if data.case == case or case in _ids_as_of(fact.ref, data.case, kept, known):
            author = agency_of(fact.content.agency)
            yield author, kept, first.get((author, kept), fact.known_at)


def protected_persons(
    facts: Iterable[Fact], ids: frozenset[str], one_with: Aliases, known: Sequence[Entered]
) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """Return the persons whom a case (with these ids) names, and by agency kept out those whom that agency named.

    Persons are given by all ids that are merged with theirs: each of them is still protected when the merge ends.
    """
    named = _persons_in((fact.content for fact in facts), ids)
    kept = {}
    for agency, n in _first_restrictions(known).items():
        own = tuple(_statements_of(agency, n, known))
        kept[agency] = _groups(one_with, own).spread({*named, *_persons_in(own, ids)})
    return _groups(one_with).spread(named), kept


def _persons_in(events: Iterable[Event], ids: frozenset[str]) -> frozenset[str]:
    """Return the persons whom the events that name one of these ids of a case name."""
    named = (event.concerns() for event in events)
    return frozenset(each for of in named if not ids.isdisjoint(of) for each in of if is_id(each, Kind.PERSON))


def _first_restrictions(known: Sequence[Entered]) -> Mapping[str, int]:
    """Return the number of the first restriction of each agency in the log."""
    first: dict[str, int] = {}
    for each in known:
        kept = _keeps_from(each.event)
        if kept is not None:
            first[kept] = min(each.n, first.get(kept, each.n))
    return first


def _statements_of(agency: str, n: int, known: Sequence[Entered]) -> Iterator[Event]:
    """Yield the facts of an agency that were in force at `n`, and all that it stated since, also what it took back."""
    then = [each.content for each in effects(each.event for each in known if each.n <= n)]
    since = [each.event for each in known if each.n > n and not isinstance(each.event, EventRetractedV1)]
    for event in (*then, *since):
        if agency_of(event.agency) == agency:
            yield event.replacement() if isinstance(event, EventCorrectedV1) else event


def _ids_as_of(ref: str, case: str, kept: str, known: Sequence[Entered]) -> frozenset[str]:
    """Return the ids that a case had by the events up to the one with the reference `ref`, inclusive.

    They include those of cases that the agency that is kept out (`kept`) merged with it since.
    """
    n = next((each.n for each in known if each.event.ref == ref), 0)
    one_with = aliases(effects(each.event for each in known if each.n <= n))
    return _groups(one_with, _statements_of(kept, n, known)).members(case)


def _groups(one_with: Aliases, statements: Iterable[Event] = ()) -> Groups:
    """Return the groups of ids that these merges in force, and the merges among `statements`, join."""
    groups = Groups()
    for joined in (*one_with.items(), *(event.joins() for event in statements)):
        if joined:
            groups.join(*joined)
    return groups


def _keeps_from(event: Event) -> str | None:
    """Return the agency that an event keeps out of a case (for a unit its agency); None for another type of event."""
    return agency_of(event.data.kept_from) if isinstance(event, CaseAccessRestrictedV1) else None
