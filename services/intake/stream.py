"""Intake's topics: the inbound topic of every agency and service, one partition each, through one handler."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import asyncpg

from schemas.agencies import PUBLISHING
from schemas.topics import Deployment
from services.intake.domain.systems import SYSTEMS, Systems
from services.intake.handlers import JudgedBatch, SubmissionHandler
from services.runtime.clock import Clock
from services.runtime.consumer import BATCH_BYTES, Stream
from services.runtime.transport import Transport


def topics(deployment: Deployment) -> dict[str, int]:
    """Give the inbound topics, by name, with the partition count that each must have."""
    return {deployment.inbound(sender): 1 for sender in deployment.senders}


def further(deployment: Deployment, own_systems: Iterable[str] = ()) -> dict[str, int]:
    """Give the inbound topics that an agency of the table gets when it is added, and those of systems of their own."""
    everybody = replace(deployment, agencies=PUBLISHING)
    added = (*(each for each in PUBLISHING if each not in deployment.agencies), *own_systems)
    return {everybody.inbound(sender): 1 for sender in added if sender not in deployment.systems}


def stream(
    *,
    transport: Transport,
    deployment: Deployment,
    pool: asyncpg.Pool,
    door: SubmissionHandler,
    clock: Clock,
    batch: int,
    batch_bytes: int = BATCH_BYTES,
    systems: Callable[[], Systems] = lambda: SYSTEMS,
) -> Stream[JudgedBatch]:
    """Build the loop that reads them. Agencies take turns, and the topic of one beyond its share is read slower."""
    return Stream(
        transport=transport,
        topics=topics(deployment),
        further=lambda: further(deployment, systems().own_keys),
        pool=pool,
        handler=door,
        clock=clock,
        batch=batch,
        batch_bytes=batch_bytes,
        ahead=True,
        pace=door.pace,
    )
