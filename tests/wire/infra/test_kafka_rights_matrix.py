"""Every principal × every topic × every operation, as the broker itself answers: what is not in the table is denied.

The table is literal and knows nothing of the specs that the rights are made from.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest
from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AclOperation, AdminClient  # type: ignore[attr-defined] # it has no __all__

from infra.kafka import rights
from infra.kafka.rights import access as access_of
from infra.kafka.rights import make_access
from infra.kafka.topics import make_topics
from infra.local import agency_credential_changes, connection_settings, kafka_auditor
from infra.local.cluster import Cluster
from infra.local.issued_agency_credentials import Credential
from schemas.topics import Deployment
from tests.support.cluster import make_deployment

AGENCIES: Final = ("dhs", "bpd", "love_foundation")
OWN: Final = "bpd/jail"
"""A system of an agency with a credential of its own. The Council lists no other that reads its receipts."""
SENDERS: Final = (*AGENCIES, OWN)
SERVICES: Final = ("intake", "referral", "case_tracker", "reporting")
PRINCIPALS: Final = (*SENDERS, *SERVICES, kafka_auditor.PRINCIPAL)
REQUEST_SECONDS: Final = 60.0

W: Final = frozenset({"WRITE", "DESCRIBE"})
R: Final = frozenset({"READ", "DESCRIBE"})
D: Final = frozenset({"DELETE", "DESCRIBE"})
NOTHING: Final[frozenset[str]] = frozenset()

_OF_THE_LOG: Final = {
    "person": {"intake": W | R, "referral": R, "reporting": R, "auditor": R},
    "case": {"intake": W | R, "case_tracker": R, "reporting": R, "auditor": R},
    "activity": {"intake": W | R, "reporting": R, "auditor": R},
    "quarantine": {"intake": W | R},
    "progress": {"intake": W | R, "reporting": R},
}


def allowed(principal: str, topic: str) -> frozenset[str]:
    """Give the table's row: a topic's name without its deployment and version."""
    kind, _, owner = topic.replace("-", "_").partition(".")  # a topic has hyphens where a code has underscores
    owner = owner.replace(".", "/")
    if kind == "inbound":
        return (W if principal == owner else NOTHING) | (W | R | D if principal == "intake" else NOTHING)
    if kind == "delivery":
        writes = principal in {"intake", "referral", "case_tracker"}
        return (W if writes else NOTHING) | (R if principal == owner else NOTHING)
    return _OF_THE_LOG[kind].get(principal, NOTHING)


@pytest.fixture(scope="module")
def jail(cluster: Cluster) -> Iterator[Credential]:
    """A system with a credential of its own, for this module alone."""
    made = agency_credential_changes.add(cluster.data_dir, "bpd", "jail", datetime.now(UTC))
    yield made
    agency_credential_changes.revoke(cluster.data_dir, "bpd", "jail", datetime.now(UTC))


@pytest.fixture(scope="module")
def deployment(admin: AdminClient, jail: Credential) -> Deployment:
    made = replace(make_deployment(admin, *AGENCIES), systems=(OWN,))
    make_topics(admin, made.specs())
    make_access(admin, access_of(made.specs(), made, {OWN: ((jail.principal, f"{made.group('bpd')}.jail"),)}), made)
    return made


@pytest.fixture(scope="module")
def audits(cluster: Cluster, admin: AdminClient, deployment: Deployment) -> Iterator[connection_settings.Settings]:
    """The auditor's settings, with the rights that the auditor has on a deployment."""
    given = kafka_auditor.admit(cluster.data_dir)
    rights.add_access(admin, kafka_auditor.auditor_rights(deployment))
    yield {name: value for name, value in given.items() if name != "group.id"}
    kafka_auditor.dismiss(cluster.data_dir)


@pytest.fixture
def client(cluster: Cluster, jail: Credential, audits: connection_settings.Settings, principal: str) -> AdminClient:
    name = jail.principal if principal == OWN else principal
    own = audits if principal == kafka_auditor.PRINCIPAL else connection_settings.client(cluster.data_dir, name)
    return AdminClient({**own, "log_level": 0})


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_each_principal_may_do_with_each_topic_what_the_table_says(
    client: AdminClient, deployment: Deployment, principal: str
) -> None:
    names = [spec.name for spec in deployment.specs()]
    asked = client.describe_topics(
        TopicCollection(names), include_authorized_operations=True, request_timeout=REQUEST_SECONDS
    )
    found: dict[str, frozenset[str]] = {}
    for name, answer in asked.items():
        try:
            operations = answer.result().authorized_operations or ()
        except KafkaException:
            operations = ()
        short = name.removeprefix(f"{deployment.name}.").rpartition(".")[0]
        found[short] = frozenset(AclOperation(each).name for each in operations)
    assert found == {topic: allowed(principal, topic) for topic in found}
    assert len(found) == 2 * (len(SENDERS) + len(SERVICES)) + len(_OF_THE_LOG)


@pytest.mark.parametrize("principal", PRINCIPALS)
@pytest.mark.usefixtures("principal")
def test_no_principal_may_do_anything_with_the_cluster(client: AdminClient) -> None:
    found = client.describe_cluster(include_authorized_operations=True, request_timeout=REQUEST_SECONDS).result()
    assert [AclOperation(each).name for each in found.authorized_operations or ()] == []


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_each_principal_uses_its_own_group_alone(client: AdminClient, deployment: Deployment, principal: str) -> None:
    groups = [deployment.group(each.replace("/", ".")) for each in PRINCIPALS]
    asked = client.describe_consumer_groups(groups, include_authorized_operations=True, request_timeout=REQUEST_SECONDS)
    found = {}
    for group, answer in asked.items():
        try:
            operations = answer.result().authorized_operations or ()
        except KafkaException:
            operations = ()
        found[group] = {AclOperation(each).name for each in operations}
    own = deployment.group(principal.replace("/", "."))
    assert found == {group: set(R) if group == own else set() for group in groups}
