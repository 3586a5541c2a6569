"""Events that come to light after the report are accepted, and move exactly the figures that they announce."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from schemas.catalogue import may_publish
from schemas.codec import decode, decode_strict
from schemas.envelope import Event
from services.demo.changes_after_report import (
    CHANGES_KNOWN_AT,
    QUARTERS,
    REPORT_KNOWN_AT,
    FigureChange,
    changes_after_report,
)
from services.demo.invented_year import history
from services.demo.moved_figures import moved
from tests.unit.demo.counted_year import accepted, counted, disagreeing

if TYPE_CHECKING:
    from services.presentation.report_2024_numbers.comparison_with_figures import ComparedLine


def light() -> list[Event]:
    return [decode(planted.entry.value) for planted in changes_after_report()]


def test_the_same_seed_gives_the_same_bytes() -> None:
    first = [planted.entry.value for planted in changes_after_report.__wrapped__(7)]
    assert first == [planted.entry.value for planted in changes_after_report.__wrapped__(7)]
    assert first != [planted.entry.value for planted in changes_after_report.__wrapped__(8)]


def test_it_comes_from_its_authors_after_all_of_the_first_act() -> None:
    ids = {entry.event["id"] for entry in history()}
    end = datetime.fromisoformat(f"{REPORT_KNOWN_AT}T23:59:59-06:00")
    assert max(entry.leaves_at for entry in history()) < end
    for planted in changes_after_report():
        event = decode_strict(planted.entry.value).event
        assert event.agency == planted.entry.agency
        assert may_publish(event)
        assert planted.entry.leaves_at > end
        assert event.id not in ids


def test_it_is_of_every_sort() -> None:
    assert [event.type.split(".", 2)[2] for event in light()] == [
        *("arrest.made.v1", "event.corrected.v1", "event.retracted.v1", "case.merged.v1", "person.merged.v1"),
    ]


def test_as_now_known_the_year_differs_by_what_is_planted_and_by_nothing_else() -> None:
    published, now = counted(accepted()), counted([*accepted(), *light()])
    found = moved(published, now, changes_after_report())
    assert all(each.agrees for each in found)
    planted: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    for move in (move for each in changes_after_report() for move in each.moves):
        planted[move.number, tuple(sorted(move.dimensions.items()))] += move.by
    differing = {
        (each.published.printed.number, tuple(sorted(each.published.printed.dimensions.items()))): (each.now or 0)
        - (each.published.computed or 0)
        for each in found
    }
    assert differing == {place: by for place, by in planted.items() if by}, "no row whose number stays"
    assert len(differing) < len(planted), "what takes itself back is not among them"
    assert all(each.why for each in found)
    assert disagreeing(now) == {"O1a", "O9", "O16", "O27a", "M4"}


@pytest.mark.parametrize("position", range(len(changes_after_report())))
def test_each_moves_what_it_says_by_itself(position: int) -> None:
    published, now = counted(accepted()), counted([*accepted(), light()[position]])
    found = moved(published, now, [changes_after_report()[position]])
    assert found
    assert all(each.agrees for each in found)


def test_a_number_that_moves_without_a_reason_or_does_not_move_is_seen() -> None:
    lines: list[ComparedLine] = counted(accepted())
    other = [
        replace(line, computed=(line.computed or 0) + 1) if line.printed.number == "O6b" else line for line in lines
    ]
    assert [(each.agrees, each.why) for each in moved(lines, other, ())] == [(False, [])] * 2
    still = replace(changes_after_report()[0], moves=(FigureChange("O12", 1),))
    assert [(each.agrees, each.now, each.expected) for each in moved(lines, lines, [still])] == [(False, 5, 6)]


def test_every_entry_leaves_before_the_clock_of_its_act_stops() -> None:
    ends = [datetime.fromisoformat(end) for end in (*QUARTERS, CHANGES_KNOWN_AT)]
    assert ends == sorted(ends)
    assert max(entry.leaves_at for entry in history()) <= ends[-2]
    assert ends[-2] < min(each.entry.leaves_at for each in changes_after_report())
    assert max(each.entry.leaves_at for each in changes_after_report()) <= ends[-1]
