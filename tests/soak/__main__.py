"""`make soak ARGS="--events N --seed S"`: what holds for a few thousand events is shown to hold for many.

`--cluster` tries faults on the deployment in containers instead. Exits with 0 only if everything holds. Data and
containers are removed at the end, however the run ends.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from confluent_kafka.admin import AdminClient
from rich.console import Console

from infra.local import connection_settings
from infra.local.cluster import Cluster
from tests.soak.memory import Sizes, memory
from tests.soak.on_cluster.command import soak_cluster
from tests.soak.on_cluster.faults import BY_NAME, named
from tests.soak.past_figures import covered
from tests.soak.progress_board import Board
from tests.soak.run import Plan, Soak
from tests.support.cluster import MIGRATE

# Below some thousands of events a replay's memory is that of its buffers.
_SMALLEST, _LARGEST = 10_000, 20_000


def asked_for(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line, or the arguments that are given."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="how many, besides duplicates")
    parser.add_argument("--seed", type=int, default=1, help="of the events, the kills and the questions, or the faults")
    parser.add_argument("--kills", type=int, default=12, help="how often a service is killed while events flow")
    parser.add_argument("--questions", type=int, default=10, help="how many random n are asked for")
    parser.add_argument("--folder", type=Path, default=None, help="where the data lie; one that is removed, else")
    parser.add_argument("--no-memory", action="store_true", help="leave out the replays of other sizes")
    parser.add_argument("--cluster", action="store_true", help="faults on the deployment in containers; needs root")
    parser.add_argument("--minutes", type=float, default=120.0, help="with --cluster: how long new faults begin")
    parser.add_argument(
        "--faults", type=_faults, default=list(BY_NAME), help=f"with --cluster: some of {','.join(BY_NAME)}"
    )
    return parser.parse_args(arguments)


def _faults(text: str) -> list[str]:
    try:
        return named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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


def _broken(asked: argparse.Namespace, console: Console) -> list[str]:
    """Soak what is asked for, and return what does not hold."""
    if asked.cluster:
        # So that containers and mounts are removed as after an interrupt.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        return soak_cluster(asked.minutes, asked.seed, asked.faults, console)
    os.environ.setdefault("TMPDIR", tempfile.gettempdir())  # on disk: a million events are many gigabytes
    with Board() as board, Cluster.start(asked.folder, prepare=[MIGRATE]) as cluster:
        return asyncio.run(_soaked(cluster, asked, console, board))


def main() -> int:
    """Bring a cluster or a deployment, soak it, say what did not hold."""
    asked = asked_for()
    console = Console(stderr=False, highlight=False)
    broken = _broken(asked, console)
    for sentence in broken:
        console.print(f"BROKEN: {sentence}", markup=False)
    console.print("everything holds" if not broken else f"{len(broken)} did not hold")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
