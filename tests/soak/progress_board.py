"""How far a long run is: bars with rate and time left for whoever looks, and a line now and then for a log."""

import sys
import time
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_SECONDS: Final = 30.0
"""Between two lines of one stage in a log."""


class Board:
    """One bar for each stage, made when it is first heard of."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._seen = sys.stderr.isatty()
        self._progress = Progress(
            TextColumn("{task.description:>12}"),
            BarColumn(),
            TextColumn("{task.completed:>9.0f} of {task.total:.0f}"),
            TextColumn("{task.fields[rate]:>9}/s"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._seen,
        )
        self._tasks: dict[str, TaskID] = {}
        self._begun: dict[str, float] = {}
        self._told: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def say(self, line: str) -> None:
        """Say something beside the bars."""
        self._progress.console.print(f"{time.strftime('%H:%M:%S')} {line}", markup=False)

    def advanced(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        now = time.monotonic()
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total, rate="")
            self._begun[stage] = now
        elapsed = now - self._begun[stage]
        rate = done / elapsed if elapsed > 1 else 0.0
        self._progress.update(self._tasks[stage], completed=done, total=total, rate=f"{rate:.0f}")
        if not self._seen and now - self._told.get(stage, self._begun[stage]) > _SECONDS:
            self._told[stage] = now
            left = f", {(total - done) / rate:.0f} s left" if rate else ""
            self.say(f"{stage}: {done} of {total}, {rate:.0f}/s{left}")
