"""Referral's topic: the person log, through one handler under Faust."""

import asyncpg

from schemas.ids import Kind
from schemas.topics import Deployment
from services.referral.handlers import AUTHOR, Decider, Prepared
from services.runtime.broker import Config
from services.runtime.clock import Clock
from services.runtime.faust_worker import FaustWorker


def topics(deployment: Deployment) -> dict[str, int]:
    """Give the topic that is read, with the partition count that it must have."""
    return {deployment.log(Kind.PERSON): deployment.partitions}


def worker(
    *,
    config: Config,
    deployment: Deployment,
    pool: asyncpg.Pool,
    decider: Decider,
    clock: Clock,
    session_seconds: float,
) -> FaustWorker[Prepared]:
    """Build the worker that reads it."""
    return FaustWorker(
        config=config,
        group=deployment.group(AUTHOR),
        topics=topics(deployment),
        pool=pool,
        handler=decider,
        clock=clock,
        session_seconds=session_seconds,
    )
