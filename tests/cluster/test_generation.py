"""The log gets more partitions: another generation is filled, readers move over, and events go on."""

import pytest

from infra.local import connection_settings
from services.console.topic_generation.steps import AdministeredServers, more_partitions
from services.runtime.errors import Halt
from tests.cluster.pipeline_checks import kept, settled
from tests.soak.progress_board import Board
from tests.soak.replaying import replayed
from tests.support.pipeline import Pipeline
from tests.support.random_events import History
from tests.unit.reporting.log_and_worker_in_memory import cells

pytestmark = [pytest.mark.timeout(600), pytest.mark.pipeline(partitions=2)]

SERVICES = ("intake", "referral", "case_tracker", "reporting")


async def test_a_log_gets_more_partitions_and_nothing_is_lost_or_counted_twice(pipeline: Pipeline) -> None:
    history = list(History(7).events(400))
    for service in SERVICES:
        pipeline.start(service)
    pipeline.publish(history[:200])
    await settled(pipeline)
    servers = AdministeredServers(
        connection_settings.admin(pipeline.cluster.data_dir), pipeline.dsn_file("migrator").read_text().strip()
    )
    with pytest.raises(Halt, match="stop every service first"):
        await more_partitions(servers, pipeline.deployment, 8, lambda _: None)
    for each in pipeline.services:
        assert each.stop() == 0
    with pytest.raises(Halt, match="a larger multiple"):
        await more_partitions(servers, pipeline.deployment, 3, lambda _: None)
    connection = await pipeline.connect("reporting")
    await connection.execute("SET search_path TO reporting")
    before, old = await cells(connection), pipeline.deployment
    records = sum(pipeline.ends(list(old.logs)).values())

    made = await more_partitions(servers, old, 8, lambda _: None)
    assert (made.records, made.deployment.generation, made.deployment.partitions) == (records, 2, 8)
    assert await cells(connection) == before
    pipeline.deployment = made.deployment
    assert sum(pipeline.ends(list(made.deployment.logs)).values()) == records

    for service in SERVICES:
        pipeline.start(service)
    pipeline.publish(history[200:])
    await settled(pipeline)
    assert await kept(pipeline) == []
    numbered = await connection.fetchval("SELECT count(DISTINCT n) FROM ledger")
    assert (await replayed(pipeline, Board(), 1)).wrong(numbered) == []
    await connection.close()
