"""One broker of three may be lost without a word lost; with two lost nothing is acknowledged until one is back."""

import asyncio
from typing import Final

import pytest
from confluent_kafka import KafkaError, Message

from services.client.receipt_and_errors import Later
from tests.cluster.checkers import broken, settled
from tests.cluster.delays import measured
from tests.cluster.deployment import BROKERS, PROCESSES, Deployment, wait_for
from tests.cluster.publishing import BROKERS as BOOTSTRAP
from tests.cluster.publishing import Offices
from tests.cluster.replicas import is_replicated, replicas

TAKEOVER_SECONDS: Final = 12.0
"""Time without an acknowledgement: clients learn of the new leader once the lost broker's session has ended."""
READING_SECONDS: Final = 30.0
"""Time until all is counted. It should be ten seconds too; 19 were measured (docs/cluster.md, Limits)."""
BEFORE, AFTER = 20, 250


def test_the_leader_of_an_inbound_partition_is_lost(deployment: Deployment, offices: Offices) -> None:
    leader, _ = replicas(offices.offices["bpd"])[0]
    lost = f"kafka-{leader}"
    with measured(deployment, offices, f"{lost}, a leader, is lost") as delays:
        offices.await_more(BEFORE)
        deployment.lose(lost)
        offices.await_more(AFTER)
    deployment.start(lost)
    wait_for(lambda: is_replicated(offices), "all replicas are in sync", 120)
    assert max(delays.over_http, delays.over_kafka) < TAKEOVER_SECONDS
    assert delays.worst < READING_SECONDS
    asyncio.run(settled(deployment, offices))
    assert asyncio.run(broken(deployment, offices)) == []


def test_with_two_brokers_lost_nothing_is_acknowledged(deployment: Deployment, offices: Offices) -> None:
    """Kafka's door acknowledges nothing. Intake takes what the database keeps, and says 503 once the log is late."""
    office = offices.offices["dhs"]
    events = offices.history().events(10_000)
    answers: list[KafkaError | None] = []

    def told(error: KafkaError | None, _: Message) -> None:
        answers.append(error)

    producer = office.producer(**{"message.timeout.ms": 8_000})
    producer.list_topics(office.topic, timeout=10)
    deployment.lose(*BROKERS[:2])
    producer.produce(office.topic, next(raw for agency, raw in events if agency == "dhs"), on_delivery=told)
    producer.flush(20)
    assert [error is not None for error in answers] == [True]

    def refused() -> bool:
        agency, raw = next(events)
        try:
            offices.offices[agency].submit(raw, 0)
        except Later:
            return True
        offices.over_http.note(raw)
        return False

    wait_for(refused, "503 over HTTPS", 120)
    deployment.start(*BROKERS[:2])
    wait_for(lambda: is_replicated(offices), "all replicas are in sync", 120)
    deployment.await_ready(PROCESSES)
    offices.post(5)
    offices.produce(5)
    asyncio.run(settled(deployment, offices))
    assert asyncio.run(broken(deployment, offices)) == []


@pytest.mark.parametrize("place", BOOTSTRAP.split(","))
def test_every_broker_is_reached_from_outside(offices: Offices, place: str) -> None:
    found = offices.offices["bpd"].producer(**{"bootstrap.servers": place}).list_topics(timeout=10)
    assert len(found.brokers) == len(BROKERS)
