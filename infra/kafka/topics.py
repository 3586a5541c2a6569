"""Topics of a deployment: compared with the specs of `schemas.topics`, and made where they are missing.

A topic that differs is an error with its name and setting, and is not changed. Its partition count decides in which
partition a key lies, and its retention which records are kept. Only `SETTABLE` settings are changed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
)

from infra.kafka.rights import REQUEST_SECONDS, VISIBLE_SECONDS, ProvisionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from confluent_kafka.admin import AdminClient

    from schemas.topics import TopicSpec

SETTABLE = (
    "compression.type",
    "file.delete.delay.ms",
    "message.timestamp.type",
    "min.insync.replicas",
    "segment.bytes",
    "segment.ms",
    "unclean.leader.election.enable",
)
"""Settings that can be changed without effect on records that lie on a topic."""

_TOPIC = ConfigResource.Type.TOPIC
_SET = AlterConfigOpType.SET


class TopicDiffersError(Exception):
    """A topic differs from its spec in `schemas.topics`; the message names topics and settings."""


@dataclass(frozen=True, slots=True)
class TopicFound:
    """A topic of the cluster: by partition the number of its replicas, and by name its settings."""

    replicas: Mapping[int, int]
    config: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class TopicDifference:
    """The difference between specs and cluster: topics to make, settings to set, and contradictions.

    `settings`: by topic and by name of the setting, (present value, wanted value). `contradictions`: texts about
    differences that are never changed.
    """

    missing: tuple[TopicSpec, ...]
    settings: Mapping[str, Mapping[str, tuple[str | None, str]]]
    contradictions: tuple[str, ...]


def compare(specs: Iterable[TopicSpec], found: Mapping[str, TopicFound]) -> TopicDifference:
    """Compare the specs with the topics that were found. Both the check and provisioning use it."""
    specs = tuple(specs)
    here = [(spec, found[spec.name]) for spec in specs if spec.name in found]
    settings = {
        spec.name: {
            name: (topic.config.get(name), spec.config[name])
            for name in SETTABLE
            if name in spec.config and topic.config.get(name) != spec.config[name]
        }
        for spec, topic in here
    }
    return TopicDifference(
        missing=tuple(spec for spec in specs if spec.name not in found),
        settings={name: values for name, values in settings.items() if values},
        contradictions=tuple(each for spec, topic in here for each in _contradictions(spec, topic)),
    )


def _contradictions(spec: TopicSpec, topic: TopicFound) -> Iterator[str]:
    if len(topic.replicas) != spec.partitions:
        yield f"topic {spec.name}: {len(topic.replicas)} partitions, not {spec.partitions}"
    for number, replicas in sorted(topic.replicas.items()):
        if replicas != spec.replication:
            yield (
                f"topic {spec.name}: {replicas} replicas of partition {number}, not {spec.replication}"
                " (ATIPS_KAFKA_REPLICATION)"
            )
    for setting, wanted in spec.config.items():
        if setting not in SETTABLE and topic.config.get(setting) != wanted:
            yield f"topic {spec.name}: {setting} is {topic.config.get(setting)}, not {wanted}"


def read(admin: AdminClient, names: Iterable[str]) -> Mapping[str, TopicFound]:
    """Read the topics of these names; a topic that the cluster does not have is left out."""
    listed = admin.list_topics(timeout=REQUEST_SECONDS).topics
    here = [name for name in names if name in listed]
    resources = [ConfigResource(_TOPIC, name) for name in here]
    futures = admin.describe_configs(resources, request_timeout=REQUEST_SECONDS) if resources else {}
    configs = {
        resource.name: {name: entry.value for name, entry in future.result().items()}
        for resource, future in futures.items()
    }
    return {
        name: TopicFound(
            {number: len(partition.replicas) for number, partition in listed[name].partitions.items()}, configs[name]
        )
        for name in here
    }


def make_topics(admin: AdminClient, specs: Iterable[TopicSpec]) -> None:
    """Make the topics that are missing. Existing ones are not changed."""
    specs = tuple(specs)
    listed = admin.list_topics(timeout=REQUEST_SECONDS).topics
    new = [
        NewTopic(spec.name, spec.partitions, spec.replication, config=dict(spec.config))
        for spec in compare(specs, {name: TopicFound({}, {}) for name in listed}).missing
    ]
    if not new:
        return
    for future in admin.create_topics(new, operation_timeout=REQUEST_SECONDS, request_timeout=REQUEST_SECONDS).values():
        try:
            future.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # another start was faster
                raise


def update_topic_settings(admin: AdminClient, specs: Iterable[TopicSpec]) -> None:
    """Change `SETTABLE` settings of topics that differ from the specs, such as topics of an earlier version.

    Raises `TopicDiffersError` for any other difference, and changes nothing then. If `min.insync.replicas` were set to
    two on a topic with fewer replicas than in the spec, the topic would accept no record any more.
    """
    specs = tuple(specs)
    deadline = time.monotonic() + VISIBLE_SECONDS
    while (found := _seen(admin, specs)).settings and not found.contradictions:
        settings = found.settings
        if time.monotonic() > deadline:
            message = f"settings not taken after {VISIBLE_SECONDS:.0f} s: {', '.join(sorted(settings))}"
            raise ProvisionError(message)
        resources = [
            ConfigResource(
                _TOPIC,
                topic,
                incremental_configs=[
                    ConfigEntry(name, value, incremental_operation=_SET) for name, (_, value) in values.items()
                ],
            )
            for topic, values in settings.items()
        ]
        for future in admin.incremental_alter_configs(resources, request_timeout=REQUEST_SECONDS).values():
            future.result()
        time.sleep(0.02)
    if found.contradictions:
        raise TopicDiffersError("; ".join(found.contradictions))


def check_topics(admin: AdminClient, specs: Iterable[TopicSpec]) -> None:
    """Compare partitions, replicas and settings with the specs. Raises `TopicDiffersError` naming each difference."""
    found = _seen(admin, tuple(specs))
    different = [
        *found.contradictions,
        *(
            f"topic {topic}: {name} is {value}, not {wanted}"
            for topic, values in found.settings.items()
            for name, (value, wanted) in values.items()
        ),
    ]
    if different:
        raise TopicDiffersError("; ".join(different))


def _seen(admin: AdminClient, specs: tuple[TopicSpec, ...]) -> TopicDifference:
    """Compare the specs with the cluster as soon as it shows all topics. Raises `ProvisionError` after 30 s."""
    deadline = time.monotonic() + VISIBLE_SECONDS
    while (found := compare(specs, read(admin, [spec.name for spec in specs]))).missing:
        if time.monotonic() > deadline:
            names = ", ".join(sorted(spec.name for spec in found.missing))
            message = f"topics not visible after {VISIBLE_SECONDS:.0f} s: {names}"
            raise ProvisionError(message)
        time.sleep(0.02)
    return found
