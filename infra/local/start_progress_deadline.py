"""Deadlines by progress: a start is given up after a time without progress, however long it takes in all.

On a busy machine everything is slow. A part that writes to its log, uses the processor or opens a port makes progress.
"""

from __future__ import annotations

import os
import socket
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from infra.local.ports import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

STILL_SECONDS = 120.0
"""A start is given up after this long without a sign of progress."""
CPU_SECONDS = 1.0
"""This much processor time is a sign of progress. An idle broker uses less in `STILL_SECONDS`."""
LOOK_SECONDS = 0.5
PROBE_SECONDS = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class StartProgress:
    """The progress of one part of a start.

    `processes` gives its processes' ids; their children count too. `ports` are the ports that it will open. `steps`
    gives a count that grows with other signs, such as a downloaded file. `cpu`: seconds of processor time that count as
    a sign.
    """

    what: str
    log: Path | None = None
    processes: Callable[[], Iterable[int]] = tuple
    ports: Iterable[int] = ()
    steps: Callable[[], int] = lambda: 0
    still_seconds: float | None = None
    cpu: float = CPU_SECONDS
    _begun: float = field(default_factory=time.monotonic)
    _moved_at: float = field(default_factory=time.monotonic)
    _looked_at: float = 0.0
    _seen: tuple[int, int, int] = (0, 0, 0)
    _cpu: float = 0.0

    @property
    def still(self) -> float:
        """Seconds without progress after which the start is given up."""
        return STILL_SECONDS if self.still_seconds is None else self.still_seconds

    def goes_on(self) -> bool:
        """Whether there was a sign of progress in the last `still` seconds. Checks for signs twice a second at most."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            self._look(now)
        return now - self._moved_at <= self.still

    def _look(self, now: float) -> None:
        signs = (_size(self.log), sum(map(_is_open, self.ports)), self.steps())
        cpu = cpu_seconds(self.processes())
        # Less than before: a process was started again.
        if signs != self._seen or not 0 <= cpu - self._cpu < self.cpu:
            self._seen, self._cpu, self._moved_at = signs, cpu, now

    @override
    def __str__(self) -> str:
        """Write the part's name, the seconds since its begin, and the processor time that it used."""
        seconds = time.monotonic() - self._begun
        return f"{self.what}: {seconds:.0f} s, {self._cpu:.0f} s of processor time"

    def given_up(self) -> str:
        """Return the message that says why the start is given up."""
        return (
            f"{self.what}: no sign of progress in {self.still:.0f} s: its log did not grow, it opened no port and used"
            " almost no processor time"
        )


def cpu_seconds(processes: Iterable[int]) -> float:
    """Return the processor time of these processes and of all their children, also of those that have ended.

    0 on a machine without /proc.
    """
    roots = set(processes)
    if not roots:
        return 0.0
    times, children = _processes()
    ticks, left = 0, list(roots)
    while left:
        process = left.pop()
        ticks += times.get(process, 0)
        left += children.get(process, ())
    return ticks / _TICKS


def _processes() -> tuple[Mapping[int, int], Mapping[int, list[int]]]:
    """Return, by process, its processor time in ticks, with that of its ended children, and by process its children."""
    times: dict[int, int] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            # After the name, which is in parentheses and may hold anything: state, parent, …, four times from 12th on.
            fields = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            process = int(file.parent.name)
            times[process] = sum(map(int, fields[11:15]))
            children[int(fields[1])].append(process)
    return times, children


def _size(log: Path | None) -> int:
    with suppress(OSError):
        return log.stat().st_size if log is not None else 0
    return 0


def _is_open(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=PROBE_SECONDS).close()
    except OSError:
        return False
    return True
