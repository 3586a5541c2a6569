"""2,700 connections without a key at once: an honest client publishes, health answers, both in time; memory is flat."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import orjson
import uvloop

from infra.local import ports
from infra.local.data_folder import Folder
from services.client import Http
from services.client.receipt_and_errors import Later
from services.intake.api import server as sockets
from services.intake.api.limits import HttpLimits
from services.runtime import admin_port, health
from services.runtime.settings import ProcessSettings
from tests.support.database import Server
from tests.support.pipeline import ROOT, wait_for
from tests.unit.intake.api import idle_connections
from tests.unit.intake.api.conftest import KEYS, serving
from tests.unit.intake.api.test_server import ours
from tests.unit.intake.conftest import opened
from tests.unit.intake.samples import victim

ROUNDS = 20
IN_TIME = 15.0
"""For one publication, TLS and all, on a machine whose cores the crowd uses as well."""
HEALTH_SECONDS = 1.0
FLAT = 96 * 1024 * 1024
"""Bytes that 512 connections with TLS may take at most, with their remains in the allocator."""


def resident() -> int:
    """Give the bytes of this process's memory."""
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * 4096


@asynccontextmanager
async def crowded(door: int, of_admin: int) -> AsyncIterator[None]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.unit.intake.api.idle_connections", str(door), str(of_admin)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        async with asyncio.timeout(60):
            first = int(await child.stdout.readline())
        yield
        child.stdin.close()
        async with asyncio.timeout(60):
            last = int(await child.stdout.readline())
        assert idle_connections.TLS + 2 * idle_connections.BARE <= first <= last
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def submitted(door: Http, event: bytes) -> str | None:
    """Submit once; None where the door has no room for a connection now."""
    try:
        return door.submit(event, IN_TIME).status
    except Later:
        return None


async def timed(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    await asyncio.to_thread(work)
    return time.monotonic() - begun


def test_an_honest_client_publishes_and_health_answers_in_a_crowd(server: Server, tmp_path: Path) -> None:
    """On the loop that services have: asyncio's own keeps a megabyte for each TLS connection."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        took, grown = runner.run(among_the_crowd(server, tmp_path))
    assert max(seconds for seconds, _ in took) < IN_TIME
    assert max(seconds for _, seconds in took) < HEALTH_SECONDS
    assert grown < FLAT


async def among_the_crowd(server: Server, tmp_path: Path) -> tuple[list[tuple[float, float]], int]:
    """Publish and ask for health, round by round; gives the seconds of both, and the bytes by which memory grew."""
    certificate = ours(tmp_path)
    port, of_admin = ports.choose(["http", "admin"], {}).values()
    settings = ProcessSettings.model_construct(
        admin_host=ports.HOST, admin_port=of_admin, admin_connections=32, probe_seconds=1.5, silent_loop_seconds=30.0
    )
    limits = replace(HttpLimits(), header_seconds=30.0, handshake_seconds=30.0)  # so that nobody leaves of himself
    address = sockets.Address(ports.HOST, port, *certificate)

    def publish(number: int) -> None:
        """With a connection of its own, as an office that comes in the middle of it and again when told later."""
        door = Http(f"https://{ports.HOST}:{port}", key=KEYS["bpd"], ca=Folder(tmp_path / "data").ca)
        try:
            event = orjson.dumps(victim(number))
            assert wait_for(lambda: submitted(door, event), "there is room", IN_TIME) == "accepted"
        finally:
            door.close()

    def ask_health() -> None:
        with closing(HTTPConnection(ports.HOST, of_admin, timeout=HEALTH_SECONDS)) as line:
            line.request("GET", "/readyz")
            assert orjson.loads(line.getresponse().read()) == {"ready": True, "reasons": {}}

    async with (
        opened(server, tmp_path) as database,
        serving(database, server, tmp_path, limits) as api,
        sockets.serving(api.app, address, limits),
        admin_port.serving(settings, {"database": health.database(database.pool)}),
    ):
        await timed(partial(publish, 0))
        before = resident()
        async with crowded(port, of_admin):
            rounds = range(1, ROUNDS + 1)
            took = [(await timed(partial(publish, number)), await timed(ask_health)) for number in rounds]
            return took, resident() - before
