"""Cost of one more event for a person with many: twice as many events, about twice the work, and no more."""

import sys
from types import FrameType
from typing import Any

import pytest

from tests.bench.entity_cost import TYPES, count, person_with


def lines(name: str, size: int) -> int:
    """Lines that run for one more event of a type, also within comprehensions: they say more than seconds do."""
    before, [warm, row, *_] = person_with(name, size)
    count(before, warm)
    ran = 0

    def traced(_frame: FrameType, _event: str, _argument: object) -> Any:  # noqa: ANN401 - gives itself
        nonlocal ran
        ran += 1
        return traced

    traced_before = sys.gettrace()
    sys.settrace(traced)
    try:
        count(before, row)
    finally:
        sys.settrace(traced_before)
    return ran


@pytest.mark.parametrize("name", TYPES)
def test_one_more_event_costs_in_proportion_to_what_is_there(name: str) -> None:
    few, many = lines(name, 50), lines(name, 200)
    assert many < 4.2 * few
