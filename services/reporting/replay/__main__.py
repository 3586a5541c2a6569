"""`python -m services.reporting.replay CLAIM WHICH OF`: one process of a replay, started by its coordinator.

Says on standard output, a JSON line each, how much more is done. Ends when its standard input does: with its parent.
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
"""New objects after which the collector looks: pages of rows come and go in between."""


def _tell(stage: Stage, more: int) -> None:
    processes.say({"stage": stage, "more": more})


def main(claim: int, which: int, of: int) -> int:
    """Do one share; gives the exit code."""
    settings = Settings.load()
    logs.configure("reporting", "warning")
    failpoints.arm(settings.failpoint)
    # Rows and states hold no cycles: the collector finds nothing, and need not look at what is loaded by now.
    gc.freeze()
    gc.set_threshold(_COLLECT)
    return processes.run(Worker(settings, claim, (which, of), _tell).run())


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
