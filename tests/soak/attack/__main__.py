"""Bring up a whole cluster, attack it, and leave with 0 only if everything holds."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
from rich.console import Console

from infra.local.environment_variables import CA_KEY_FILE
from tests.soak.attack.run import Attacked
from tests.soak.progress_board import Board
from tests.support.pipeline import ROOT


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make attack", description=__doc__)
    parser.add_argument("--warm", type=float, default=1.0, help="minutes before anything is measured")
    parser.add_argument("--quiet", type=float, default=2.0, help="minutes of honest agencies alone")
    parser.add_argument("--minutes", type=float, default=5.0, help="minutes of every attack at once")
    parser.add_argument("--seed", type=int, default=1, help="of the honest agencies' events")
    return parser.parse_args()


def _atips(*words: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "services.console", *words], cwd=ROOT, capture_output=True, check=False
    )


def _database(data_dir: Path) -> tuple[str, str]:
    """Give the administrator's data source name and the database's name."""
    postgres = json.loads((data_dir / "state.json").read_text("utf-8"))["postgres"]
    return Path(postgres["admin_dsn_file"]).read_text("utf-8").strip(), postgres["database"]


async def _filled(attacked: Attacked, where: tuple[str, str]) -> None:
    await asyncio.to_thread(attacked.filled)
    connection = await asyncpg.connect(where[0], database=where[1])
    try:
        await attacked.settled(connection)
    finally:
        await connection.close()


async def _judged(attacked: Attacked, data_dir: Path, where: tuple[str, str]) -> list[str]:
    connection = await asyncpg.connect(where[0], database=where[1])
    try:
        await attacked.settled(connection)
        broken = await attacked.broken(connection)
    finally:
        await connection.close()
    replay = _atips("replay", "--compare", "--data-dir", str(data_dir))
    return broken if replay.returncode == 0 else [*broken, f"the replay ended with {replay.returncode}"]


def main() -> int:
    """Run the whole."""
    asked = _asked()
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="atips-attack-") as folder, Board() as board:
        data_dir = Path(folder) / "data"
        # What is remembered fills up in hours of honest work: here at once, so that growth is somebody else's.
        os.environ.setdefault("ATIPS_REMEMBERED_MB", "20")
        os.environ.setdefault(CA_KEY_FILE, str(Path(folder) / "ca.key"))
        up = _atips("up", "--data-dir", str(data_dir))
        if up.returncode:
            console.print(up.stdout.decode(), up.stderr.decode(), markup=False)
            return 1
        try:
            attacked = Attacked(data_dir, board, asked.seed, (asked.warm, asked.quiet, asked.minutes))
            asyncio.run(_filled(attacked, _database(data_dir)))
            attacked.run()
            console.print(attacked.table())
            broken = asyncio.run(_judged(attacked, data_dir, _database(data_dir)))
        finally:
            _atips("down", "--data-dir", str(data_dir))
    for sentence in broken:
        console.print(f"BROKEN: {sentence}", markup=False)
    console.print("everything holds" if not broken else f"{len(broken)} did not hold")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
