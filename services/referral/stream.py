"""What referral reads: the person log, through one handler under Faust; and beside it the sweep of what is late."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Final

import asyncpg
import structlog
from confluent_kafka import KafkaException

from schemas.ids import Kind
from schemas.topics import Deployment
from services.referral.handlers import AUTHOR, Decider, Prepared
from services.referral.store import Store
from services.runtime import metrics, spans
from services.runtime.broker import Config
from services.runtime.clock import Clock
from services.runtime.errors import Retryable
from services.runtime.faust_worker import FaustWorker
from services.runtime.postgres import acquired
from services.runtime.transaction import TopicPart

# A timer only wakes the sweep; what is late is told by the database.
_SWEEP_SECONDS: Final = 0.5
_AT_ONCE: Final = 100

log = structlog.get_logger()


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


def ends(config: Config, deployment: Deployment) -> Callable[[], Awaitable[Mapping[TopicPart, int]]]:
    """Ask the broker, on a thread of its own, where the log ends."""
    places = [(topic, part) for topic, parts in topics(deployment).items() for part in range(parts)]
    asked = partial(spans.ends, config, deployment.group(AUTHOR), places)

    async def ask() -> Mapping[TopicPart, int]:
        try:
            return await asyncio.to_thread(asked)
        except KafkaException as error:
            raise Retryable(error.args[0].name()) from None

    return ask


class Sweeper:
    """Says what is late, once however many sweep; never while an answer may lie on the log, not decided about yet."""

    def __init__(
        self,
        *,
        pool: asyncpg.Pool,
        store: Store,
        decider: Decider,
        clock: Clock,
        ends: Callable[[], Awaitable[Mapping[TopicPart, int]]],
    ) -> None:
        self._pool = pool
        self._store = store
        self._decider = decider
        self._clock = clock
        self._ends = ends

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until `stop` is set; whatever time repairs is tried again."""
        while not stop.is_set():
            seconds = _SWEEP_SECONDS
            try:
                if await self.sweep() == _AT_ONCE:
                    seconds = 0.0
            except Retryable as error:
                metrics.RETRIES.inc()
                log.warning("sweep retrying", error=type(error).__name__, reason=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def sweep(self) -> int:
        """Say what is late by now; gives how much that was."""
        now = self._clock.now()
        if not await self._store.any_late(now) or not await self._caught_up():
            return 0
        async with acquired(self._pool) as connection, connection.transaction():
            found = await self._decider.sweep(connection, now, _AT_ONCE)
        if found:
            log.warning("late", count=found)
        return found

    async def _caught_up(self) -> bool:
        """Whether everything is decided about that was on the log when the clock was read."""
        ends, positions = await self._ends(), await self._store.positions()
        return all(positions.get(place, 0) >= end for place, end in ends.items())
