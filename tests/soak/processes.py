"""Use of processes, read from /proc: CPU of services that are killed and started again, and a command's memory."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Usage:
    """CPU seconds and the highest resident memory in bytes, by process."""

    cpu: dict[int, float] = field(default_factory=dict)
    memory: dict[int, int] = field(default_factory=dict)

    def look(self, pid: int) -> None:
        """Note what a process used so far; nothing once it has ended."""
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self.memory[pid] = int(line.split()[1]) * 1024
        user, system = stat.rpartition(")")[2].split()[11:13]
        self.cpu[pid] = (int(user) + int(system)) / _TICKS

    @property
    def cpu_seconds(self) -> float:
        """Of all processes together."""
        return sum(self.cpu.values())

    @property
    def largest(self) -> int:
        """The memory of the process that needed most."""
        return max(self.memory.values(), default=0)

    @property
    def together(self) -> int:
        """The memory of all, as if all had needed most at the same time."""
        return sum(self.memory.values())


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: its exit code, its output and what it and its children used."""

    code: int
    output: bytes
    usage: Usage
    seconds: float


def watched(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Ended:
    """Run a command to its end. Blocking: use it on a thread of its own."""
    begun, usage = time.monotonic(), Usage()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output)
        while process.poll() is None:
            for pid in (process.pid, *_children(process.pid)):
                usage.look(pid)
            time.sleep(0.05)
        output.seek(0)
        return Ended(process.returncode, output.read(), usage, time.monotonic() - begun)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, listed.read_text(encoding="ascii").split())
        except OSError:
            continue
    return found
