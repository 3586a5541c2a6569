"""How many copies brokers and databases keep just now: replicas in sync, and a standby that has each commit."""

from confluent_kafka import KafkaException, Producer

from tests.cluster.deployment import BROKERS, Deployment
from tests.cluster.publishing import Office, Offices


def replicas(
    office: Office, producer: Producer | None = None, seconds: float = 10.0
) -> list[tuple[int, frozenset[int]]]:
    """Return leader and replicas in sync of each partition of the office's inbound topic, as a broker tells them.

    Both are numbers of brokers. `producer`: the office's client that asks; a new one if it is None. Raises
    `KafkaException` if no broker answers within so many seconds.
    """
    asking = producer or office.producer()
    found = asking.list_topics(office.topic, timeout=seconds).topics[office.topic].partitions
    return [(each.leader, frozenset(each.isrs)) for each in found.values()]


def is_replicated(offices: Offices) -> bool:
    """Whether every inbound topic has all its replicas in sync. False while no broker answers."""
    try:
        return all(
            len(in_sync) == len(BROKERS) for office in offices.offices.values() for _, in_sync in replicas(office)
        )
    except (KafkaException, KeyError):
        return False


def has_both_copies(deployment: Deployment) -> bool:
    """Whether both databases have each commit."""
    return [row[1] for row in deployment.sql("SELECT application_name, sync_state FROM pg_stat_replication")] == [
        "sync"
    ]
