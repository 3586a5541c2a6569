"""Admission to a listening socket: who is let in, who gives way, and the cost of a handshake that does not end."""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typing_extensions import override

from infra.local import pki, ports
from infra.local.data_folder import Folder
from services.runtime import open_file_limit
from services.runtime.connection_admission import Admission, Admitted, AdmittedConnection, network
from services.runtime.listener import Listener, open_listening_sockets
from services.runtime.tls import Certificate, tls_context
from tests.support.pipeline import awaited

SECONDS = 20.0


class Standing:
    """Connections that are told to end."""

    def __init__(self, limits: Admission) -> None:
        self.admitted = Admitted(limits)
        self.ended: list[str] = []

    def add(self, name: str, address: str, *, trusted: bool = False, busy: bool = False) -> bool:
        if not self.admitted.admits(address):
            return False
        self.admitted.add(AdmittedConnection(address, lambda: self.ended.append(name), trusted, busy))
        return True


def limits(connections: int, per_address: int = 10) -> Admission:
    return Admission(connections, per_address, handshake_seconds=1.0)


def test_one_address_has_so_many_connections_and_no_more() -> None:
    standing = Standing(limits(10, 2))
    assert [standing.add(name, "a") for name in "123"] == [True, True, False]
    assert standing.add("4", "b")
    assert (standing.ended, standing.admitted.total) == ([], 3)


def test_a_newcomer_takes_the_place_of_the_oldest_of_the_address_that_has_most() -> None:
    standing = Standing(limits(4))
    for name, address in {"a1": "a", "b1": "b", "b2": "b", "b3": "b"}.items():
        assert standing.add(name, address)
    assert standing.add("c1", "c")
    assert (standing.ended, standing.admitted.total) == (["b1"], 4)


def test_who_has_shown_a_right_key_keeps_its_place_before_those_that_have_not() -> None:
    standing = Standing(limits(3))
    assert standing.add("trusted", "a", trusted=True)
    assert standing.add("busy", "a", trusted=True, busy=True)
    assert standing.add("stranger", "b")
    assert standing.add("newcomer", "b")
    assert standing.add("another", "b")
    assert standing.ended == ["stranger", "newcomer"]


def test_where_all_have_shown_a_key_an_idle_one_gives_way_and_a_busy_one_never() -> None:
    standing = Standing(limits(2))
    assert standing.add("busy", "a", trusted=True, busy=True)
    assert standing.add("idle", "b", trusted=True)
    assert standing.add("third", "c", trusted=True, busy=True)
    assert standing.ended == ["idle"]
    assert not standing.add("fourth", "d")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
    ],
)
def test_what_one_subscriber_has_is_one_address(one: str, other: str, *, same: bool) -> None:
    assert (network(one) == network(other)) is same


class Quiet(asyncio.Protocol):
    """Takes whatever comes, and says when it is gone."""

    def __init__(self, connection: AdmittedConnection, gone: Callable[[], None]) -> None:
        self.connection, self.gone = connection, gone

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.connection.end = transport.abort

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.gone()


@asynccontextmanager
async def listening(limits: Admission, certificate: Certificate | None = None) -> AsyncIterator[tuple[Listener, int]]:
    port = ports.choose(["listener"], {})["listener"]
    listener = Listener(
        open_listening_sockets(ports.HOST, port),
        Quiet,
        limits,
        None if certificate is None else tls_context(certificate),
    )
    try:
        yield listener, port
    finally:
        listener.close()
        await listener.wait_closed()


def connected(port: int) -> socket.socket:
    return socket.create_connection((ports.HOST, port), timeout=SECONDS)


@contextmanager
def descriptors_used_up() -> Iterator[None]:
    """Open files until the process may open no more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held: list[socket.socket] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))
    try:
        with suppress(OSError):
            while True:
                held.append(socket.socket())
        yield
    finally:
        for each in held:
            each.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_handshake_that_does_not_end_counts_and_is_ended(tmp_path: Path) -> None:
    data = Folder(tmp_path / "data")
    data.make()
    pki.ensure(data, [], datetime.now(UTC))
    certificate = Certificate(data.certificate(pki.HTTP), data.key(pki.HTTP))
    async with listening(Admission(10, 3, handshake_seconds=0.5), certificate) as (listener, port):
        lines = [connected(port) for _ in range(5)]
        try:

            async def three() -> bool:
                return listener.connections == 3

            async def none() -> bool:
                return listener.connections == 0

            await awaited(three, "handshakes are counted")
            await awaited(none, "and ended")
            for line in lines:
                with suppress(ConnectionError):
                    assert await asyncio.to_thread(line.recv, 1) == b""
        finally:
            for line in lines:
                line.close()


class Few:
    """Lets each address begin two handshakes."""

    def __init__(self) -> None:
        self.begun: list[str] = []

    def admit_handshake(self, address: str) -> bool:
        self.begun.append(address)
        return self.begun.count(address) <= 2


async def test_a_handshake_that_comes_too_soon_is_ended_and_others_are_not(tmp_path: Path) -> None:
    data = Folder(tmp_path / "data")
    data.make()
    pki.ensure(data, [], datetime.now(UTC))
    certificate = Certificate(data.certificate(pki.HTTP), data.key(pki.HTTP))
    lines: list[socket.socket] = []
    async with listening(Admission(9, 9, handshake_seconds=60, handshakes=Few()), certificate) as (listener, port):
        try:
            for address in ("127.0.0.1",) * 3 + ("127.0.0.2",):
                line = socket.socket()
                lines.append(line)
                line.bind((address, 0))
                line.settimeout(SECONDS)
                line.connect((ports.HOST, port))

            async def third_is_ended() -> bool:
                return [_is_gone(line) for line in lines] == [False, False, True, False]

            await awaited(third_is_ended, "the third of one address is ended")
            assert listener.connections == 3
        finally:
            for line in lines:
                line.close()


async def test_a_newcomer_is_served_while_others_never_end_their_handshake(tmp_path: Path) -> None:
    """Each of them gives way in its handshake, and its socket is closed."""
    data = Folder(tmp_path / "data")
    data.make()
    pki.ensure(data, [], datetime.now(UTC))
    certificate = Certificate(data.certificate(pki.HTTP), data.key(pki.HTTP))
    async with listening(Admission(2, 2, handshake_seconds=60), certificate) as (listener, port):
        lines = []
        try:
            for number in range(1, 7):
                line = socket.socket()
                lines.append(line)
                line.bind((f"127.0.0.{number}", 0))
                line.settimeout(SECONDS)
                line.connect((ports.HOST, port))

            async def gone() -> bool:
                return [_is_gone(line) for line in lines] == [True] * 4 + [False] * 2

            await awaited(gone, "the oldest gave way")
            assert listener.connections == 2
        finally:
            for line in lines:
                line.close()


def _is_gone(line: socket.socket) -> bool:
    line.settimeout(0)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@pytest.mark.parametrize("spare", [0, 2])
async def test_descriptors_in_reserve_are_for_connections_when_there_are_no_others(spare: int) -> None:
    async with listening(Admission(10, 10, handshake_seconds=1.0, spare=spare)) as (listener, port):
        with socket.socket() as line:
            with descriptors_used_up():
                line.settimeout(SECONDS)
                line.connect((ports.HOST, port))

                async def taken() -> bool:
                    return listener.connections == 1

                if spare:
                    await awaited(taken, "it is taken")
                else:
                    for _ in range(10):
                        await asyncio.sleep(0.01)
                    assert listener.connections == 0
            await awaited(taken, "it is taken when there are descriptors again")


def test_the_limit_of_descriptors_is_raised_and_connections_leave_some_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(100, 3000)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: found[0])
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: found.__setitem__(0, pair))
    assert open_file_limit.descriptors_for_connections(60) == 40
    assert open_file_limit.raise_limit() == 3000
    assert found == [(3000, 3000)]
    assert open_file_limit.descriptors_for_connections(256) == 2744
    assert open_file_limit.descriptors_for_connections(5000) == 1


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    first = open_listening_sockets(ports.HOST, 0)
    with first[0], pytest.raises(OSError, match="in use"):
        open_listening_sockets(ports.HOST, first[0].getsockname()[1])


async def test_nothing_is_taken_after_the_end() -> None:
    async with listening(limits(4)) as (_, port):
        pass
    with pytest.raises(ConnectionError):
        connected(port)
