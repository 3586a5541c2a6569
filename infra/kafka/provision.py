"""Provisioning of a Kafka cluster: topics, users and rights of a deployment are made and then checked.

Runs at every start. Our principals get exactly the rights of `access`; rights of others on our topics are reported.
`infra.kafka.topics` compares and makes the topics.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from infra.kafka.rights import ALONE, REQUEST_SECONDS, access, drop_access, make_access
from infra.kafka.topics import check_topics, make_topics, update_topic_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from confluent_kafka.admin import (  # type: ignore[attr-defined]
        AdminClient,
        UserScramCredentialAlteration,
    )

    from infra.kafka.rights import Systems
    from schemas.topics import Deployment

SCRAM_ITERATIONS = 4096  # the least that Kafka accepts: our passwords are random, so more protect nothing


def provision(
    admin: AdminClient,
    deployment: Deployment,
    passwords: Mapping[str, str],
    *,
    replication: int = 1,
    systems: Systems = ALONE,
    former: Sequence[str] = (),
) -> tuple[str, ...]:
    """Create users, rights and topics of a deployment, and check the topics.

    `passwords`: password by principal. `replication`: replicas of each topic. `former`: principals that lose their
    rights and passwords. Returns the lines of `make_access` for a person. Raises `ProvisionError` if the cluster does
    not show a change, and `TopicDiffersError` if an existing topic differs from its spec.
    """
    drop_access(admin, former)
    close_users(admin, former)
    make_users(admin, passwords)
    told = make_access(admin, access(deployment.specs(), deployment, systems), deployment)
    specs = deployment.specs(replication)
    make_topics(admin, specs)
    update_topic_settings(admin, specs)
    check_topics(admin, specs)
    return told


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


def users(admin: AdminClient) -> frozenset[str]:
    """Return the principals with a SCRAM-SHA-512 password."""
    asked: Any = admin.describe_user_scram_credentials(request_timeout=REQUEST_SECONDS)  # of all: one future
    found = asked.result()
    return frozenset(
        name
        for name, described in found.items()
        if any(each.mechanism == ScramMechanism.SCRAM_SHA_512 for each in described.scram_credential_infos)
    )


def close_users(admin: AdminClient, principals: Iterable[str]) -> None:
    """Replace the passwords of principals by random ones that are not kept.

    They are not deleted. When Kafka (4.3.1, 4.4.0) starts, it forgets everybody's password if a deleted one is the
    first by name in one of its maps (`ScramDelta.apply`).
    """
    make_users(admin, {principal: secrets.token_hex(32) for principal in principals})
