"""A start is given up when nothing moves, not when it is slow: real processes that write, work, open a port or stop."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from infra.local import start_progress_deadline as progress
from infra.local.ports import HOST
from infra.local.start_progress_deadline import StartProgress, cpu_seconds

STILL = 1.0
LONGER = 2 * STILL

Started = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(progress, "STILL_SECONDS", STILL)


@pytest.fixture
def started() -> Iterator[Started]:
    processes: list[subprocess.Popen[bytes]] = []

    def start(code: str) -> subprocess.Popen[bytes]:
        processes.append(subprocess.Popen([sys.executable, "-c", code], start_new_session=True))
        return processes[-1]

    yield start
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)  # with its children: a busy one would take a core from other tests
        process.wait()


def goes_on_for(watched: StartProgress, seconds: float) -> bool:
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        if not watched.goes_on():
            return False
        sleep(0.02)
    return True


def test_what_does_nothing_is_given_up_and_the_reason_is_told(started: Started, tmp_path: Path) -> None:
    idle = started("import time; time.sleep(60)")
    watched = StartProgress("kafka", tmp_path / "kafka.log", lambda: [idle.pid])
    assert not goes_on_for(watched, 60)
    assert "kafka: no sign of progress in 1 s" in watched.given_up()


def test_a_log_that_grows_is_progress(started: Started, tmp_path: Path) -> None:
    log = tmp_path / "kafka.log"
    code = f"import time\nwhile True:\n open({str(log)!r}, 'a').write('.'); time.sleep(0.05)"
    writer = started(code)
    assert goes_on_for(StartProgress("kafka", log, lambda: [writer.pid]), LONGER)


def test_processor_time_of_a_child_of_a_child_is_progress(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = "while True: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    parent = started(code)
    watched = StartProgress("kafka", processes=lambda: [parent.pid], cpu=0.05)
    assert goes_on_for(watched, LONGER)
    assert cpu_seconds([parent.pid]) > 0
    assert str(watched).startswith("kafka: ")


def test_a_process_that_is_stopped_is_given_up_and_one_that_goes_on_in_time_is_not(started: Started) -> None:
    busy = started("while True: pass")
    watched = StartProgress("kafka", processes=lambda: [busy.pid], cpu=0.05)
    assert goes_on_for(watched, STILL)
    os.kill(busy.pid, signal.SIGSTOP)
    assert goes_on_for(watched, STILL / 3)
    os.kill(busy.pid, signal.SIGCONT)
    assert goes_on_for(watched, LONGER)
    os.kill(busy.pid, signal.SIGSTOP)
    assert not goes_on_for(watched, 60)


def test_a_port_that_opens_is_progress() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        server.close()
        watched = StartProgress("kafka", ports=[port])
        assert goes_on_for(watched, STILL / 2)
        with socket.create_server((HOST, port)):
            assert goes_on_for(watched, STILL)


def test_what_was_fetched_is_progress() -> None:
    fetched = iter(range(10_000))
    assert goes_on_for(StartProgress("jars", steps=lambda: next(fetched)), LONGER)
