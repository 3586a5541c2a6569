"""Each accepted event adds exactly the copies that routing then demands, whatever came before and in any order."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.required_copies import required
from services.intake.domain import entity_copy_routing
from services.intake.domain.acceptance_line import AcceptedEvent
from services.intake.domain.disjoint_sets import DisjointGroups
from services.intake.domain.entity_copy_routing import Index, Routed, add_accepted_events
from tests.unit.intake.histories_of_changes import corrected, histories, merge, retracted
from tests.unit.intake.samples import accepted, entity, screening, victim

P, Q, R, S = (entity(Kind.PERSON, number) for number in (1, 2, 3, 4))
CASE = entity(Kind.CASE, 1)


def entered(n: int, event: dict[str, Any]) -> tuple[Routed, Event]:
    item = accepted(event)
    return Routed.entered(AcceptedEvent(n, 0, item)), decode(item.payload)


def wrong(arriving: list[dict[str, Any]]) -> list[int]:
    """Give the numbers whose acceptance added other copies than routing then demands more."""
    index, events = Index(), dict[int, Event]()
    before: dict[int, frozenset[str]] = {}
    found = []
    for n, raw in enumerate(arriving, 1):
        event, events[n] = entered(n, raw)
        now = required(events)
        grown = {
            (m, each) for m, entities in now.items() for each in entities - before.get(m, frozenset(event.entities))
        }
        added = add_accepted_events(index, [event])
        if sorted(added) != sorted((n, m, each) for m, each in grown):
            found.append(n)
        before = now
    return found


@settings(max_examples=300)
@given(histories())
def test_what_is_added_is_what_is_demanded_more(arriving: list[dict[str, Any]]) -> None:
    assert wrong(arriving) == []


def after(*arriving: dict[str, Any]) -> list[tuple[int, str]]:
    """Give what the last event adds."""
    index = Index()
    numbered = [entered(n, raw)[0] for n, raw in enumerate(arriving, 1)]
    return [(n, each) for by, n, each in add_accepted_events(index, numbered) if by == len(arriving)]


def test_a_fact_about_strangers_adds_nothing() -> None:
    assert after(merge(1, P, Q), retracted(2, victim(9)), screening(3, data={"persons": [R]})) == []


def test_a_merge_brings_the_earlier_facts_of_both_and_goes_where_they_go() -> None:
    first, second = victim(1, data={"case": CASE}), screening(2, data={"persons": [Q]})
    added = after(first, second, merge(3, P, Q))
    assert added == sorted([(1, Q), (2, P), (3, CASE), (3, entity(Kind.ACTIVITY, 2))])


def test_a_fact_about_a_merged_person_goes_to_the_others_and_takes_the_merges_along() -> None:
    added = after(merge(1, P, Q), merge(2, R, Q), victim(3, subject=R, data={"person": R, "case": CASE}))
    # The second merge had brought the first to R.
    assert added == sorted([(1, CASE), (2, CASE), (3, P), (3, Q)])


def test_a_correction_goes_where_the_fact_leads_even_when_that_comes_later() -> None:
    fact = victim(1, data={"case": CASE})
    early = corrected(2, fact, victim(9, subject=R, data={"person": R, "case": None}))
    assert after(fact, early) == [(2, CASE)]
    assert after(early, fact) == [(1, CASE)]


def test_a_taken_back_merge_stays_and_its_retraction_goes_where_it_goes() -> None:
    joined = merge(1, P, Q)
    fact = victim(3, subject=P, data={"person": P, "case": CASE})
    assert after(joined, retracted(2, joined), fact) == [(1, CASE), (2, CASE), (3, Q)]


def test_nothing_is_added_twice() -> None:
    fact = victim(1, data={"case": CASE})
    assert after(fact, merge(2, P, Q), merge(3, Q, P)) == [(3, CASE)]


# ---------------------------------------------------------------- planted bugs


def no_changes(self: Index, key: object) -> list[int]:
    del self, key
    return []


def own_concerns(self: Index, n: int) -> set[str]:
    return {member for each in self._events[n].entities for member in self.merged.of(each)}


def nothing_more(self: Index, *_: object) -> None:
    del self


def only_itself(self: Index, event: Routed) -> set[int]:
    return {event.n, *self._changes(event.key)}


def only_the_last(self: Index, group: frozenset[str]) -> set[int]:
    return set(sorted(n for each in group for n in self._merges.get(each, ()))[-1:])


@pytest.mark.parametrize(
    ("name", "bug"),
    [
        ("_changes", no_changes),
        ("_base", own_concerns),
        ("_follow_merges", nothing_more),
        ("_moved", only_itself),
        ("_merges_of", only_the_last),
    ],
)
def test_each_bug_is_seen(name: str, bug: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    joined, fact = merge(1, P, Q), victim(2, data={"case": CASE})
    arriving = [
        fact,
        corrected(3, fact, screening(9, data={"persons": [R]})),
        joined,
        merge(4, R, Q),
        corrected(5, joined, merge(9, R, S)),
        retracted(6, joined),
        victim(7, subject=S, data={"person": S, "case": entity(Kind.CASE, 2)}),
    ]
    assert wrong(arriving) == []
    monkeypatch.setattr(entity_copy_routing.Index, name, bug)
    assert wrong(arriving) != []


# ---------------------------------------------------------------- groups


def test_groups_grow_together() -> None:
    groups: DisjointGroups[int] = DisjointGroups()
    assert groups.of(1) == {1}
    assert 1 not in groups
    groups.join((1, 2))
    groups.join((3, 4, 5))
    groups.join((2, 5))
    assert groups.of(1) == groups.of(4) == {1, 2, 3, 4, 5}
    groups.join((6, 6))
    assert groups.of(6) == {6}
    assert 6 in groups
