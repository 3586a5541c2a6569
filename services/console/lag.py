"""Lag of the services: the number of records of their topics that each has not read yet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined] # exported, but not by name

from infra.local import access
from infra.local.cluster import Cluster
from schemas.ids import Kind
from schemas.topics import Deployment

# What each service reads from the beginning to the end; its group's committed offsets are there for this alone.
READS: Final[Mapping[str, Callable[[Deployment], Sequence[str]]]] = {
    "intake": lambda deployment: [deployment.inbound(sender) for sender in deployment.senders],
    "referral": lambda deployment: [deployment.log(Kind.PERSON)],
    "case_tracker": lambda deployment: [deployment.log(Kind.CASE)],
    "reporting": lambda deployment: list(deployment.logs),
}

_SECONDS: Final = 2.0
"""For each question to the broker; an idle one answers in hundredths of a second."""
_LATEST: Final[OffsetSpec] = OffsetSpec.latest()  # type: ignore[no-untyped-call]


def lag(cluster: Cluster, service: str) -> int:
    """Give how many records a service has not dealt with yet. Raises what the client does when the broker is away."""
    deployment = access.deployment(cluster.data_dir)
    return _lag(access.admin(cluster.data_dir), deployment.group(service), READS[service](deployment))


def lags_of(cluster: Cluster) -> dict[str, int | None]:
    """Give each service's lag; None for all that come after a question that the broker did not answer."""
    deployment = access.deployment(cluster.data_dir)
    settings = access.admin(cluster.data_dir)
    lags: dict[str, int | None] = dict.fromkeys(READS)
    for service, reads in READS.items():
        try:
            lags[service] = _lag(settings, deployment.group(service), reads(deployment))
        except KafkaException:
            break  # it would say nothing of the others, and take as long to
    return lags


def _lag(settings: Mapping[str, Any], group: str, topics: Sequence[str]) -> int:
    # A consumer asks for its group's offsets and never joins it. The admin client has a call for them too, which ends
    # the process by a segmentation fault while a broker that was killed finds its coordinators again (librdkafka 2.16).
    settings = {**settings, "log_level": 0}  # what is amiss is told below, and in the services' logs
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
