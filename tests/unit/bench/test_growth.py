"""Cost of an event as the log grows: told at one speed of the machine, and drawn."""

import asyncio
import re
from time import thread_time

import pytest

from tests.bench.growth import STAGES, Cost, Pace, Point, picture, points


def test_what_a_slower_machine_needed_more_is_taken_off_and_what_an_event_needed_more_is_not() -> None:
    costs = [Cost("fed", 10, 100.0, 1.0), Cost("fed", 100, 200.0, 2.0), Cost("counted", 100, 300.0, 1.5)]
    found = points(costs)
    assert [each.cost for each in found["fed"]] == pytest.approx([150, 150])
    assert [each.cost for each in found["counted"]] == pytest.approx([300])
    assert found["replay_2"] == []
    assert [each.measured for each in found["fed"]] == [100.0, 200.0]


def test_at_an_equal_pace_costs_are_what_was_measured() -> None:
    for each in points([Cost("fed", 10, 100.0, 0.03), Cost("fed", 100, 150.0, 0.03)])["fed"]:
        assert each.cost == pytest.approx(each.measured)


def test_the_pace_is_taken_while_the_work_is_done_and_a_lap_forgets_it() -> None:
    pace = Pace()

    async def work() -> str:
        await asyncio.sleep(0)
        return "done"

    begun = thread_time()
    assert asyncio.run(pace.beside(work())) == "done"
    assert 0 < pace.lap() <= thread_time() - begun
    with pytest.raises(ValueError, match="at least one"):
        pace.lap()


def test_what_the_work_raises_is_raised() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(Pace().beside(work()))


def test_the_picture_names_each_stage_and_its_last_cost() -> None:
    found = {name: [Point(1_000, 100.0 + number, 1.0), Point(10_000, 90.0, 1.0)] for number, name in enumerate(STAGES)}
    texts = re.findall(r"<text [^>]*>([^<]*)</text>", picture(found))
    for said in STAGES.values():
        assert f"90 μs: {said}" in texts
    assert {"1,000", "10,000"} <= set(texts)


def test_the_picture_leaves_out_what_is_not_known_yet() -> None:
    found = {name: [Point(1_000, 50.0, 1.0)] if name == "fed" else [] for name in STAGES}
    drawn = picture(found)
    assert STAGES["fed"] in drawn
    assert STAGES["counted"] not in drawn
