"""The real Kafka and PostgreSQL of a test run: one throw-away cluster, gone with the run, however that ends.

`cluster` is started on first use, its database migrated, so that `CREATE DATABASE x TEMPLATE atips` gives a test one of
its own; `admin` is its super user. Tests keep apart by the name of their deployment and of their database.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from confluent_kafka.admin import AdminClient

from infra.kafka.rights import access as rights_of
from infra.kafka.rights import make_access
from infra.kafka.topics import make_topics
from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.supervised_command import Command
from schemas.topics import Deployment

# A killed consumer's partitions are free, and a newcomer has its share, sooner than on a user's cluster.
# A killed broker is let in again sooner, and files whose records were deleted are removed sooner.
IMPATIENT = {
    f"group.consumer.{bound}{name}.ms": value
    for name, value in {"session.timeout": "2000", "heartbeat.interval": "500"}.items()
    for bound in ("", "min.")
} | {
    "group.min.session.timeout.ms": "500",
    "broker.session.timeout.ms": "3000",
    "log.retention.check.interval.ms": "1000",
    "log.initial.task.delay.ms": "1000",
}
MIGRATE = Command("migrate", (sys.executable, "-m", "services.runtime.migrate"), role="migrator")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster of the test run, provisioned for the deployment `atips`, its schemas migrated."""
    with Cluster.start(None, prepare=[MIGRATE], broker=IMPATIENT) as started:
        yield started


@pytest.fixture(scope="session")
def admin(cluster: Cluster) -> AdminClient:
    """The super user of the run's cluster."""
    return AdminClient({**connection_settings.admin(cluster.data_dir), "log_level": 0})


def make_deployment(admin: AdminClient, *agencies: str, partitions: int = 2, rights: bool = False) -> Deployment:
    """Make the topics of a deployment under a name of its own; with `rights`, those of its principals too.

    The principals and their passwords are those of the run's cluster. Without rights only the super user may use it.
    """
    deployment = Deployment(f"t{token_hex(4)}", partitions, agencies)
    make_topics(admin, deployment.specs())
    if rights:
        make_access(admin, rights_of(deployment.specs(), deployment), deployment)
    return deployment


def environment(cluster: Cluster, deployment: Deployment, dsn_file: Path | None = None) -> dict[str, str]:
    """Give the ATIPS_* variables of a service on a test's own deployment, as the super user of the broker."""
    found = connection_settings.environment(cluster.data_dir, "admin", None, mtls=True) | {
        "ATIPS_DEPLOYMENT": deployment.name,
        "ATIPS_PARTITIONS": str(deployment.partitions),
        "ATIPS_GENERATION": str(deployment.generation),
        "ATIPS_AGENCIES": ",".join(deployment.agencies),
        "ATIPS_SYSTEMS": ",".join(deployment.systems),
    }
    return found if dsn_file is None else found | {"ATIPS_POSTGRES_DSN_FILE": str(dsn_file)}


def environment_of_existing(cluster: Cluster) -> dict[str, str]:
    """Give the ATIPS_* variables that name a run's cluster as servers which others run."""
    folder, settings = Folder(cluster.data_dir), connection_settings.admin(cluster.data_dir)
    return {
        f"ATIPS_{name}": str(value)
        for name, value in {
            "KAFKA_BOOTSTRAP": cluster.status()["kafka"]["bootstrap"],
            "KAFKA_CA": folder.ca,
            "KAFKA_REPLICATION": 1,
            "KAFKA_ADMIN_BOOTSTRAP": settings["bootstrap.servers"],
            "KAFKA_ADMIN_CERTIFICATE": settings["ssl.certificate.location"],
            "KAFKA_ADMIN_KEY": settings["ssl.key.location"],
            "POSTGRES_ADMIN_DSN_FILE": folder.dsn_file("postgres"),
        }.items()
    }
