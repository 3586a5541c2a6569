"""Topics, users and rights of a deployment on any Kafka cluster, made and then checked.

Runs at every start. What is missing is made; a topic that differs from what `schemas.topics` says is an error with its
name and setting, never changed: its partition count decides where keys lie, its retention what is kept. What touches
nothing that lies there is set (`SETTABLE`). Our principals' rights are exactly those of `access`, others' are named.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from infra.kafka.rights import (
    ALONE,
    REQUEST_SECONDS,
    VISIBLE_SECONDS,
    ProvisionError,
    access,
    drop_access,
    make_access,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from confluent_kafka.admin import (  # type: ignore[attr-defined]
        AdminClient,
        TopicMetadata,
        UserScramCredentialAlteration,
    )

    from infra.kafka.rights import Systems
    from schemas.topics import Deployment, TopicSpec

SCRAM_ITERATIONS = 4096  # as many as Kafka asks at least: our passwords are random, more guard nothing

SETTABLE = (
    "compression.type",
    "file.delete.delay.ms",
    "message.timestamp.type",
    "min.insync.replicas",
    "segment.bytes",
    "segment.ms",
    "unclean.leader.election.enable",
)
"""Settings that touch nothing of what lies on a topic."""

_TOPIC = ConfigResource.Type.TOPIC
_SET = AlterConfigOpType.SET


class TopicDiffersError(Exception):
    """A topic is not as `schemas.topics` says; the message names topics and settings."""


def provision(
    admin: AdminClient,
    deployment: Deployment,
    passwords: Mapping[str, str],
    *,
    replication: int = 1,
    systems: Systems = ALONE,
    former: Sequence[str] = (),
) -> tuple[str, ...]:
    """Make users, rights and topics, and check the topics; the `former` principals lose what they had.

    Gives what a person is to know of the rights. The caller keeps `admin` alive until this returns.
    """
    drop_access(admin, former)
    close_users(admin, former)
    make_users(admin, passwords)
    told = make_access(admin, access(deployment.specs(), deployment, systems), deployment)
    specs = deployment.specs(replication)
    make_topics(admin, specs)
    settle_topics(admin, specs)
    check_topics(admin, specs)
    return told


def make_topics(admin: AdminClient, specs: Iterable[TopicSpec]) -> None:
    """Make the topics that are not there. Those that are stay as they are."""
    present = admin.list_topics(timeout=REQUEST_SECONDS).topics
    new = [
        NewTopic(spec.name, spec.partitions, spec.replication, config=dict(spec.config))
        for spec in specs
        if spec.name not in present
    ]
    if not new:
        return
    for future in admin.create_topics(new, operation_timeout=REQUEST_SECONDS, request_timeout=REQUEST_SECONDS).values():
        try:
            future.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # another start was faster
                raise


def settle_topics(admin: AdminClient, specs: Iterable[TopicSpec]) -> None:
    """Give topics that were made before it was asked for what touches nothing that lies on them.

    Raises `TopicDiffersError` for any other difference, and sets nothing then: where there are fewer replicas than in
    the specs, a topic that asks for two of them takes no record any more.
    """
    specs = tuple(specs)
    check_topics(admin, [replace(spec, config=_fixed(spec.config)) for spec in specs])
    wanted = {spec.name: {name: spec.config[name] for name in SETTABLE if name in spec.config} for spec in specs}
    deadline = time.monotonic() + VISIBLE_SECONDS
    while others := {name: entries for name, entries in _other(admin, wanted).items() if entries}:
        if time.monotonic() > deadline:
            message = f"settings not taken after {VISIBLE_SECONDS:.0f} s: {', '.join(sorted(others))}"
            raise ProvisionError(message)
        resources = [ConfigResource(_TOPIC, name, incremental_configs=entries) for name, entries in others.items()]
        for future in admin.incremental_alter_configs(resources, request_timeout=REQUEST_SECONDS).values():
            future.result()
        time.sleep(0.02)


def _fixed(config: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in config.items() if name not in SETTABLE}


def _other(admin: AdminClient, wanted: Mapping[str, Mapping[str, str]]) -> Mapping[str, list[ConfigEntry]]:
    """By topic: what is still to be set."""
    found = _configs(admin, wanted)
    return {
        topic: [
            ConfigEntry(name, value, incremental_operation=_SET)
            for name, value in settings.items()
            if found[topic][name] != value
        ]
        for topic, settings in wanted.items()
    }


def check_topics(admin: AdminClient, specs: Iterable[TopicSpec]) -> None:
    """Compare partitions, replicas and settings with the specs. Raises `TopicDiffersError` naming each difference."""
    specs = tuple(specs)
    _wait_for_topics(admin, {spec.name for spec in specs})
    found = admin.list_topics(timeout=REQUEST_SECONDS).topics
    configs = _configs(admin, [spec.name for spec in specs])
    differences = [
        difference for spec in specs for difference in _differences(spec, found[spec.name], configs[spec.name])
    ]
    if differences:
        raise TopicDiffersError("; ".join(differences))


def _configs(admin: AdminClient, topics: Iterable[str]) -> Mapping[str, Mapping[str, str | None]]:
    resources = [ConfigResource(_TOPIC, topic) for topic in topics]
    futures = admin.describe_configs(resources, request_timeout=REQUEST_SECONDS)
    return {
        resource.name: {name: entry.value for name, entry in future.result().items()}
        for resource, future in futures.items()
    }


def _differences(spec: TopicSpec, topic: TopicMetadata, config: Mapping[str, str | None]) -> Iterable[str]:
    if len(topic.partitions) != spec.partitions:
        yield f"topic {spec.name}: {len(topic.partitions)} partitions, not {spec.partitions}"
    for number, partition in sorted(topic.partitions.items()):
        if len(partition.replicas) != spec.replication:
            yield (
                f"topic {spec.name}: {len(partition.replicas)} replicas of partition {number}, not {spec.replication}"
                " (ATIPS_KAFKA_REPLICATION)"
            )
    for setting, wanted in spec.config.items():
        if config.get(setting) != wanted:
            yield f"topic {spec.name}: {setting} is {config.get(setting)}, not {wanted}"


def _wait_for_topics(admin: AdminClient, names: set[str]) -> None:
    deadline = time.monotonic() + VISIBLE_SECONDS
    while missing := names - admin.list_topics(timeout=REQUEST_SECONDS).topics.keys():
        if time.monotonic() > deadline:
            message = f"topics not visible after {VISIBLE_SECONDS:.0f} s: {', '.join(sorted(missing))}"
            raise ProvisionError(message)
        time.sleep(0.02)


def make_users(admin: AdminClient, passwords: Mapping[str, str]) -> None:
    """Give each principal its SCRAM-SHA-512 password, replacing the one that it had."""
    if not passwords:
        return
    mechanism = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS)
    upsertions: list[UserScramCredentialAlteration] = [
        UserScramCredentialUpsertion(principal, mechanism, password.encode("utf-8"))
        for principal, password in passwords.items()
    ]
    for future in admin.alter_user_scram_credentials(upsertions, request_timeout=REQUEST_SECONDS).values():
        future.result()


def close_users(admin: AdminClient, principals: Iterable[str]) -> None:
    """Give principals a password that nobody knows.

    None is deleted: as it starts, Kafka (4.3.1, 4.4.0) forgets everybody's password where the one that was deleted is
    the first in a map of its own, by the letters of the names (`ScramDelta.apply`).
    """
    make_users(admin, {principal: secrets.token_hex(32) for principal in principals})
