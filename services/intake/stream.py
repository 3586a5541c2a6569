"""What intake reads: the inbound topic of every agency and service, one partition each, through one handler."""

import asyncpg

from schemas.topics import Deployment
from services.intake.handlers import Door, Prepared
from services.runtime.clock import Clock
from services.runtime.consumer import Stream
from services.runtime.transport import Transport


def topics(deployment: Deployment) -> dict[str, int]:
    """Give the inbound topics, by name, with the partition count that each must have."""
    return {deployment.inbound(publisher): 1 for publisher in deployment.publishers}


def stream(
    *, transport: Transport, deployment: Deployment, pool: asyncpg.Pool, door: Door, clock: Clock
) -> Stream[Prepared]:
    """Build the loop that reads them."""
    return Stream(transport=transport, topics=topics(deployment), pool=pool, handler=door, clock=clock)
