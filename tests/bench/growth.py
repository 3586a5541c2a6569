"""`make bench ARGS="--growth 10000,100000 --picture growth.svg"`: what an event costs as there are more of them."""

import tempfile
from collections.abc import Mapping, Sequence
from math import log10
from pathlib import Path
from typing import Final, NamedTuple

from confluent_kafka.admin import AdminClient

from infra.local import access
from infra.local.cluster import Cluster
from schemas.agencies import PUBLISHING
from tests.bench.measure import Measured
from tests.bench.stages import Bench
from tests.bench.workload import workload
from tests.soak.board import Board
from tests.support.pipeline import Pipeline

STAGES: Final[Mapping[str, str]] = {
    "fed": "judged, numbered, routed",
    "counted": "counted, each copy",
    "replay_2": "replayed and compared, each copy",
}
"""What is drawn, by the bench's names."""

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 760, 320, 60, 30, 290, 50
_COLOURS: Final = ("#1b6ca8", "#b3541e", "#3d7a3d")
_DASHES: Final = ("none", "8 3", "2 3")


class Point(NamedTuple):
    """CPU microseconds that our processes needed for one, when there were so many events."""

    events: int
    cost: float


async def grown(cluster: Cluster, sizes: Sequence[int], partitions: int, board: Board) -> dict[str, list[Point]]:
    """Take logs of each size in, count and replay them; each in topics and a database of its own."""
    admin = AdminClient({**access.admin(cluster.data_dir), "log_level": 0})
    found: dict[str, list[Point]] = {name: [] for name in STAGES}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="atips-growth-") as folder:
            pipeline = await Pipeline.make(cluster, admin, Path(folder), agencies=PUBLISHING, partitions=partitions)
            bench = Bench(pipeline, board.say)
            try:
                board.say(f"{size:,} events as they happen")
                copies = await bench.fed(workload(size, size))
                bench.rows["counted"] = await bench.counted(copies)
                await bench.replay("replay_2", copies, board, 2)
            finally:
                pipeline.close()
            for name in STAGES:
                found[name].append(Point(size, _cost(bench.rows[name])))
    return found


def _cost(row: Measured) -> float:
    return row.python / row.whole * 1e6 if row.whole else 0.0


def picture(found: Mapping[str, Sequence[Point]]) -> str:
    """Draw it as SVG: events on a logarithmic scale, microseconds from nought; each line says what it is."""
    events = sorted({point.events for points in found.values() for point in points})
    most = 1.2 * max(point.cost for points in found.values() for point in points)
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
    for (name, points), colour, dash in zip(found.items(), _COLOURS, _DASHES, strict=True):
        line = " ".join(f"{x(point.events):.0f},{y(point.cost):.0f}" for point in points)
        drawn.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        last = points[-1]
        place = f'x="{x(last.events) + 8:.0f}" y="{y(last.cost) + 4:.0f}" fill="{colour}"'
        drawn.append(f"<text {place}>{last.cost:.0f} μs: {STAGES[name]}</text>")
    title = "CPU of our processes for one event or copy, by the number of events"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
        f'<text x="{_LEFT}" y="18">{title}</text>{"".join(drawn)}'
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.0f}" y="{_HEIGHT - 10}" text-anchor="middle">events</text></svg>\n'
    )
