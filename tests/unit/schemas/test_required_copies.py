"""Routing: only ever more, whatever the order, and enough at each entity to know all that matters to it."""

import random
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.correction_events import EventCorrectedV1, EventRetractedV1
from schemas.envelope import Event
from schemas.required_copies import Groups, required
from tests.unit.schemas.histories_of_changes import (
    CASES,
    MOST,
    PERSONS,
    arrest,
    correction,
    fact,
    histories,
    merge,
    retraction,
)

Copies: TypeAlias = Mapping[int, frozenset[str]]

A, B, D, E, F = PERSONS
CASE = CASES[0]


def numbered(events: Iterable[Event]) -> dict[int, Event]:
    return dict(enumerate(events, start=1))


@given(histories())
def test_one_more_event_takes_no_copy_away(events: list[Event]) -> None:
    before: Copies = {}
    for length in range(1, len(events) + 1):
        after = required(numbered(events[:length]))
        assert after.keys() == set(range(1, length + 1))
        assert all(before[n] <= after[n] for n in before)
        before = after


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_leaves_no_trace(events: list[Event], shuffler: random.Random) -> None:
    shuffled = shuffler.sample(events, len(events))
    here, there = required(numbered(events)), required(numbered(shuffled))
    assert {each.ref: here[n] for n, each in numbered(events).items()} == {
        each.ref: there[n] for n, each in numbered(shuffled).items()
    }


@given(histories())
def test_an_event_stands_under_all_that_it_concerns(events: list[Event]) -> None:
    copies = required(numbered(events))
    assert all(set(each.concerns()) <= copies[n] for n, each in numbered(events).items())


# ---------------------------------------------------------------- what an entity can know from its own copies


class _Withdrawn:
    """Remainder of an event that was retracted."""


Content: TypeAlias = Event | _Withdrawn | None
WITHDRAWN = _Withdrawn()


def in_effect(rows: list[Event]) -> dict[str, Event]:
    """Return the content of each root after all corrections and retractions among these rows."""
    known = {each.ref: each for each in rows}
    target = {each.ref: each.supersedes for each in rows if each.supersedes is not None}

    def on_a_cycle(ref: str) -> bool:
        step = target.get(ref)
        for _ in rows:
            if step == ref:
                return True
            step = target.get(step) if step is not None else None
        return False

    def act(ref: str) -> Content:
        """The content that stands for a reference; a retraction stands for itself."""
        acts = [(each, act(each.ref)) for each in rows if each.supersedes == ref and not on_a_cycle(each.ref)]
        winners = [(each.recordedtime, each.source, each.id, said) for each, said in acts if said is not WITHDRAWN]
        if winners:
            said = max(winners, key=lambda each: each[:3])[3]
            return WITHDRAWN if isinstance(said, EventRetractedV1) else said
        own = known.get(ref)
        return own.replacement() if isinstance(own, EventCorrectedV1) else own

    roots = ({each.ref for each in rows} | set(target.values())) - target.keys()
    found = {ref: act(ref) for ref in roots}
    return {ref: said for ref, said in found.items() if isinstance(said, Event)}


def aliases(effective: Iterable[Event]) -> dict[str, str]:
    """The smallest id of each group that the merges in effect make."""
    alias: dict[str, str] = {}
    for merged in [each.joins() for each in effective if each.joins()] * (len(PERSONS) + len(CASES)):
        smallest = min(alias.get(each, each) for each in merged)
        alias |= dict.fromkeys(merged, smallest)
    return alias


Known: TypeAlias = set[tuple[str, str, str]]


def known_about(entity: str, rows: list[Event]) -> Known:
    """Every fact in effect about an entity, in words in which one entity has one id; nothing for one merged away."""
    effective = in_effect(rows)
    alias = aliases(effective.values())
    if alias.get(entity, entity) != entity:
        return set()
    found = set()
    for root, said in effective.items():
        concerned = [alias.get(each, each) for each in said.concerns()]
        if entity in concerned and not said.joins():
            found.add((root, said.type, " ".join(concerned)))
    return found


def ignorant(events: Mapping[int, Event], copies: Copies) -> list[str]:
    """The entities that learn something else from their own copies than from all events."""
    return [
        entity
        for entity in (*PERSONS, *CASES)
        if known_about(entity, list(events.values()))
        != known_about(entity, [events[n] for n in events if entity in copies[n]])
    ]


@given(histories())
def test_an_entitys_own_copies_say_all_that_there_is_to_know_about_it(events: list[Event]) -> None:
    assert ignorant(numbered(events), required(numbered(events))) == []


@given(histories(), st.integers(1, MOST))
def test_copies_that_a_later_event_caused_tell_nothing_before_it(events: list[Event], last: int) -> None:
    so_far = numbered(events[:last])
    assert ignorant(so_far, required(numbered(events))) == []


HISTORIES: dict[str, tuple[list[Event], list[set[str]]]] = {
    "a fact alone": ([fact(*arrest(A, B, case=CASE), 0)], [{A, B, CASE}]),
    "a chain of merges, one end mentioned by another person": (
        [fact(*arrest(E, D), 0), fact(*merge(A, B), 1), fact(*merge(D, B), 2)],
        [{E, A, B, D}, {A, B, D, E}, {A, B, D, E}],
    ),
    "both directions at once, taken back": (
        [fact(*merge(A, B), 0), fact(*merge(B, A), 1), retraction(2, 0, A), fact(*arrest(A, E), 3)],
        [{A, B, E}, {A, B, E}, {A, B, E}, {A, B, E}],
    ),
    "merges of others leave it alone": (
        [fact(*arrest(A), 0), fact(*merge(B, D), 1)],
        [{A}, {B, D}],
    ),
    "a correction leads elsewhere": (
        [fact(*arrest(A), 0), correction(1, 0, A, arrest(B))],
        [{A}, {A, B}],
    ),
    "a correction before its target, under the wrong subject": (
        [correction(1, 0, D, arrest(B)), fact(*arrest(A), 0)],
        [{A, B, D}, {A}],
    ),
    "a correction of a correction, and a retraction of that": (
        [fact(*arrest(A), 0), correction(1, 0, A, arrest(B)), correction(2, 1, B, arrest(D)), retraction(3, 2, D)],
        [{A}, {A, B, D}, {A, B, D}, {A, B, D}],
    ),
    "two corrections of one that never came": (
        [correction(1, 0, A, arrest(B)), correction(2, 0, D, arrest(E))],
        [{A, B, D, E}, {A, B, D, E}],
    ),
    "a correction brings a merged person in": (
        [fact(*merge(B, D), 0), fact(*arrest(A), 1), correction(2, 1, A, arrest(B))],
        [{A, B, D}, {A}, {A, B, D}],
    ),
    "a fact corrected into a merge": (
        [fact(*arrest(A), 0), correction(1, 0, A, merge(B, D)), fact(*arrest(E, D), 2)],
        [{A}, {A, B, D, E}, {B, D, E}],
    ),
    "what retracts a merge goes where the merge goes": (
        [fact(*merge(A, B), 0), retraction(1, 0, F), fact(*arrest(E, B), 2)],
        [{A, B, E}, {A, B, E, F}, {A, B, E}],
    ),
    "a retraction's wrong subject carries no merge there": (
        [fact(*arrest(A), 0), retraction(1, 0, B), fact(*merge(B, D), 2)],
        [{A}, {A, B, D}, {B, D}],
    ),
}


@pytest.mark.parametrize(("events", "copies"), HISTORIES.values(), ids=HISTORIES)
def test_where_each_event_goes(events: list[Event], copies: list[set[str]]) -> None:
    assert required(numbered(events)) == numbered_sets(copies)
    assert ignorant(numbered(events), numbered_sets(copies)) == []


def numbered_sets(copies: list[set[str]]) -> dict[int, frozenset[str]]:
    return {n: frozenset(each) for n, each in enumerate(copies, start=1)}


MISTAKES: dict[str, tuple[str, int, str]] = {
    "an earlier fact not brought to a merged id": ("a chain of merges, one end mentioned by another person", 1, A),
    "a merge not told to who mentions one": ("a chain of merges, one end mentioned by another person", 3, E),
    "a merge not told at the end of a chain": ("a chain of merges, one end mentioned by another person", 3, A),
    "a correction not told where the target is": ("a correction before its target, under the wrong subject", 1, A),
    "a correction not told where it leads": ("a correction leads elsewhere", 2, B),
    "a retraction not told to the last correction": ("a correction of a correction, and a retraction of that", 4, D),
    "a merge by correction not told": ("a fact corrected into a merge", 2, E),
    "a retracted merge not told": ("what retracts a merge goes where the merge goes", 2, E),
}


@pytest.mark.parametrize(("name", "n", "entity"), MISTAKES.values(), ids=MISTAKES)
def test_one_copy_too_few_is_seen(name: str, n: int, entity: str) -> None:
    events, copies = HISTORIES[name]
    spoilt = dict(numbered_sets(copies))
    assert entity in spoilt[n]
    spoilt[n] -= {entity}
    assert ignorant(numbered(events), spoilt) != []


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20))
def test_a_group_is_all_that_was_joined_whatever_the_order(pairs: list[tuple[int, int]]) -> None:
    groups, again = Groups(), Groups()
    for one, other in pairs:
        groups.join(str(one), str(other))
    for one, other in reversed(pairs):
        again.join(str(other), str(one))
    for member in map(str, range(13)):
        reached, found = {member}, set[str]()
        while reached != found:
            found = set(reached)
            reached |= {str(each) for pair in pairs for each in pair if found & {str(pair[0]), str(pair[1])}}
        assert groups.members(member) == again.members(member) == reached
        assert groups.is_joined(member) == (len(reached) > 1)
        assert groups.spread([member, "elsewhere"]) == reached | {"elsewhere"}
        assert groups.of(member) in reached


def test_a_long_chain_of_merges_takes_no_long_way() -> None:
    groups = Groups()
    for number in range(5_000):
        groups.join(str(number + 1), str(number))
    steps, member = 0, "0"
    while member in groups._above:
        steps, member = steps + 1, groups._above[member]
    assert len(groups.members("0")) == 5_001
    assert steps <= 13
