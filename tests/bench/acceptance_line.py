"""`python -m tests.bench.acceptance_line EVENTS BATCH`: the acceptance line alone, on events that were judged before.

Lock, read, decide, write and commit, one transaction after the other. Prints one JSON line as `limits` does.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from typing import Final

from services.intake.domain.judge import judge
from services.intake.domain.submission import Inbound, InboundPlace
from services.intake.handlers import JudgedBatch, SubmissionHandler
from services.intake.quarantine_encryption import Seal
from services.intake.settings import Settings
from services.intake.store.acceptance_line import Inbox
from services.intake.store.routing_index import Routes
from services.runtime import postgres
from tests.bench.workload import workload

_SEED: Final = 7
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


class _Standing:
    """A clock that stands."""

    def now(self) -> datetime:
        return _NOW


async def main(events: int, batch: int) -> None:
    """Take so many events in batches of so many."""
    settings = Settings.load()
    deployment = settings.deployment()
    door = SubmissionHandler(deployment, Inbox(), Routes(), Seal(settings.quarantine_key()), _Standing())
    judged = [
        judge(
            Inbound(each.agency, InboundPlace(deployment.inbound(each.agency), 0, offset, 0), None, each.raw, ()), _NOW
        )
        for offset, each in enumerate(workload(_SEED, events))
    ]
    async with await postgres.pool(settings, "intake") as pool:
        begun, cpu = time.perf_counter(), time.process_time()
        for first in range(0, len(judged), batch):
            async with postgres.borrow_connection(pool) as connection, connection.transaction():
                await door.apply(JudgedBatch(_NOW, tuple(judged[first : first + batch])), connection)
        spent = time.perf_counter() - begun, time.process_time() - cpu
    print(json.dumps({"records": len(judged), "seconds": spent[0], "cpu": spent[1]}))  # noqa: T201 - its result


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
