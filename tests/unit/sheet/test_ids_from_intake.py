"""A sheet's own numbers have the ids that intake gives, whichever way these were minted."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from schemas.ids import Kind, derive
from schemas.own_number_ids import ACTIVITY_REGISTERS
from schemas.type_table import FACTS
from services.client.http import MOST_NUMBERS, Http
from services.client.receipt_and_errors import Later, NotLetIn, NotTheDoor
from services.intake.domain import own_number_ids
from services.sheet import table
from services.sheet.cell_kinds import OwnNumber
from services.sheet.column import columns_of, type_named
from services.sheet.http_post import NotReachedError
from services.sheet.ids_from_intake import entries_of, with_ids_from_intake
from services.sheet.own_number_ids import OwnNumbers, RegisterEntry

OWN = OwnNumbers("bpd", bytes(32))
BEFORE = derive(Kind.PERSON, "minted in another way")


@dataclass
class MemoryIntake:
    """Gives ids as intake does: those of a sheet, but for a number that had another before."""

    before: Mapping[str, str] = field(default_factory=dict)
    failing: list[Exception] = field(default_factory=list)
    asked: list[Sequence[Mapping[str, str]]] = field(default_factory=list)

    def identities(self, numbers: Sequence[Mapping[str, str]], seconds: float, *, dry_run: bool = False) -> list[str]:
        assert (seconds, dry_run) == (5.0, False)
        if self.failing:
            raise self.failing.pop(0)
        self.asked.append(numbers)
        return [
            self.before.get(each["number"]) or OWN.id(Kind(each["kind"]), each.get("activity", ""), each["number"])
            for each in numbers
        ]


def given(door: MemoryIntake, *entries: RegisterEntry) -> OwnNumbers:
    return with_ids_from_intake(cast("Http", door), OWN, entries, timeout=5.0)


def read(event_type: str, rows: str) -> tuple[RegisterEntry, ...]:
    return entries_of(table.read_table("a.csv", rows.encode(), type_named(event_type)))


def test_each_number_that_needs_an_id_is_found_once() -> None:
    found = read(
        "arrest.made",
        "own_number,recorded,own_person,own_arrest,own_linked_victims\n"
        "24/1,2024-06-04,P-1,A-1,P-2|p-1|P-3\n"
        "24/2,2024-06-04,Juan,A-1,\n",  # a name is refused when the row is read, and sent nowhere
    )
    assert {(each.kind, each.number) for each in found} == {
        (Kind.PERSON, "P-1"),
        (Kind.PERSON, "P-2"),
        (Kind.PERSON, "P-3"),
        (Kind.ARREST, "A-1"),
    }
    assert {each.register for each in found} == {""}
    assert "P-1" not in repr(found)


def test_an_activity_is_asked_for_in_its_own_register() -> None:
    door = MemoryIntake()
    (entry,) = read("training.session_delivered", "own_number,recorded,own_session\n24/1,2024-06-04,17\n")
    given(door, entry)
    assert door.asked == [[{"kind": "act", "number": "17", "activity": "session"}]]


def test_the_sorts_of_activities_are_those_of_the_columns() -> None:
    cells: list[Any] = [column.cell for kind in FACTS for column in columns_of(kind).values()]
    registers = {each.register for each in cells if isinstance(each, OwnNumber)}
    assert registers - {""} == {*ACTIVITY_REGISTERS}


def test_an_id_that_intake_gave_before_takes_the_place_of_the_sheet_s_own() -> None:
    own = given(MemoryIntake({"P-1": BEFORE}), *(RegisterEntry(Kind.PERSON, "", number) for number in ("P-1", "P-2")))
    assert own.id(Kind.PERSON, "", "p-1") == BEFORE
    assert own.id(Kind.PERSON, "", "P-2") == OWN.id(Kind.PERSON, "", "P-2")
    assert own.given == {OWN.id(Kind.PERSON, "", "P-1"): BEFORE}


def test_many_numbers_are_asked_for_in_batches_that_intake_takes() -> None:
    door = MemoryIntake()
    own = given(door, *(RegisterEntry(Kind.PERSON, "", str(number)) for number in range(2 * MOST_NUMBERS + 1)))
    assert list(map(len, door.asked)) == [MOST_NUMBERS, MOST_NUMBERS, 1]
    assert own.given == {}
    assert own_number_ids.MOST_NUMBERS == MOST_NUMBERS


def test_a_door_that_says_later_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    door = MemoryIntake(failing=[Later("HTTP 429", 2.0), Later("HTTP 503")])
    given(door, RegisterEntry(Kind.PERSON, "", "P-1"))
    assert pauses == [2.0, 0.5]
    assert len(door.asked) == 1


@pytest.mark.parametrize("error", [NotLetIn("HTTP 401"), NotTheDoor("HTTP 404"), Later("HTTP 503", 6.0)])
def test_without_an_answer_no_id_is_made_here(error: Exception) -> None:
    with pytest.raises(NotReachedError):
        given(MemoryIntake(failing=[error]), RegisterEntry(Kind.PERSON, "", "P-1"))
