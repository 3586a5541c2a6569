"""Lag of the services: the number of records of their topics that each has not read yet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Self

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


class GroupLags:
    """Lag of consumer groups, asked over connections that stay open. Used as a context manager.

    A broker that opens them for each question works longer on the connections than on the answers.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = {**settings, "log_level": 0}  # errors are raised here and logged by the services
        self._client = AdminClient(self._settings)
        self._askers: dict[str, Consumer] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for asker in self._askers.values():
            asker.close()

    def of(self, group: str, topics: Sequence[str]) -> int:
        """Return how many records of the topics a group has not read yet. Raises `KafkaException` without an answer."""
        described = self._client.list_topics(timeout=_SECONDS).topics
        partitions = [TopicPartition(name, part) for name in topics for part in described[name].partitions]
        ends = self._client.list_offsets(dict.fromkeys(partitions, _LATEST), request_timeout=_SECONDS)
        committed = {
            (partition.topic, partition.partition): max(partition.offset, 0)
            for partition in self._asker(group).committed(partitions, timeout=_SECONDS)
        }
        return sum(
            max(end.result().offset - committed[partition.topic, partition.partition], 0)
            for partition, end in ends.items()
        )

    def _asker(self, group: str) -> Consumer:
        """Return a consumer that asks for its group's offsets and never joins it.

        The admin client has a call for them too. It ends the process by a segmentation fault while a killed broker
        finds its coordinators again (librdkafka 2.16).
        """
        if group not in self._askers:
            self._askers[group] = Consumer({**self._settings, "group.id": group, "enable.auto.commit": False})
        return self._askers[group]


def lags_of(cluster: Cluster) -> dict[str, int | None]:
    """Return each service's lag. After the first request without an answer, all remaining services get None."""
    deployment = connection_settings.deployment(cluster.data_dir)
    found: dict[str, int | None] = dict.fromkeys(READS)
    with GroupLags(connection_settings.admin(cluster.data_dir)) as lags:
        for service, reads in READS.items():
            try:
                found[service] = lags.of(deployment.group(service), reads(deployment))
            except KafkaException:
                break  # requests for the other services would time out too
    return found
