"""A connection that is gone leaves nothing behind that only the collector of cycles could find."""

import asyncio
import gc
import socket
import ssl
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvloop
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from infra.local import pki, ports
from infra.local.data_folder import Folder
from services.runtime.connection_admission import Admission
from services.runtime.http_server import Bounded, Bounds, serving
from services.runtime.listener import open_listening_sockets
from services.runtime.tls import Certificate, tls_context
from tests.support.pipeline import awaited

_BOUNDS = Bounds(
    Admission(20, 20, handshake_seconds=5.0),
    header_seconds=10.0,
    header_bytes=16_384,
    idle_seconds=5.0,
    answer_seconds=10.0,
    answer_bytes_per_second=1_000.0,
)
_SENT = {
    "nothing": b"",
    "half a head": b"POST / HTTP/1.1\r\nHost: localhost\r\nX-",
    "a request": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two keys": b"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n",
}


async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def call(port: int, sent: bytes) -> None:
    """Connect over TLS, send this, read an answer where one comes, and leave."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection((ports.HOST, port), timeout=20)
    with trusting.wrap_socket(plain, server_hostname="localhost") as connection:
        connection.sendall(sent)
        if sent.endswith(b"\r\n\r\n"):
            assert connection.recv(4096).startswith(b"HTTP/1.1 ")


async def taken_after_the_answer(certificate: Certificate) -> bool:
    """Answer before the body has come and hang up; say whether what TLS still had of the body was taken then."""
    taken = asyncio.Event()

    async def refuse(scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b""})
        scope["atips.connection"].data_received(b"a" * 100)
        taken.set()

    port = ports.choose(["connections"], {})["connections"]
    async with serving(refuse, open_listening_sockets(ports.HOST, port), _BOUNDS, tls=tls_context(certificate)):
        await asyncio.to_thread(call, port, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n")
    return taken.is_set()


async def all_gone(certificate: Certificate, sent: bytes) -> None:
    """Serve ten connections that end, and wait until nothing of them is in memory."""
    made = list["weakref.ref[Bounded]"]()

    class Noted(Bounded):
        @override
        def connection_made(self, transport: Any) -> None:
            made.append(weakref.ref(self))
            super().connection_made(transport)

    port = ports.choose(["connections"], {})["connections"]

    async def gone() -> bool:
        return len(made) == 10 and not any(each() for each in made)

    async with serving(
        answer, open_listening_sockets(ports.HOST, port), _BOUNDS, protocol=Noted, tls=tls_context(certificate)
    ):
        for _ in range(10):
            await asyncio.to_thread(call, port, sent)
        await awaited(gone, "all are gone", seconds=10)


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    data = Folder(tmp_path / "data")
    data.make()
    pki.ensure(data, [], datetime.now(UTC))
    return Certificate(data.certificate(pki.HTTP), data.key(pki.HTTP))


def test_a_body_that_comes_on_after_its_answer_is_no_failure(certificate: Certificate) -> None:
    assert uvloop.run(taken_after_the_answer(certificate))


@pytest.mark.parametrize("what", list(_SENT))
def test_a_connection_that_is_gone_is_in_no_cycle(certificate: Certificate, what: str) -> None:
    gc.disable()
    try:
        uvloop.run(all_gone(certificate, _SENT[what]))
    finally:
        gc.enable()
