"""The events behind a contribution: their amounts sum to it, and nothing that it rests on is left out."""

from collections.abc import Collection, Sequence
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schemas.envelope import Event
from schemas.ids import Kind, kind_of
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import Dims, add_changes, cells_of
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.figures.all_figures import FIGURES, counted
from services.reporting.domain.ledger.entity_fold import evolve, fold_once
from services.reporting.domain.ledger.facts_ever_in_force import facts_in_force_of
from services.reporting.domain.read import evidence as module
from services.reporting.domain.read.amounts_from_cells import contribution
from services.reporting.domain.read.evidence import Evidence, Question, evidence, repeating_events
from tests.unit.reporting.amended_histories import (
    amended_histories,
    corrected,
    decoded,
    merged,
    ref,
    retracted,
    written,
)
from tests.unit.reporting.samples import an_id, histories, periods, person, raw
from tests.unit.reporting.test_changes import an_arrest, arrested

YEAR: Final = Period.parse("2024")
LAWFUL: Final = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
SEARCH: Final = settings(max_examples=200, derandomize=True, report_multiple_bugs=False, phases=[Phase.generate])
anything = amended_histories() | histories(names=("arrest.made", "person.profile_recorded", "charge.filed"))


def behind(history: Sequence[bytes], number: str, entity: str, by: tuple[str, ...] = ()) -> list[Evidence]:
    return evidence(Question(FIGURES[number], YEAR, by), entity, decoded(written(history)[entity]))


def told(found: list[Evidence]) -> list[tuple[str, int]]:
    return [(each.effect.content.id[-1], sum(each.amounts.values())) for each in found]


def brought(asked: Question, entity: str, state: EntityState, contents: Sequence[Event]) -> dict[Dims, int]:
    figure = asked.figure
    for content in contents:
        state = evolve(entity, state, content)
    return contribution(figure, cells_of(figure, counted(figure, state)), asked.period, asked.by)


def check(history: list[bytes], period: Period, numbers: Collection[str]) -> None:
    for entity, rows in written(history).items():
        events = decoded(rows)
        for figure in (FIGURES[number] for number in numbers):
            for by in figure.breakdowns if figure.entity is kind_of(entity) else ():
                asked, begin = Question(figure, period, by), fold_once(entity, events)
                found = evidence(asked, entity, events)
                summed: dict[Dims, int] = {}
                for each in found:
                    add_changes(summed, each.amounts)  # type: ignore[arg-type]
                everything = [each.content for each in facts_in_force_of(entity, events)]
                whole = brought(asked, entity, begin, everything)
                assert summed == whole
                told_of = [each.effect.content for each in found if not each.effect.content.joins()]
                assert brought(asked, entity, begin, told_of) == whole


@LAWFUL
@given(anything, periods(), st.sets(st.sampled_from(sorted(FIGURES)), min_size=8, max_size=12))
def test_amounts_sum_to_the_contribution_which_rests_on_nothing_else(
    history: list[bytes], period: Period, numbers: set[str]
) -> None:
    check(history, period, sorted(numbers))


def test_the_law_catches_a_profile_that_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_needed", lambda *_: [])
    with pytest.raises(AssertionError):
        SEARCH(given(anything, st.just(YEAR), st.just(tuple(FIGURES)))(check))()


def test_who_counts_once_has_all_arrests_named_and_one_of_them_counted() -> None:
    history = [an_arrest(0, 0, "2024-05-10"), an_arrest(1, 0, "2024-03-10"), an_arrest(2, 0, "2023-03-10")]
    assert told(behind(history, "O9", person(0))) == [("1", 1), ("0", 0)]


def test_a_profile_is_named_only_where_it_decides() -> None:
    profile = raw("person.profile_recorded", 0, {"person": person(0), "role": "suspect", "sex": "male"}, "2020-01-01")
    history = [profile, an_arrest(1, 0)]
    assert told(behind(history, "O9", person(0))) == [("1", 1)]
    found = behind(history, "O9", person(0), ("sex",))
    assert told(found) == [("0", 0), ("1", 1)]
    assert found[1].amounts == {(("sex", "male"),): 1}


def test_corrections_are_on_the_way_and_what_they_replace_is_the_root() -> None:
    history = [an_arrest(0, 0, "2023-05-10"), corrected(1, 0, "arrest.made", arrested(0, 0), "2024-05-10")]
    (found,) = behind(history, "O9", person(0))
    assert (found.effect.root, [each.ref for each in found.effect.way]) == (ref(0), [ref(1)])
    assert not behind([*history, retracted(2, 0, person(0), recordedtime="2025-03-01T09:00:00-06:00")], "O9", person(0))


def test_a_merge_is_named_and_is_no_fact_itself() -> None:
    history = [an_arrest(0, 0), merged(1, person(0), person(1))]
    assert told(behind(history, "G2a", person(0))) == [("0", 1), ("1", 0)]
    check(history, YEAR, ["G2a"])


def test_merges_in_force_are_named_with_what_they_brought() -> None:
    history = [an_arrest(0, 2), merged(1, person(2), person(1)), merged(2, person(1), person(0))]
    history += [merged(3, an_id(Kind.PERSON, 8), an_id(Kind.PERSON, 9))]
    assert told(behind(history, "O9", person(0))) == [("0", 1), ("1", 0), ("2", 0)]
    assert not behind(history, "O9", person(1))


def again(history: Sequence[bytes], number: str, by: tuple[str, ...] = ()) -> list[tuple[str, int]]:
    found = behind(history, number, person(0), by)
    events = decoded(written(history)[person(0)])
    return told(repeating_events(Question(FIGURES[number], YEAR, by), person(0), events, found))


def test_an_event_that_says_the_same_once_more_is_a_further_one_and_adds_nothing() -> None:
    """Found by a new user: of four events that said one arrest two were named, and of the others nothing was said."""
    history = [an_arrest(number, 0, arrest=0) for number in range(4)]
    assert told(behind(history, "O9", person(0))) == [("0", 1), ("3", 0)]
    assert again(history, "O9") == [("1", 0), ("2", 0)]
    assert again(history[:2], "O9") == []


def test_an_event_of_another_year_or_person_says_nothing_once_more() -> None:
    history = [an_arrest(number, 0, arrest=0) for number in range(2)]
    history += [an_arrest(2, 0, "2023-05-10"), an_arrest(3, 1, arrest=0)]
    assert again(history, "O9") == []


def test_a_profile_says_once_more_what_another_says_only_where_it_decides() -> None:
    profiles = [
        raw("person.profile_recorded", number, {"person": person(0), "role": "suspect", "sex": "male"}, "2020-01-01")
        for number in range(3)
    ]
    history = [*profiles, an_arrest(3, 0)]
    assert again(history, "O9") == []
    assert told(behind(history, "O9", person(0), ("sex",))) == [("2", 0), ("3", 1)]
    assert again(history, "O9", ("sex",)) == [("0", 0), ("1", 0)]
