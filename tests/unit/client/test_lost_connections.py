"""A door that goes away at any moment leaves nothing open in the client: no socket, no TLS."""

import gc
import socket
import ssl
import struct
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local import pki, ports
from infra.local.data_folder import Folder
from services.client import Http, Later, NotTheDoor
from services.client.receipt_and_errors import WaitingEvent

SECONDS = 20.0
EVENTS = [WaitingEvent(0, "id-0", None, b"{}")]
DIALLED = threading.Event()
Act = Callable[[socket.socket, ssl.SSLContext], None]
ANSWER = b'HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 60\r\n\r\n{"receipts": ['


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    data = Folder(tmp_path_factory.mktemp("away") / "data")
    data.make()
    pki.ensure(data, [], datetime.now(UTC))
    return data


def reset(line: socket.socket) -> None:
    """End it as a process that is killed with unread data does."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


@contextmanager
def going_away(folder: Folder, act: Act) -> Iterator[int]:
    """A door that does so much with its first connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder.certificate(pki.HTTP), folder.key(pki.HTTP))
    with socket.create_server((ports.HOST, 0)) as listening:
        listening.settimeout(SECONDS)

        def serve() -> None:
            line, _ = listening.accept()
            with closing(line), suppress(OSError):
                line.settimeout(SECONDS)
                act(line, context)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            thread.join(SECONDS)


def before_the_handshake(line: socket.socket, _: ssl.SSLContext) -> None:
    DIALLED.wait(SECONDS)
    reset(line)


def in_the_handshake(line: socket.socket, _: ssl.SSLContext) -> None:
    line.recv(10)
    reset(line)


def in_the_headers(line: socket.socket, context: ssl.SSLContext) -> None:
    with context.wrap_socket(line, server_side=True) as safe:
        safe.recv(65536)
        safe.sendall(ANSWER[:30])
        reset(safe)


def in_the_body(line: socket.socket, context: ssl.SSLContext) -> None:
    with context.wrap_socket(line, server_side=True) as safe:
        safe.recv(65536)
        safe.sendall(ANSWER)
        reset(safe)


def in_silence(line: socket.socket, context: ssl.SSLContext) -> None:
    with context.wrap_socket(line, server_side=True) as safe:
        safe.recv(65536)
        safe.recv(65536)  # until the client gives up


@pytest.mark.parametrize("act", [before_the_handshake, in_the_handshake, in_the_headers, in_the_body, in_silence])
def test_nothing_is_left_open(folder: Folder, act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    dial: Callable[..., socket.socket] = socket.create_connection

    def dialled(*arguments: object, **more: object) -> socket.socket:
        """Connect, and wait until the other side is gone where it goes at once."""
        line = dial(*arguments, **more)
        DIALLED.set()
        until = time.monotonic() + SECONDS
        with suppress(OSError):
            while act is before_the_handshake and time.monotonic() < until:
                line.getpeername()
        return line

    DIALLED.clear()
    monkeypatch.setattr(socket, "create_connection", dialled)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with going_away(folder, act) as port:
            door = Http(f"https://{ports.HOST}:{port}", key="atips_key", ca=folder.ca)
            sent(door)
            door.close()
        gc.collect()
    assert [str(each.message) for each in told if each.category is ResourceWarning] == []


def sent(door: Http) -> None:
    with pytest.raises(Later):
        door.send(EVENTS, 1.0)


@pytest.mark.parametrize("ahead", [timedelta(days=4000), timedelta(days=-4000)], ids=["not yet valid", "expired"])
def test_a_certificate_that_this_clock_does_not_take_is_told_and_not_waited_out(
    tmp_path: Path, ahead: timedelta
) -> None:
    """An office whose clock is wrong would else wait for intake for ever, and nobody would know why."""
    folder = Folder(tmp_path / "data")
    folder.make()
    pki.ensure(folder, [], datetime.now(UTC) + ahead)
    with going_away(folder, in_the_headers) as port:
        door = Http(f"https://{ports.HOST}:{port}", key="atips_key", ca=folder.ca)
        with pytest.raises(NotTheDoor, match="look at this computer's clock first"):
            door.send(EVENTS, 5.0)
        door.close()
