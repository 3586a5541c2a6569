"""Rights (ACLs) on the broker, derived from the topics' specs: created, removed and compared.

A right that reaches our topics by a prefix, by `*` or from one host only counts like one that names a topic.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from confluent_kafka.admin import AdminClient

    from schemas.topics import Deployment, TopicSpec

    # Of a publisher: the principals of its systems, each with the one group that it may use.
    Systems = Mapping[str, Sequence[tuple[str, str]]]

REQUEST_SECONDS = 30.0
VISIBLE_SECONDS = 30.0  # a change is not visible at once
ANY_HOST = "*"
ANY_NAME = "*"
EVERYBODY = "*"
NAMED = ("TOPIC", "GROUP", "TRANSACTIONAL_ID")
# Operations on the cluster, which the client library calls BROKER. A principal with one can give itself any other
# right, read as a follower does, or make a topic before we do.
OVER_ALL = ("ALL", "ALTER", "ALTER_CONFIGS", "CLUSTER_ACTION", "CREATE")
ALONE: Systems = MappingProxyType({})  # each publisher is its own principal, in its own group


class ProvisionError(Exception):
    """The cluster refused a change, or did not show it afterwards."""


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One principal may do one operation on a resource: by name, or with another `pattern` on all that match."""

    principal: str
    resource: str
    name: str
    operation: str
    pattern: str = "LITERAL"
    host: str = ANY_HOST

    @override
    def __str__(self) -> str:
        """Write the right as `kafka-acls` takes it."""
        return f"User:{self.principal} {self.operation} {self.resource} {self.pattern} {self.name} from {self.host}"

    def binding(self) -> AclBinding:
        """Return the right in the form of Kafka's admin API."""
        return AclBinding(*self._fields())

    def exactly(self) -> AclBindingFilter:
        """Return the filter of Kafka's admin API that matches only this right."""
        return AclBindingFilter(*self._fields())

    def _fields(self) -> tuple[ResourceType, str, ResourcePatternType, str, str, AclOperation, AclPermissionType]:
        return (
            ResourceType[self.resource],
            self.name,
            ResourcePatternType[self.pattern],
            f"User:{self.principal}",
            self.host,
            AclOperation[self.operation],
            AclPermissionType.ALLOW,
        )

    def reaches(self, prefix: str) -> bool:
        """Whether the right applies to any resource whose name begins with `prefix`, existing or not."""
        if self.resource not in NAMED:
            return self.resource == "BROKER" and self.operation in OVER_ALL
        wider = prefix.startswith(self.name) if self.pattern == "PREFIXED" else self.name == ANY_NAME
        return wider or self.name.startswith(prefix)


def access(specs: Iterable[TopicSpec], deployment: Deployment, systems: Systems = ALONE) -> frozenset[Right]:
    """Return every right that follows from the specs.

    Producers and closers write, consumers read in their own group, deleters delete. `systems`: by sender in the specs,
    its (principal, group) pairs; other names are principals with a group of their own.
    """
    rights: set[Right] = set()
    for spec in specs:
        for producer, _ in _principals((*spec.producers, *spec.closers), deployment, systems):
            rights |= {Right(producer, "TOPIC", spec.name, operation) for operation in ("WRITE", "DESCRIBE")}
        for consumer, group in _principals(spec.consumers, deployment, systems):
            rights |= {Right(consumer, "TOPIC", spec.name, operation) for operation in ("READ", "DESCRIBE")}
            rights.add(Right(consumer, "GROUP", group, "READ"))
        rights |= {Right(deleter, "TOPIC", spec.name, "DELETE") for deleter in spec.deleters}
    return frozenset(rights)


def _principals(names: Iterable[str], deployment: Deployment, systems: Systems) -> Iterable[tuple[str, str]]:
    return (each for name in names for each in systems.get(name, ((name, deployment.group(name)),)))


def make_access(admin: AdminClient, rights: Iterable[Right], deployment: Deployment) -> tuple[str, ...]:
    """Create the missing ones of `rights`, delete surplus rights on our topics, and wait until the cluster shows both.

    Surplus is a further right that our principals, or everybody (`*`), have on our topics. Rights of other principals,
    and our principals' rights on other topics, are not changed. Returns lines for a person: the deleted rights, and
    other principals' rights that reach our topics. Raises `ProvisionError` if a change is not visible after 30 s.
    """
    wanted = frozenset(rights)

    def differing() -> RightsDifference:
        return compare(existing_access(admin), wanted, deployment)

    found = differing()
    _create(admin, found.missing)
    _delete(admin, found.surplus)
    _wait_for_access(lambda: not (left := differing()).missing and not left.surplus)
    return found.told()


@dataclass(frozen=True, slots=True)
class RightsDifference:
    """The difference between wanted and existing rights: missing ones, surplus ones, and others' on our topics.

    `elsewhere`: rights of our principals on topics that are not ours. Another deployment may have made these users.
    """

    missing: frozenset[Right]
    surplus: frozenset[Right]
    of_others: frozenset[Right]
    elsewhere: frozenset[Right] = frozenset()

    def told(self) -> tuple[str, ...]:
        """Return lines for a person: rights that are taken back, and others' rights that reach our topics."""
        return (
            *(f"taken back, for the specs do not give it: {right}" for right in sorted(self.surplus)),
            *(f"reaches our topics and is not ours to take: {right}" for right in sorted(self.of_others)),
        )


def compare(existing: frozenset[Right], wanted: frozenset[Right], deployment: Deployment) -> RightsDifference:
    """Compare wanted with existing rights. Both the check and provisioning use it."""
    ours = {right.principal for right in wanted} | {EVERYBODY}
    beyond = frozenset(right for right in existing - wanted if right.reaches(f"{deployment.name}."))
    surplus = frozenset(right for right in beyond if right.principal in ours)
    of_ours = (right for right in existing - wanted - surplus if right.principal in ours - {EVERYBODY})
    elsewhere = frozenset(right for right in of_ours if right.resource == "TOPIC")
    return RightsDifference(wanted - existing, surplus, beyond - surplus, elsewhere)


def add_access(admin: AdminClient, rights: Iterable[Right]) -> None:
    """Create the missing ones of these rights and delete none. Returns when the cluster shows them."""
    wanted = frozenset(rights)
    _create(admin, wanted - existing_access(admin))
    _wait_for_access(lambda: wanted <= existing_access(admin))


def drop_access(admin: AdminClient, principals: Iterable[str]) -> None:
    """Delete every right of these principals. Returns when the cluster shows none any more."""
    names = frozenset(principals)
    if not names:
        return

    def left() -> frozenset[Right]:
        return frozenset(right for right in existing_access(admin) if right.principal in names)

    _delete(admin, left())
    _wait_for_access(lambda: not left())


def _create(admin: AdminClient, rights: frozenset[Right]) -> None:
    bindings = [right.binding() for right in sorted(rights)]
    for created in admin.create_acls(bindings, request_timeout=REQUEST_SECONDS).values() if bindings else ():
        created.result()


def _delete(admin: AdminClient, rights: frozenset[Right]) -> None:
    filters = [right.exactly() for right in sorted(rights)]
    for deleted in admin.delete_acls(filters, request_timeout=REQUEST_SECONDS).values() if filters else ():
        deleted.result()


def _wait_for_access(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + VISIBLE_SECONDS
    while not seen():
        if time.monotonic() > deadline:
            message = f"access rights not visible after {VISIBLE_SECONDS:.0f} s"
            raise ProvisionError(message)
        time.sleep(0.02)


def existing_access(admin: AdminClient) -> frozenset[Right]:
    """Return every right that the cluster grants, of any principal."""
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
            ResourcePatternType(binding.resource_pattern_type).name,
            binding.host,
        )
        for binding in bindings
    )
