"""The fold's laws: any order of arrival, any repetition, the same states and cells; and cells sum to the truth."""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import schemas
from schemas.catalogue import CATALOGUE
from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import ENTITY_KINDS, bits
from schemas.times import Period
from services.reporting.domain import figures
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.cells.cells_from_items import CellKey, add_changes
from services.reporting.domain.cells.counted_items import cells
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.figures.all_entity_parts import PARTS
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger import entity_fold
from services.reporting.domain.ledger import event_row as rows
from services.reporting.domain.ledger.entity import Entity, empty_entity, with_rows
from services.reporting.domain.read.amounts_from_cells import read
from tests.support import oracle
from tests.unit.reporting.samples import an_id, concerned, histories, periods, person, raw, row

# Enough to find a seeded bug, without looking for the smallest example of it.
SEARCH = settings(max_examples=400, derandomize=True, report_multiple_bugs=False, phases=[Phase.generate])

EXAMPLES: Final = Path(schemas.__file__).parent / "examples"


def test_every_type_is_folded_or_said_to_be_unused() -> None:
    assert set(CATALOGUE) == entity_fold.USED | entity_fold.UNUSED
    assert not entity_fold.USED & entity_fold.UNUSED
    assert entity_fold.FOLDED >= entity_fold.USED


@pytest.mark.parametrize("name", sorted(entity_fold.USED))
def test_an_event_says_nothing_of_an_entity_that_it_does_not_name(name: str) -> None:
    """It stands under it all the same where it was corrected to be of another."""
    event = decode((EXAMPLES / f"{name}.json").read_bytes())
    moved = {part for kind in ENTITY_KINDS for part in entity_fold.evolve(an_id(kind, 9), {}, event)}
    assert moved <= {part.name for part in PARTS if part.whatever_is_said}


NUMBERS = ("O1a", "O6a", "O6b", "O9", "O12", "O13a", "O13b", "O16", "O27a", "O27b", "M1", "M2", "M3", "M4")


def known(history: Sequence[bytes]) -> oracle.Known:
    return oracle.known(map(oracle.hear, history))


def states(events: Sequence[Event]) -> dict[str, EntityState]:
    return {each: entity_fold.fold(each, [e for e in events if each in e.concerns()]) for each in concerned(events)}


def total(parts: Iterable[dict[CellKey, int]]) -> dict[CellKey, int]:
    summed: dict[CellKey, int] = {}
    for part in parts:
        add_changes(summed, part)
    return summed


def all_cells(events: Sequence[Event]) -> dict[CellKey, int]:
    return total(cells(state) for state in states(events).values())


@given(histories(), st.data())
def test_any_order_and_any_repetition_give_the_same_states_and_cells(history: list[bytes], data: st.DataObject) -> None:
    events = [decode(payload) for payload in history]
    again = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=4))))
    assert states(events) == states(again)
    assert all_cells(events) == all_cells(again)


def arrive(history: Sequence[bytes], cuts: Sequence[int]) -> tuple[dict[str, Entity], dict[CellKey, int]]:
    """Entities and kept cells after a history that arrives in batches, each batch adding only its differences."""
    entities: dict[str, Entity] = {}
    kept: dict[CellKey, int] = {}
    edges = [0, *sorted(cuts), len(history)]
    for first, last in pairwise(edges):
        batch = list(enumerate(history))[first:last]
        for each in concerned([decode(payload) for _, payload in batch]):
            before = entities.get(each, empty_entity(each))
            mine = [
                row(payload, n=n + 1, entity=bits(each)) for n, payload in batch if each in decode(payload).concerns()
            ]
            entities[each] = with_rows(before, mine)
            add_changes(kept, cells_from_items.diff(before.cells, entities[each].cells))
    return entities, kept


def check_kept(history: list[bytes], data: st.DataObject) -> None:
    arriving = data.draw(st.permutations(history)) + data.draw(st.lists(st.sampled_from(history), max_size=3))
    entities, kept = arrive(arriving, data.draw(st.lists(st.integers(0, len(arriving)), max_size=3)))
    events = [decode(payload) for payload in history]
    assert {each: found.state for each, found in entities.items()} == states(events)
    assert kept == all_cells(events) == total(dict(found.cells) for found in entities.values())


# Types whose events replace each other, so that their order matters, beside all types.
either = histories() | histories(names=("person.profile_recorded", "charge.filed", "arrest.made"))


@given(either, st.data())
def test_keeping_differences_equals_the_fold_from_scratch(history: list[bytes], data: st.DataObject) -> None:
    check_kept(history, data)


def test_what_happened_first_and_arrives_last_does_not_replace_what_came_after() -> None:
    profiles = [
        raw("person.profile_recorded", number, {"person": person(1), "role": "suspect", "sex": sex}, when)
        for number, sex, when in ((1, "female", "2024-03-01"), (2, "male", "2024-02-01"))
    ]
    entities, kept = arrive(profiles, [1])
    assert {each: found.state for each, found in entities.items()} == states([decode(each) for each in profiles])
    state = entities[person(1)].state
    assert state["suspect"].profile.sex == "female"
    assert {key.figure for key in kept} == {"G2a", "G5a"}  # two facts, and nothing that they count in


def test_the_law_catches_a_fast_path_that_takes_any_event_as_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "order_key", lambda _: (0, 0, 0, "", ""))

    @SEARCH
    @given(either, st.data())
    def law(history: list[bytes], data: st.DataObject) -> None:
        check_kept(history, data)

    with pytest.raises(AssertionError):
        law()


@settings(max_examples=150)
@given(histories(most=10), periods())
def test_cells_sum_to_a_count_over_the_events(history: list[bytes], period: Period) -> None:
    kept, everything = all_cells([decode(payload) for payload in history]), known(history)
    for number in NUMBERS:
        (reading,) = read(FIGURES[number], kept, period)
        assert reading.amount == oracle.COUNTS[number](everything, period.first, period.last), number


@settings(max_examples=100)
@given(histories(most=10, names=("arrest.made", "person.profile_recorded")), periods())
def test_a_breakdown_sums_to_a_count_over_the_events(history: list[bytes], period: Period) -> None:
    events = [decode(payload) for payload in history]
    readings = {r.dimensions["sex"]: r.amount for r in read(FIGURES["O9"], all_cells(events), period, ("sex",))}
    expected = oracle.BREAKDOWNS["O9", "sex"](known(history), period.first, period.last)
    assert {sex: amount for sex, amount in readings.items() if amount} == expected


@given(histories(most=3))
def test_any_event_on_any_state_gives_a_state(history: list[bytes]) -> None:
    events = [decode(payload) for payload in history]
    strangers = [*concerned(events)]
    for state in chain([entity_fold.EMPTY], states(events).values()):
        for event in events:
            for stranger in strangers:
                after = entity_fold.evolve(stranger, state, event)
                assert set(state) <= set(after)
                assert after is state or after != {}


def test_the_law_catches_a_fold_in_the_order_of_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity_fold, "in_order", list)

    @SEARCH
    @given(histories(names=("charge.filed", "person.profile_recorded", "arrest.made")))
    def law(history: list[bytes]) -> None:
        events = [decode(payload) for payload in history]
        assert states(events) == states(events[::-1])

    with pytest.raises(AssertionError):
        law()


def test_the_law_catches_a_figure_that_counts_an_entity_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_from_items, "pairwise", lambda _: iter(()))

    @SEARCH
    @given(histories(names=("arrest.made",)), periods())
    def law(history: list[bytes], period: Period) -> None:
        events = [decode(payload) for payload in history]
        (reading,) = read(FIGURES["O9"], all_cells(events), period)
        assert reading.amount == oracle.COUNTS["O9"](known(history), period.first, period.last)

    with pytest.raises(AssertionError):
        law()


def test_every_part_is_a_module_of_its_own_name_and_has_a_use() -> None:
    modules = {each.name.rpartition(".")[2] for each in walk_packages(figures.__path__, f"{figures.__name__}.")}
    assert len({part.name for part in PARTS}) == len(PARTS)
    for part in PARTS:
        assert part.kind in ENTITY_KINDS
        assert part.figures or part.beside
        assert part.folds
        assert set(part.folds) <= set(CATALOGUE)
        assert part.name in modules


@given(histories(most=6))
def test_a_part_that_an_event_says_nothing_of_stays_the_same_object(history: list[bytes]) -> None:
    events = [decode(payload) for payload in history]
    for entity_id in concerned(events):
        state = entity_fold.EMPTY
        for event in entity_fold.in_order(events):
            after = entity_fold.evolve(entity_id, state, event)
            speaking = {part.name for part in PARTS if event.type in part.folds}
            assert all(after[name] is held for name, held in state.items() if name not in speaking)
            state = after
