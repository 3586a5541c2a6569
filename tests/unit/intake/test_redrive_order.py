"""The order in which refused events are tried again: per entity, whatever is asked for and whatever comes of it."""

from datetime import UTC, datetime

import orjson
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import Kind
from services.intake.domain.quarantine_entries import Entry, EntryState
from services.intake.domain.redrive_order import Queue, RedriveCandidate, RedriveHold, entities_named
from tests.unit.intake.samples import CANARY, binary, entity, event_id, screening, victim

NOW = int(datetime(2024, 6, 15, tzinfo=UTC).timestamp() * 1000)
A, B, C = (entity(Kind.PERSON, number) for number in (1, 2, 3))


def candidate(number: int, *entities: str, asked: bool = True, attempts: int = 1) -> RedriveCandidate:
    key = ("bpd/register", event_id(number))
    entry = Entry(number, number, "bpd", "not_json", "", key, None, False, attempts, NOW, NOW, EntryState.OPEN, number)
    return RedriveCandidate(entry, frozenset(entities), asked)


def numbers(ready: tuple[RedriveCandidate, ...]) -> list[int]:
    return [each.entry.number for each in ready]


def held(queue: Queue) -> list[tuple[int, RedriveHold, int | None]]:
    return [(each.entry.number, hold, behind) for each, hold, behind in queue.held()]


def test_later_ones_wait_for_the_verdict_and_go_when_it_is_good() -> None:
    queue = Queue([candidate(3, A, C), candidate(1, A), candidate(2, B)])
    assert numbers(queue.ready()) == [1, 2]
    assert numbers(queue.ready()) == []
    queue.accepted(1)
    assert numbers(queue.ready()) == [3]
    queue.accepted(3)
    assert (numbers(queue.ready()), held(queue)) == ([], [])


def test_what_stays_refused_holds_back_what_comes_after_it_and_nothing_else() -> None:
    queue = Queue([candidate(1, A), candidate(2, A, B), candidate(3, B), candidate(4, C), candidate(5)])
    assert numbers(queue.ready()) == [1, 4, 5]
    queue.accepted(4)
    assert numbers(queue.ready()) == []
    assert held(queue) == [(2, RedriveHold.BEHIND, 1), (3, RedriveHold.BEHIND, 2)]


def test_an_earlier_one_that_is_not_asked_for_or_was_tried_too_often_holds_back_too() -> None:
    queue = Queue([candidate(1, A, asked=False), candidate(2, A), candidate(3, B, attempts=2), candidate(4, B)], cap=2)
    assert numbers(queue.ready()) == []
    assert held(queue) == [(2, RedriveHold.BEHIND, 1), (3, RedriveHold.ATTEMPTS, None), (4, RedriveHold.BEHIND, 3)]


def test_one_that_two_others_hold_back_names_the_earlier_of_them() -> None:
    queue = Queue([candidate(1, A), candidate(2, B), candidate(3, A, B)])
    assert numbers(queue.ready()) == [1, 2]
    assert held(queue) == [(3, RedriveHold.BEHIND, 1)]


@given(
    st.lists(st.tuples(st.frozensets(st.sampled_from((A, B, C))), st.booleans(), st.booleans()), max_size=12),
    st.randoms(use_true_random=False),
)
def test_nothing_is_sent_before_an_earlier_one_about_the_same_entity_is_accepted(
    drawn: list[tuple[frozenset[str], bool, bool]], dice: object
) -> None:
    candidates = [candidate(n, *entities, asked=asked) for n, (entities, asked, _) in enumerate(drawn, 1)]
    good = {n: accepted for n, (_, _, accepted) in enumerate(drawn, 1)}
    queue, accepted, sent = Queue(candidates), set[int](), set[int]()
    while ready := queue.ready():
        for each in ready:
            earlier = [other for other in candidates if other.entry.number < each.entry.number]
            assert all(o.entry.number in accepted for o in earlier if o.entities & each.entities)
        sent.update(numbers(ready))
        settled = [number for number in numbers(ready) if good[number]]
        dice.shuffle(settled)  # type: ignore[attr-defined]
        for number in settled:
            queue.accepted(number)
            accepted.add(number)
    asked = {each.entry.number for each in candidates if each.asked}
    assert sent | {number for number, _, _ in held(queue)} == asked
    assert sent.isdisjoint(number for number, _, _ in held(queue))


def test_entities_are_found_whatever_else_is_wrong() -> None:
    persons = frozenset({screening(2)["subject"], *screening(2)["data"]["persons"]})
    assert entities_named(orjson.dumps(screening(2, sourcerecord=[CANARY, 1, None])), ()) == persons
    headers, value = binary(victim(3))
    assert entities_named(value, headers) == {entity(Kind.PERSON, 3), entity(Kind.CASE, 1)}
    assert entities_named(b"{", headers) == {entity(Kind.PERSON, 3)}
    assert entities_named(b"{", (("subject", A.encode()),)) == {A}  # a name that is misspelt
    assert entities_named(None, (("ce_subject", b"\xff"), ("ce_subject", None))) == frozenset()
    assert entities_named(orjson.dumps({CANARY: "per-nobody"}), ()) == frozenset()
