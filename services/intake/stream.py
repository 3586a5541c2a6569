"""Intake's consumer of the inbound topics of every agency and service. Each topic has one partition."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import asyncpg

from schemas.agencies import PUBLISHING
from schemas.topics import Deployment
from services.intake.domain.systems import SYSTEMS, Systems
from services.intake.handlers import JudgedBatch, SubmissionHandler
from services.runtime.clock import Clock
from services.runtime.consumer_loop import BATCH_BYTES, Stream
from services.runtime.threaded_consumer import Transport


def topics(deployment: Deployment) -> dict[str, int]:
    """Return the inbound topics of this deployment by name, each with its partition count of 1."""
    return {deployment.inbound(sender): 1 for sender in deployment.senders}


def later_topics(deployment: Deployment, own_systems: Iterable[str] = ()) -> dict[str, int]:
    """Return inbound topics that may be created while intake runs, by name, each with its partition count of 1.

    They are the topics of agencies that are not in the deployment. `own_systems`: further systems, as agency/system,
    which publish to topics of their own.
    """
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
    """Return the consumer of the inbound topics. Agencies take turns; one beyond its share is read more slowly.

    `door`: the handler. `batch`, `batch_bytes`: records and bytes of one transaction at most.
    """
    return Stream(
        transport=transport,
        topics=topics(deployment),
        further=lambda: later_topics(deployment, systems().own_keys),
        pool=pool,
        handler=door,
        clock=clock,
        batch=batch,
        batch_bytes=batch_bytes,
        ahead=True,
        pace=door.pace,
    )
