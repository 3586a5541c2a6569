"""Topics, users and rights of a deployment on any Kafka cluster, made and then checked.

Runs at every start. What is missing is made; a topic that differs from what `schemas.topics` says is an error with its
name and setting, never changed: its partition count decides where keys lie, its retention what is kept. Rights are
exactly those of `access`: literal, nothing for anybody else.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confluent_kafka.admin import AdminClient, UserScramCredentialAlteration  # type: ignore[attr-defined]

    from schemas.topics import Deployment, TopicSpec

REQUEST_SECONDS = 30.0
VISIBLE_SECONDS = 30.0  # what was made is not seen at once
SCRAM_ITERATIONS = 8192
ANY_HOST = "*"


class TopicDiffersError(Exception):
    """A topic is not as `schemas.topics` says; the message names topics and settings."""


class ProvisionError(Exception):
    """The cluster did not take, or did not show, what it was given."""


def provision(
    admin: AdminClient, deployment: Deployment, passwords: Mapping[str, str], *, replication: int = 1
) -> None:
    """Make users, rights and topics, and check the topics. The caller keeps `admin` alive until this returns."""
    make_users(admin, passwords)
    make_access(admin, access(deployment.specs(), deployment), deployment)
    make_topics(admin, deployment.specs(), replication=replication)
    check_topics(admin, deployment.specs())


def make_topics(admin: AdminClient, specs: Iterable[TopicSpec], *, replication: int = 1) -> None:
    """Make the topics that are not there. Those that are stay as they are."""
    present = admin.list_topics(timeout=REQUEST_SECONDS).topics
    new = [
        NewTopic(spec.name, spec.partitions, replication, config=dict(spec.config))
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


def check_topics(admin: AdminClient, specs: Iterable[TopicSpec]) -> None:
    """Compare partition counts and settings with the specs. Raises `TopicDiffersError` naming each difference."""
    specs = tuple(specs)
    _wait_for_topics(admin, {spec.name for spec in specs})
    found = admin.list_topics(timeout=REQUEST_SECONDS).topics
    resources = {spec.name: ConfigResource(ConfigResource.Type.TOPIC, spec.name) for spec in specs}
    futures = admin.describe_configs(list(resources.values()), request_timeout=REQUEST_SECONDS)
    configs = {resource.name: future.result() for resource, future in futures.items()}
    differences = [
        difference
        for spec in specs
        for difference in _differences(
            spec,
            len(found[spec.name].partitions),
            {name: entry.value for name, entry in configs[spec.name].items()},
        )
    ]
    if differences:
        raise TopicDiffersError("; ".join(differences))


def _differences(spec: TopicSpec, partitions: int, config: Mapping[str, str | None]) -> Iterable[str]:
    if partitions != spec.partitions:
        yield f"topic {spec.name}: {partitions} partitions, not {spec.partitions}"
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


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One principal may do one thing with one topic or group."""

    principal: str
    resource: str
    name: str
    operation: str

    def binding(self) -> AclBinding:
        """As Kafka's admin API wants it."""
        return AclBinding(
            ResourceType[self.resource],
            self.name,
            ResourcePatternType.LITERAL,
            f"User:{self.principal}",
            ANY_HOST,
            AclOperation[self.operation],
            AclPermissionType.ALLOW,
        )

    def exactly(self) -> AclBindingFilter:
        """The filter that matches this right alone."""
        return AclBindingFilter(
            ResourceType[self.resource],
            self.name,
            ResourcePatternType.LITERAL,
            f"User:{self.principal}",
            ANY_HOST,
            AclOperation[self.operation],
            AclPermissionType.ALLOW,
        )


def access(specs: Iterable[TopicSpec], deployment: Deployment) -> frozenset[Right]:
    """Give every right that follows from the specs: producers write, consumers read, in their own group."""
    rights: set[Right] = set()
    for spec in specs:
        for producer in spec.producers:
            rights |= {Right(producer, "TOPIC", spec.name, operation) for operation in ("WRITE", "DESCRIBE")}
        for consumer in spec.consumers:
            rights |= {Right(consumer, "TOPIC", spec.name, operation) for operation in ("READ", "DESCRIBE")}
            rights.add(Right(consumer, "GROUP", deployment.group(consumer), "READ"))
    return frozenset(rights)


def make_access(admin: AdminClient, rights: Iterable[Right], deployment: Deployment) -> None:
    """Create the rights that are not there, take back what our principals have beyond them, wait until both are seen.

    Rights of others, and rights on others' topics, are not ours to touch.
    """
    wanted = frozenset(rights)
    ours = {right.principal for right in wanted}

    def differing() -> tuple[frozenset[Right], frozenset[Right]]:
        existing = existing_access(admin)
        surplus = {
            right
            for right in existing - wanted
            if right.principal in ours and right.name.startswith(f"{deployment.name}.")
        }
        return wanted - existing, frozenset(surplus)

    missing, surplus = differing()
    if missing:
        bindings = [right.binding() for right in sorted(missing)]
        for created in admin.create_acls(bindings, request_timeout=REQUEST_SECONDS).values():
            created.result()
    if surplus:
        filters = [right.exactly() for right in sorted(surplus)]
        for deleted in admin.delete_acls(filters, request_timeout=REQUEST_SECONDS).values():
            deleted.result()
    deadline = time.monotonic() + VISIBLE_SECONDS
    while any(differing()):
        if time.monotonic() > deadline:
            message = f"access rights not visible after {VISIBLE_SECONDS:.0f} s"
            raise ProvisionError(message)
        time.sleep(0.02)


def existing_access(admin: AdminClient) -> frozenset[Right]:
    """Give every literal right that the cluster grants to a user, whoever made it."""
    anything: Any = None  # what the filter takes for "any", against its own annotation
    everything = AclBindingFilter(
        ResourceType.ANY,
        anything,
        ResourcePatternType.ANY,
        anything,
        anything,
        AclOperation.ANY,
        AclPermissionType.ALLOW,
    )
    bindings: list[AclBinding] = admin.describe_acls(everything, request_timeout=REQUEST_SECONDS).result()
    return frozenset(
        Right(
            binding.principal.removeprefix("User:"),
            ResourceType(binding.restype).name,
            binding.name,
            AclOperation(binding.operation).name,
        )
        for binding in bindings
        if binding.resource_pattern_type is ResourcePatternType.LITERAL and binding.host == ANY_HOST
    )
