"""Quotas: an agency that sends too much is slowed down, and nobody else is."""

import json
from collections.abc import Iterator

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from infra.kafka import quotas
from infra.kafka.quotas import QuotaSubject
from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.ports import HOST
from schemas.agencies import SERVICES
from schemas.topics import Deployment
from tests.support.cluster import make_deployment
from tests.wire.infra.conftest import Settings, until

SLOW = 20_000.0
"""Bytes a second: ten thousand would be a record every ten seconds."""


@pytest.fixture(scope="module")
def deployment(admin: AdminClient) -> Deployment:
    return make_deployment(admin, "dhs", "bpd", rights=True)


def test_a_start_sets_the_quotas_of_agencies_and_addresses_and_none_of_services(cluster: Cluster) -> None:
    found = quotas.existing(connection_settings.admin(cluster.data_dir))
    wanted = quotas.of_principals(connection_settings.started(cluster.data_dir).agencies, ()) | quotas.of_addresses(
        [HOST]
    )
    assert {entity: found[entity] for entity in wanted} == wanted
    assert not {QuotaSubject("user", service) for service in SERVICES} & found.keys()


@pytest.fixture
def slow(cluster: Cluster) -> Iterator[None]:
    """Have one agency's quota be lower than it is, as somebody may have set it."""
    settings, agency = connection_settings.admin(cluster.data_dir), QuotaSubject("user", "bpd")
    quotas.settle(settings, {agency: {"producer_byte_rate": SLOW}})
    yield
    assert quotas.settle(settings, quotas.of_principals(["bpd"], ())) == ("quotas set: user bpd",)  # it is put right
    assert quotas.settle(settings, quotas.of_principals(["bpd"], ())) == ()


def delayed(settings: Settings, topic: str) -> int:
    """Publish a second's worth and a half at the slow rate; give the longest delay that the broker asked for, in ms."""
    delays = [0]

    def note(statistics: str) -> None:
        brokers = json.loads(statistics)["brokers"].values()
        delays.extend(broker["throttle"]["max"] for broker in brokers)

    producer = Producer({**settings, "log_level": 0, "statistics.interval.ms": 100, "stats_cb": note, "linger.ms": 0})
    for _ in range(300):
        producer.produce(topic, bytes(1_000))
        producer.poll(0)
    assert producer.flush(60) == 0
    seen = len(delays)
    until(lambda: producer.poll(0.1) >= 0 and len(delays) > seen + 2)  # the statistics of the end
    return max(delays)


def test_an_agency_beyond_its_quota_is_delayed_and_others_are_not(
    cluster: Cluster, deployment: Deployment, slow: None
) -> None:
    assert delayed(connection_settings.client(cluster.data_dir, "dhs"), deployment.inbound("dhs")) == 0
    assert delayed(connection_settings.client(cluster.data_dir, "bpd"), deployment.inbound("bpd")) > 0
