"""`python -m services.intake`: Kafka consumer, HTTP API and relay in one process. It ends when one of them fails."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import asyncpg

from schemas import codec
from schemas.agencies import PUBLISHING
from services.intake import numbering_start_check
from services.intake.api.api_key_holders import Lookup
from services.intake.api.app import application
from services.intake.api.body_memory import BodyMemory
from services.intake.api.dependencies import Parts
from services.intake.api.group_commit import HttpGroup
from services.intake.api.list_limiter import ListLimiter
from services.intake.api.rate_limits import CallerRateLimit, system_limits
from services.intake.api.server import Address, serving
from services.intake.domain.client_rate_limits import Usage
from services.intake.domain.entity_rate_limits import EntityShare
from services.intake.handlers import JudgedBatch, SubmissionHandler
from services.intake.inbound_record_deletion import InboundDeletion
from services.intake.judging_thread import JudgingThread
from services.intake.metrics_from_tables import FACTS, LastAccepted
from services.intake.quarantine_encryption import Seal
from services.intake.relay import Relay
from services.intake.settings import Settings
from services.intake.store.acceptance_line import Inbox
from services.intake.store.outbox import open_outbox, relay_check
from services.intake.store.routing_index import Routes
from services.intake.stream import stream
from services.intake.systems_file import SystemsFile
from services.runtime import admin_port, health, metrics, postgres, process
from services.runtime.broker_queries import Broker, RecordDeleter, refuse_lost_client
from services.runtime.clock import Clock
from services.runtime.clock import clock as clock_of
from services.runtime.consumer_loop import Stream
from services.runtime.errors import Halt, Outside
from services.runtime.metrics_from_tables import TableWatch
from services.runtime.producer import Producer
from services.runtime.running_copies import Presence
from services.runtime.standstill import Standstill
from services.runtime.threaded_consumer import Transport

SERVICE = "intake"
POOL = 8
"""Size of the database pool: for the reader, the relay, the HTTP group, and look-ups of receipts and API keys."""


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Build the adapters and run until `stop` is set."""
    clock = clock_of(settings.clock_file)
    deployment = settings.deployment()
    # Any agency of the table may be added while this process runs.
    everybody = replace(deployment, agencies=PUBLISHING)
    # An idempotent producer needs half a second before its first record: it is made before anything else.
    producer = Producer(settings.kafka(), dict.fromkeys(deployment.logs, deployment.partitions))
    codec.make_ready(strict=True)
    try:
        async with await postgres.pool(settings, SERVICE, size=POOL) as pool:
            silence = settings.silent_session_seconds
            systems = SystemsFile(settings.systems_file)

            def own_systems() -> frozenset[str]:
                """Return the systems with a topic of their own that the reader has found on the broker."""
                return frozenset(each for each in systems().own_keys if everybody.inbound(each) in reader.topics)

            presence = Presence(pool, SERVICE, settings)
            relay = Relay(
                partial(open_outbox, pool, silence=silence),
                producer,
                everybody,
                silence=silence,
                own_systems=own_systems,
            )
            door = SubmissionHandler(
                everybody,
                Inbox(),
                Routes(),
                Seal(settings.quarantine_key()),
                clock,
                room=settings.room(),
                judging=JudgingThread(settings.judging_seconds, systems),
                usage=Usage(settings.shares()),
                entities=EntityShare(settings.share_entity_events_per_day),
                hand=relay.add_committed_batch,
                newer_contract=presence.has_newer_contract_copy,
            )
            transport = Transport(settings.kafka(), deployment.group(SERVICE))
            reader = stream(
                transport=transport,
                deployment=deployment,
                pool=pool,
                door=door,
                clock=clock,
                batch=settings.batch_records,
                batch_bytes=settings.batch_bytes,
                systems=systems,
            )
            deletion = InboundDeletion(
                pool,
                RecordDeleter(settings.kafka()),
                producer,
                seconds=settings.inbound_deletion_seconds,
                quiet_seconds=settings.inbound_quiet_seconds,
            )
            group = HttpGroup(pool, door, clock, relay_age_limit=settings.relay_age_limit)
            broker = Broker(settings.kafka())
            standstill = Standstill(
                reader.committed_next_offsets,
                broker.ends,
                settings.stands_seconds,
                held_back=door.pace,
                aside=reader.partitions_aside,
                waits=reader.waits,
            )
            metrics.QUARANTINE_ROOM.set(settings.room().most)
            watch = TableWatch(pool, clock, FACTS, settings.watch_seconds)
            checks = {
                "assignment": reader.ready,
                "broker": health.broker(broker.answers),
                "position": standstill.check,
                "clock": health.clock(pool, clock),
                "database": health.database(pool),
                "relay": relay_check(pool, clock, settings.relay_age_limit),
            }
            async with (
                admin_port.serving(settings, checks),
                _over_http(settings, pool, group, clock, systems),
            ):
                await presence.begin(stop)
                await numbering_start_check.wait_until_numbering_safe(pool, settings.kafka(), deployment, stop)
                await process.run_tasks_together(
                    stop,
                    presence.run(stop),
                    _reading(reader, stop),
                    relay.run(stop),
                    group.run(stop),
                    deletion.run(stop),
                    standstill.run(stop),
                    refuse_lost_client(stop, "relay", producer.answers, broker.answers),
                    watch.run(stop),
                    LastAccepted(pool, settings.watch_seconds).run(stop),
                )
    finally:
        producer.close()


async def _reading(reader: Stream[JudgedBatch], stop: asyncio.Event) -> None:
    try:
        await reader.run(stop)
    except Outside as error:
        msg = f"{error}; atips inbound list tells which"
        raise Halt(msg) from None


@asynccontextmanager
async def _over_http(
    settings: Settings, pool: asyncpg.Pool, group: HttpGroup, clock: Clock, systems: SystemsFile
) -> AsyncIterator[None]:
    """Serve the HTTP API while the `async with` body runs; serve nothing if `http_port` is 0."""
    if not settings.http_port:
        yield
        return
    limits = settings.http_limits()
    async with (
        await postgres.pool(settings.identity_database(), "identity", size=2) as identities,
        await postgres.pool(settings, SERVICE, size=limits.lists) as lists,
    ):
        parts = Parts(
            pool=pool,
            identities=identities,
            identity_key=settings.identity_key(),
            group=group,
            clock=clock,
            agencies=frozenset(PUBLISHING),
            limits=limits,
            callers=CallerRateLimit("requests", settings.http_requests_per_second, settings.http_requests_at_once),
            strangers=CallerRateLimit("wrong_keys", limits.refusals_per_second, limits.refusals_at_once),
            keys=Lookup(pool, limits.answer_seconds),
            shares=system_limits(settings.shares()),
            held=BodyMemory(limits.held_bytes, limits.bodies_per_agency),
            lists=ListLimiter(lists, limits.answer_seconds, limits.list_rest, limits.lists_waiting),
            systems=systems,
            delivery=settings.deployment().delivery,
        )
        address = Address(settings.http_host, settings.http_port, settings.http_certificate, settings.http_key)
        async with serving(application(parts), address, limits):
            yield


if __name__ == "__main__":
    sys.exit(process.run(SERVICE, Settings.load(), main))
