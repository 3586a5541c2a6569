"""The door over HTTP without a key: what holds a connection open loses it, and what reads two ways is refused."""

import resource
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import fields, replace
from http.client import HTTPResponse
from pathlib import Path

import orjson
import pytest

from infra.local import ports
from infra.local.data_folder import Folder
from services.intake.api.limits import HttpLimits
from services.intake.api.server import bounds
from services.intake.domain.api_keys import key_from_entropy
from services.intake.settings import Settings
from services.runtime.http_server import SLOW_SECONDS, head_of, is_ambiguous
from services.runtime.tls import Certificate, tls_context
from tests.support.database import Server
from tests.unit.intake.api.conftest import EVENT, GENEROUS, KEYS, PROBLEM
from tests.unit.intake.api.server_in_thread import Listening, listening
from tests.unit.intake.api.test_server import SECONDS, connected, ours

LIMITS = replace(
    GENEROUS,
    header_seconds=5.0,
    header_bytes=2048,
    idle_seconds=0.5,
    handshake_seconds=2.0,
    connections=30,
    connections_per_address=20,
)
KEY = f"authorization: Bearer {KEYS['bpd']}\r\n"
GET = "GET /v1/codes HTTP/1.1\r\nhost: intake\r\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(tmp_path_factory.mktemp("bounds"))


@pytest.fixture(scope="module")
def door(server: Server, folder: Path) -> Iterator[Listening]:
    """Over TLS, since most of this costs more there."""
    with listening(server, folder, LIMITS, ours(folder)) as found:
        yield found


def trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=Folder(folder / "data").ca)


def dialled(door: Listening, folder: Path, own: ssl.SSLContext | None = None) -> ssl.SSLSocket:
    """Connect, again where the door has not noticed yet that connections of before were closed."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            return (own or trusting(folder)).wrap_socket(connected(door), server_hostname=ports.HOST)
        except ConnectionResetError:
            if time.monotonic() > until:
                raise


def answered(line: socket.socket, sent: str | bytes) -> tuple[HTTPResponse, bytes]:
    line.sendall(sent if isinstance(sent, bytes) else sent.encode())
    answer = HTTPResponse(line)
    answer.begin()
    return answer, answer.read()


def closed_after(line: socket.socket) -> float:
    """Wait until the other side ends the connection; gives the seconds."""
    begun = time.monotonic()
    with suppress(ConnectionError):
        assert line.recv(1) == b""
    return time.monotonic() - begun


@pytest.mark.parametrize(
    "headers",
    [
        "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
        "content-length: 2\r\ncontent-length: 2\r\n\r\n{}",
        "content-length: 2\r\nCONTENT-LENGTH : 3\r\n\r\n{}",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n",
        f"{KEY}\r\n",
        f"Authorization: Bearer {KEYS['dhs']}\r\n\r\n",
        "host: another\r\n\r\n",
        "Host: intake\r\n\r\n",
    ],
)
def test_a_request_that_reads_two_ways_is_refused_and_its_connection_closed(
    door: Listening, folder: Path, headers: str
) -> None:
    head = f"POST /v1/events HTTP/1.1\r\nhost: intake\r\n{KEY}content-type: {EVENT}\r\n"
    with closing(dialled(door, folder)) as line:
        answer, body = answered(line, f"{head}{headers}{GET}\r\n")
        assert (answer.status, answer.headers["content-type"]) == (400, PROBLEM)
        assert answer.headers["connection"] == "close"
        assert orjson.loads(body)["rule"] in {"ambiguous_headers", "not_http"}
        assert closed_after(line) < SECONDS / 2  # what came behind it has no answer


def test_a_second_request_on_a_connection_is_looked_at_as_the_first_is(door: Listening, folder: Path) -> None:
    with closing(dialled(door, folder)) as line:
        assert answered(line, f"{GET}{KEY}\r\n")[0].status == 200
        answer, body = answered(line, f"{GET}{KEY}{KEY}\r\n")
    assert (answer.status, orjson.loads(body)["rule"]) == (400, "ambiguous_headers")


@pytest.mark.parametrize(
    ("head", "ambiguous"),
    [
        ("GET / HTTP/1.1\r\nhost: a\r\naccept: b\r\naccept: c", False),
        ("GET / HTTP/1.1\nhost: a\nhost: a", True),
        ("GET / HTTP/1.1\r\nhost: a\r\nx: y\r\n host: a", False),
        ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked", False),
        ("POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked", True),
    ],
)
def test_what_is_ambiguous(head: str, *, ambiguous: bool) -> None:
    assert is_ambiguous(head.encode()) is ambiguous


def test_a_head_is_what_comes_before_the_empty_line() -> None:
    assert head_of(b"GET / HTTP/1.1\r\nhost: a\r\n\r\nhost: b\r\n\r\n") == b"GET / HTTP/1.1\r\nhost: a\r"
    assert head_of(b"GET / HTTP/1.1\r\nhost: a\r\n") == b""


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "without end"])
def test_a_head_that_is_too_long_is_refused(door: Listening, folder: Path, *, whole: bool) -> None:
    with closing(dialled(door, folder)) as line:
        answer, _ = answered(line, f"{GET}x: {'x' * LIMITS.header_bytes}" + ("\r\n\r\n" if whole else ""))
        assert answer.status == 400
        assert closed_after(line) < SECONDS / 2


def test_a_handshake_that_does_not_end_is_not_waited_for(door: Listening) -> None:
    with closing(connected(door)) as line:
        assert closed_after(line) < LIMITS.header_seconds


def test_a_connection_that_is_not_used_again_is_closed(door: Listening, folder: Path) -> None:
    with closing(dialled(door, folder)) as line:
        assert answered(line, f"{GET}{KEY}\r\n")[0].status == 200
        assert closed_after(line) < LIMITS.header_seconds


def test_a_body_without_end_after_its_answer_is_not_read_for_ever(server: Server, tmp_path: Path) -> None:
    with listening(server, tmp_path, replace(LIMITS, header_seconds=0.5)) as found, closing(connected(found)) as line:
        line.sendall(b"POST /v1/events HTTP/1.1\r\nhost: intake\r\ntransfer-encoding: chunked\r\n\r\n")
        until = time.monotonic() + SECONDS
        with suppress(ConnectionError):
            while time.monotonic() < until:
                line.sendall(b"10\r\n" + 16 * b"x" + b"\r\n")
                time.sleep(0.01)
        assert time.monotonic() < until


def test_one_address_has_a_part_of_the_connections_and_leaves_the_rest_to_others(door: Listening, folder: Path) -> None:
    with ExitStack() as lines:
        for _ in range(LIMITS.connections_per_address):
            lines.enter_context(closing(connected(door)))
        for _ in range(5):
            begun = time.monotonic()
            with suppress(ConnectionError):  # it may be closed before we know that it was opened
                closed_after(lines.enter_context(closing(connected(door))))
            assert time.monotonic() - begun < LIMITS.handshake_seconds
        with closing(socket.socket()) as other:
            other.bind(("127.0.0.2", 0))
            other.settimeout(SECONDS)
            other.connect((ports.HOST, door.port))
            with closing(trusting(folder).wrap_socket(other, server_hostname=ports.HOST)) as line:
                assert answered(line, f"{GET}{KEY}\r\n")[0].status == 200


@pytest.mark.parametrize(
    ("suite", "agreed"),
    [
        ("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256", True),
        ("ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305", True),
        ("ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA", False),
        ("AES128-GCM-SHA256:AES256-GCM-SHA384", False),
    ],
)
def test_tls_1_2_has_authenticated_suites_with_forward_secrecy_only(
    door: Listening, folder: Path, suite: str, *, agreed: bool
) -> None:
    own = trusting(folder)
    own.maximum_version = ssl.TLSVersion.TLSv1_2
    own.set_ciphers(suite)
    if agreed:
        dialled(door, folder, own).close()
        return
    with closing(connected(door)) as line, pytest.raises((ssl.SSLError, ConnectionError)):
        own.wrap_socket(line, server_hostname=ports.HOST)


def test_a_session_is_never_renegotiated(folder: Path) -> None:
    made = tls_context(Certificate(*ours(folder)))
    assert made.options & ssl.OP_NO_RENEGOTIATION
    assert made.options & ssl.OP_NO_COMPRESSION


def test_no_version_of_tls_before_1_2_is_spoken(folder: Path) -> None:
    assert tls_context(Certificate(*ours(folder))).minimum_version is ssl.TLSVersion.TLSv1_2


def test_tls_1_3_is_spoken_as_it_is(door: Listening, folder: Path) -> None:
    with closing(dialled(door, folder)) as line:
        assert line.version() == "TLSv1.3"


def test_every_limit_of_the_listening_address_is_the_door_s() -> None:
    found = bounds(LIMITS)
    assert (found.admission.connections, found.admission.per_address) == (30, 20)
    assert (found.admission.handshake_seconds, found.idle_seconds, found.header_bytes) == (2.0, 0.5, 2048)


def test_who_tries_keys_on_and_on_is_read_slowly_and_a_right_key_beside_it_is_not(
    server: Server, tmp_path: Path
) -> None:
    limits = replace(LIMITS, idle_seconds=30.0, refusals_per_second=0.001, refusals_at_once=1)
    wrong = f"{GET}authorization: Bearer {key_from_entropy(b's' * 32)}\r\n\r\n"
    with listening(server, tmp_path, limits) as found, closing(connected(found)) as line:
        assert answered(line, wrong)[0].status == 401
        assert answered(line, wrong)[0].status == 429
        begun = time.monotonic()
        with closing(connected(found)) as other:
            assert answered(other, f"{GET}{KEY}\r\n")[0].status == 200
            assert time.monotonic() - begun < SLOW_SECONDS / 2
        assert answered(line, wrong)[0].status == 429
        assert time.monotonic() - begun >= SLOW_SECONDS * 0.9


def test_each_limit_is_a_setting_and_connections_leave_the_reserved_descriptors_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = [each.name for each in fields(HttpLimits)]
    defaults = {name: Settings.model_fields[f"http_{name}"].default for name in names}
    assert HttpLimits(**defaults) == HttpLimits()
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1000, 1000))
    more = {f"http_{name}": value for name, value in defaults.items()}
    found = Settings.model_construct(None, **more | {"http_connections": 900, "http_reserved_descriptors": 256})
    assert found.http_limits().connections == 744
