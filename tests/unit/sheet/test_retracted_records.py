"""Intake is asked for the records that rows take back; silence of intake is never taken as an answer."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from services.client.receipt_and_errors import Later, NotLetIn, Receipt
from services.sheet.http_post import NotReachedError
from services.sheet.retracted_records import lines_without_record

if TYPE_CHECKING:
    from services.client.http import Http


@dataclass
class MemoryIntake:
    """Receipts by the id of the event; the failures come first."""

    failing: list[Exception] = field(default_factory=list)

    def outcome(self, event_id: str) -> Receipt | None:
        if self.failing:
            raise self.failing.pop(0)
        return {"a": Receipt("accepted", "a"), "r": Receipt("refused", "r")}.get(event_id)


def without_record(*failing: Exception) -> frozenset[int]:
    door = cast("Http", MemoryIntake(list(failing)))
    return lines_without_record(door, {2: "a", 3: "r", 4: "none"}, timeout=5.0)


def test_a_refused_and_an_unknown_record_are_not_there() -> None:
    assert without_record() == {3, 4}


def test_intake_is_asked_again_when_it_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    assert without_record(Later("busy", 1.5)) == {3, 4}
    assert slept == [1.5]


@pytest.mark.parametrize("error", [Later("busy", 9.0), NotLetIn("no key")])
def test_no_answer_is_told(error: Exception) -> None:
    with pytest.raises(NotReachedError):
        without_record(error)
