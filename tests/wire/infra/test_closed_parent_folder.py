"""A data folder, and the database's own programs, below a folder closed to others: a root home, a private checkout."""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import asyncpg
import pytest

from infra.local import environment_variables, ports, postgres
from infra.local.data_folder import Folder
from infra.local.process import Child
from tests.wire.infra.conftest import until


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of mode 700 that holds the server's programs."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    package = postgres.binaries().parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, folder / part.name)
    monkeypatch.setattr(postgres, "binaries", lambda: folder / package.name / "pginstall" / "bin")
    yield folder
    shutil.rmtree(folder)  # 60 MB that pytest would keep


@pytest.fixture
def server(closed: Path) -> Iterator[Callable[[], tuple[Folder, Child, str]]]:
    folder = Folder(closed / "data")
    folder.make()
    chosen = ports.choose(postgres.PORTS, {})
    held = os.open(folder.lock, os.O_RDWR | os.O_CREAT)
    started: list[Child] = []

    def start() -> tuple[Folder, Child, str]:
        child = Child(
            "postgres",
            postgres.prepare(folder, chosen),
            environment_variables.for_server(environment_variables.inherited()),
            folder.log / "postgres.log",
            held,
            before=postgres.unprivileged(folder),
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGQUIT,
            ready=lambda pid: postgres.is_ready(folder, pid),
        )
        started.append(child)
        child.start()
        password = folder.password_file(postgres.SUPERUSER).read_text(encoding="utf-8").strip()
        dsn = f"postgresql://{postgres.SUPERUSER}:{password}@{ports.HOST}:{chosen['postgres']}/postgres"
        return folder, child, dsn

    yield start
    for child in started:
        child.ask_to_stop()
        child.end(monotonic() + 20)
    os.close(held)


def test_the_database_runs_there_without_roots_rights(server: Callable[[], tuple[Folder, Child, str]]) -> None:
    _, child, dsn = server()

    def running() -> bool:
        child.step()
        return child.state == "running"

    until(running)
    lines = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert status["Uid"].split()[1] != "0"
    assert int(status["CapEff"], 16) & ~0b110 == 0  # at most what lets it pass through the closed folder
    assert asyncio.run(one_plus_one(dsn)) == 2


async def one_plus_one(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        found: int = await connection.fetchval("SELECT 1 + 1")
        return found
    finally:
        await connection.close()
