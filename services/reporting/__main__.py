"""`python -m services.reporting`: counts the log and follows the relay; when either fails, the process ends."""

import asyncio
import sys

from schemas import codec
from services.reporting.handlers import Counter
from services.reporting.jobs import asked
from services.reporting.read.expectations import expectations
from services.reporting.settings import Settings, environment
from services.reporting.store import Store
from services.reporting.stream import Follower, stream
from services.reporting.values import keeping
from services.reporting.version import figure_version
from services.reporting.watching import FACTS
from services.runtime import admin, health, postgres, process
from services.runtime.broker import Broker
from services.runtime.clock import clock as clock_of
from services.runtime.standstill import Standstill
from services.runtime.transport import Transport
from services.runtime.watching import TableWatch

SERVICE = "reporting"


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Build the adapters and run until `stop` is set; not at all with a table of expectations that is wrong."""
    expectations(settings.expectations_file)
    codec.make_ready()
    clock = clock_of(settings.clock_file)
    deployment = settings.deployment()
    pool = await postgres.pool(settings, SERVICE)
    try:
        store = Store(pool, figure_version())
        counter = Counter(deployment, store, clock, settings.remembered_bytes)
        transport = Transport(settings.kafka(), deployment.group(SERVICE), abreast=True)
        batch = settings.batch_records
        reader = stream(
            transport=transport, deployment=deployment, pool=pool, counter=counter, clock=clock, batch=batch
        )
        follower = Follower(settings.kafka(), deployment, store)
        broker = Broker(settings.kafka())
        standstill = Standstill(reader.landed, broker.ends, settings.stands_seconds)
        checks = {
            "assignment": reader.ready,
            "broker": health.broker(broker.answers),
            "position": standstill.check,
            "database": health.database(pool),
        }
        async with admin.serving(settings, checks):
            await process.together(
                stop,
                reader.run(stop),
                follower.run(stop),
                standstill.run(stop),
                TableWatch(pool, clock, FACTS, settings.watch_seconds).run(stop),
                asked.making(pool, environment(), stop),
                keeping.keep(pool, clock, stop),
            )
    finally:
        await pool.close()


if __name__ == "__main__":
    # Rows, states and counts refer to what is below them, never back.
    sys.exit(process.run(SERVICE, Settings.load(), main, acyclic=True))
