"""`python -m services.case_tracker`: decides, sweeps, sends what it has to say; when one fails, all end."""

import asyncio
import sys

from schemas import codec
from services.case_tracker.domain.outbound import SOURCE
from services.case_tracker.handlers import AUTHOR, Decider
from services.case_tracker.settings import Settings
from services.case_tracker.store import Store
from services.case_tracker.stream import topics, worker
from services.runtime import admin, beginning, health, postgres, process, sweep
from services.runtime.beginning import DecisionsPlace
from services.runtime.broker import Broker
from services.runtime.clock import clock as clock_of
from services.runtime.outbox import OutboxRelay
from services.runtime.producer import Producer
from services.runtime.standstill import Standstill
from services.runtime.version import code_version


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Build the adapters and run until `stop` is set."""
    clock = clock_of(settings.clock_file)
    deployment = settings.deployment()
    ours = DecisionsPlace(deployment.group(AUTHOR), topics(deployment), SOURCE, deployment.inbound(AUTHOR))
    # An idempotent producer needs half a second before its first record: it is made before anything else.
    producer = Producer(settings.kafka())
    codec.make_ready()
    try:
        async with await postgres.pool(settings, AUTHOR) as pool:
            store = Store(pool, patience_seconds=settings.patience_seconds)
            decider = Decider(deployment, store, code_version("schemas", "services.case_tracker.domain"))
            reader = worker(
                config=settings.kafka(),
                deployment=deployment,
                pool=pool,
                decider=decider,
                clock=clock,
                session_seconds=settings.session_seconds,
            )
            ends = sweep.ends(settings.kafka(), deployment.group(AUTHOR), topics(deployment))
            sweeper = sweep.Sweeper(pool=pool, store=store, decider=decider, clock=clock, ends=ends)
            relay = OutboxRelay(pool, producer)
            broker = Broker(settings.kafka())
            standstill = Standstill(reader.landed, broker.ends, settings.stands_seconds)
            checks = {
                "assignment": reader.ready,
                "broker": health.broker(broker.answers),
                "position": standstill.check,
                "clock": health.clock(pool, clock),
                "database": health.database(pool),
            }
            async with admin.serving(settings, checks):
                await beginning.restored(pool, settings.kafka(), ours, stop)
                await process.together(stop, reader.run(stop), sweeper.run(stop), relay.run(stop), standstill.run(stop))
    finally:
        producer.close()


if __name__ == "__main__":
    sys.exit(process.run(AUTHOR, Settings.load(), main))
