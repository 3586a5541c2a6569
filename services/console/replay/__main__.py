"""`python -m services.console.replay RUN WHICH OF`: make decisions again in one process of several.

`decision_comparison` starts it. It says on standard output, a JSON line each, how many more copies are judged, and the
result. It ends with its parent.
"""

import sys

from services.console.replay.redeciding import Settings, ShareJudging
from services.reporting.replay import processes
from services.runtime import json_logging as logs


def main(run: int, which: int, of: int) -> int:
    """Do one share; gives the exit code."""
    settings = Settings.load()
    logs.configure("replay", "warning")
    return processes.run(ShareJudging(settings, run, processes.say).judge(which, of))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
