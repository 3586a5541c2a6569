"""`make soak ARGS="--events N --seed S"`: what holds for a few thousand events is shown to hold for many.

Exits with 0 only if everything holds. Data lie in a folder that is removed at the end, however the run ends.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from confluent_kafka.admin import AdminClient
from rich.console import Console

from infra.local import connection_settings
from infra.local.cluster import Cluster
from tests.soak.answers import covered
from tests.soak.board import Board
from tests.soak.memory import Sizes, memory
from tests.soak.run import Plan, Soak
from tests.support.cluster import MIGRATE

# Below some thousands of events a replay's memory is that of its buffers.
_SMALLEST, _LARGEST = 10_000, 20_000


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="how many, besides duplicates")
    parser.add_argument("--seed", type=int, default=1, help="of the events, the kills and the questions")
    parser.add_argument("--kills", type=int, default=12, help="how often a service is killed while events flow")
    parser.add_argument("--questions", type=int, default=10, help="how many random n are asked for")
    parser.add_argument("--folder", type=Path, default=None, help="where the data lie; one that is removed, else")
    parser.add_argument("--no-memory", action="store_true", help="leave out the replays of other sizes")
    return parser.parse_args()


async def _soaked(cluster: Cluster, asked: argparse.Namespace, console: Console, board: Board) -> list[str]:
    admin = AdminClient({**connection_settings.admin(cluster.data_dir), "log_level": 0})
    plan = Plan(events=asked.events, seed=asked.seed, kills=asked.kills, questions=asked.questions)
    with tempfile.TemporaryDirectory(prefix="atips-soak-") as logs:
        soak = await Soak.make(cluster, admin, Path(logs), plan, board)
        try:
            await soak.flow()
            broken = await soak.judged()
        finally:
            soak.close()
        console.print(soak.table())
        console.print(covered(soak.moved), markup=False)
        if not asked.no_memory:
            smallest = min(max(asked.events // 50, _SMALLEST), _LARGEST)
            table, too_much = await memory(cluster, admin, Path(logs), Sizes(smallest, asked.seed), board)
            console.print(table)
            broken += too_much
    return broken


def main() -> int:
    """Bring a cluster, soak it, say what did not hold."""
    asked = _asked()
    console = Console(stderr=False, highlight=False)
    os.environ.setdefault("TMPDIR", tempfile.gettempdir())  # on disk: a million events are many gigabytes
    with Board() as board, Cluster.start(asked.folder, prepare=[MIGRATE]) as cluster:
        broken = asyncio.run(_soaked(cluster, asked, console, board))
    for sentence in broken:
        console.print(f"BROKEN: {sentence}", markup=False)
    console.print("everything holds" if not broken else f"{len(broken)} did not hold")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
