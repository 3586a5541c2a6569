"""Broker and database die while events flow; a position that does not match the log stops the worker."""

import os
import signal
from contextlib import suppress
from typing import Any

import pytest
from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from infra.kafka.topics import make_topics
from infra.local.cluster import Cluster
from schemas.ids import Kind
from tests.faults.test_crashes import submissions
from tests.support.pipeline import Pipeline, wait_for
from tests.support.promises import broken, settled


def server(cluster: Cluster, name: str) -> dict[str, Any]:
    """Return the cluster's statement on its broker or database."""
    return next(each for each in cluster.status()["services"] if each["name"] == name)


async def test_a_position_beyond_the_end_of_the_log_stops_the_worker(pipeline: Pipeline) -> None:
    """Under either transport: what is new would lie below the position, and pass for seen."""
    pipeline.start("intake")
    readers = [pipeline.start(service) for service in ("reporting", "referral", "case_tracker")]
    pipeline.publish(submissions(1))
    await settled(pipeline)
    connection = await pipeline.connect()
    for reader in readers:
        wait_for(lambda: '"assigned"' in reader.text(), f"{reader.name} has partitions")  # noqa: B023 - asked at once
        assert reader.stop() == 0
        await connection.execute(f"UPDATE {reader.name}.position SET next_offset = next_offset + 1000 WHERE part = 0")
    await connection.close()
    for reader in [pipeline.start(reader.name) for reader in readers]:
        assert reader.ended() == 1
        assert "outside the log" in reader.text()


def topic_id(admin: AdminClient, topic: str) -> tuple[int, int]:
    """A topic's id; asked again while the broker does not know it yet, or is just being found again."""

    def described() -> tuple[int, int] | None:
        with suppress(KafkaException):
            found = admin.describe_topics(TopicCollection([topic]))[topic].result(10).topic_id
            return found.get_most_significant_bits(), found.get_least_significant_bits()
        return None

    return wait_for(described, f"{topic} is described")


async def test_a_topic_made_again_stops_the_worker(pipeline: Pipeline, admin: AdminClient) -> None:
    pipeline.start("intake")
    worker = pipeline.start("reporting")
    pipeline.publish(submissions(1))
    await settled(pipeline)
    assert worker.stop() == 0
    topic = pipeline.deployment.log(Kind.CASE)
    before = topic_id(admin, topic)
    admin.delete_topics([topic])[topic].result(10)
    wait_for(lambda: topic not in admin.list_topics(timeout=10).topics, "the topic is gone")
    make_topics(admin, [spec for spec in pipeline.deployment.specs() if spec.name == topic])
    assert topic_id(admin, topic) != before
    worker = pipeline.start("reporting")
    assert worker.ended() == 1
    assert "is not the one read before" in worker.text()


@pytest.mark.parametrize("name", ["kafka", "postgres"])
async def test_killed_and_back_while_events_flow(pipeline: Pipeline, cluster: Cluster, name: str) -> None:
    workers = [pipeline.start("intake"), pipeline.start("reporting")]
    pipeline.publish(submissions(1))
    await settled(pipeline)
    before = server(cluster, name)
    os.kill(before["pid"], signal.SIGKILL)
    pipeline.publish(submissions(2))
    wait_for(lambda: server(cluster, name)["restarts"] > before["restarts"], f"{name} is started again")
    pipeline.publish(submissions(3))
    wait_for(lambda: server(cluster, name)["state"] == "running", f"{name} runs")
    for worker in workers:  # a worker may stop rather than guess; its supervisor starts it again
        if not worker.running:
            pipeline.start(worker.name)
    await settled(pipeline, 60)
    assert await broken(pipeline) == []
