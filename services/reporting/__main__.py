"""`python -m services.reporting`: count the log and store the relay's progress; the process ends if a task fails."""

import asyncio
import sys

from schemas import codec
from services.reporting.council_input_tables import disclosure_policy, expectations
from services.reporting.figure_version import figure_version
from services.reporting.handlers import Counter, Prepared
from services.reporting.jobs import page_question_worker
from services.reporting.metrics_from_tables import FACTS
from services.reporting.parallel_figure_versions import FigureVersions
from services.reporting.settings import Settings, environment
from services.reporting.store import Store
from services.reporting.stream import Follower, stream
from services.reporting.values import value_renewal
from services.runtime import admin_port, health, postgres, process
from services.runtime.broker_queries import Broker, refuse_lost_client
from services.runtime.clock import HistoryClock
from services.runtime.clock import clock as clock_of
from services.runtime.consumer_loop import Stream
from services.runtime.council_table_file import check_review_date
from services.runtime.metrics_from_tables import TableWatch
from services.runtime.running_copies import Presence
from services.runtime.standstill import Standstill
from services.runtime.threaded_consumer import Transport

SERVICE = "reporting"


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Build the adapters and run reporting's tasks until `stop` is set. Raises `Halt` if a table's file is wrong."""
    expectations(settings.expectations_file)
    codec.make_ready()
    clock = clock_of(settings.clock_file)
    deployment = settings.deployment()
    policy = disclosure_policy(settings.disclosure_file)
    check_review_date("disclosure", policy.review_by, settings.disclosure_file, clock.now())
    pool = await postgres.pool(settings, SERVICE)
    try:
        version = figure_version()
        store = Store(pool, version)
        presence = Presence(pool, SERVICE, settings, figures=version)
        versions = FigureVersions(pool, Store(pool, version), deployment, presence.is_version_counted)
        counter = Counter(deployment, store, clock, settings.remembered_bytes)
        transport = Transport(settings.kafka(), deployment.group(SERVICE), merge_partitions=True)
        batch = settings.batch_records
        reader = stream(
            transport=transport, deployment=deployment, pool=pool, counter=counter, clock=clock, batch=batch
        )
        follower = Follower(settings.kafka(), deployment, store)
        broker = Broker(settings.kafka())
        standstill = Standstill(reader.committed_next_offsets, broker.ends, settings.stands_seconds, waits=reader.waits)
        checks = {
            "assignment": reader.ready,
            "broker": health.broker(broker.answers),
            "position": standstill.check,
            "database": health.database(pool),
        }
        async with admin_port.serving(settings, checks):
            await presence.begin(stop)
            await process.run_tasks_together(
                stop,
                presence.run(stop),
                versions.run(stop),
                _reading(versions, reader, stop),
                follower.run(stop),
                standstill.run(stop),
                refuse_lost_client(stop, "follower of the relay", follower.answers, broker.answers),
                TableWatch(pool, clock, FACTS, settings.watch_seconds).run(stop),
                page_question_worker.answer_questions_regularly(pool, environment(), stop),
                value_renewal.keep_values_fresh(
                    pool,
                    clock,
                    stop,
                    value_renewal.KeepingOptions(
                        policy, version, settings.values_seconds, invented=isinstance(clock, HistoryClock)
                    ),
                ),
            )
    finally:
        await pool.close()


async def _reading(versions: FigureVersions, reader: Stream[Prepared], stop: asyncio.Event) -> None:
    """Read the log after this version has counted the ledger's rows. Until then other processes read the partitions."""
    waits = (asyncio.create_task(versions.counted.wait()), asyncio.create_task(stop.wait()))
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for each in waits:
        each.cancel()
    await reader.run(stop)


if __name__ == "__main__":
    # Rows, states and counts hold no reference cycles.
    sys.exit(process.run(SERVICE, Settings.load(), main))
