"""Listening sockets that admit connections one by one, within the limits of an `Admission`.

A connection counts from its admission until its socket is closed, also during its TLS handshake. A connection beyond
the limits is closed before its handshake.
"""

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from services.runtime.connection_admission import Admission, Admitted, AdmittedConnection, network

BACKLOG: Final = 1024

_AT_ONCE: Final = 64
"""Connections accepted in one turn, before the event loop runs other tasks."""

_PAUSE_SECONDS: Final = 0.05
"""Seconds until the next attempt to accept, when no file descriptor is left, and none is in reserve."""
_NONE_LEFT: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

_PARTING_SECONDS: Final = 1.0
"""Seconds in which the client must acknowledge the end of TLS. The usual 30 s would keep the socket open."""

Made = Callable[[AdmittedConnection, Callable[[], None]], asyncio.Protocol]
"""Returns the protocol of a connection. The protocol calls the second argument when the connection is lost."""


class Listener:
    """Accepts connections on listening sockets and gives each a protocol. Create it inside its event loop."""

    def __init__(
        self, sockets: Sequence[socket.socket], made: Made, limits: Admission, tls: ssl.SSLContext | None = None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._sockets = tuple(sockets)
        self._made = made
        self._tls = tls
        self._limits = limits
        self._admitted = Admitted(limits)
        self._beginning: set[asyncio.Task[asyncio.Transport]] = set()
        self._closed = False
        self._spare = [_opened() for _ in range(limits.spare)]
        for listening in self._sockets:
            self._watch(listening)

    @property
    def connections(self) -> int:
        """Number of open connections."""
        return self._admitted.total

    def close(self) -> None:
        """Close the listening sockets and cancel handshakes. Open connections stay open."""
        self._closed = True
        for listening in self._sockets:
            if listening.fileno() >= 0:
                self._loop.remove_reader(listening)
                listening.close()
        for task in self._beginning:
            task.cancel()
        while self._spare:
            os.close(self._spare.pop())

    async def wait_closed(self) -> None:
        """Wait until no handshake is running."""
        if self._beginning:
            await asyncio.wait(self._beginning)

    def _watch(self, listening: socket.socket) -> None:
        if listening.fileno() >= 0:
            self._loop.add_reader(listening, self._take, listening)

    def _take(self, listening: socket.socket) -> None:
        handshakes = self._limits.handshakes if self._tls is not None else None
        for _ in range(_AT_ONCE):
            try:
                taken, (host, *_) = self._accepted(listening)
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:
                self._loop.remove_reader(listening)  # otherwise the event loop would do nothing but this
                self._loop.call_later(_PAUSE_SECONDS, self._watch, listening)
                return
            address = network(host)
            if (handshakes is None or handshakes.admit_handshake(address)) and self._admitted.admits(address):
                self._begin(taken, address)
            else:
                abort(taken)

    def _accepted(self, listening: socket.socket) -> tuple[socket.socket, Any]:
        """Accept the next connection. If no file descriptor is left, one of the reserve is given up for it."""
        while True:
            try:
                return listening.accept()
            except OSError as error:
                if error.errno not in _NONE_LEFT or not self._spare:
                    raise
                os.close(self._spare.pop())

    def _begin(self, taken: socket.socket, address: str) -> None:
        taken.settimeout(0)
        with suppress(OSError):  # gone already
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = AdmittedConnection(address)
        self._admitted.add(connection)
        task = self._loop.create_task(self._connected(taken, connection))
        connection.end = task.cancel
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)
        task.add_done_callback(partial(self._begun, taken, connection))

    async def _connected(self, taken: socket.socket, connection: AdmittedConnection) -> asyncio.Transport:
        tls, seconds = self._tls, self._limits.handshake_seconds
        transport, _ = await self._loop.connect_accepted_socket(
            lambda: self._made(connection, partial(self._gone, connection)),
            taken,
            ssl=tls,
            ssl_handshake_timeout=seconds if tls else None,
            ssl_shutdown_timeout=_PARTING_SECONDS if tls else None,
        )
        return transport

    def _begun(
        self, taken: socket.socket, connection: AdmittedConnection, task: "asyncio.Task[asyncio.Transport]"
    ) -> None:
        """Close the socket of a connection whose handshake failed, took too long or was cancelled to make room."""
        if task.cancelled():
            abort(taken)
            self._gone(connection)
            return
        error = task.exception()
        if error is None:
            return
        abort(taken)
        self._gone(connection)
        if not isinstance(error, OSError):
            raise error

    def _gone(self, connection: AdmittedConnection) -> None:
        self._admitted.remove(connection)
        connection.end = _nothing  # it refers to its task or transport, which refer to it
        self._loop.call_soon(self._hold_back)  # when its descriptor is free

    def _hold_back(self) -> None:
        with suppress(OSError):  # the descriptors are used up still
            while len(self._spare) < self._limits.spare and not self._closed:
                self._spare.append(_opened())


def _nothing() -> None:
    """Do nothing. `end` of a connection that is closed already."""


def abort(taken: socket.socket) -> None:
    """Close a socket at once with a reset; unsent data is dropped."""
    with suppress(OSError):
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    taken.close()


def open_listening_sockets(host: str, port: int) -> list[socket.socket]:
    """Return listening sockets, one on each address of the host name. Raises `OSError` if an address is in use."""
    found: list[socket.socket] = []
    try:
        for family, _, _, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            listening = socket.socket(family, socket.SOCK_STREAM)
            found.append(listening)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listening.bind(address)
            listening.listen(BACKLOG)
            listening.settimeout(0)
    except OSError:
        for listening in found:
            listening.close()
        raise
    return found


def _opened() -> int:
    return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
