"""The broker's limits: what one client, one address or somebody without credentials may take from it."""

import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from threading import Event, Thread

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource  # type: ignore[attr-defined] # it has no __all__

from infra.kafka import broker_limits
from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.ports import HOST
from schemas.topics import Deployment
from tests.support.cluster import make_deployment
from tests.wire.infra.conftest import consume, produce, until

ADDRESSES = tuple(f"127.0.0.{number}" for number in range(2, 7))
TRIES = 60
"""Connections that each address tries to open: more than it gets."""
BELOW_KAFKAS_OWN_LIMIT = 500_000
"""Eight hundred connections that announced so much before their login ended a broker with Kafka's own limits."""


@pytest.fixture(scope="module")
def deployment(admin: AdminClient) -> Deployment:
    return make_deployment(admin, "dhs", "bpd", rights=True)


def test_the_broker_runs_with_every_limit(admin: AdminClient) -> None:
    broker = ConfigResource(ConfigResource.Type.BROKER, "1")
    found = admin.describe_configs([broker])[broker].result()
    for limit in broker_limits.BROKER:
        assert found[limit.name].value == str(limit.value), limit.why


def state(cluster: Cluster) -> dict[str, object]:
    kafka: dict[str, object] = Folder(cluster.data_dir).read_state()["servers"]["kafka"]
    return kafka


class Strangers:
    """Connections from one address that announce a request of `size` bytes, or say nothing, and never close."""

    def __init__(self, cluster: Cluster, held: ExitStack, *, listener: str = "kafka", principal: str = "") -> None:
        folder = Folder(cluster.data_dir)
        self._address = HOST, folder.read_state()["ports"][listener]
        self._held = held
        self._context = ssl.create_default_context(cafile=str(folder.ca))
        if principal:
            self._context.load_cert_chain(folder.certificate(principal), folder.key(principal))

    def come(self, address: str, tries: int, size: int = 0) -> list[socket.socket]:
        """Try to open connections; give those that opened at first."""
        opened: list[socket.socket] = []
        for _ in range(tries):
            with suppress(OSError):
                bare = socket.create_connection(self._address, timeout=10, source_address=(address, 0))
                opened.append(self._held.enter_context(closing(self._announced(bare, size) if size else bare)))
        return opened

    def _announced(self, bare: socket.socket, size: int) -> ssl.SSLSocket:
        try:
            secured = self._context.wrap_socket(bare, server_hostname=HOST)
        except OSError:
            bare.close()
            raise
        secured.sendall(struct.pack(">i", size) + b"\0" * 64)
        return secured


def closed_to(connections: list[socket.socket], most: int) -> None:
    """Wait until the broker holds no more of these than so many."""
    until(lambda: sum(map(still_open, connections)) <= most)


def still_open(connection: socket.socket) -> bool:
    connection.settimeout(0.002)
    try:
        return connection.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_strangers_do_not_end_the_broker_and_honest_clients_get_through(
    cluster: Cluster, deployment: Deployment, held: ExitStack
) -> None:
    before, done = state(cluster), Event()
    failures: list[object] = []
    sent: list[bytes] = []
    honest = connection_settings.client(cluster.data_dir, "dhs")

    def publish() -> None:
        while not done.is_set():
            value = b"%d" % len(sent)
            if (failure := produce(honest, deployment.inbound("dhs"), value)) is not None:
                failures.append(failure)
            sent.append(value)

    office = Thread(target=publish)
    office.start()
    try:
        strangers = Strangers(cluster, held)
        for address in ADDRESSES[:2]:
            closed_to(strangers.come(address, TRIES, BELOW_KAFKAS_OWN_LIMIT), 0)
        for address in ADDRESSES[2:3]:
            closed_to(strangers.come(address, TRIES, 16_000), broker_limits.CONNECTIONS_PER_ADDRESS)
        for address in ADDRESSES[3:]:
            closed_to(strangers.come(address, TRIES), broker_limits.CONNECTIONS_PER_ADDRESS)
        published = len(sent)
    finally:
        done.set()
        office.join()
    assert published
    assert not failures
    assert state(cluster) == before
    as_intake = connection_settings.client(cluster.data_dir, "intake")
    assert consume(as_intake, deployment.inbound("dhs"), deployment.group("intake"), len(sent)) == sent


def test_a_client_that_announces_requests_from_three_addresses_and_sends_none_leaves_room_for_others(
    cluster: Cluster, deployment: Deployment, held: ExitStack
) -> None:
    """With less room the broker reads from nobody: an honest record waits until the others are closed."""
    known = Strangers(cluster, held, listener="kafka_mtls", principal="bpd")
    stalled: list[socket.socket] = []
    for address in ADDRESSES[: broker_limits.STALLED_ADDRESSES]:
        come = known.come(address, TRIES, broker_limits.LARGEST_REQUEST)
        closed_to(come, broker_limits.CONNECTIONS_PER_ADDRESS)
        stalled += come
    assert sum(map(still_open, stalled)) == broker_limits.STALLED_ADDRESSES * broker_limits.CONNECTIONS_PER_ADDRESS
    assert produce(connection_settings.client(cluster.data_dir, "dhs"), deployment.inbound("dhs"), b"{}") is None


def test_a_request_larger_than_any_record_is_refused_at_its_announcement(cluster: Cluster, held: ExitStack) -> None:
    known = Strangers(cluster, held, listener="kafka_mtls", principal="bpd")
    closed_to(known.come(ADDRESSES[1], 1, broker_limits.LARGEST_REQUEST + 1), 0)
