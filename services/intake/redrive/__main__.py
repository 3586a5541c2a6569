"""`python -m services.intake.redrive REQUEST`: send refused events again, as the administrator.

REQUEST is a `RedriveRequest` as JSON. Standard output has lines of JSON: first `{"asked": <number of entries>}`, then a
`RedriveOutcome` for each requested entry.
"""

import asyncio
import json
import sys
from dataclasses import asdict

import structlog

from services.intake.redrive.outcome import RedriveRequest
from services.intake.redrive.run import Redrive
from services.intake.settings import Settings
from services.runtime import failpoints
from services.runtime import json_logging as logs
from services.runtime.errors import ServiceError

log = structlog.get_logger()


def main(arguments: list[str]) -> int:
    """Send the entries again and return the exit code: 0, or 1 after a `ServiceError`."""
    settings = Settings.load()
    logs.configure("intake", "warning")
    failpoints.arm(settings.failpoint)
    try:
        asyncio.run(_run(settings, RedriveRequest(**json.loads(arguments[0]))))
    except ServiceError as error:
        log.error("halted", error=type(error).__name__, reason=str(error))  # noqa: TRY400 - the text is ours
        return 1
    return 0


async def _run(settings: Settings, asked: RedriveRequest) -> None:
    async with Redrive.opened(settings, asked) as redrive:
        _say({"asked": await redrive.load()})
        async for outcome in redrive.run():
            _say(asdict(outcome))


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
