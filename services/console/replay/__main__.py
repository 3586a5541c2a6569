"""`python -m services.console.replay RUN WHICH OF`: one process that makes decisions again, started by `decided`.

Says on standard output, a JSON line each, how many more copies are judged, and what came of it. Ends with its parent.
"""

import asyncio
import sys

import structlog

from services.console.replay.judging import Judging, Settings
from services.reporting.replay import processes
from services.runtime import log as logs
from services.runtime.errors import ServiceError

log = structlog.get_logger()


def main(run: int, which: int, of: int) -> int:
    """Do one share; gives the exit code."""
    settings = Settings.load()
    logs.configure("replay", "warning")
    processes.end_with_parent()
    try:
        asyncio.run(Judging(settings, run, processes.say).judge(which, of))
    except ServiceError as error:
        log.error("halted", error=type(error).__name__, reason=str(error))  # noqa: TRY400 - the text is ours
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
