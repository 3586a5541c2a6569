"""`python -m tests.support.referral_on_consumer_loop`: referral with the same handlers under confluent-kafka's loop."""

import sys
from typing import Any

import asyncpg

from services.referral import __main__ as referral
from services.referral.settings import Settings
from services.runtime import process
from services.runtime.clock import Clock
from services.runtime.consumer_loop import Stream
from services.runtime.deciding import service_process
from services.runtime.deciding.event_copy_batch import Service
from services.runtime.deciding.service_process import Decider
from services.runtime.settings import DecidingSettings
from services.runtime.threaded_consumer import Transport

BATCH = 5_000


def stream(
    settings: DecidingSettings, service: Service, pool: asyncpg.Pool, decider: Decider, clock: Clock
) -> Stream[Any]:
    """Build what stands in for the Faust worker."""
    deployment = settings.deployment()
    transport = Transport(settings.kafka(), deployment.group(service.author))
    topics = service.topics(deployment)
    return Stream(transport=transport, topics=topics, pool=pool, handler=decider, clock=clock, batch=BATCH)


if __name__ == "__main__":
    vars(service_process)["faust"] = stream
    sys.exit(process.run("referral", Settings.load(), referral.main))
