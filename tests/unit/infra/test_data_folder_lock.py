"""The folder's lock: one supervisor at a time, named to the second; free when the last child is gone, not before."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.local import data_folder_lock
from infra.local.data_folder_lock import AlreadyRunningError

# A stand-in with the supervisor's name on its command line: it takes the lock and waits, alone or with a child.
HOLDER = """
import subprocess, sys
from pathlib import Path
from infra.local import data_folder_lock
held = data_folder_lock.take_lock(Path(sys.argv[1]))
child = 0
if sys.argv[2] == "child":
    child = subprocess.Popen(["sleep", "60"], pass_fds=(held,), stdin=-3, stdout=-3).pid
print(child, flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(file: Path, *, child: bool = False) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run the stand-in; give it and the pid of its child."""
    arguments = [str(file), "child" if child else "alone", "infra.local.supervisor"]
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
        process.kill()


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    with holding(tmp_path / "lock") as (first, _):
        with pytest.raises(AlreadyRunningError) as refusal:
            data_folder_lock.take_lock(tmp_path / "lock")
        assert refusal.value.pid == first.pid
        assert data_folder_lock.holder(tmp_path / "lock") == first.pid
        assert data_folder_lock.is_held(tmp_path / "lock")


def test_it_is_free_after_the_holder(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with holding(file):
        pass
    assert not data_folder_lock.is_held(file)
    assert data_folder_lock.holder(file) is None
    os.close(data_folder_lock.take_lock(file))


def test_nothing_is_left_of_a_longer_number(tmp_path: Path) -> None:
    """Else nobody knows who holds it: nothing can be asked to stop."""
    (tmp_path / "lock").write_text("4194303999", encoding="ascii")
    with holding(tmp_path / "lock") as (first, _):
        assert data_folder_lock.holder(tmp_path / "lock") == first.pid


def test_a_child_that_was_left_behind_holds_it_and_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with holding(file, child=True) as (supervisor, left):
        supervisor.kill()
        supervisor.wait()
        assert data_folder_lock.is_held(file)
        assert data_folder_lock.holder(file) is None  # no supervisor: nobody keeps a cluster up
        with pytest.raises(AlreadyRunningError, match="whose supervisor is gone"):
            data_folder_lock.take_lock(file, patience=0.2)
        os.kill(left, signal.SIGKILL)
        os.close(data_folder_lock.take_lock(file))


def test_a_pid_that_now_is_somebody_elses_is_no_supervisor(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    held = data_folder_lock.take_lock(file)  # by this test, whose command line is no supervisor's
    try:
        assert data_folder_lock.is_held(file)
        assert data_folder_lock.holder(file) is None
    finally:
        os.close(held)


def test_a_folder_never_started_is_not_held(tmp_path: Path) -> None:
    assert not data_folder_lock.is_held(tmp_path / "lock")
    assert data_folder_lock.holder(tmp_path / "lock") is None
