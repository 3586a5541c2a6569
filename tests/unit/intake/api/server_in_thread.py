"""The door on a socket of its own, in a thread of its own: for clients that know nothing of asyncio or of us."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import ports
from services.intake.api import server as sockets
from services.intake.api.limits import HttpLimits
from tests.support.database import Server
from tests.unit.intake.api.conftest import GENEROUS, OFTEN, serving
from tests.unit.intake.conftest import opened

SECONDS = 60.0


@dataclass(frozen=True)
class Listening:
    """A server's address."""

    port: int

    @property
    def url(self) -> str:
        """Its address, in the clear."""
        return f"http://{ports.HOST}:{self.port}"


@contextmanager
def listening(
    server: Server,
    folder: Path,
    limits: HttpLimits = GENEROUS,
    certificate: tuple[Path, Path] | None = None,
    *,
    rate: tuple[float, float] = OFTEN,
) -> Iterator[Listening]:
    """Serve until the block is left; what goes wrong in the thread is raised there."""
    port = ports.choose(["http"], {})["http"]
    started, failed = threading.Event(), []
    ready: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        stop = asyncio.Event()
        address = sockets.Address(ports.HOST, port, *(certificate or (None, None)))
        async with (
            opened(server, folder) as database,
            serving(database, server, folder, limits, rate) as api,
            sockets.serving(api.app, address, limits),
        ):
            ready.append((asyncio.get_running_loop(), stop))
            started.set()
            await stop.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:  # noqa: BLE001 - raised again in the test's own thread
            failed.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert started.wait(SECONDS)
        if ready:
            while not _heard(port) and thread.is_alive():
                time.sleep(0.01)
            yield Listening(port)
    finally:
        for loop, stop in ready:
            loop.call_soon_threadsafe(stop.set)
        thread.join(SECONDS)
    for error in failed:
        raise error


def _heard(port: int) -> bool:
    """Whether somebody listens there yet."""
    with socket.socket() as probe:
        return probe.connect_ex((ports.HOST, port)) == 0
