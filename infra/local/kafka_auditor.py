"""The auditor: a principal that reads the topics of the log with a consumer of its own, and can do nothing else.

Its password is made here, given to the caller and not kept: the broker has a verifier. Each call makes another one.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka.admin import AdminClient

from infra.kafka import provision, quotas, rights
from infra.kafka.rights import Right
from infra.local import connection_settings, issued_agency_credentials
from infra.local.data_folder import Folder

if TYPE_CHECKING:
    from schemas.topics import Deployment

PRINCIPAL = "auditor"


def admit(data_dir: Path) -> connection_settings.Settings:
    """Give the principal `auditor` a new password, its quota and its rights, and return settings of librdkafka.

    The settings contain the password and the authority's certificate as PEM text. The earlier password ends.
    """
    folder, deployment = Folder(data_dir), connection_settings.started(data_dir)
    kafka = folder.read_state()["kafka"]
    admin = AdminClient({**connection_settings.admin(data_dir), "log_level": 0})
    password = secrets.token_hex(24)
    with issued_agency_credentials.on_broker(folder):
        provision.make_users(admin, {PRINCIPAL: password})
        quotas.settle(connection_settings.admin(data_dir), quotas.of_principals([PRINCIPAL], ()))
        rights.add_access(admin, auditor_rights(deployment))
    return {
        "bootstrap.servers": kafka["bootstrap"],
        "security.protocol": "SASL_SSL",
        "ssl.ca.pem": Path(kafka["ca"]).read_text(encoding="utf-8"),
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": PRINCIPAL,
        "sasl.password": password,
        "group.id": deployment.group(PRINCIPAL),
    }


def dismiss(data_dir: Path) -> None:
    """Take away the auditor's rights and replace its password by an unknown one."""
    admin = AdminClient({**connection_settings.admin(data_dir), "log_level": 0})
    with issued_agency_credentials.on_broker(Folder(data_dir)):
        rights.drop_access(admin, [PRINCIPAL])
        provision.close_users(admin, [PRINCIPAL])


def auditor_rights(deployment: Deployment) -> frozenset[Right]:
    """Return the auditor's rights: to read the topics of the log, in a group of its own."""
    topics = {
        Right(PRINCIPAL, "TOPIC", topic, operation) for topic in deployment.logs for operation in ("READ", "DESCRIBE")
    }
    return frozenset({*topics, Right(PRINCIPAL, "GROUP", deployment.group(PRINCIPAL), "READ")})
