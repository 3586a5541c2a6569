"""`python -m services.intake`: the Kafka door and the relay in one process; when either fails, the process ends."""

import asyncio
import sys
from functools import partial

from services.intake import beginning
from services.intake.handlers import Door
from services.intake.relay import Relay
from services.intake.seal import Seal
from services.intake.settings import Settings
from services.intake.store.inbox import Inbox
from services.intake.store.outbox import opened, relay_check
from services.intake.store.routes import Routes
from services.intake.stream import stream
from services.runtime import health, postgres, process
from services.runtime.clock import clock as clock_of
from services.runtime.producer import Producer
from services.runtime.transport import Transport

SERVICE = "intake"


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Build the adapters and run until `stop` is set."""
    clock = clock_of(settings.clock_file)
    deployment = settings.deployment()
    door = Door(deployment, Inbox(), Routes(), Seal(settings.quarantine_key()))
    # An idempotent producer needs half a second before its first record: it is made before anything else.
    producer = Producer(settings.kafka())
    try:
        async with await postgres.pool(settings, SERVICE) as pool:
            transport = Transport(settings.kafka(), deployment.group(SERVICE))
            reader = stream(transport=transport, deployment=deployment, pool=pool, door=door, clock=clock)
            silence = settings.silent_session_seconds
            relay = Relay(partial(opened, pool, silence=silence), producer, deployment, silence=silence)
            checks = {
                "assignment": reader.ready,
                "database": health.database(pool),
                "relay": relay_check(pool, clock, settings.relay_age_limit),
            }
            async with health.serving(settings.admin_host, settings.admin_port, checks):
                await beginning.checked(pool, settings.kafka(), deployment, stop)
                await process.together(stop, reader.run(stop), relay.run(stop))
    finally:
        producer.close()


if __name__ == "__main__":
    sys.exit(process.run(SERVICE, Settings.load(), main))
