"""HTTPS, and patience with the slow: who does not finish saying what he wants, or takes no answer, is hung up on."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import h11
import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.intake.api.parts import Limits
from services.intake.api.problem import ALWAYS, Problem, response
from services.intake.api.words import Rule
from services.runtime import metrics

_GRACE_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and with which certificate; in the clear without one."""

    host: str
    port: int
    certificate: Path | None
    key: Path | None


@asynccontextmanager
async def serving(app: ASGIApp, address: Address, limits: Limits) -> AsyncIterator[None]:
    """Serve while the body runs."""
    config = uvicorn.Config(
        app,
        host=address.host,
        port=address.port,
        http=_patient(limits),
        ssl_certfile=address.certificate,
        ssl_keyfile=None if address.key is None else str(address.key),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # else whoever calls from this machine may say that it is any address
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    server = uvicorn.Server(config)
    # Signals belong to the process, which stops the server by leaving this block.
    task = asyncio.create_task(server._serve())  # noqa: SLF001 - `serve` would install signal handlers of its own
    try:
        yield
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task


class _Answering(H11Protocol):
    """Also what is no request, and so reaches no application, is answered with a problem."""

    @override
    def send_400_response(self, msg: str) -> None:
        said = response(Request({"type": "http", "headers": []}), Problem(Rule.NOT_HTTP, close=True))
        headers = [*said.raw_headers, *ALWAYS]
        start = h11.Response(status_code=said.status_code, headers=headers, reason=b"Bad Request")
        with suppress(h11.LocalProtocolError):  # there is an answer already, and the rest of its request was none
            for part in (start, h11.Data(data=bytes(said.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(part) or b"")
            metrics.ANSWERS.labels("", str(said.status_code)).inc()
        self.transport.close()


class _Patient(_Answering):
    """uvicorn's protocol with the limits that it lacks: for the headers' time, the answer's, and for connections."""

    _limits: Limits
    _deadline: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            transport.abort()
        else:
            transport.set_write_buffer_limits(high=1, low=0)  # to hear of all that is not taken at once
            self._wait()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._deadline, self._taking):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        limits, left = self._limits, self.transport.get_write_buffer_size()
        seconds = limits.body_seconds + left / limits.body_bytes_per_second
        self._taking = self.loop.call_later(seconds, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
        super().resume_writing()

    @override
    def on_response_complete(self) -> None:
        self._wait()
        super().on_response_complete()

    def _wait(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(self._limits.header_seconds, self._hang_up)

    def _hang_up(self) -> None:
        """End the connection unless a request is being answered: its body has a limit of its own."""
        if getattr(self.cycle, "response_complete", True):  # there is no cycle before the first request
            self.transport.close()


def _patient(limits: Limits) -> type[H11Protocol]:
    class Patient(_Patient):
        _limits = limits

    return Patient
