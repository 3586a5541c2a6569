"""`python -m services.console.replay RUN WHICH OF`: recompute decisions in process WHICH of OF, for the replay RUN.

`decision_comparison` starts it. It prints one JSON line for each progress step, difference and count. It ends when its
parent ends.
"""

import sys

from services.console.replay.redeciding import Settings, ShareJudging
from services.reporting.replay import processes
from services.runtime import json_logging as logs


def main(run: int, which: int, of: int) -> int:
    """Compare decisions for the replay `run`, as process `which` (from 0) of `of` processes; return the exit code."""
    settings = Settings.load()
    logs.configure("replay", "warning")
    return processes.run(ShareJudging(settings, run, processes.send_to_coordinator).judge(which, of))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
