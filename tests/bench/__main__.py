"""`make bench ARGS="[--quick] [--json] [--peers]"`: our rates beside the limits of the same machine, in one run.

About ten minutes, with `--quick` two. Rates of different runs say little about each other; ratios within one do.
With `--pages DIR` the pages of a demonstration that runs are measured, and nothing else.
With `--peers` other systems do comparable work on the same log (`tests/bench/peers`); the first time they are fetched.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from confluent_kafka.admin import AdminClient
from rich.console import Console
from rich.table import Table

from infra.local import connection_settings
from infra.local.cluster import Cluster
from schemas.agencies import PUBLISHING
from schemas.ids import Kind
from tests.bench.commit_latency import first, latency, limits
from tests.bench.entity_cost import costs, moved
from tests.bench.growth import Point, grown, picture
from tests.bench.http_rate import http
from tests.bench.idle_cost import idle
from tests.bench.measure import Measured
from tests.bench.pages import pages
from tests.bench.peers import contest
from tests.bench.peers.peer import Peer
from tests.bench.report import FACTS, by_mix, found, tables
from tests.bench.stages import Bench
from tests.bench.workload import MIXES, Sent, workload
from tests.soak.progress_board import Board
from tests.support.cluster import MIGRATE
from tests.support.pipeline import Pipeline

_EVENTS: Final = 100_000
_QUICK: Final = 15_000
_PARTITIONS: Final = 4
_REMEMBERED: Final = 400
"""Megabytes of entities that one worker remembers."""
_WAITED_FOR: Final = 1_000
_BATCH: Final = 5_000
_DECIDING: Final = {"referral": Kind.PERSON, "case_tracker": Kind.CASE}
"""Of which entities each service that decides reads the copies; takes too long for a quick run."""
_MOVING: Final = 2_000
"""Events of which the cells that they move are counted."""
_TURNS: Final = 20
_IN_TURN: Final = 20_000
"""Copies in one turn: as many as a worker that is behind takes in one transaction."""


def _sizes(said: str) -> list[int]:
    return [int(each) for each in said.split(",")]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK:,} events instead of {_EVENTS:,}")
    parser.add_argument("--events", type=int, default=None, help="how many events, besides duplicates")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers", action="store_true", help="other systems beside ours, fetched the first time")
    parser.add_argument("--growth", type=_sizes, metavar="N,N", help="what an event costs at each of these sizes, only")
    parser.add_argument("--turns", type=int, metavar="N", help="what a copy costs first and last of N events, only")
    parser.add_argument("--pages", type=Path, metavar="DIR", help="what 200 open pages cost where a demo runs, only")
    parser.add_argument("--picture", type=Path, help="where the growth is drawn, as SVG")
    return parser.parse_args()


@asynccontextmanager
async def _bench(cluster: Cluster, board: Board) -> AsyncIterator[Bench]:
    """Topics and databases of their own for what is measured next."""
    admin = AdminClient({**connection_settings.admin(cluster.data_dir), "log_level": 0})
    with tempfile.TemporaryDirectory(prefix="atips-bench-") as folder:
        pipeline = await Pipeline.make(
            cluster, admin, Path(folder), agencies=PUBLISHING, partitions=_PARTITIONS, watched=False
        )
        try:
            yield Bench(pipeline, board.say)
        finally:
            pipeline.close()


async def _benched(
    cluster: Cluster, events: int, seed: int, board: Board, peers: Sequence[Peer], *, deciding: Mapping[str, Kind]
) -> tuple[dict[str, Any], list[Table]]:
    async with _bench(cluster, board) as bench:
        board.say(f"{events:,} events as they happen")
        copies = await bench.fed(workload(seed, events))
        await bench.limit("raw_consume", "raw")
        await bench.limit("decode", "decode")
        await bench.limit("raw_landing", "landing")
        await bench.tally("faust_worker", "worker")
        await bench.tally("faust_table", "table")
        outcomes = await contest.held(bench, workload(seed, events), copies, peers)
        await bench.live("live_1", copies)
        await bench.live("live_lru", copies, remembered=_REMEMBERED)
        await bench.live("live_2", copies, workers=2)
        decided = {name: await bench.decided(name, kind) / events for name, kind in deciding.items()}
        await bench.counted(copies)
        await bench.replay("replay_1", copies, board, 1)
        await bench.replay("replay_2", copies, board, 2)
        await bench.line("line", events, _BATCH)
        await bench.line("line_single", events // 20, 1)
    async with _bench(cluster, board) as whole:
        waits = await _end_to_end(whole, seed, events)
    mixes = {}
    for name, made in MIXES.items():
        board.say(f"{events:,} events: {name}")
        mixes[name] = await _mixed(cluster, board, made(seed, events), deciding)
    async with _bench(cluster, board) as still:
        idling = await idle(still)
    async with _bench(cluster, board) as bare:
        least = await limits(bare.pipeline, list(workload(seed + 7, 5 * _WAITED_FOR)), (50, 500))
    rows = {**bench.rows, **whole.rows}
    result, shown = found(rows, waits, least, copies / events, decided), []
    every = {FACTS: bench.rows, **mixes}
    cells = {name: moved(islice(made(seed, events), _MOVING)) for name, made in {FACTS: workload, **MIXES}.items()}
    result |= by_mix(every, cells) | {"idle_percent_of_a_core": idling, "one_more_event_ms": costs()}
    if outcomes:
        result["peers"] = contest.found(outcomes, rows)
        shown.append(contest.table(outcomes, rows))
    return result, [*tables(rows, result), *shown]


async def _mixed(
    cluster: Cluster, board: Board, sent: Iterator[Sent], deciding: Mapping[str, Kind]
) -> Mapping[str, Measured]:
    """Run each stage once on events of another kind; gives the rows by the names that plain facts have them under."""
    async with _bench(cluster, board) as bench:
        copies = await bench.fed(sent)
        await bench.live("live_1", copies)
        for service, kind in deciding.items():
            await bench.decided(service, kind)
        await bench.counted(copies)
        await bench.replay("replay_1", copies, board, 1)
        return bench.rows


async def _end_to_end(bench: Bench, seed: int, events: int) -> dict[str, list[float]]:
    """Measure everything at once; gives how long events waited, by their rate."""
    pipeline = bench.pipeline
    waits = {"first": await first(pipeline, list(islice(workload(seed + 1, _WAITED_FOR), _WAITED_FOR)))}
    waits["500"] = await latency(pipeline, list(workload(seed + 2, 5 * _WAITED_FOR)), 500)
    await bench.whole(list(workload(seed + 3, events // 2)))
    await bench.intake(list(workload(seed + 6, events)))
    for service in pipeline.services:
        service.stop()
    await http(bench, "http_batch", list(workload(seed + 4, events // 5)))
    await http(bench, "http_single", list(workload(seed + 5, events // 20)), batch=1)
    return waits


def _drawn(costs: Mapping[str, Sequence[Point]], place: Path | None) -> None:
    if place is not None:
        place.write_text(picture(costs), encoding="utf-8")


async def _grown(cluster: Cluster, sizes: Sequence[int], board: Board, place: Path | None) -> int:
    costs: Mapping[str, Sequence[Point]] = {}
    async with _bench(cluster, board) as bench:
        async for costs in grown(bench, sizes, board):
            board.say(json.dumps(_said(costs)))
            _drawn(costs, place)  # each time: the next size may take an hour
    Console(highlight=False).print_json(json.dumps(_said(costs)))
    return 0


async def _turns(cluster: Cluster, events: int, seed: int, board: Board) -> int:
    """Tell what a copy costs at the beginning of a log and at its end."""
    async with _bench(cluster, board) as bench:
        board.say(f"{events:,} events as they happen")
        copies = await bench.fed(workload(seed, events))
        turns = min(_TURNS, copies // (2 * _IN_TURN))
        board.say(f"{copies:,} copies counted, the last {turns * _IN_TURN:,} in turns with the first")
        found = await bench.turns(copies, turns, _IN_TURN)
    ratios = [late / early for early, late in zip(found["early"], found["late"], strict=True)]
    said = {name: round(median(each), 1) for name, each in found.items()}
    quartiles = [round(each, 3) for each in quantiles(ratios, n=4)]
    Console(highlight=False).print_json(
        json.dumps({"copies": copies, "turns": turns, "cpu_microseconds": said, "late_to_early": quartiles})
    )
    return 0


def _said(costs: Mapping[str, Sequence[Point]]) -> dict[str, dict[str, dict[int, float]]]:
    return {
        "cpu_microseconds": {name: {each.events: round(each.cost, 1) for each in costs[name]} for name in costs},
        "measured": {name: {each.events: round(each.measured, 1) for each in costs[name]} for name in costs},
    }


def main() -> int:
    """Bring a cluster, measure, say it."""
    asked = _asked()
    if asked.pages:
        Console(highlight=False).print_json(json.dumps(pages(asked.pages, Console(stderr=True).print)))
        return 0
    events = asked.events or (_QUICK if asked.quick else _EVENTS)
    # In a folder that is to stay, as an installation's: on a disk, with a broker that is compiled for a long life.
    with (
        Board() as board,
        tempfile.TemporaryDirectory(prefix="atips-bench-") as folder,
        Cluster.start(Path(folder) / "data", prepare=[MIGRATE]) as cluster,
    ):
        if asked.turns:
            return asyncio.run(_turns(cluster, asked.turns, asked.seed, board))
        if asked.growth:
            return asyncio.run(_grown(cluster, asked.growth, board, asked.picture))
        peers = contest.every() if asked.peers else ()
        deciding = {} if asked.quick else _DECIDING
        result, shown = asyncio.run(_benched(cluster, events, asked.seed, board, peers, deciding=deciding))
    console = Console(highlight=False)
    if asked.json:
        console.print_json(json.dumps(result))
    else:
        for table in shown:
            console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
