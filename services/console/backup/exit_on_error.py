"""Errors of the backup commands, turned into a message and exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import KafkaException

from infra.local.cluster import ClusterError
from infra.local.data_folder_lock import AlreadyRunningError
from infra.local.environment_variables import SettingsError
from infra.local.postgres import PostgresError
from infra.local.postgres_backup import ArchiveError
from infra.local.postgres_recovery import RecoveryError
from services.console.backup.errors import BackupError
from services.console.output import fail
from services.runtime.errors import ServiceError


@contextmanager
def leave_on_failure() -> Iterator[None]:
    """Exit with code 1 and the error's message on any error of a backup, a restore, the cluster or Kafka."""
    try:
        yield
    except (
        *(BackupError, ArchiveError, RecoveryError, ClusterError, PostgresError, SettingsError),
        *(AlreadyRunningError, ServiceError),
    ) as error:
        fail(str(error))
    except KafkaException as error:
        fail(f"Kafka does not answer: {error.args[0].name()}. Run the command again once it answers.")
