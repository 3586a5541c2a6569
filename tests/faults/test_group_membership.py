"""A worker of a group without partitions, on the real broker: it stops when asked, and ends when it is refused."""

import pytest
from confluent_kafka import ConsumerGroupState
from confluent_kafka.admin import AdminClient

from tests.support.pipeline import Pipeline, awaited, wait_for

pytestmark = pytest.mark.pipeline(agencies=("dhs",))
SESSION_SECONDS = 60.0
"""Longer than any wait here: a killed member keeps its partitions until its session ends."""


def group_state(admin: AdminClient, group: str) -> ConsumerGroupState:
    [described] = admin.describe_consumer_groups([group]).values()
    state: ConsumerGroupState = described.result().state
    return state


async def test_a_member_that_the_broker_refuses_ends_and_says_why(pipeline: Pipeline) -> None:
    """The broker of tests grants no session below half a second."""
    refused = pipeline.start("referral", session_seconds="0.1")
    assert refused.ended() == 1
    assert "the broker refuses this member of its group: InvalidSessionTimeoutError" in refused.text()


async def test_a_worker_that_waits_for_partitions_stops_when_asked(pipeline: Pipeline, admin: AdminClient) -> None:
    group = pipeline.deployment.group("referral")
    killed = pipeline.start("referral", session_seconds=str(SESSION_SECONDS))
    connection = await pipeline.connect()
    try:
        await awaited(lambda: connection.fetchval("SELECT count(*) FROM referral.position"), "it has its partitions")
    finally:
        await connection.close()
    killed.kill()
    waiting = pipeline.start("referral", session_seconds=str(SESSION_SECONDS))
    wait_for(
        lambda: group_state(admin, group) is ConsumerGroupState.PREPARING_REBALANCING, "the next one waits for them"
    )
    assert waiting.stop() == 0
