"""Intake's topics: the inbound topic of every agency and service, one partition each, through one handler."""

from dataclasses import replace

import asyncpg

from schemas.agencies import PUBLISHING
from schemas.topics import Deployment
from services.intake.handlers import Door, Prepared
from services.runtime.clock import Clock
from services.runtime.consumer import BATCH_BYTES, Stream
from services.runtime.transport import Transport


def topics(deployment: Deployment) -> dict[str, int]:
    """Give the inbound topics, by name, with the partition count that each must have."""
    return {deployment.inbound(publisher): 1 for publisher in deployment.publishers}


def further(deployment: Deployment) -> dict[str, int]:
    """Give the inbound topics that an agency of the table gets when it is added."""
    everybody = replace(deployment, agencies=PUBLISHING)
    return {everybody.inbound(agency): 1 for agency in PUBLISHING if agency not in deployment.agencies}


def stream(
    *,
    transport: Transport,
    deployment: Deployment,
    pool: asyncpg.Pool,
    door: Door,
    clock: Clock,
    batch: int,
    batch_bytes: int = BATCH_BYTES,
) -> Stream[Prepared]:
    """Build the loop that reads them. Agencies take turns, and the topic of one beyond its share is read slower."""
    return Stream(
        transport=transport,
        topics=topics(deployment),
        further=further(deployment),
        pool=pool,
        handler=door,
        clock=clock,
        batch=batch,
        batch_bytes=batch_bytes,
        ahead=True,
        pace=door.pace,
    )
