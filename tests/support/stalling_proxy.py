"""A TCP proxy before the broker that stalls a connection in its handshake, until it is told to heal."""

import socket
from contextlib import suppress
from threading import Event, Thread
from typing import Final, Self

from infra.local.ports import HOST

_APPLICATION_DATA: Final = 23
_HEADER: Final = 5


class StallingProxy:
    """Passes on what clients say; passes no answer on once a client has sent so many encrypted TLS records.

    After `heal` it passes everything on, on connections that come then. Connections that stalled stay as they are.
    """

    def __init__(self, port: int, after_records: int) -> None:
        self._to = port
        self._after = after_records
        self._healed = Event()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._threads: list[Thread] = []
        self._accepting = Thread(target=self._accept)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # which ends the waiting
        self._accepting.join()
        self._listener.close()
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in self._sockets:
            each.close()

    def heal(self) -> None:
        """Stall no connection from now on."""
        self._healed.set()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((HOST, self._to))
                self._sockets += [client, server]
                stalled = Event()
                if self._after == 0 and not self._healed.is_set():
                    stalled.set()
                for work in (self._requests, self._answers):
                    self._threads.append(Thread(target=work, args=(client, server, stalled)))
                    self._threads[-1].start()

    def _requests(self, client: socket.socket, server: socket.socket, stalled: Event) -> None:
        """Pass records of the client on, and count those that are encrypted."""
        records, may_stall = 0, not self._healed.is_set()
        with suppress(OSError), client.makefile("rb") as stream:
            while len(header := stream.read(_HEADER)) == _HEADER:
                records += header[0] == _APPLICATION_DATA
                if may_stall and records >= self._after:
                    stalled.set()
                server.sendall(header + stream.read(int.from_bytes(header[3:5])))
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _answers(self, client: socket.socket, server: socket.socket, stalled: Event) -> None:
        with suppress(OSError):
            while answer := server.recv(65536):
                if not stalled.is_set():
                    client.sendall(answer)
        if not stalled.is_set():
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
