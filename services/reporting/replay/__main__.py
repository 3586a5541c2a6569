"""`python -m services.reporting.replay CLAIM WHICH OF`: one process of a replay, started by its coordinator.

It writes its progress to standard output, one JSON object a line. It exits when its standard input closes, so that it
ends together with its parent process.
"""

import gc
import sys
from typing import Final

from services.reporting.replay import processes
from services.reporting.replay.report import Stage
from services.reporting.replay.worker import Worker
from services.reporting.settings import Settings
from services.runtime import failpoints
from services.runtime import json_logging as logs

_COLLECT: Final = 100_000
"""Threshold of new objects for a run of the garbage collector. Batches of rows are freed without it."""


def _tell(stage: Stage, more: int) -> None:
    processes.send_to_coordinator({"stage": stage, "more": more})


def main(claim: int, which: int, of: int) -> int:
    """Process share `which` (from 0) of the `of` shares of a run, and return the exit code.

    `claim`: number with which the coordinator claimed the run.
    """
    settings = Settings.load()
    logs.configure("reporting", "warning")
    failpoints.arm(settings.failpoint)
    # Rows and states hold no cycles, so the collector would find nothing. Objects loaded by now are exempt from it.
    gc.freeze()
    gc.set_threshold(_COLLECT)
    return processes.run(Worker(settings, claim, (which, of), _tell).run())


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
