"""A progress bar on standard error. It appears after two seconds, and only on a terminal."""

import time
from types import TracebackType
from typing import Final, Self

from rich.progress import Progress

from services.console.output import err

PATIENCE_SECONDS: Final = 2.0


class ProgressBar:
    """A bar that shows the progress of a piece of work. It disappears when the work is done."""

    def __init__(self, title: str) -> None:
        console = err()
        self._progress = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task(title, total=None)
        self._begun = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def advanced(self, done: int, total: int) -> None:
        """Show progress: `done` of `total` pieces."""
        self._progress.update(self._task, completed=done, total=total)
        if time.monotonic() - self._begun > PATIENCE_SECONDS:
            self._progress.start()
