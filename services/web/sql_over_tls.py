"""SQL over TLS for people, where the database server itself speaks none: the bundled PostgreSQL is built without it.

A client begins as PostgreSQL's protocol has it (SSLRequest), and gets a certificate of the cluster's authority. Then
its bytes go to the server as they come. The server lets nobody in without the password (SCRAM), and only logins of
people come so far. Where the server speaks TLS, clients go to it.
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

from services.runtime.admission import Admission, Admitted, AdmittedConnection, network
from services.runtime.listener import abort, bound

PEOPLE: Final = re.compile(r"me_read|me_officer_[a-z0-9._-]+|auditor|agency_[a-z0-9_]+")
"""Logins of people. Programs of ours reach the server on the machine itself."""

HANDSHAKE_SECONDS: Final = 10.0
"""From the connection to the client's name, and from there to its password: each five round trips of a slow line."""
MOST_CONNECTIONS: Final = 64
"""Connections at once. `me_read` may have twenty, and each officer a few."""
MOST_OF_AN_ADDRESS: Final = 24
"""Connections of one address: a program of `me_read` with all of its connections, behind a router with officers."""
LONGEST_START: Final = 10_000
"""Bytes of the first message, as the server itself limits it."""

_SSL, _GSS, _CANCEL, _MAJOR = 80877103, 80877104, 80877102, 3
_CHUNK: Final = 64 * 1024
_PARTING_SECONDS: Final = 1.0
_HEAD: Final = struct.Struct("!II")
_MESSAGE: Final = struct.Struct("!cI")
_LET_IN: Final = bytes(4)
"""Code of the server's message of type R to a client whose password was right."""


class LoginRefused(Exception):
    """The client may not come in; the message is for the person behind it."""


@dataclass(frozen=True, slots=True)
class SqlServer:
    """The address of the database server."""

    host: str
    port: int

    @classmethod
    def of(cls, dsn: str) -> "SqlServer":
        """Read the address of a DSN with one server. Raises ValueError for another one."""
        address = urlsplit(dsn)
        if not address.hostname or address.port is None:
            msg = "SQL over TLS needs the address of one server"
            raise ValueError(msg)
        return cls(address.hostname, address.port)


@asynccontextmanager
async def serving(host: str, port: int, tls: ssl.SSLContext, server: SqlServer) -> AsyncIterator[None]:
    """Serve until the block ends. Raises OSError where the port is taken."""
    sockets = bound(host, port)
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
    """Let a connection go, also one that was ended before its task had begun."""
    admitted.remove(connection)
    taken.close()


async def _connected(
    taken: socket.socket, tls: ssl.SSLContext, server: SqlServer, connection: AdmittedConnection
) -> None:
    """Carry one client. Whatever goes wrong ends its connection, and no other."""
    with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            client = await _begun(taken, tls, server)
        if client is not None:
            await _carried(*client, server, connection)


_Client = tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]


async def _begun(taken: socket.socket, tls: ssl.SSLContext, server: SqlServer) -> _Client | None:
    """Give the client over TLS with its first message; None where it wanted nothing else, or was refused.

    Before TLS no more is read than the request for it, so that nothing in the clear is taken for what TLS protects.
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
        if (length, code) == (16, _CANCEL):  # older clients cancel in the clear; it holds a secret of the connection
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
    except BaseException:  # no message in time, or none that is whole
        transport.abort()
        raise


async def _first(reader: asyncio.StreamReader, server: SqlServer) -> bytes:
    """Read the first message over TLS, and give it where it names a login of a person. Raises `LoginRefused`."""
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
    """Carry bytes both ways until either side ends, or the server has not let the client in in time."""
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
        if ways[1].done() or not connection.trusted:  # the server has said why it ends, or waits for a password
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
    """End a client's connection, with a last message where there is one."""
    with suppress(OSError, TimeoutError):
        writer.write(last)
        if not writer.is_closing():  # closed twice it could no longer be aborted
            writer.close()
        await asyncio.wait_for(writer.wait_closed(), _PARTING_SECONDS)
    writer.transport.abort()
    await asyncio.sleep(0)  # what was aborted is closed by the loop's next round


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _answered(
    from_server: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: AdmittedConnection
) -> None:
    """Copy what the server answers, and note when it has let the client in."""
    while not connection.trusted:
        head = await from_server.readexactly(_MESSAGE.size)
        kind, length = _MESSAGE.unpack(head)
        body = await from_server.readexactly(length - 4)
        writer.write(head + body)
        connection.trusted = kind == b"R" and body[:4] == _LET_IN
    await _copied(from_server, writer)


async def _cancelled(request: bytes, server: SqlServer) -> None:
    """Hand a request to cancel a statement on. The server answers it by closing the connection."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    try:
        writer.write(request)
        await reader.read()
    finally:
        writer.transport.abort()


async def _exactly(taken: socket.socket, size: int) -> bytes:
    """Read so many bytes and not one more. Raises `IncompleteReadError`."""
    loop, found = asyncio.get_running_loop(), b""
    while len(found) < size:
        more = await loop.sock_recv(taken, size - len(found))
        if not more:
            raise asyncio.IncompleteReadError(found, size)
        found += more
    return found


def _refusal(text: str, state: str = "28000") -> bytes:
    """Write an error as PostgreSQL's protocol has it."""
    fields = {"S": "FATAL", "V": "FATAL", "C": state, "M": text}
    body = b"".join(f"{name}{value}\0".encode() for name, value in fields.items()) + b"\0"
    return b"E" + struct.pack("!I", len(body) + 4) + body
