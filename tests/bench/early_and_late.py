"""`python -m tests.bench.early_and_late EARLY LATE UNTIL TURNS BATCH`: count the begin and the end of a log, in turns.

A machine is not equally fast in each minute; for two batches, one right after the other in one process, it is. EARLY
and LATE name empty databases; when the turns begin the one has counted one batch, the other all copies up to UNTIL.
Prints one JSON line: CPU microseconds a copy, turn by turn.
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from schemas import codec
from services.reporting.figure_version import figure_version
from services.reporting.handlers import Counter, Prepared
from services.reporting.settings import Settings
from services.reporting.store import Store
from services.reporting.stream import topics
from services.runtime import postgres
from services.runtime.batch import Batches
from services.runtime.clock import SystemClock
from services.runtime.errors import Retryable
from services.runtime.threaded_consumer import Transport


@dataclass(slots=True)
class Side:
    """Reporting as it runs, but that nothing is read while a batch lands."""

    transport: Transport
    batches: Batches[Prepared]
    limit: int
    counted: int = 0

    async def batch(self) -> float:
        """Count a full batch, while there is one; gives CPU microseconds a copy."""
        while True:
            try:
                records = await self.transport.poll(self.limit)
            except Retryable:  # the first partitions came while a batch was read
                at = {place: position.next_offset for place, position in self.batches.positions.items()}
                await self.transport.seek(at)
                continue
            if records:
                break
        begun = time.thread_time()
        await self.batches.run(records)
        spent = time.thread_time() - begun
        self.counted += len(records)
        return spent / len(records) * 1e6


@asynccontextmanager
async def side(settings: Settings, file: Path, limit: int) -> AsyncIterator[Side]:
    """Begin to count the log into a database, as a group of its own."""
    settings = settings.model_copy(update={"postgres_dsn_file": file})
    deployment, clock = settings.deployment(), SystemClock()
    async with await postgres.pool(settings, "reporting") as pool:
        counter = Counter(deployment, Store(pool, figure_version()), clock, settings.remembered_bytes)
        transport = Transport(settings.kafka(), deployment.group(file.stem), merge_partitions=True)
        batches = Batches(topics=topics(deployment), pool=pool, handler=counter, clock=clock)
        await batches.begin(transport.describe, asyncio.Event())
        transport.subscribe(batches.topics, batches.on_partitions_assigned, batches.on_partitions_revoked)
        try:
            yield Side(transport, batches, limit)
        finally:
            await transport.close()


async def main(early: Path, late: Path, until: int, turns: int, batch: int) -> None:
    """Count up to where the turns begin, then take them."""
    settings = Settings.load()
    codec.make_ready()
    gc.freeze()
    gc.disable()  # as a service, which looks for cycles by the clock alone
    async with side(settings, late, batch) as end:
        while end.counted < until:
            await end.batch()
        async with side(settings, early, batch) as beginning:
            await beginning.batch()  # in the first every entity is new, and counted once for all that is said of it
            found = [(await beginning.batch(), await end.batch()) for _ in range(turns)]
    print(json.dumps({"early": [each for each, _ in found], "late": [each for _, each in found]}))  # noqa: T201 - its result


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:6])))
