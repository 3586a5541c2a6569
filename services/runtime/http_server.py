"""HTTP server: uvicorn, with further limits for connections, request heads, and the times of heads and answers.

uvicorn itself limits the size of a head and the time between two requests; the other limits are here.
"""

import asyncio
import re
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.runtime.connection_admission import Admission, AdmittedConnection
from services.runtime.listener import Listener

SLOW_SECONDS: Final = 1.0
"""Seconds in which nothing is read from a connection after an answer to a caller that is slowed down (`slow_down`)."""
_IN_SCOPE: Final = "atips.connection"
_GRACE_SECONDS: Final = 5
_HEAD_END: Final = re.compile(rb"\n\r?\n")

_ONCE: Final = frozenset({b"authorization", b"content-length", b"host", b"transfer-encoding"})
"""Headers that a request may have only once: a proxy could read the second one, and this server the first."""
_NO_CHUNKS: Final = b"1.0"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one listening address, in seconds and bytes."""

    admission: Admission
    header_seconds: float
    """Seconds from the connection, or the last answer, to the end of a request's headers."""
    header_bytes: int
    idle_seconds: float
    """Seconds from an answer to the first byte of the next request."""
    answer_seconds: float
    """Seconds in which a client must read the unsent rest of an answer, or the connection is ended.

    The client has one second more for each `answer_bytes_per_second` bytes of the rest.
    """
    answer_bytes_per_second: float


class Bounded(H11Protocol):
    """uvicorn's protocol, with the limits that it lacks.

    The listener sets `connection`, its entry for this connection, and `gone`, which is called when it is lost.
    """

    bounds: ClassVar[Bounds]
    connection: AdmittedConnection
    gone: Callable[[], None]
    slowed: bool = False
    _lost: bool = False
    _deadline: asyncio.TimerHandle | None = None
    _slow: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.connection.end = transport.abort
        self.app = cast("Any", self._marked(cast("ASGIApp", self.app)))
        transport.set_write_buffer_limits(high=1, low=0)  # `pause_writing` is then called for any unsent byte
        self._wait()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        for timer in (self._taking, self._slow):
            if timer is not None:
                timer.cancel()
        self.gone()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # uvicorn keeps this timer after a connection has broken
        self.app = self.config.loaded_app  # the application from `_marked` refers to this object
        self._lost = True
        self._let_go()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        bounds, left = self.bounds, self.transport.get_write_buffer_size()
        seconds = bounds.answer_seconds + left / bounds.answer_bytes_per_second
        self._taking = self.loop.call_later(seconds, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
        super().resume_writing()

    @override
    def data_received(self, data: bytes) -> None:
        if self._deadline is None and self.conn.their_state is h11.IDLE:
            self._wait()
        super().data_received(data)

    @override
    def handle_events(self) -> None:
        """Refuse a request head that is too long or ambiguous before the parser joins repeated headers."""
        if self.conn.their_state is h11.IDLE and (head := head_of(self.conn.trailing_data[0])):
            if len(head) > self.bounds.header_bytes:  # which the parser looks at only while the end is not there
                self.send_400_response(TOO_LONG)
                return
            if is_ambiguous(head):
                self.send_400_response(AMBIGUOUS)
                return
        super().handle_events()

    @override
    def on_response_complete(self) -> None:
        self._wait_no_more()
        if self.slowed:
            self.slowed = False
            self.flow.pause_reading()
            self._slow = self.loop.call_later(SLOW_SECONDS, self.on_response_complete)
            return
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:  # it was answered before its end, which need not come
            self._wait()
        self._let_go()

    def _let_go(self) -> None:
        """Drop the answered request of a lost connection, because it refers to this object.

        This is not done earlier: TLS may still hold a part of a body that was refused early.
        """
        if self._lost and getattr(self.cycle, "response_complete", False):
            self.cycle = self.scope = cast("Any", None)

    def _wait(self) -> None:
        """Start the timer for the arrival of a request's head (`header_seconds`)."""
        self._wait_no_more()
        self._deadline = self.loop.call_later(self.bounds.header_seconds, self._hang_up)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self) -> None:
        """End the connection, unless a request is being answered: its body has a limit of its own."""
        self._deadline = None
        if getattr(self.cycle, "response_complete", True):  # there is no cycle before the first request
            self.transport.close()

    def _marked(self, app: ASGIApp) -> ASGIApp:
        async def marked(scope: Scope, receive: Receive, send: Send) -> None:
            scope[_IN_SCOPE] = self
            self.connection.busy = True
            try:
                await app(scope, receive, send)
            finally:
                self.connection.busy = False

        return marked


def mark_trusted(scope: Scope) -> None:
    """Mark the connection of a request as one that has sent a valid key. Others are ended first to make room."""
    if (protocol := scope.get(_IN_SCOPE)) is not None:
        protocol.connection.trusted = True


def slow_down(scope: Scope) -> None:
    """Stop reading from the request's connection for `SLOW_SECONDS` after its answer."""
    if (protocol := scope.get(_IN_SCOPE)) is not None:
        protocol.slowed = True


AMBIGUOUS: Final = "A header is repeated, or the body's length is given in two ways. Send each once."
TOO_LONG: Final = "The request line and the headers are too long. Send fewer or shorter headers."


def head_of(received: bytes) -> bytes:
    """Return a request's head as it was received; empty while its end has not arrived."""
    end = _HEAD_END.search(received)
    return b"" if end is None else received[: end.start()]


def is_ambiguous(head: bytes) -> bool:
    """Whether two readers could take a request's head for different requests."""
    first, *lines = head.split(b"\n")
    named = Counter(line.partition(b":")[0].strip().lower() for line in lines if line[:1] not in b" \t")
    if any(named[name] > 1 for name in _ONCE):
        return True
    chunked = b"transfer-encoding" in named
    return chunked and (b"content-length" in named or first.rstrip().endswith(_NO_CHUNKS))


class _Server(uvicorn.Server):
    """uvicorn's server on a `Listener`."""

    def __init__(self, config: uvicorn.Config, listening: Sequence[socket.socket], tls: ssl.SSLContext | None) -> None:
        super().__init__(config)
        self._listening = listening
        self._tls = tls

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        kind = cast("type[Bounded]", self.config.http_protocol_class)

        def made(connection: AdmittedConnection, gone: Callable[[], None]) -> asyncio.Protocol:
            protocol = kind(config=self.config, server_state=self.server_state, app_state={})
            protocol.connection, protocol.gone = connection, gone
            return protocol

        listener = Listener(self._listening, made, kind.bounds.admission, self._tls)
        self.servers = [cast("Any", listener)]
        self.started = True


@asynccontextmanager
async def serving(
    app: ASGIApp,
    listening: Sequence[socket.socket],
    bounds: Bounds,
    *,
    protocol: type[Bounded] = Bounded,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[None]:
    """Serve `app` on listening sockets while the `async with` body runs, then close the sockets."""
    config = uvicorn.Config(
        app,
        http=type(protocol.__name__, (protocol,), {"bounds": bounds}),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # otherwise a caller on this machine could claim any address
        lifespan="off",
        ws="none",
        timeout_keep_alive=cast("int", bounds.idle_seconds),
        h11_max_incomplete_event_size=bounds.header_bytes,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config, listening, tls)
    # Signals belong to the process, which stops the server by leaving this block.
    task = asyncio.create_task(server._serve())  # noqa: SLF001 - `serve` would install signal handlers of its own
    try:
        yield
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task
