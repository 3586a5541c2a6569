"""A process of the nursery is one as any other: its own session, what it was given and no more, an honest end."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.forked_services import Process, started

SECONDS = 60.0


def running(code: str, log: Path) -> Process:
    return started(["timeit", "-n1", "-r1", code], {"GIVEN": "1"}, log)


def test_it_has_a_session_of_its_own_and_what_it_was_given_and_need_not_read_what_all_read(tmp_path: Path) -> None:
    code = "import os, sys; print([*os.environ], os.getsid(0) == os.getpid(), 'faust' in sys.modules)"
    process = running(code, tmp_path / "log")
    assert process.wait(SECONDS) == 0
    assert (tmp_path / "log").read_text().startswith("['GIVEN'] True True\n")


def test_a_service_s_own_modules_are_not_read_yet(tmp_path: Path) -> None:
    code = "import sys; print([name for name in sys.modules if name.endswith(('.handlers', '.stream', '.store'))])"
    process = running(code, tmp_path / "log")
    assert process.wait(SECONDS) == 0
    found = (tmp_path / "log").read_text().splitlines()[0]
    assert "services." not in found


def test_how_it_ended_is_told(tmp_path: Path) -> None:
    assert running("import os; os.kill(os.getpid(), 9)", tmp_path / "log").wait(SECONDS) == -signal.SIGKILL
    assert running("1 / 0", tmp_path / "log").wait(SECONDS) == 1


def test_one_that_runs_is_waited_for_in_vain_and_can_be_ended(tmp_path: Path) -> None:
    process = running("import threading; threading.Event().wait()", tmp_path / "log")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.1)
    assert process.poll() is None
    process.terminate()
    assert process.wait(SECONDS) == -signal.SIGTERM
