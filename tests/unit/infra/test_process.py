"""A child of the supervisor: started again with growing patience, stopped in time, tied to its parent's life."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local import process
from infra.local.process import Child

PYTHON = sys.executable
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []
    held = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)

    def make(*argv: str, ready: Callable[[int], bool] = lambda _pid: True) -> Child:
        one = Child("one", argv, dict(os.environ), tmp_path / "one.log", held, ready=ready)
        made.append(one)
        return one

    yield make
    for one in made:
        one.end(0.0)
    os.close(held)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def step_until(one: Child, condition: Callable[[], bool]) -> None:
    def stepped() -> bool:
        one.step()
        return condition()

    until(stepped)


def test_it_is_starting_until_it_says_it_is_ready(child: Callable[..., Child]) -> None:
    answers = iter([False, False, True])
    one = child("sleep", "60", ready=lambda _pid: next(answers))
    one.start()
    states = []
    for _ in range(3):
        one.step()
        states.append(one.state)
    assert states == ["starting", "starting", "running"]


def test_it_is_started_again_when_it_ends_and_the_end_is_remembered(child: Callable[..., Child]) -> None:
    one = child("sh", "-c", "exit 3")
    one.start()
    step_until(one, lambda: one.restarts == 2)
    assert one.last_exit == 3


def test_who_keeps_ending_is_started_ever_less_often(
    child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("infra.local.process.time.monotonic", lambda: now[0])
    one = child("true")
    waits = []
    one.start()
    for _ in range(7):
        assert one.process is not None
        one.process.wait(20)
        one.step()
        waits.append(round(one._again_at - now[0], 3))
        now[0] = one._again_at - 0.001
        one.step()
        assert one.state == "waiting"
        now[0] = one._again_at
        one.step()
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_who_lived_long_starts_again_at_once(child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("infra.local.process.time.monotonic", lambda: now[0])
    one = child("true")
    one.start()
    one._back_off = 2.0
    now[0] = process.SETTLED_SECONDS + 1
    assert one.process is not None
    one.process.wait(20)
    one.step()
    now[0] += process.BACK_OFF_FIRST
    one.step()
    assert one.restarts == 1


def test_a_start_for_which_there_is_no_room_is_tried_again_later(child: Callable[..., Child]) -> None:
    one = child("true")
    one.start()
    one.log.rename(one.log.with_name("kept"))
    one.log.mkdir()
    step_until(one, lambda: one.restarts == 2)
    assert (one.state, one.pid) == ("waiting", None)
    one.log.rmdir()
    step_until(one, lambda: one.pid is not None)


def test_it_ends_when_asked(child: Callable[..., Child]) -> None:
    one = child("sleep", "60")
    one.start()
    one.ask_to_stop()
    one.end(time.monotonic() + 20)
    assert (one.state, one.last_exit) == ("stopped", -signal.SIGTERM)


def test_who_does_not_end_when_asked_is_ended(child: Callable[..., Child]) -> None:
    one = child(PYTHON, "-c", STUBBORN)
    one.start()
    until(lambda: one.log.exists() and one.log.read_text(encoding="utf-8") == "up\n")
    one.ask_to_stop()
    one.end(time.monotonic() + 0.1)
    assert (one.state, one.last_exit) == ("stopped", -signal.SIGKILL)


PARENT = """
import os, signal, subprocess, sys
from infra.local.process import tied_to_parent
late = ["sh", "-c", 'while kill -0 "$0" 2>&-; do :; done; exec "$@"', str(os.getpid())]
command = [*(late if sys.argv[1] == "dies" else []), *tied_to_parent(signal.SIGKILL), "sleep", "60"]
print(subprocess.Popen(command, stdout=subprocess.DEVNULL).pid, flush=True)
if sys.argv[1] == "dies":
    os.kill(os.getpid(), signal.SIGKILL)
input()
"""


def ended(pid: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return True


def test_it_does_not_outlive_its_parent() -> None:
    with subprocess.Popen(
        [PYTHON, "-c", PARENT, "lives"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        pid = int(started.stdout.readline())
        until(lambda: Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep"))
        started.kill()
    until(lambda: ended(pid))


def test_nor_one_that_dies_before_the_kernel_knows_of_the_tie() -> None:
    done = subprocess.run([PYTHON, "-c", PARENT, "dies"], stdout=subprocess.PIPE, text=True, check=False)
    pid = int(done.stdout)
    try:
        until(lambda: ended(pid))
    finally:
        if not ended(pid):
            os.kill(pid, signal.SIGKILL)
