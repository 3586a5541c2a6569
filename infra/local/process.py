"""A child process of the supervisor: it is started, watched, started again when it ends, and stopped.

The kernel ends every child when the supervisor dies, however it dies. Every child holds the data folder's lock open, so
that the folder is free only when the last of them has ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

BACK_OFF_FIRST, BACK_OFF_LAST = 0.1, 2.0
SETTLED_SECONDS = 30.0  # a process that ran longer than this is started again with the shortest delay
_UNLESS_ORPHANED = 'test "$PPID" = "$0" && exec "$@"'


@dataclass(slots=True)
class Child:
    """One process and its state: `stopped`, `starting`, `running`, `waiting` (for the next start) or `stopping`.

    `ready(pid)` is called until it returns True, after each start. The process runs in `folder`, or beside its log.
    `before`: words that change the user. They stand before the tie to the parent, which the kernel drops when a process
    changes its user. `lock`: descriptor of the folder's lock.
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    lock: int
    before: Sequence[str] = ()
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    ready: Callable[[int], bool] = lambda _pid: True
    state: str = "stopped"
    restarts: int = 0
    last_exit: int | None = None
    process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _again_at: float = 0.0
    _back_off: float = field(default=BACK_OFF_FIRST)

    @property
    def pid(self) -> int | None:
        """Process id; None before the start and after the end was noted."""
        return self.process.pid if self.process is not None else None

    def start(self) -> None:
        """Start the process; its output goes to the log. Raises OSError."""
        with self.log.open("ab", buffering=0) as log:
            self.process = subprocess.Popen(
                [*self.before, *tied_to_parent(self.death_signal), *self.argv],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(self.lock,),
                cwd=self.folder or self.log.parent,
            )
        self.state = "starting"
        self._started = time.monotonic()

    def step(self) -> None:
        """Note that the process has ended or is ready, and start it again when its delay is over. Never waits."""
        now = time.monotonic()
        if self.process is None:
            if self.state == "waiting" and now >= self._again_at:
                self.restarts += 1
                try:
                    self.start()
                except OSError:  # no room for its log, or for one more process: that ends none of the others
                    self._wait(now)
            return
        code = self.process.poll()
        if code is None:
            if self.state == "starting" and self.ready(self.process.pid):
                self.state = "running"
            return
        self.process = None
        self.last_exit = code
        if now - self._started > SETTLED_SECONDS:
            self._back_off = BACK_OFF_FIRST
        self._wait(now)

    def _wait(self, now: float) -> None:
        """Wait before the next start, longer each time the process ends again."""
        self._again_at = now + self._back_off
        self._back_off = min(self._back_off * 2, BACK_OFF_LAST)
        self.state = "waiting"

    def ask_to_stop(self) -> None:
        """Send the process its stop signal, without waiting for its end. Does nothing if it does not run."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            self.state = "stopping"

    def end(self, deadline: float) -> None:
        """Wait for the process to end, and kill it if it still runs at `deadline`.

        `deadline`: a time of `time.monotonic()`, in seconds. The exit code is stored in `last_exit`.
        """
        if self.process is not None:
            try:
                self.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.last_exit = self.process.returncode
            self.process = None
        self.state = "stopped"


def tied_to_parent(death_signal: signal.Signals) -> list[str]:
    """Return the words to put before a command so that the kernel signals it when this process dies.

    The kernel sends no signal if this process died before the request. Therefore a child whose parent is another
    process by then ends at once.
    """
    if sys.platform != "linux":
        return []
    return ["setpriv", f"--pdeathsig={death_signal.name}", "--", "sh", "-c", _UNLESS_ORPHANED, str(os.getpid())]
