"""A handshake that times out is no refused login: the service goes on trying. A wrong password ends it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Final

import pytest
from confluent_kafka import KafkaError
from confluent_kafka.admin import AdminClient
from typing_extensions import override

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.ports import HOST
from schemas.topics import Deployment
from services.runtime.broker_queries import Config
from services.runtime.errors import Halt
from services.runtime.fenced_positions import TopicPart
from services.runtime.threaded_consumer import Transport
from tests.support.cluster import make_deployment
from tests.support.pipeline import awaited
from tests.support.stalling_proxy import StallingProxy

STAGES: Final = range(9)
"""Encrypted records of a client before the stall: TLS handshake, choice of a mechanism, login."""
QUICK: Final[Config] = {"socket.timeout.ms": 1000, "api.version.request.timeout.ms": 1000, "log_level": 0}


class Reader(Transport):
    """A transport that notes what its client reports, and which partitions it got."""

    def __init__(self, config: Config, group: str) -> None:
        self.reported: set[str] = set()
        self.assigned: frozenset[TopicPart] = frozenset()
        super().__init__(config, group)

    @override
    def _on_error(self, error: KafkaError) -> None:
        self.reported.add(error.name())
        super()._on_error(error)

    def begin(self, topic: str) -> None:
        async def assigned(places: frozenset[TopicPart]) -> Mapping[TopicPart, int]:
            self.assigned = places
            return dict.fromkeys(places, 0)

        async def revoked(_: frozenset[TopicPart]) -> None: ...

        self.subscribe([topic], assigned, revoked)

    async def has_partitions(self) -> bool:
        await self.poll(1)
        return bool(self.assigned)


@pytest.fixture(scope="module")
def deployment(admin: AdminClient) -> Deployment:
    return make_deployment(admin, "dhs", rights=True)


@pytest.fixture
def proxies(cluster: Cluster) -> Iterator[list[StallingProxy]]:
    port = Folder(cluster.data_dir).read_state()["ports"]["kafka"]
    with ExitStack() as stack:
        yield [stack.enter_context(StallingProxy(port, stage)) for stage in STAGES]


async def test_a_handshake_that_stalls_is_tried_again(
    cluster: Cluster, deployment: Deployment, proxies: list[StallingProxy]
) -> None:
    config = {**connection_settings.client(cluster.data_dir, "intake"), **QUICK}
    group, topic = deployment.group("intake"), deployment.inbound("dhs")
    readers = [Reader({**config, "bootstrap.servers": f"{HOST}:{proxy.port}"}, group) for proxy in proxies]
    for reader in readers:
        reader.begin(topic)

    async def reported() -> bool:
        for reader in readers:
            await reader.has_partitions()  # raises what ends a service
        return "_AUTHENTICATION" in set().union(*(reader.reported for reader in readers))

    await awaited(reported, "a client takes a broken handshake for a failed login")
    for proxy in proxies:
        proxy.heal()
    found = await asyncio.gather(*(reader.describe([topic]) for reader in readers))
    assert all(topic in each for each in found)
    for reader in readers:
        await reader.has_partitions()
        await reader.close()


async def test_a_wrong_password_ends_the_service(cluster: Cluster, deployment: Deployment) -> None:
    config = {**connection_settings.client(cluster.data_dir, "intake"), **QUICK, "sasl.password": "another"}
    reader = Reader(config, deployment.group("intake"))
    reader.begin(deployment.inbound("dhs"))
    with pytest.raises(Halt, match="_AUTHENTICATION"):
        await awaited(reader.has_partitions, "a refusal")
    await reader.close()
