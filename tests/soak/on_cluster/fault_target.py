"""The deployment as a fault sees it: what may be broken, what tells so, and how it is made whole again."""

from dataclasses import dataclass
from random import Random
from typing import Final

from confluent_kafka import KafkaException

from infra.cluster.broker_properties import AGENCY_PORTS
from tests.cluster.deployment import ALL, BROKERS, DATABASES, PAIRS, PROCESSES, Deployment, wait_for
from tests.cluster.publishing import BROKERS as AGENCY_BROKERS
from tests.cluster.publishing import Offices
from tests.cluster.replicas import has_both_copies, is_replicated, replicas
from tests.soak.on_cluster import container_network
from tests.soak.on_cluster.fillable_volumes import PLACES, DataVolumes
from tests.soak.on_cluster.service_clocks import COPIES, ServiceClocks
from tests.soak.on_cluster.waiting import wait_until

WHOLE_SECONDS: Final = 300.0
LEADER_SECONDS: Final = 120.0
SILENT_SECONDS: Final = 5.0
_ASK_SECONDS: Final = 4.0
_AGENCY: Final = "bpd"
"""The agency whose first inbound partition tells who leads and who is in sync."""

SERVICE_COPIES: Final = tuple(copy for pair in PAIRS for copy in pair)


@dataclass(frozen=True, slots=True)
class FaultTarget:
    """A running deployment with its agencies, its volumes and clocks, and the dice that choose what is broken."""

    deployment: Deployment
    offices: Offices
    volumes: DataVolumes
    clocks: ServiceClocks
    dice: Random

    def leader(self) -> int:
        """Return the number of the broker that leads an inbound partition, once there is one."""

        def found() -> int | None:
            partition = self._partition()
            return partition[0] if partition and partition[0] > 0 else None

        return wait_for(found, "a leader", LEADER_SECONDS)

    def in_sync(self) -> frozenset[int]:
        """Return the numbers of the brokers that are in sync in an inbound partition; none while no broker answers."""
        partition = self._partition()
        return partition[1] if partition else frozenset()

    def has_left(self, node: int) -> bool:
        """Whether another broker tells that the broker of this number is not in sync any more."""
        for port in (port for each, port in AGENCY_PORTS.items() if each != node):
            partition = self._partition(f"localhost:{port}")
            if partition:
                return node not in partition[1]
        return False

    def another_broker(self, node: int) -> int:
        """Return the number of another broker, by chance."""
        return self.dice.choice([each for each in range(1, len(BROKERS) + 1) if each != node])

    def standby(self) -> str:
        """Return the database that is not the primary."""
        primary = self.deployment.primary()
        (standby,) = (each for each in DATABASES if each != primary)
        return standby

    def service_copy(self) -> str:
        """Return a copy of a service, by chance."""
        return self.dice.choice(SERVICE_COPIES)

    def await_silence_over_http(self) -> float:
        """Wait until no event was acknowledged over HTTPS for a while, and return the seconds that it took."""
        acknowledged = self.offices.over_http
        what = f"nothing is acknowledged over HTTPS for {SILENT_SECONDS:.0f} s"
        return wait_until(lambda: acknowledged.silence() >= SILENT_SECONDS, what, 120.0)

    def await_pid(self, service: str, before: int) -> None:
        """Wait until the container's first process is another one than `before`, and runs."""
        wait_until(lambda: self.deployment.pid(service) not in {0, before}, f"{service} starts again", 120.0)

    def await_whole(self) -> None:
        """Wait until every process is ready, every replica in sync and every commit in both databases."""
        self.deployment.await_ready(PROCESSES, WHOLE_SECONDS)
        wait_until(lambda: is_replicated(self.offices), "all replicas are in sync", WHOLE_SECONDS)
        wait_until(lambda: has_both_copies(self.deployment), "both databases have each commit", WHOLE_SECONDS)

    def heal(self) -> None:
        """End every fault that may be left, and start what does not run. It changes nothing where all is well."""
        deployment = self.deployment
        for service in ALL:
            status = deployment.status(service)
            if status == "paused":
                deployment.resume(service)
            elif status != "running":
                deployment.start(service)
        for service in (*BROKERS, *DATABASES, *PROCESSES):
            container_network.clear(deployment, service)
        for service in PLACES:
            self.volumes.free(service)
        for service in COPIES:
            self.clocks.set(service, 0)
        deployment.execute(deployment.primary(), "database", "protect")

    def _partition(self, asked: str = AGENCY_BROKERS) -> tuple[int, frozenset[int]] | None:
        """Return leader and replicas in sync of an inbound partition, by a new client; None while no broker answers.

        `asked`: brokers that the client knows at first. A client that has been connected may ask a frozen one.
        """
        office = self.offices.offices[_AGENCY]
        try:
            return replicas(office, office.producer(**{"bootstrap.servers": asked}), _ASK_SECONDS)[0]
        except (KafkaException, KeyError, IndexError):
            return None


def broker(node: int) -> str:
    """Return the container of a broker.

    >>> broker(2)
    'kafka-2'
    """
    return BROKERS[node - 1]
