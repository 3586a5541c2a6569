"""Health is answered beside the service: with its loop blocked, its descriptors used up, its checks stuck."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from infra.local import ports
from services.runtime import admin_port
from services.runtime.deciding import service_process as deciding
from services.runtime.errors import Halt
from services.runtime.settings import ProcessSettings
from tests.unit.runtime.test_connection_admission import descriptors_used_up

SECONDS = 20.0
IN_TIME = 1.0
"""Within which the issue promises an answer."""

Check = Callable[[], Awaitable[str | None]]


async def well() -> str | None:
    return None


async def stuck() -> str | None:
    await asyncio.Event().wait()
    return None


def settings(port: int, silent_loop_seconds: float = 30.0) -> ProcessSettings:
    return ProcessSettings.model_construct(
        admin_host=ports.HOST,
        admin_port=port,
        admin_connections=8,
        probe_seconds=0.3,
        silent_loop_seconds=silent_loop_seconds,
    )


@asynccontextmanager
async def serving(checks: dict[str, Check], silent_loop_seconds: float = 30.0) -> AsyncIterator[int]:
    port = ports.choose(["admin"], {})["admin"]
    async with admin_port.serving(settings(port, silent_loop_seconds), checks):
        yield port


def asked(port: int, path: str, line: socket.socket | None = None) -> tuple[int, Any]:
    """Ask in this very thread, so that the service's loop stands still until the answer is there."""
    with closing(line or socket.socket()) as own:
        own.settimeout(SECONDS)
        own.connect((ports.HOST, port))
        own.sendall(f"GET {path} HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n\r\n".encode())
        said = b"".join(iter(lambda: own.recv(65536), b""))
    head, _, body = said.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body) if body[:1] == b"{" else body.decode()


def answered_in_time(port: int, path: str, line: socket.socket | None = None) -> tuple[int, Any]:
    begun = time.monotonic()
    found = asked(port, path, line)
    assert time.monotonic() - begun < IN_TIME
    return found


async def test_all_of_it_is_answered_while_the_loop_is_blocked() -> None:
    async with serving({"database": well}) as port:
        assert answered_in_time(port, "/livez") == (200, {"alive": True})
        assert answered_in_time(port, "/readyz") == (
            503,
            {"ready": False, "reasons": {"database": "no answer within 0.3 s"}},
        )
        status, text = answered_in_time(port, "/metrics")
        assert (status, "atips_records_total" in text) == (200, True)
        assert await asyncio.to_thread(asked, port, "/readyz") == (200, {"ready": True, "reasons": {}})


async def test_a_loop_that_does_not_turn_is_not_alive_and_is_again_when_it_turns() -> None:
    async with serving({}, silent_loop_seconds=0.3) as port:
        until = time.monotonic() + SECONDS
        while (found := asked(port, "/livez")) == (200, {"alive": True}):
            assert time.monotonic() < until
        status, said = found
        assert (status, said["alive"], list(said)) == (503, False, ["alive", "silent_seconds"])
        while (await asyncio.to_thread(asked, port, "/livez"))[0] != 200:
            assert time.monotonic() < until
            await asyncio.sleep(0.05)


async def test_all_of_it_is_answered_while_no_descriptor_is_left() -> None:
    async with serving({"database": well}) as port:
        lines = [socket.socket() for _ in range(3)]
        with descriptors_used_up():
            assert answered_in_time(port, "/livez", lines[0])[0] == 200
            assert answered_in_time(port, "/readyz", lines[1])[0] == 503  # since this very thread is blocked
            assert answered_in_time(port, "/metrics", lines[2])[0] == 200


async def test_a_check_that_is_stuck_has_a_deadline_of_its_own_and_is_not_started_twice() -> None:
    started = 0

    async def counted() -> str | None:
        nonlocal started
        started += 1
        return await stuck()

    async with serving({"database": counted, "relay": well}) as port:
        for _ in range(2):
            begun = time.monotonic()
            assert await asyncio.to_thread(asked, port, "/readyz") == (
                503,
                {"ready": False, "reasons": {"database": "no answer within 0.3 s"}},
            )
            assert time.monotonic() - begun < IN_TIME
    assert started == 1


async def test_who_holds_all_connections_gives_way() -> None:
    async with serving({"database": well}) as port:
        lines = [socket.create_connection((ports.HOST, port), SECONDS) for _ in range(100)]
        try:
            assert answered_in_time(port, "/livez") == (200, {"alive": True})
        finally:
            for line in lines:
                line.close()


async def test_no_port_serves_nothing_and_a_taken_one_ends_the_process() -> None:
    async with admin_port.serving(settings(0), {}):
        pass
    with socket.create_server((ports.HOST, 0)) as taken, pytest.raises(Halt, match="admin port"):
        async with admin_port.serving(settings(taken.getsockname()[1]), {}):
            pass


def test_every_service_serves_health_this_way() -> None:
    root = Path(admin_port.__file__).parents[1]
    mains = [each.read_text(encoding="utf-8") for each in root.glob("*/__main__.py")]
    services = [each for each in mains if "process.run(" in each]
    assert len(services) == 5
    assert "admin_port.serving(settings, checks)" in Path(deciding.__file__).read_text(encoding="utf-8")
    ways = ("admin_port.serving(settings, ", "service_process.serve(settings, stop, SERVICE, build")
    assert all(any(way in each for way in ways) for each in services)
