"""Making a backup point: database, then log, then keys, then the signed manifest. Without a manifest it does not count.

The log is read after the database's restore point. The copy therefore holds every record that the database says was
sent, and a restore cuts off later records. A copy from before it would lack records that readers have counted.
"""

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import Final

from confluent_kafka.admin import AdminClient

from infra.local import connection_settings
from infra.local.data_folder import Folder
from infra.local.protected_files import CLOSED, PASSABLE
from infra.local.supervisor_plan import deployment_to_plain
from services.console import local_cluster
from services.console.backup import (
    database,
    erasure_register,
    kafka_log,
    keys_archive,
    manifest,
    prometheus,
    retention,
    signed_document,
)
from services.console.backup.errors import BackupError
from services.console.backup.kafka_log import KeptTopics
from services.console.backup.manifest import BackupPoint
from services.runtime import broker_queries
from services.runtime.broker_queries import Config

_QUIET: Final = {"log_level": 0}
_ASK_SECONDS: Final = 15.0
_LOCK: Final = ".lock"
_TIME: Final = "%Y%m%dT%H%M%SZ"
_TIMED: Final = len("20260301T000000Z")


@dataclass(frozen=True, slots=True)
class BackupRequest:
    """The request of one backup: copy `data_dir` to `to`, and its keys to `keys_to`.

    `base_every`: age from which a new base backup is taken. `keep`: number of points that stay in the folder, 0 for
    all. `log_only`: the database has a backup tool of its own, and only gets a restore point.
    """

    data_dir: Path
    to: Path
    keys_to: Path
    base_every: timedelta
    keep: int = 0
    log_only: bool = False


def make_backup_point(request: BackupRequest, stage: Callable[[str], None]) -> BackupPoint:
    """Make one backup point and return its manifest. `stage` is called with the name of each step.

    With `keep`, older points are removed afterwards. If a step fails, its files stay and no point lists them. Raises
    `BackupError`, or the errors of the servers' clients: `ArchiveError`, `ServiceError`, `KafkaException`.
    """
    keys_archive.check_apart(request.to, request.keys_to)
    # Monitoring may pass through the backup folder to read `backup.prom`; all other content is in private folders.
    for made_now, mode in ((request.to, PASSABLE), (request.keys_to, CLOSED)):
        if not made_now.exists():
            made_now.mkdir(parents=True)
            made_now.chmod(mode)
    folder = Folder(request.data_dir.absolute())
    if not (request.log_only or database.is_ours(folder)):
        message = (
            "This PostgreSQL is run by others: its own tool backs it up, such as pgBackRest. Add --log-only to back up"
            " the log and the keys. See docs/backup.md, 'An existing PostgreSQL'."
        )
        raise BackupError(message)
    with _alone(request.to):
        point = _made(request, folder, stage)
        if request.keep:
            retention.drop_old_points(
                request.to, request.keys_to, request.keep, signed_document.signing_key(folder).public_key()
            )
    return point


def _made(request: BackupRequest, folder: Folder, stage: Callable[[str], None]) -> BackupPoint:
    key = signed_document.signing_key(folder)
    signed_document.write_public_key(request.keys_to, key.public_key())
    before = manifest.latest(request.to, key.public_key())
    deployment, config = connection_settings.deployment(folder.root), connection_settings.admin(folder.root) | _QUIET
    cluster = _cluster(config)
    if before is not None and before.kafka_cluster != cluster:
        message = f"{request.to} holds backups of another Kafka, or of before a restore. Name a new folder: --to DIR"
        raise BackupError(message)
    name = point_name(datetime.now(UTC), before)
    stage("the database")
    dsn, last = database.administrator(folder), before.database if before is not None else None
    copied, marked = asyncio.run(
        database.only_marked(dsn, name)
        if request.log_only
        else database.copy_database(dsn, request.to, name, last, request.base_every)
    )
    stage("the log")
    topics = _kept_topics(config, kafka_log.places_of(deployment), kafka_log.permanent_topics(deployment))
    copies = kafka_log.copy(
        config,
        request.to,
        topics,
        before.log if before else (),
        lambda done, total: stage(f"the log: {done} of {total} records"),
    )
    stage("the keys")
    point = BackupPoint(
        point=name,
        made_at=marked.at.isoformat(),
        deployment=deployment_to_plain(connection_settings.started(folder.root)),
        ports=folder.read_state()["ports"] | local_cluster.ports_of(folder.root),
        code_version=f"{version('atips')}+{(marked.code or 'none')[:16]}",
        schema_versions=marked.schema_versions,
        kafka_cluster=cluster,
        n=marked.n,
        relayed=marked.relayed,
        database=copied,
        log=copies,
        keys=keys_archive.write(folder, request.keys_to),
        erasures=erasure_register.write(request.keys_to, marked.erased, key),
    )
    manifest.write(request.to, point, key)
    prometheus.note(request.to, prometheus.SUCCESS, datetime.now(UTC))
    return point


def point_name(now: datetime, before: BackupPoint | None) -> str:
    """Return the name of the next backup: its time, but at least a second after that in the name of the last one.

    The names keep the order of the backups. After a clock was set back, a new backup would otherwise be taken for an
    old one: not continued, not restored, and removed by `--keep`. `before`: the last backup; None if there is none.
    """
    last = None if before is None else datetime.strptime(before.point[:_TIMED], _TIME).replace(tzinfo=UTC)
    at = now if last is None else max(now, last + timedelta(seconds=1))
    return f"{at:{_TIME}}-{token_hex(2)}"


def _cluster(config: Config) -> str:
    return str(AdminClient(dict(config)).list_topics(timeout=_ASK_SECONDS).cluster_id)


def _kept_topics(config: Config, places: Sequence[tuple[str, int]], ever: frozenset[str]) -> KeptTopics:
    names = sorted({topic for topic, _ in places})
    found = asyncio.run(broker_queries.describe_topics(config, names))
    return KeptTopics(places, ever, {topic: topic_id for topic, (topic_id, _) in found.items()})


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    """Lock the backup folder. Raises `BackupError` while another backup is being made there."""
    descriptor = os.open(to / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        message = f"Another backup is being made in {to}. Wait until it has ended."
        raise BackupError(message) from None
    finally:
        os.close(descriptor)
