"""Service processes for tests, each forked from one that has read already what all services read.

Reading the same packages again was half of what a fault test cost. A service's own modules are read by its own process,
and a test kills a process like any other. The journeys show that it starts from nothing too. So does what is measured:
`make soak` and `make bench` are not run by pytest.
"""

import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final, Protocol

from typing_extensions import override

from infra.local.process import tied_to_parent

ROOT: Final = Path(__file__).resolve().parents[2]
_CONTEXT: Final = get_context("forkserver")


class Process(Protocol):
    """Operations on a running process, with the names of `subprocess.Popen`."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...
    def terminate(self) -> None: ...


class Forked(ForkServerProcess):
    """One of the nursery's."""

    @property
    @override
    def pid(self) -> int:
        assert self.ident is not None
        return self.ident

    def poll(self) -> int | None:
        return self.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self.join(timeout)
        if self.exitcode is None:
            raise subprocess.TimeoutExpired(self.name, timeout or 0)
        return self.exitcode


def started(module: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
    """Run `python -m` with these arguments, in a session of its own, as under the supervisor; it writes to the log."""
    if "PYTEST_VERSION" not in os.environ:
        with log.open("wb") as file:
            return subprocess.Popen(
                [*tied_to_parent(signal.SIGTERM), sys.executable, "-m", *module],
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
    log.touch()
    _CONTEXT.set_forkserver_preload(["tests.support.preloaded_modules"])
    process = Forked(target=_run, args=(list(module), dict(environment), str(log)), daemon=True)
    process.start()
    return process


def _run(module: list[str], environment: dict[str, str], log: str) -> None:
    os.setsid()
    os.chdir(ROOT)
    file = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    name, *sys.argv[1:] = module
    runpy.run_module(name, run_name="__main__", alter_sys=True)
