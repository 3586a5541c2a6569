"""Process of a deciding service: reads copies, publishes passed deadlines, sends the outbox. One failure ends all."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import asyncpg

from schemas import codec
from services.runtime import admin_port, deadline_sweep, health, metrics, postgres, process
from services.runtime.broker_queries import Broker, refuse_lost_client
from services.runtime.clock import Clock
from services.runtime.clock import clock as clock_of
from services.runtime.consumer_loop import Stream
from services.runtime.deciding import outbox_restore_from_log
from services.runtime.deciding.event_copy_batch import Service
from services.runtime.deciding.outbox_restore_from_log import DecisionsPlace
from services.runtime.faust_worker import FaustWorker
from services.runtime.handler import Handler
from services.runtime.metrics_from_tables import TableMetric, TableWatch
from services.runtime.outbox import OutboxRelay, Pruner
from services.runtime.producer import Producer
from services.runtime.running_copies import Presence
from services.runtime.settings import DecidingSettings
from services.runtime.standstill import Standstill

FACTS: Final = (
    TableMetric(
        metrics.FIRST_UNSENT, "SELECT coalesce((SELECT seq FROM outbox WHERE NOT sent ORDER BY seq LIMIT 1), 0)"
    ),
)
"""Metrics of the tables that every deciding service has."""


class Decider(Handler[Any], deadline_sweep.Decider, Protocol):
    """A handler of copies that also publishes the deadlines that have passed (`sweep`)."""


def faust(
    settings: DecidingSettings, service: Service, pool: asyncpg.Pool, decider: Decider, clock: Clock
) -> FaustWorker[Any] | Stream[Any]:
    """Return the worker that reads the service's topic under Faust."""
    deployment = settings.deployment()
    return FaustWorker(
        config=settings.kafka(),
        group=deployment.group(service.author),
        topics=service.topics(deployment),
        pool=pool,
        handler=decider,
        clock=clock,
        session_seconds=settings.session_seconds,
    )


async def serve(
    settings: DecidingSettings,
    stop: asyncio.Event,
    service: Service,
    build: Callable[[asyncpg.Pool], tuple[deadline_sweep.DueStore, Decider]],
    *,
    facts: Sequence[TableMetric] = (),
    patience: float = 0.0,
) -> None:
    """Build the adapters and run until `stop` is set. Raises `Halt`.

    `build`: returns the service's tables and its decider. `facts`: metrics of its tables, in addition to `FACTS`.
    `patience`: seconds for which a deadline must have passed before a sweep. A `HistoryClock` waits for none.
    """
    clock = clock_of(settings.clock_file)
    deployment = settings.deployment()
    group, topics = deployment.group(service.author), service.topics(deployment)
    ours = DecisionsPlace(group, topics, service.source, deployment.inbound(service.author))
    # An idempotent producer needs half a second before its first record: it is made before anything else.
    producer = Producer(settings.kafka())
    codec.make_ready()
    try:
        async with await postgres.pool(settings, service.author) as pool:
            store, decider = build(pool)
            reader = faust(settings, service, pool, decider, clock)
            ends = deadline_sweep.end_offsets_reader(settings.kafka(), group, topics)
            wait = patience if settings.clock_file is None else 0.0
            sweeper = deadline_sweep.Sweeper(
                pool=pool, store=store, decider=decider, clock=clock, ends=ends, patience=wait
            )
            relay = OutboxRelay(pool, producer)
            pruner = Pruner(pool, clock, [deployment.delivery(agency) for agency in deployment.agencies])
            broker = Broker(settings.kafka())
            standstill = Standstill(
                reader.committed_next_offsets, broker.ends, settings.stands_seconds, waits=reader.waits
            )
            checks = {
                "assignment": reader.ready,
                "broker": health.broker(broker.answers),
                "position": standstill.check,
                "clock": health.clock(pool, clock),
                "database": health.database(pool),
            }
            presence = Presence(pool, service.author, settings)
            async with admin_port.serving(settings, checks):
                await presence.begin(stop)
                await outbox_restore_from_log.restore_decisions(pool, settings.kafka(), ours, stop)
                await process.run_tasks_together(
                    stop,
                    presence.run(stop),
                    reader.run(stop),
                    sweeper.run(stop),
                    relay.run(stop),
                    pruner.run(stop),
                    standstill.run(stop),
                    refuse_lost_client(stop, "outbox", producer.answers, broker.answers),
                    TableWatch(pool, clock, (*FACTS, *facts), settings.watch_seconds).run(stop),
                )
    finally:
        producer.close()
