"""TLS proxy to the database for people's SQL clients: the bundled PostgreSQL is built without TLS.

A client begins with PostgreSQL's SSLRequest, and gets a certificate of the cluster's authority. Then its bytes are
copied to the server. Only logins of people are passed on, and the server checks their passwords (SCRAM). With an
existing server that has TLS, clients connect to that server directly.
"""

import asyncio
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from services.runtime.connection_admission import Admission, Admitted, AdmittedConnection, network
from services.runtime.listener import abort, open_listening_sockets

PEOPLE: Final = re.compile(r"me_read|me_officer_[a-z0-9._-]+|auditor|agency_[a-z0-9_]+")
"""Pattern of the logins of people. The services connect to the server on the machine itself."""

HANDSHAKE_SECONDS: Final = 10.0
"""Longest time until the client's first message, and from there until its password was right: five slow round trips."""
MOST_CONNECTIONS: Final = 64
"""Largest number of connections at once. `me_read` may have twenty, and each officer a few."""
MOST_OF_AN_ADDRESS: Final = 24
"""Largest number of connections from one address: all of a `me_read` program, and some officers behind its router."""
LONGEST_START: Final = 10_000
"""Largest number of bytes of the first message, as in PostgreSQL."""

_SSL, _GSS, _CANCEL, _MAJOR = 80877103, 80877104, 80877102, 3
_CHUNK: Final = 64 * 1024
_PARTING_SECONDS: Final = 1.0
_HEAD: Final = struct.Struct("!II")
_MESSAGE: Final = struct.Struct("!cI")
_LET_IN: Final = bytes(4)
"""Code of AuthenticationOk in the server's message of type R."""


class LoginRefused(Exception):
    """The client's connection is refused. The message, if any, is sent to the client."""


@dataclass(frozen=True, slots=True)
class SqlServer:
    """The address of the database server."""

    host: str
    port: int

    @classmethod
    def of(cls, dsn: str) -> "SqlServer":
        """Parse the address of a DSN with one server. Raises ValueError for other DSNs."""
        address = urlsplit(dsn)
        if not address.hostname or address.port is None:
            msg = "SQL over TLS needs the address of one server"
            raise ValueError(msg)
        return cls(address.hostname, address.port)


@asynccontextmanager
async def serving(host: str, port: int, tls: ssl.SSLContext, server: SqlServer) -> AsyncIterator[None]:
    """Serve the proxy until the block ends. Raises OSError if the port cannot be bound."""
    sockets = open_listening_sockets(host, port)
    connections: set[asyncio.Task[None]] = set()
    admitted = Admitted(Admission(MOST_CONNECTIONS, MOST_OF_AN_ADDRESS, HANDSHAKE_SECONDS))
    accepting = [asyncio.create_task(_accept(each, tls, server, connections, admitted)) for each in sockets]
    try:
        yield
    finally:
        for task in (*accepting, *connections):
            task.cancel()
        await asyncio.gather(*accepting, *connections, return_exceptions=True)
        for each in sockets:
            each.close()


async def _accept(
    listening: socket.socket,
    tls: ssl.SSLContext,
    server: SqlServer,
    connections: set[asyncio.Task[None]],
    admitted: Admitted,
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            taken, address = await loop.sock_accept(listening)
        except OSError:
            await asyncio.sleep(0.05)  # no descriptor is left, or the client has gone
            continue
        if not admitted.admits(network(address[0])):
            abort(taken)
            continue
        connection = AdmittedConnection(network(address[0]))
        admitted.add(connection)
        task = asyncio.create_task(_connected(taken, tls, server, connection))
        connection.end = task.cancel
        connections.add(task)
        task.add_done_callback(connections.discard)
        task.add_done_callback(partial(_left, admitted, connection, taken))


def _left(admitted: Admitted, connection: AdmittedConnection, taken: socket.socket, _: "asyncio.Task[None]") -> None:
    """Close a connection's socket and count it no longer, also if it ended before its task began."""
    admitted.remove(connection)
    taken.close()


async def _connected(
    taken: socket.socket, tls: ssl.SSLContext, server: SqlServer, connection: AdmittedConnection
) -> None:
    """Serve one client. An error ends only its own connection."""
    with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            client = await _begun(taken, tls, server)
        if client is not None:
            await _carried(*client, server, connection)


_Client = tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]


async def _begun(taken: socket.socket, tls: ssl.SSLContext, server: SqlServer) -> _Client | None:
    """Start TLS and return reader, writer and first message; None if the client was refused, or only cancelled.

    Before TLS only the SSLRequest is read, so that no bytes sent without TLS count as protected.
    """
    loop = asyncio.get_running_loop()
    while True:
        head = await _exactly(taken, _HEAD.size)
        length, code = _HEAD.unpack(head)
        if (length, code) == (_HEAD.size, _SSL):
            await loop.sock_sendall(taken, b"S")
            break
        if (length, code) == (_HEAD.size, _GSS):
            await loop.sock_sendall(taken, b"N")
            continue
        if (length, code) == (16, _CANCEL):  # older clients cancel without TLS; it has the connection's secret key
            await _cancelled(head + await _exactly(taken, 8), server)
        else:
            await loop.sock_sendall(taken, _refusal("this port speaks TLS alone: connect with sslmode=verify-full"))
        return None
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, taken, ssl=tls)
    writer = asyncio.StreamWriter(transport, protocol, reader, loop)
    try:
        return reader, writer, await _first(reader, server)
    except LoginRefused as error:
        await _ended(writer, _refusal(str(error)) if str(error) else b"")
        return None
    except BaseException:  # no complete message in time
        transport.abort()
        raise


async def _first(reader: asyncio.StreamReader, server: SqlServer) -> bytes:
    """Return the startup message if it names a login of a person. Raises `LoginRefused`."""
    head = await reader.readexactly(_HEAD.size)
    length, code = _HEAD.unpack(head)
    if (length, code) == (16, _CANCEL):
        await _cancelled(head + await reader.readexactly(8), server)
        raise LoginRefused
    if not _HEAD.size < length <= LONGEST_START or code >> 16 != _MAJOR:
        msg = "this is no beginning of PostgreSQL's protocol 3"
        raise LoginRefused(msg)
    rest = await reader.readexactly(length - _HEAD.size)
    words = rest.rstrip(b"\0").split(b"\0")
    named = dict(zip(words[::2], words[1::2], strict=False))
    if not PEOPLE.fullmatch(named.get(b"user", b"").decode("ascii", "replace")) or b"replication" in named:
        msg = "this login may not come in from elsewhere"
        raise LoginRefused(msg)
    return head + rest


async def _carried(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    first: bytes,
    server: SqlServer,
    connection: AdmittedConnection,
) -> None:
    """Copy bytes both ways until either side ends, or until the time for the password is over."""
    try:
        from_server, to_server = await asyncio.open_connection(server.host, server.port)
    except OSError:
        await _ended(writer, _refusal("the database does not answer", state="57P03"))
        return
    to_server.write(first)
    ways = [
        asyncio.create_task(_copied(reader, to_server)),
        asyncio.create_task(_answered(from_server, writer, connection)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED, timeout=HANDSHAKE_SECONDS)
        if connection.trusted:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        if ways[1].done() or not connection.trusted:  # the server has ended, or still waits for a password
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(ways[1]), HANDSHAKE_SECONDS)
    finally:
        to_server.transport.abort()  # before anything that waits, which may be cancelled
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await _ended(writer)


async def _ended(writer: asyncio.StreamWriter, last: bytes = b"") -> None:
    """Close a client's connection, after a last message if there is one."""
    with suppress(OSError, TimeoutError):
        writer.write(last)
        if not writer.is_closing():  # a writer that is closed twice cannot be aborted any more
            writer.close()
        await asyncio.wait_for(writer.wait_closed(), _PARTING_SECONDS)
    writer.transport.abort()
    await asyncio.sleep(0)  # the loop closes an aborted transport in its next round


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _answered(
    from_server: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: AdmittedConnection
) -> None:
    """Copy the server's messages to the client, and set `connection.trusted` at AuthenticationOk."""
    while not connection.trusted:
        head = await from_server.readexactly(_MESSAGE.size)
        kind, length = _MESSAGE.unpack(head)
        body = await from_server.readexactly(length - 4)
        writer.write(head + body)
        connection.trusted = kind == b"R" and body[:4] == _LET_IN
    await _copied(from_server, writer)


async def _cancelled(request: bytes, server: SqlServer) -> None:
    """Pass a CancelRequest on to the server, which answers by closing the connection."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    try:
        writer.write(request)
        await reader.read()
    finally:
        writer.transport.abort()


async def _exactly(taken: socket.socket, size: int) -> bytes:
    """Read exactly `size` bytes from a socket. Raises `IncompleteReadError`."""
    loop, found = asyncio.get_running_loop(), b""
    while len(found) < size:
        more = await loop.sock_recv(taken, size - len(found))
        if not more:
            raise asyncio.IncompleteReadError(found, size)
        found += more
    return found


def _refusal(text: str, state: str = "28000") -> bytes:
    """Return an ErrorResponse message of PostgreSQL's protocol. `state`: SQLSTATE."""
    fields = {"S": "FATAL", "V": "FATAL", "C": state, "M": text}
    body = b"".join(f"{name}{value}\0".encode() for name, value in fields.items()) + b"\0"
    return b"E" + struct.pack("!I", len(body) + 4) + body
