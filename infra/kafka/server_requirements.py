"""Requirements on the Kafka cluster. `read` asks the cluster for its facts; `checks` compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    AclOperation,
    ConfigResource,
)

from infra.check_row import Check, CheckState, needed
from infra.kafka import protocol_connections, rights
from infra.kafka.rights import REQUEST_SECONDS
from schemas.topics import ACKNOWLEDGED_BY, REPLICATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confluent_kafka.admin import AdminClient

    from infra.kafka.quotas import Settings

SERVER: Final = "Kafka"
REQUESTS: Final[Mapping[str, int]] = {
    "the group protocol `consumer` (Kafka 4.0)": 68,
    "passwords (SCRAM)": 51,
    "quotas": 49,
    "deletion of records": 21,
    "rights (ACLs)": 30,
}
"""By feature, the API key (number) of the Kafka request that the cluster must understand for it."""
OPERATIONS: Final = ("ALTER", "ALTER_CONFIGS", "CREATE", "DESCRIBE", "DESCRIBE_CONFIGS")
"""Operations on the cluster that the administrator must be allowed."""
AUTO_CREATE: Final = "auto.create.topics.enable"
OPEN_BY_DEFAULT: Final = "allow.everyone.if.no.acl.found"
LEAST_SESSION: Final = "group.min.session.timeout.ms"
LONGEST_SESSION: Final = "group.max.session.timeout.ms"
SESSION_MILLISECONDS: Final = 10_000
"""Session that referral and case_tracker ask the broker for, if ATIPS_SESSION_SECONDS is not set."""


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """The cluster as its administrator sees it. `config` is one broker's. `authorizes`: it has an authorizer."""

    brokers: int
    requests: frozenset[int]
    operations: frozenset[str]
    authorizes: bool
    config: Mapping[str, str | None]


def read(admin: AdminClient, settings: Settings) -> ClusterFacts:
    """Ask the cluster for its facts. Raises `ProvisionError` or KafkaException where it does not answer."""
    described = admin.describe_cluster(include_authorized_operations=True, request_timeout=REQUEST_SECONDS).result()
    nodes = [node.id for node in described.nodes]
    broker = ConfigResource(ConfigResource.Type.BROKER, str(nodes[0]))
    [config] = admin.describe_configs([broker], request_timeout=REQUEST_SECONDS).values()
    return ClusterFacts(
        brokers=len(nodes),
        requests=protocol_connections.supported(settings),
        operations=frozenset(AclOperation(each).name for each in described.authorized_operations or ()),
        authorizes=_authorizes(admin),
        config={name: entry.value for name, entry in config.result().items()},
    )


def _authorizes(admin: AdminClient) -> bool:
    try:
        rights.existing_access(admin)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.SECURITY_DISABLED:
            return False
        raise
    return True


def checks(facts: ClusterFacts, replication: int) -> Iterator[Check]:
    """Compare the cluster with the requirements; yields a row for each. `replication`: replicas of each topic."""
    lacking = [feature for feature, number in REQUESTS.items() if number not in facts.requests]
    yield needed(
        SERVER,
        "features",
        not lacking,
        f"it lacks {', '.join(lacking)}" if lacking else "Kafka 4.0 or later, with passwords, rights and quotas",
        "Use Apache Kafka 4.0 or later",
    )
    denied = [operation for operation in OPERATIONS if operation not in facts.operations]
    yield needed(
        SERVER,
        "administrator",
        not denied,
        f"may not {', '.join(denied)} on the cluster" if denied else "may do what provisioning needs",
        "Make it a super user, or give it these rights on the cluster. Services never use it",
    )
    yield needed(
        SERVER,
        "authorizer",
        facts.authorizes,
        "rights are asked for" if facts.authorizes else "no authorizer: everybody may do everything",
        "Set authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    )
    is_open = facts.config.get(OPEN_BY_DEFAULT) == "true"
    yield needed(
        SERVER,
        "deny by default",
        not is_open,
        f"{OPEN_BY_DEFAULT} is {'true' if is_open else 'false'}",
        "Set it to false: else everybody reads a topic that nobody has a right on",
    )
    creates = facts.config.get(AUTO_CREATE) != "false"
    yield needed(
        SERVER,
        "topics by request alone",
        not creates,
        f"{AUTO_CREATE} is {facts.config.get(AUTO_CREATE)}",
        "Set it to false: a client would make a topic with other partitions and retention",
    )
    yield _session(facts)
    yield _replicas(facts, replication)


def _session(facts: ClusterFacts) -> Check:
    """Compare the sessions that brokers grant with the one that referral and case_tracker ask for by default."""
    asked = SESSION_MILLISECONDS
    least, longest = (facts.config.get(name) for name in (LEAST_SESSION, LONGEST_SESSION))
    return needed(
        SERVER,
        "session of a group's member",
        (least is None or int(least) <= asked) and (longest is None or asked <= int(longest)),
        f"{LEAST_SESSION} is {least}, {LONGEST_SESSION} is {longest}; referral and case_tracker ask for {asked}",
        "Change these limits, or set ATIPS_SESSION_SECONDS of both services: else the broker refuses them",
    )


def _replicas(facts: ClusterFacts, replication: int) -> Check:
    found = f"brokers: {facts.brokers}; replicas of each topic: {replication} (ATIPS_KAFKA_REPLICATION)"
    if replication > facts.brokers:
        return Check(SERVER, "replicas", CheckState.MISSING, f"{found}. Add brokers, or ask for fewer replicas")
    if replication < REPLICATED:
        text = f"{found}: what is acknowledged lies on one broker alone. With {REPLICATED} it lies on {ACKNOWLEDGED_BY}"
        return Check(SERVER, "replicas", CheckState.NOTE, text)
    return Check(SERVER, "replicas", CheckState.OK, found)
