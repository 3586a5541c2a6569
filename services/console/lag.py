"""Lag of the services: the number of records of their topics that each has not read yet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined] # exported, but not by name

from infra.local import connection_settings
from infra.local.cluster import Cluster
from schemas.ids import Kind
from schemas.topics import Deployment

# The topics that each service reads from begin to end. Its group commits offsets only so that lag can be measured.
READS: Final[Mapping[str, Callable[[Deployment], Sequence[str]]]] = {
    "intake": lambda deployment: [deployment.inbound(sender) for sender in deployment.senders],
    "referral": lambda deployment: [deployment.log(Kind.PERSON)],
    "case_tracker": lambda deployment: [deployment.log(Kind.CASE)],
    "reporting": lambda deployment: list(deployment.logs),
}

_SECONDS: Final = 2.0
"""Timeout of each request to the broker, in seconds. An idle broker answers in hundredths of a second."""
_LATEST: Final[OffsetSpec] = OffsetSpec.latest()  # type: ignore[no-untyped-call]


def lag(cluster: Cluster, service: str) -> int:
    """Return how many records a service has not handled yet. Raises `KafkaException` without the broker's answer."""
    deployment = connection_settings.deployment(cluster.data_dir)
    return _lag(connection_settings.admin(cluster.data_dir), deployment.group(service), READS[service](deployment))


def lags_of(cluster: Cluster) -> dict[str, int | None]:
    """Return each service's lag. After the first request without an answer, all remaining services get None."""
    deployment = connection_settings.deployment(cluster.data_dir)
    settings = connection_settings.admin(cluster.data_dir)
    lags: dict[str, int | None] = dict.fromkeys(READS)
    for service, reads in READS.items():
        try:
            lags[service] = _lag(settings, deployment.group(service), reads(deployment))
        except KafkaException:
            break  # requests for the other services would time out too
    return lags


def _lag(settings: Mapping[str, Any], group: str, topics: Sequence[str]) -> int:
    # A consumer asks for its group's offsets and never joins it. The admin client has a call for them too, which ends
    # the process by a segmentation fault while a broker that was killed finds its coordinators again (librdkafka 2.16).
    settings = {**settings, "log_level": 0}  # errors are raised here and logged by the services
    client = AdminClient(settings)
    asker = Consumer({**settings, "group.id": group, "enable.auto.commit": False})
    try:
        described = client.list_topics(timeout=_SECONDS).topics
        partitions = [TopicPartition(name, part) for name in topics for part in described[name].partitions]
        ends = client.list_offsets(dict.fromkeys(partitions, _LATEST), request_timeout=_SECONDS)
        committed = {
            (partition.topic, partition.partition): max(partition.offset, 0)
            for partition in asker.committed(partitions, timeout=_SECONDS)
        }
        return sum(
            max(end.result().offset - committed[partition.topic, partition.partition], 0)
            for partition, end in ends.items()
        )
    finally:
        asker.close()
