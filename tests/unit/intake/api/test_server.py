"""The socket: who does not finish saying what he wants is hung up on, and the others are served meanwhile."""

import select
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPResponse
from pathlib import Path
from typing import BinaryIO

import httpx2
import orjson
import pytest

from infra.local import pki, ports
from infra.local.data_folder import Folder
from services.intake.api.limits import HttpLimits
from tests.support.database import Server
from tests.unit.intake.api.conftest import EVENT, GENEROUS, KEYS, PROBLEM
from tests.unit.intake.api.server_in_thread import Listening, listening
from tests.unit.intake.samples import CANARY, victim

# Impatient, so that a test need not be patient; a body must bring a hundred bytes a second.
LIMITS = replace(GENEROUS, header_seconds=0.5, body_seconds=0.5, body_bytes_per_second=100.0, connections=20)
HEAD = (
    f"POST /v1/events HTTP/1.1\r\nhost: intake\r\nauthorization: Bearer {KEYS['bpd']}\r\ncontent-type: {EVENT}\r\n"
).encode()
TOO_LONG = 64 * 1024 + 1
LEFT = 42_000
"""No less than what of one answer may lie there: the contract's document."""
SECONDS = 20.0


@pytest.fixture(scope="module")
def door(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening(server, Path(tmp_path_factory.mktemp("http")), LIMITS) as found:
        yield found


def connected(door: Listening) -> socket.socket:
    return socket.create_connection((ports.HOST, door.port), timeout=SECONDS)


def ours(folder: Path) -> tuple[Path, Path]:
    """Make an authority, and give the door's certificate and its key."""
    data = Folder(folder / "data")
    data.make()
    pki.ensure(data, [], datetime.now(UTC))
    return data.certificate(pki.HTTP), data.key(pki.HTTP)


def dripped(door: Listening, whole: bytes) -> bytes:
    """Send byte after byte until the other side hangs up, and give what it said."""
    with closing(connected(door)) as line:
        line.settimeout(0.02)
        deadline, said = time.monotonic() + SECONDS, b""
        for at in range(len(whole)):
            assert time.monotonic() < deadline, "nobody hung up"
            try:
                line.send(whole[at : at + 1])
                heard = line.recv(4096)
            except TimeoutError:
                continue
            except ConnectionError:
                return said
            if not heard:
                return said
            said += heard
    raise AssertionError(said)


def served(door: Listening) -> None:
    """Somebody else is answered at once."""
    answer = httpx2.get(f"{door.url}/v1/codes", headers={"authorization": f"Bearer {KEYS['bpd']}"}, timeout=SECONDS)
    assert answer.status_code == 200


def test_headers_that_never_end_are_not_waited_for(door: Listening) -> None:
    assert dripped(door, HEAD * 100) == b""
    served(door)


def test_a_connection_that_says_nothing_is_closed(door: Listening) -> None:
    with closing(connected(door)) as line:
        assert line.recv(1) == b""


def test_a_body_that_hardly_comes_is_not_waited_for(door: Listening) -> None:
    with closing(connected(door)) as line:
        line.sendall(HEAD + b"content-length: 2000\r\n\r\n{")
        answer = line.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"body_too_slow"' in answer
    served(door)


def test_one_agency_s_stalled_bodies_leave_the_door_to_others_whatever_their_addresses(
    server: Server, tmp_path: Path
) -> None:
    """Four addresses with one key would else take all the requests that may be at work, or all the connections."""
    limits = replace(GENEROUS, in_flight=4, bodies_per_agency=2, connections=6, connections_per_address=2)
    stalled = HEAD + b"content-length: 2000\r\n\r\n{"
    with listening(server, tmp_path, limits) as door, ExitStack() as lines:

        def sent(address: int) -> socket.socket:
            whence = (f"127.0.0.{address}", 0)
            line = socket.create_connection((ports.HOST, door.port), timeout=SECONDS, source_address=whence)
            lines.enter_context(closing(line)).sendall(stalled)
            return line

        # Which of the three comes first is the kernel's choice: one is refused once the two others are at work.
        (refused,), _, _ = select.select([sent(address) for address in (2, 3, 4)], [], [], SECONDS)
        for address in (None, 5, 4, 5):
            answer = (refused if address is None else sent(address)).makefile("rb").read()
            assert answer.startswith(b"HTTP/1.1 429")
            assert b"connection: close" in answer.lower()
        key = {"authorization": f"Bearer {KEYS['dhs']}", "content-type": EVENT}
        event = victim(1, source="dhs/register")
        other = httpx2.post(f"{door.url}/v1/events", content=orjson.dumps(event), headers=key, timeout=SECONDS)
        assert other.status_code == 202


def test_a_body_that_comes_slowly_but_comes_is_taken(door: Listening) -> None:
    body = orjson.dumps(victim(1))
    with closing(connected(door)) as line:
        line.sendall(HEAD + b"content-length: %d\r\n\r\n" % len(body))
        for at in range(0, len(body), 60):
            line.sendall(body[at : at + 60])
            time.sleep(0.1)
        answer = line.recv(4096)
    assert answer.startswith(b"HTTP/1.1 202")


def test_who_takes_an_answer_late_gets_all_of_it_and_may_ask_again(server: Server, tmp_path: Path) -> None:
    """Also after the time that was given to what lay there."""
    limits = replace(GENEROUS, body_seconds=0.1, body_bytes_per_second=20_000.0)
    ask, times = b"GET /openapi.json HTTP/1.1\r\nhost: intake\r\n\r\n", 400
    with listening(server, tmp_path, limits) as door, closing(connected(door)) as line:
        line.sendall(ask * times)
        others_served(door, 0.5)  # longer than nothing need be taken, shorter than what lies there buys
        answers = line.makefile("rb")
        assert {length_of(answers) for _ in range(times)} == {length_of_document(door)}
        others_served(door, 2 * limits.body_seconds + LEFT / limits.body_bytes_per_second)
        line.sendall(ask)
        assert length_of(answers) == length_of_document(door)


def others_served(door: Listening, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        served(door)


def length_of(answers: BinaryIO) -> int:
    """Take the next answer; gives the length of its body."""
    assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
    headers = dict(line.strip().lower().split(b": ", 1) for line in iter(answers.readline, b"\r\n"))
    return len(answers.read(int(headers[b"content-length"])))


def length_of_document(door: Listening) -> int:
    return len(httpx2.get(f"{door.url}/openapi.json").content)


def asking_and_not_listening(line: socket.socket) -> None:
    deadline, left = time.monotonic() + SECONDS, b""
    while time.monotonic() < deadline:
        left = left or b"GET /openapi.json HTTP/1.1\r\nhost: intake\r\n\r\n" * 99
        with suppress(TimeoutError):
            left = left[line.send(left) :]


@pytest.mark.parametrize("tls", [False, True], ids=["clear", "tls"])
def test_who_takes_no_answer_is_hung_up_on(server: Server, tmp_path: Path, *, tls: bool) -> None:
    """Else some hundred of them, without a key, would hold all the room that there is for requests."""
    limits = replace(GENEROUS, in_flight=1, body_seconds=0.5, body_bytes_per_second=1e6)
    certificate = ours(tmp_path) if tls else None
    with listening(server, tmp_path, limits, certificate) as door:

        def dialled() -> socket.socket:
            if not tls:
                return connected(door)
            trusting = ssl.create_default_context(cafile=Folder(tmp_path / "data").ca)
            return trusting.wrap_socket(connected(door), server_hostname=ports.HOST)

        with closing(dialled()) as line:
            line.settimeout(0.05)
            with pytest.raises((ConnectionError, ssl.SSLEOFError)):
                asking_and_not_listening(line)
        with closing(dialled()) as line:
            line.sendall(b"GET /v1/codes HTTP/1.1\r\nhost: intake\r\n\r\n")
            assert line.recv(12) == b"HTTP/1.1 401"


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"content-length: 9999999999\r\n\r\n",
        HEAD
        + b"transfer-encoding: chunked\r\n\r\n"
        + b"10000\r\n"
        + 0x10000 * b" "
        + b"\r\n"
        + 8 * (b"10000\r\n" + 0x10000 * b" " + b"\r\n"),
    ],
    ids=["said", "unsaid"],
)
def test_an_oversized_body_is_not_read(door: Listening, sent: bytes) -> None:
    with closing(connected(door)) as line:
        try:
            line.sendall(sent)
        except ConnectionError:
            return  # hung up before we were done
        try:
            answer = line.recv(65536)
        except ConnectionError:
            return
    assert answer.startswith(b"HTTP/1.1 413")
    served(door)


@pytest.mark.parametrize(
    "sent",
    [
        f"{CANARY}\r\n\r\n".encode(),
        f"GET /{CANARY} HTTP/x\r\n\r\n".encode(),
        b"GET / HTTP/1.1\r\n\r\n",
        HEAD + f"content-length: {CANARY}\r\n\r\n".encode(),
        HEAD + f"x: {100_000 * 'x'}\r\n\r\n".encode(),
        b"\x16\x03\x01\x00\x00",
    ],
)
def test_what_is_no_request_gets_no_answer_but_that(door: Listening, sent: bytes) -> None:
    with closing(connected(door)) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        try:
            answer = line.makefile("rb").read()
        except ConnectionError:
            answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
    assert CANARY.encode() not in answer
    served(door)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /".ljust(TOO_LONG, b"x"),
        (HEAD + b"x: ").ljust(TOO_LONG, b"x"),
        b"GET /v1/codes HTTP/1.1\r\n\r\n",
        HEAD + f"content-length: {CANARY}\r\n\r\n".encode(),
        HEAD + f"transfer-encoding: chunked\r\n\r\n{CANARY}\r\n\r\n".encode(),
    ],
    ids=["address", "header", "no host", "length", "chunks"],
)
def test_what_is_no_request_is_a_problem_too(door: Listening, sent: bytes) -> None:
    with closing(connected(door)) as line:
        line.sendall(sent)
        answer = HTTPResponse(line)
        answer.begin()
        body = answer.read()
        assert line.recv(1) == b""
    assert (answer.status, answer.headers["content-type"]) == (400, PROBLEM)
    assert (answer.headers["connection"], answer.headers["cache-control"]) == ("close", "no-store")
    assert orjson.loads(body) == {
        "type": "urn:atips:problem:not_http",
        "title": "The request is not valid HTTP: check the program that sends it",
        "status": 400,
        "rule": "not_http",
        "errors": [],
    }


def test_an_address_that_a_caller_says_counts_for_nothing(server: Server, tmp_path: Path) -> None:
    with listening(server, tmp_path, HttpLimits(refusals_per_second=0.01, refusals_at_once=1)) as door:
        said = [{"x-forwarded-for": f"192.0.2.{number}"} for number in range(2)]
        assert [httpx2.get(f"{door.url}/v1/codes", headers=each).status_code for each in said] == [401, 429]


def test_so_many_connections_and_no_more(door: Listening) -> None:
    lines = [connected(door) for _ in range(40)]
    try:
        deadline = time.monotonic() + SECONDS
        while not any(_gone(line) for line in lines):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        for line in lines:
            line.close()
    served(door)


def _gone(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_over_tls_with_the_authority_s_certificate_alone(server: Server, tmp_path: Path) -> None:
    certificate = ours(tmp_path)
    with listening(server, tmp_path, HttpLimits(), certificate) as door:
        url = f"https://{ports.HOST}:{door.port}/openapi.json"
        trusting = ssl.create_default_context(cafile=Folder(tmp_path / "data").ca)
        assert httpx2.get(url, verify=trusting).status_code == 200
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(url, verify=ssl.create_default_context())
        with closing(connected(door)) as line:
            line.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: intake\r\n\r\n")
            assert b"openapi" not in line.makefile("rb").read()
