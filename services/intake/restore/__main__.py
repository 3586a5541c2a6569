"""`python -m services.intake.restore`: fill intake's empty tables from the topics, as the broker's administrator.

`--give-up-lost` gives up numbers that were lost after the relay's last progress record; it needs the quarantine's key.
`--catch-up` adds to the tables of an older database what the topics have beyond it. Prints a `RestoreOutcome` as JSON.
Exits with 1 after an error. Exits with 3, and changes nothing, if the tables are not empty.
"""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Final

import structlog

from services.intake.quarantine_encryption import Seal
from services.intake.restore.restoration import IntakeRestoration
from services.intake.settings import Settings
from services.runtime import failpoints
from services.runtime import json_logging as logs
from services.runtime.errors import ServiceError

NOT_EMPTY: Final = 3
GIVE_UP_LOST: Final = "--give-up-lost"
CATCH_UP: Final = "--catch-up"

log = structlog.get_logger()


def main() -> int:
    """Restore and return the exit code: 0, 1 after a `ServiceError`, or 3 if the tables are not empty."""
    settings = Settings.load()
    seal = Seal(settings.quarantine_key()) if GIVE_UP_LOST in sys.argv[1:] else None
    logs.configure("intake", "warning")
    failpoints.arm(settings.failpoint)
    try:
        restored = asyncio.run(IntakeRestoration(settings, seal, catch_up=CATCH_UP in sys.argv[1:]).run())
    except ServiceError as error:
        log.error("halted", error=type(error).__name__, reason=str(error))  # noqa: TRY400 - the text is ours
        return 1
    if restored is None:
        log.error("not restored", reason="intake's tables are not empty: only empty ones are restored")
        return NOT_EMPTY
    sys.stdout.write(json.dumps(asdict(restored)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
