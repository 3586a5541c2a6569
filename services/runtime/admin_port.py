"""The admin port: an HTTP server for health and metrics, on a thread with an event loop of its own.

It also answers while the service's loop is blocked, and while the process has no file descriptor left: it holds some
back for itself.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.types import ASGIApp
from typing_extensions import override

from services.runtime import certificate_expiry, http_server
from services.runtime.connection_admission import Admission
from services.runtime.errors import Halt
from services.runtime.health import Check, app
from services.runtime.listener import open_listening_sockets
from services.runtime.settings import ProcessSettings

if TYPE_CHECKING:
    from concurrent.futures import Future

_BEAT_SECONDS: Final = 0.25
_JOIN_SECONDS: Final = 10.0
_SPARE: Final = 8
"""File descriptors held back for this port. When the process has no others, this many callers are answered at once."""
_HEADER_SECONDS: Final = 2.0
_HEADER_BYTES: Final = 8 * 1024
_IDLE_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 5.0
_ANSWER_BYTES_PER_SECOND: Final = 10_000.0


@asynccontextmanager
async def serving(settings: ProcessSettings, checks: Mapping[str, Check]) -> AsyncIterator[None]:
    """Serve health and metrics while the `async with` body runs; nothing if the setting `admin_port` is 0.

    `checks`: readiness checks by name. Raises `Halt` if the port cannot be opened.
    """
    if not settings.admin_port:
        yield
        return
    certificate_expiry.expose_expiry_metrics(settings.certificates())
    loop = asyncio.get_running_loop()
    heartbeat = Heartbeat(loop)
    probes = {name: Probe(check, loop, settings.probe_seconds).ask for name, check in checks.items()}
    thread = _Thread(settings, app(probes, partial(_is_silent, heartbeat, settings.silent_loop_seconds)))
    thread.start()
    try:
        yield
    finally:
        heartbeat.stop()
        thread.stop()
        await asyncio.to_thread(thread.join, _JOIN_SECONDS)


class Heartbeat:
    """Timer that notes four times a second that an event loop runs. `silence` may be called from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._at = loop.time()
        self._timer = loop.call_later(_BEAT_SECONDS, self._beat)

    def silence(self) -> float:
        """Return the seconds for which the event loop has been blocked; 0.0 if it runs."""
        return max(self._loop.time() - self._at - _BEAT_SECONDS, 0.0)

    def stop(self) -> None:
        """Cancel the timer. Call this on the loop's own thread."""
        self._timer.cancel()

    def _beat(self) -> None:
        self._at = self._loop.time()
        self._timer = self._loop.call_later(_BEAT_SECONDS, self._beat)


def _is_silent(heartbeat: Heartbeat, most: float) -> float | None:
    """Return the seconds for which the loop has been blocked, if they are more than `most`; otherwise None."""
    silence = heartbeat.silence()
    return silence if silence > most else None


class Probe:
    """Runs a readiness check on the service's loop, and waits for it on the caller's loop, `seconds` at most.

    A check that still runs is not started a second time.
    """

    def __init__(self, check: Check, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._check = check
        self._loop = loop
        self._seconds = seconds
        self._running: Future[str | None] | None = None

    async def ask(self) -> str | None:
        """Return None if the check passes, else the reason. A check that takes too long is a reason, too."""
        if self._running is None or self._running.done():
            self._running = asyncio.run_coroutine_threadsafe(_asked(self._check), self._loop)
        done, _ = await asyncio.wait([asyncio.wrap_future(self._running)], timeout=self._seconds)
        return done.pop().result() if done else f"no answer within {self._seconds:g} s"


async def _asked(check: Callable[[], Awaitable[str | None]]) -> str | None:
    return await check()


class _Thread(threading.Thread):
    """Thread that serves an application on the admin port until `stop` is called."""

    def __init__(self, settings: ProcessSettings, served: ASGIApp) -> None:
        super().__init__(name="admin", daemon=True)
        self._app = served
        most = settings.admin_connections
        self._bounds = http_server.Bounds(
            Admission(most, most + 1, _HEADER_SECONDS, spare=_SPARE),  # all are of one address: the oldest gives way
            header_seconds=_HEADER_SECONDS,
            header_bytes=_HEADER_BYTES,
            idle_seconds=_IDLE_SECONDS,
            answer_seconds=_ANSWER_SECONDS,
            answer_bytes_per_second=_ANSWER_BYTES_PER_SECOND,
        )
        try:
            self._listening = open_listening_sockets(settings.admin_host, settings.admin_port)
        except OSError as error:
            msg = f"the admin port {settings.admin_port} cannot be opened: {error.strerror}"
            raise Halt(msg) from None
        self._loop = asyncio.new_event_loop()
        self._told = asyncio.Event()

    @override
    def run(self) -> None:
        """Serve the admin port until `stop` is called."""
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    def stop(self) -> None:
        """Let the server end. May be called from any thread."""
        self._loop.call_soon_threadsafe(self._told.set)

    async def _serve(self) -> None:
        async with http_server.serving(self._app, self._listening, self._bounds):
            await self._told.wait()
