"""`make bench ARGS="--growth 100000,1000000 --picture growth.svg"`: what an event costs as there are more of them.

One log grows; at each size it is taken in, counted and replayed. A machine is not equally fast in each minute of an
hour. So a fixed piece of work is done over and over beside it. Costs are told as they were, and as they would have been
at the speed of the whole run.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log10
from statistics import fmean
from typing import Final, NamedTuple, TypeVar

from schemas.codec import decode
from tests.bench.measure import Measured
from tests.bench.stages import Bench
from tests.bench.workload import Sent, workload
from tests.soak.progress_board import Board

T = TypeVar("T")

STAGES: Final[Mapping[str, str]] = {
    "fed": "judged, numbered, routed",
    "counted": "counted, each copy",
    "replay_2": "replayed and compared, each copy",
}
"""Stages that are drawn, by the bench's names."""

_SEED: Final = 1
_PACE_SECONDS: Final = 1.0
_PIECE: Final = 2_000

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 760, 320, 60, 30, 290, 50
_COLOURS: Final = ("#1b6ca8", "#b3541e", "#3d7a3d")
_DASHES: Final = ("none", "8 3", "2 3")


class Point(NamedTuple):
    """CPU microseconds that our processes needed for one, when there were so many events.

    `cost` is at the speed of the whole run, `measured` as it was.
    """

    events: int
    cost: float
    measured: float


class Cost(NamedTuple):
    """Cost of one event in a stage at a number of events, and the pace at that time."""

    stage: str
    events: int
    measured: float
    pace: float


@dataclass(slots=True)
class Pace:
    """CPU seconds that a fixed piece of work took, at one time and another since it was last asked for."""

    _piece: list[bytes] = field(default_factory=lambda: [each.raw for each in workload(_SEED, _PIECE)])
    _found: list[float] = field(default_factory=list)

    async def beside(self, work: Coroutine[None, None, T]) -> T:
        """Take the pace again and again while other work is done."""
        task = asyncio.create_task(work)
        while not task.done():
            await asyncio.wait([task], timeout=_PACE_SECONDS)
            begun = time.thread_time()
            for raw in self._piece:
                decode(raw)
            self._found.append(time.thread_time() - begun)
        return await task

    def lap(self) -> float:
        """Give the mean since the last lap."""
        found = fmean(self._found)
        self._found.clear()
        return found


async def grown(bench: Bench, sizes: Sequence[int], board: Board) -> AsyncIterator[dict[str, list[Point]]]:
    """Let a log grow to each of some rising sizes; gives what is known after each stage of each.

    Taken in and counted is what is new since the size before; a replay reads everything.
    """
    pace, costs = Pace(), list[Cost]()
    waiting = workload(_SEED, sizes[-1])
    events = copies = 0
    for size in sizes:
        board.say(f"{size:,} events")
        before, copies = copies, await pace.beside(bench.fed(_next(waiting, size - events)))
        costs.append(Cost("fed", size, _each(bench.rows["fed"]), pace.lap()))
        yield points(costs)
        counted = await pace.beside(bench.counted(copies, before))
        costs.append(Cost("counted", size, _each(counted), pace.lap()))
        yield points(costs)
        await pace.beside(bench.replay("replay_2", copies, board, 2))
        costs.append(Cost("replay_2", size, _each(bench.rows["replay_2"]), pace.lap()))
        yield points(costs)
        events = size


def _next(waiting: Iterator[Sent], events: int) -> Iterator[Sent]:
    """So many more events, with what is sent twice among them."""
    for sent in waiting:
        yield sent
        events -= sent.copies > 0
        if not events:
            return


def _each(row: Measured) -> float:
    return row.python / row.whole * 1e6 if row.whole else 0.0


def points(costs: Sequence[Cost]) -> dict[str, list[Point]]:
    """Return the points of each stage, by the bench's names."""
    mean = fmean(each.pace for each in costs)
    return {
        name: [
            Point(each.events, each.measured * mean / each.pace, each.measured) for each in costs if each.stage == name
        ]
        for name in STAGES
    }


def picture(found: Mapping[str, Sequence[Point]]) -> str:
    """Draw it as SVG: events on a logarithmic scale, microseconds from nought; each line says what it is."""
    events = sorted({point.events for each in found.values() for point in each})
    most = 1.2 * max(point.cost for each in found.values() for point in each)
    low, high = log10(events[0]), log10(events[-1])

    def x(count: int) -> float:
        return _LEFT + (log10(count) - low) / ((high - low) or 1) * (_WIDTH - _LEFT - _RIGHT)

    def y(cost: float) -> float:
        return _HEIGHT - _BOTTOM - cost / most * (_HEIGHT - _TOP - _BOTTOM)

    drawn = [
        f'<text x="{x(count):.0f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{count:,}</text>'
        for count in events
    ]
    drawn += [
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(cost):.0f}" y2="{y(cost):.0f}" stroke="#ddd"/>'
        f'<text x="{_LEFT - 8}" y="{y(cost) + 4:.0f}" text-anchor="end">{cost:.0f}</text>'
        for cost in (most * step / 4 for step in range(5))
    ]
    for (name, each), colour, dash in zip(found.items(), _COLOURS, _DASHES, strict=True):
        if not each:
            continue
        line = " ".join(f"{x(point.events):.0f},{y(point.cost):.0f}" for point in each)
        drawn.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        last = each[-1]
        place = f'x="{x(last.events) + 8:.0f}" y="{y(last.cost) + 4:.0f}" fill="{colour}"'
        drawn.append(f"<text {place}>{last.cost:.0f} μs: {STAGES[name]}</text>")
    title = "CPU of our processes for one event or copy, by the number of events"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
        f'<text x="{_LEFT}" y="18">{title}</text>{"".join(drawn)}'
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.0f}" y="{_HEIGHT - 10}" text-anchor="middle">events</text></svg>\n'
    )
