"""Corrections, retractions and merges: as the rules say it word by word, in any order of arrival, at any number."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import schemas
from schemas import facts_in_force as changes
from schemas.catalogue import order_key
from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import CellKey, add_changes
from services.reporting.domain.declaration.entity_state_part import speaker
from services.reporting.domain.declaration.figure import MEMBER
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger import entity
from services.reporting.domain.ledger.entity import Entity, Parking, empty_entity, entity_known_at, with_rows
from services.reporting.domain.ledger.entity_fold import EMPTY
from services.reporting.domain.ledger.event_row import ParkingCause
from services.reporting.domain.ledger.facts_ever_in_force import Effect, effects, facts_in_force_of
from services.reporting.domain.read.amounts_from_cells import read
from tests.unit.reporting.amended_histories import (
    amended_histories,
    corrected,
    decoded,
    merged,
    ref,
    retracted,
    ruled,
    written,
)
from tests.unit.reporting.samples import activity, an_id, case, event_id, person, raw

if TYPE_CHECKING:
    from services.reporting.domain.declaration.entity_state_part import EntityState

SEARCH: Final = settings(max_examples=600, derandomize=True, report_multiple_bugs=False, phases=[Phase.generate])
QUIET: Final = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
YEAR: Final = Period.parse("2024")
FACTS: Final = [
    path
    for path in sorted((Path(schemas.__file__).parent / "examples").glob("*.json"))
    if not path.name.startswith("bz.atips.event.") and ".merged." not in path.name
]
# Two arrested persons who are one: among facts of every kind that is too rare to be found for certain.
ARRESTS: Final = ("arrest.made",)


def an_arrest(number: int, who: int, when: str = "2024-05-10", *, arrest: int | None = None) -> bytes:
    return raw("arrest.made", number, arrested(number if arrest is None else arrest, who), when)


def arrested(arrest: int, who: int) -> Mapping[str, str]:
    return {"person": person(who), "arrest": an_id(Kind.ARREST, arrest)}


# ---- the rules, word by word


def contents(events: Sequence[Event]) -> dict[str, Event]:
    """Return the content of each root: slow, recursive, as the rule is written."""
    stated = {event.ref: event for event in events}

    def on_a_cycle(event: Event) -> bool:
        at: str | None = event.supersedes
        for _ in stated:
            if at == event.ref:
                return True
            at = stated[at].supersedes if at in stated else None
        return False

    def act(one: str) -> Event | str:
        own: Event | str = "withdrawn"
        if one in stated:
            own = stated[one]
            own = own.replacement() if hasattr(own, "replacement") else own
            own = "retract" if isinstance(own, Event) and own.type == "bz.atips.event.retracted.v1" else own
        candidates = [
            each
            for each in stated.values()
            if each.supersedes == one and not on_a_cycle(each) and act(each.ref) != "withdrawn"
        ]
        if not candidates:
            return own
        winner = max(candidates, key=lambda each: (each.recordedtime, each.source, each.id))
        found = act(winner.ref)
        return "withdrawn" if found == "retract" else found

    roots = {event.ref for event in events if event.supersedes is None}
    roots |= {event.supersedes for event in events if event.supersedes is not None} - stated.keys()
    found = {root: act(root) for root in roots}
    return {root: each for root, each in found.items() if isinstance(each, Event)}


def called(events: Sequence[Event]) -> dict[str, set[str]]:
    """Each event, and whatever was ever said to stand in its place, step by step until nothing is added."""
    found = {event.ref: {event.ref} for event in events}
    found |= {event.supersedes: {event.supersedes} for event in events if event.supersedes is not None}
    before = None
    while before != (before := sum(map(len, found.values()))):
        for event in events:
            if event.supersedes is not None:
                found[event.supersedes] |= found[event.ref]
    return found


def check_rules(history: Sequence[bytes]) -> None:
    events = [decode(payload) for payload in history]
    found = effects(events)
    assert {each.root: each.content for each in found} == contents(events)
    names = called(events)
    assert all(each.names == names[each.root] for each in found)


@settings(max_examples=300)
@given(amended_histories())
def test_every_event_comes_to_what_the_rule_says(history: list[bytes]) -> None:
    check_rules(history)


def test_the_law_catches_a_resolution_that_ignores_withdrawals(monkeypatch: pytest.MonkeyPatch) -> None:
    real = changes._settled

    def careless(ref: str, stated: Event | None, by: Sequence[Event], settled: Mapping[str, Effect]) -> Effect | None:
        return real(ref, stated, by, settled) or (None if stated is None else Effect(ref, stated))

    monkeypatch.setattr(changes, "_settled", careless)
    with pytest.raises(AssertionError):
        SEARCH(given(amended_histories())(check_rules))()


def test_the_law_catches_names_that_only_what_holds_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    real = effects

    def in_force(events: Sequence[Event]) -> list[Effect]:
        return [dataclasses.replace(each, names=frozenset({each.root, each.content.ref})) for each in real(events)]

    monkeypatch.setattr("tests.unit.reporting.test_changes.effects", in_force)
    with pytest.raises(AssertionError):
        SEARCH(given(amended_histories())(check_rules))()


def test_the_law_catches_a_resolution_that_ignores_cycles(monkeypatch: pytest.MonkeyPatch) -> None:
    real = effects

    def resolved(events: Sequence[Event]) -> list[Effect]:
        stated = {event.ref: event for event in events}
        settled = changes._outermost_first(stated, by_target(events))
        return [*real(events), *(Effect(one, stated[one]) for one in stated.keys() - set(settled))]

    monkeypatch.setattr("tests.unit.reporting.test_changes.effects", resolved)
    with pytest.raises(AssertionError):
        SEARCH(given(amended_histories())(check_rules))()


def by_target(events: Sequence[Event]) -> dict[str, list[Event]]:
    named: dict[str, list[Event]] = {}
    for event in events:
        if event.supersedes is not None:
            named.setdefault(event.supersedes, []).append(event)
    return named


# ---- entities


def summed(entities: Sequence[Entity]) -> dict[CellKey, int]:
    total: dict[CellKey, int] = {}
    for each in entities:
        add_changes(total, each.cells)
    return total


def check_arrival(history: list[bytes], data: st.DataObject) -> None:
    for name, rows in written(history).items():
        whole = with_rows(empty_entity(name), rows)
        arriving = data.draw(st.permutations(rows))
        cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=3)))
        found = empty_entity(name)
        for first, last in pairwise([0, *cuts, len(rows)]):
            found = with_rows(found, arriving[first:last])
        assert (found.state, found.cells, found.parked) == (whole.state, whole.cells, None)


@QUIET
@given(amended_histories(), st.data())
def test_any_order_of_arrival_in_any_batches_gives_the_same_entity(history: list[bytes], data: st.DataObject) -> None:
    check_arrival(history, data)


def test_the_law_catches_an_entity_that_goes_on_after_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    real = entity._folded
    monkeypatch.setattr(entity, "_folded", lambda *given, **how: replace(real(*given, **how), amendments=None))
    with pytest.raises(AssertionError):
        SEARCH(given(amended_histories(), st.data())(check_arrival))()


def persons_arrested(events: Sequence[Event], period: Period) -> int:
    """O9 over all events at once: groups of persons with an arrest whose days lie within the period."""
    in_force = list(contents(events).values())
    group = {person(number): frozenset({person(number)}) for number in range(8)}
    for merge in in_force:
        if merge.type == "bz.atips.person.merged.v1":
            joined = group[merge.concerns()[0]] | group[merge.concerns()[1]]
            group |= dict.fromkeys(joined, joined)
    # An arrest is its person's: stated again, it replaces what was said of it before.
    days: dict[tuple[frozenset[str], str], tuple[object, ...]] = {}
    for event in sorted(in_force, key=order_key):
        if event.type == "bz.atips.arrest.made.v1":
            occurred = event.occurred
            within = occurred is not None and period.first <= occurred.first_day and occurred.last_day <= period.last
            days[group[event.concerns()[0]], event.data.arrest] = (within,)  # type: ignore[attr-defined]
    return len({who for (who, _), (within,) in days.items() if within})


def check_every_number(history: list[bytes]) -> None:
    rows = written(history)
    for n in range(len(history) + 1):
        entities = [entity_known_at(name, of_entity, n) for name, of_entity in rows.items()]
        assert not [each for each in entities if each.parked]
        events = [decode(payload) for payload in history[:n]]
        for period in (YEAR, Period.parse("2023"), Period.parse("2024-02")):
            (reading,) = read(FIGURES["O9"], summed(entities), period)
            assert reading.amount == persons_arrested(events, period)


@QUIET
@given(amended_histories())
def test_distinct_persons_are_right_at_every_number(history: list[bytes]) -> None:
    check_every_number(history)


def test_the_law_catches_a_survivor_that_is_not_the_smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "aliases", lambda found: {})
    with pytest.raises(AssertionError):
        SEARCH(given(amended_histories(facts=ARRESTS))(check_every_number))()


def test_the_law_catches_a_fold_that_mixes_corrections_and_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        changes, "effects", lambda events: [Effect(each.ref, each) for each in events if not each.corrects]
    )
    with pytest.raises(AssertionError):
        SEARCH(given(amended_histories())(check_every_number))()


# ---- one by one


def amount(history: Sequence[bytes], number: str = "O9", period: Period = YEAR) -> int:
    entities = [with_rows(empty_entity(name), rows) for name, rows in written(history).items()]
    assert not [each for each in entities if each.parked]
    return read(FIGURES[number], summed(entities), period)[0].amount


def test_a_correction_moves_a_fact_to_another_day_and_another_person() -> None:
    history = [an_arrest(0, 0), corrected(1, 0, "arrest.made", arrested(0, 0), "2023-05-10")]
    assert (amount(history), amount(history, period=Period.parse("2023"))) == (0, 1)
    history.append(corrected(2, 1, "arrest.made", arrested(0, 1), "2024-06-01"))
    assert (amount(history), amount(history, period=Period.parse("2023"))) == (1, 0)


def test_what_counts_stands_in_the_order_in_which_it_happened_as_corrected() -> None:
    history = [an_arrest(0, 0), an_arrest(1, 0), corrected(2, 1, "arrest.made", arrested(1, 0), "2024-01-01")]
    assert [each.root for each in facts_in_force_of(person(0), map(decode, history))] == [ref(1), ref(0)]


def test_a_retraction_takes_back_and_its_own_retraction_gives_again() -> None:
    history = [an_arrest(0, 0), retracted(1, 0, person(0))]
    assert amount(history) == 0
    assert amount([*history, retracted(2, 1, person(0))]) == 1


def test_the_last_recorded_of_two_corrections_wins_whichever_came_first() -> None:
    late = corrected(1, 0, "arrest.made", arrested(0, 0), "2023-01-01", recordedtime="2025-02-03T09:00:00-06:00")
    early = corrected(2, 0, "arrest.made", arrested(0, 0), "2024-01-01", recordedtime="2025-02-02T09:00:00-06:00")
    for history in ([an_arrest(0, 0), late, early], [early, late, an_arrest(0, 0)]):
        assert (amount(history), amount(history, period=Period.parse("2023"))) == (0, 1)


def test_of_two_corrections_recorded_at_once_the_source_decides_before_the_id() -> None:
    ruling = ruled(corrected(1, 0, "arrest.made", arrested(0, 0), "2023-01-01"))
    own = corrected(2, 0, "arrest.made", arrested(0, 0), "2024-01-01")
    for history in ([an_arrest(0, 0), ruling, own], [an_arrest(0, 0), own, ruling]):
        assert amount(history, period=Period.parse("2023")) == 1


def test_a_ruling_speaks_for_the_agency_and_is_itself_taken_back() -> None:
    """Of several changes in force the last recorded holds, whoever said it."""
    history = [an_arrest(0, 0), ruled(corrected(1, 0, "arrest.made", arrested(0, 1), "2023-05-10"))]
    assert (amount(history), amount(history, period=Period.parse("2023"))) == (0, 1)
    (effect,) = effects([decode(each) for each in history])
    assert (effect.content.agency, speaker(effect.content)) == ("council", "bpd")
    later = "2025-02-02T09:00:00-06:00"
    assert amount([*history, corrected(2, 0, "arrest.made", arrested(0, 0), recordedtime=later)]) == 1
    history = [an_arrest(0, 0), ruled(retracted(1, 0, person(0)))]
    assert amount(history) == 0
    taken_back = json.loads(retracted(2, 1, person(0)))
    taken_back |= {"source": "council/rulings", "supersedes": f"council/rulings/{event_id(1)}"}
    assert amount([*history, json.dumps(taken_back).encode()]) == 1


def test_a_correction_counts_before_what_it_corrects_has_come() -> None:
    assert amount([corrected(1, 0, "arrest.made", arrested(0, 0))]) == 1


def test_two_ids_of_one_person_are_one_and_two_again_when_the_merge_is_taken_back() -> None:
    history = [an_arrest(0, 0), an_arrest(1, 1), merged(2, person(1), person(0))]
    assert amount(history) == 1
    assert amount([*history, merged(3, person(0), person(1))]) == 1
    assert amount([*history, retracted(4, 2, person(1))]) == 2


def test_a_chain_of_merges_and_who_is_mentioned_by_others() -> None:
    chain = [merged(5, person(2), person(1)), merged(6, person(1), person(0))]
    arrests = [an_arrest(number, number) for number in range(3)]
    assert amount([*chain, *arrests]) == amount([*arrests, *chain]) == 1
    victim = [raw("arrest.made", n, {**arrested(n, who), "linked_victims": [person(4)]}) for n, who in ((7, 0), (8, 2))]
    assert (amount(victim, "O12"), amount([*victim, *chain], "O12")) == (2, 1)


def test_one_person_named_twice_by_a_screening_is_one() -> None:
    screened = {"screening": an_id(Kind.ACTIVITY, 1), "persons": [person(1), person(2)]}
    history = [raw("screening.completed", 0, screened), merged(1, person(2), person(1))]
    assert (amount(history[:1], "O6a"), amount(history, "O6a")) == (2, 1)


def test_a_merged_entity_that_is_not_the_smallest_is_empty() -> None:
    rows = written([an_arrest(0, 1), merged(1, person(0), person(1))])
    assert with_rows(empty_entity(person(1)), rows[person(1)]).state == EMPTY
    survivor: EntityState = with_rows(empty_entity(person(0)), rows[person(0)]).state
    assert survivor != EMPTY


@pytest.mark.parametrize("example", FACTS, ids=lambda path: path.stem)
def test_whatever_was_said_of_an_entity_counts_under_the_smaller_id_that_it_turns_out_to_have(example: Path) -> None:
    """Also where its own id follows from what is said of it, as that of a unit's strength does, and is not written."""
    for payload in with_and_without_subject(example.read_bytes()):
        own = decode(payload).concerns()[0]
        kind, an_id = {"per": ("person", person), "cas": ("case", case), "act": ("activity", activity)}[own[:3]]
        smaller = min(map(an_id, range(200)))
        alone = unmarked(counted_of(own, [payload]))
        assert unmarked(counted_of(smaller, [payload, merged(1, smaller, own, kind)])) == alone
        assert counted_of(own, [payload, merged(1, smaller, own, kind)]) == {}


def unmarked(cells: Mapping[CellKey, int]) -> Mapping[CellKey, int]:
    """Give the cells without what is made from ids: marks of a cohort's members, and the order of strategies."""
    found: dict[CellKey, int] = {}
    for key, amount in cells.items():
        dims = tuple((name, "" if name in {MEMBER, "since"} else value) for name, value in key.dims)
        add_changes(found, {replace(key, dims=dims): amount})
    return found


def with_and_without_subject(payload: bytes) -> Sequence[bytes]:
    """The event, and the same with its subject left out where that may be."""
    if type(decode(payload)).model_fields["subject"].is_required():
        return (payload,)
    return payload, json.dumps({**json.loads(payload), "subject": None}).encode()


def counted_of(an_id: str, history: Sequence[bytes]) -> Mapping[CellKey, int]:
    return with_rows(empty_entity(an_id), written(history)[an_id]).cells


def test_the_facts_of_two_that_are_one_are_the_smallests_and_the_merge_is_none_of_them() -> None:
    history = [decode(payload) for payload in (an_arrest(0, 1), merged(1, person(0), person(1)))]
    assert [each.root for each in facts_in_force_of(person(0), history)] == [ref(0)]
    assert facts_in_force_of(person(1), history) == []


def test_what_a_later_merge_brought_parks_nobody_at_an_earlier_number() -> None:
    rows = written([an_arrest(0, 1), merged(1, person(0), person(1))])
    before = entity_known_at(person(0), rows[person(0)], 1)
    assert (before.parked, before.cells) == (None, {})
    assert entity_known_at(person(0), rows[person(0)], 2).cells


def test_what_does_not_belong_parks_the_entity_at_any_number() -> None:
    rows = written([an_arrest(0, 1), an_arrest(1, 0)])
    strayed = [replace(each, entity=rows[person(0)][0].entity) for each in rows[person(1)]]
    found = [with_rows(empty_entity(person(0)), [*rows[person(0)], *strayed]), entity_known_at(person(0), strayed, 2)]
    assert [each.parked.cause for each in found if each.parked] == [ParkingCause.MISROUTED, ParkingCause.MISROUTED]


def test_bytes_of_another_event_in_a_row_park_the_entity_at_the_number_of_that_row() -> None:
    rows = written([an_arrest(0, 1), an_arrest(1, 0)])
    [stranger] = rows[person(1)]
    swapped = [replace(each, payload=stranger.payload) for each in rows[person(0)]]
    found = with_rows(empty_entity(person(0)), swapped)
    assert found.parked == Parking(ParkingCause.MISROUTED, swapped[0].n)


def test_the_way_names_each_correction_in_force() -> None:
    history = [
        an_arrest(0, 0),
        corrected(1, 0, "arrest.made", arrested(0, 0), "2024-05-11"),
        corrected(2, 1, "arrest.made", arrested(0, 0), "2024-05-12"),
    ]
    (effect,) = effects(decoded(written(history)[person(0)]))
    assert (effect.root, [each.ref for each in effect.way]) == (ref(0), [ref(1), ref(2)])


@pytest.mark.parametrize("named", [0, 1, 2])
def test_an_acknowledgement_is_of_the_fact_whatever_it_was_changed_to(named: int) -> None:
    taken_back = {"person": person(0), "recipients": ["cdf"]}
    history = [
        raw("consent.withdrawn", 0, taken_back, "2024-05-10"),
        corrected(1, 0, "consent.withdrawn", taken_back, "2024-05-11"),
        corrected(2, 1, "consent.withdrawn", taken_back, "2024-05-12"),
    ]
    assert amount(history, "R27b") == 1
    said = raw("consent.acknowledged", 3, {"person": person(0), "consent": ref(named)}, "2024-05-13", agency="cdf")
    assert amount([*history, said], "R27b") == 0


def referred(to: str, who: int = 0) -> dict[str, str]:
    return {"person": person(who), "referral": an_id(Kind.REFERRAL, 1), "from_agency": "bpd", "to_agency": to}


TAKEN_BACK = raw("consent.withdrawn", 5, {"person": person(0)}, "2024-06-10", agency="dhs")


@pytest.mark.parametrize(
    ("changes", "to"),
    [
        ([corrected(1, 0, "referral.sent", referred("cdf"))], ["cdf", "hti"]),
        ([corrected(1, 0, "referral.sent", referred("hti", 1), subject=person(0))], ["hti"]),
        ([retracted(1, 0, person(0))], ["hti"]),
        (
            [
                corrected(1, 0, "referral.sent", referred("cdf"), recordedtime="2025-02-03T09:00:00-06:00"),
                corrected(2, 0, "referral.sent", referred("iom"), recordedtime="2025-02-02T09:00:00-06:00"),
            ],
            ["cdf", "hti"],
        ),
        ([corrected(1, 1, "referral.sent", referred("cdf"))], ["hti"]),
    ],
    ids=["addressee", "person", "retracted", "never_held", "void"],
)
def test_to_whom_somebody_was_referred_by_mistake_is_to_acknowledge(changes: list[bytes], to: list[str]) -> None:
    said_before = [an_arrest(6, 0), retracted(7, 6, person(0))]  # of this nobody was told
    rows = written([*said_before, raw("referral.sent", 0, referred("hti")), *changes, TAKEN_BACK])[person(0)]
    found = read(FIGURES["R27b"], with_rows(empty_entity(person(0)), rows).cells, YEAR, ("agency",))
    assert sorted(each.dimensions["agency"] for each in found) == to


def test_a_referral_that_a_correction_alone_said_was_said_by_mistake_too_and_nothing_else_of_it() -> None:
    mistaken = corrected(1, 0, "referral.sent", referred("hti"))
    history = [an_arrest(0, 0), mistaken, retracted(2, 1, person(0)), retracted(3, 0, person(0))]
    (held,) = changes.facts_once_in_force(map(decode, history), {"bz.atips.referral.sent.v1"})
    assert held.content.ref == ref(1)
    assert amount([*history, TAKEN_BACK], "R27b") == 1
