"""Restore of keys, database and log into a new data folder, which gets its name when all checks have passed.

The database is restored first. It says how far the log was sent and read, and the log is written up to there. A service
that had read less continues from its stored position when it starts.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from infra.local import connection_settings, postgres_backup, postgres_recovery
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.protected_files import write_private
from infra.local.supervisor_plan import deployment_from_plain
from schemas.topics import Deployment
from services.console import cluster_start, local_cluster
from services.console.backup import (
    checking,
    database,
    database_state,
    erasure_register,
    kafka_log,
    kafka_log_restore,
    keys_archive,
    restore_moment,
    signed_document,
)
from services.console.backup.database_state import DatabaseState
from services.console.backup.erasure_register import Erasure
from services.console.backup.errors import BackupError
from services.console.backup.kafka_log_restore import Loader
from services.console.backup.manifest import BackupPoint
from services.console.backup.restore_moment import RestorePlan
from services.runtime import broker_queries
from services.runtime.broker_queries import Config
from services.runtime.record import Record

_QUIET: Final = {"log_level": 0}
_NOTE: Final = "restored.json"
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """The folders of a restore and its target: one of `point`, `at` and `before_n`, or none for the newest point.

    `log_only`: the database was restored by its own tool, and is the one that the settings name.
    `same_ports`: use the old ports where they are free, so that agencies' systems find the deployment again.
    """

    source: Path
    keys_from: Path
    data_dir: Path
    point: str = ""
    at: datetime | None = None
    before_n: int | None = None
    log_only: bool = False
    same_ports: bool = True


@dataclass(frozen=True, slots=True)
class RestoredDeployment:
    """Result of a restore of the backup `point`, as programs get it.

    `n`: last sequence number. `records`: records written to the log. `erased_again`: erasures published again.
    `keys_left_out`: keys of erased persons. `compared`: result of the comparison with a replay. `seconds`: time of each
    step.
    """

    point: str
    made_at: str
    n: int
    records: int
    erased_again: int
    keys_left_out: int
    compared: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict)


class DeploymentRestore:
    """One restore, made in a hidden folder that is renamed to the data folder when every check has passed."""

    def __init__(self, request: RestoreRequest, stage: Callable[[str], None]) -> None:
        self._request = request
        self._stage = stage
        self._target = request.data_dir.absolute()
        self._folder = Folder(self._target.with_name(f".{self._target.name}.restoring"))
        self._seconds: dict[str, float] = {}

    def run(self) -> RestoredDeployment:
        """Restore keys, database and log, compare the figures with a replay, and rename the folder to its final name.

        On any error the hidden folder is removed. Raises `BackupError` if the backup, the data folder or the comparison
        is wrong, and `ArchiveError`, `RecoveryError`, `ClusterError`, `ServiceError` of the steps.
        """
        if self._target.exists() and any(self._target.iterdir()):
            message = f"{self._target} is not empty: a restore never writes over what is there. Name another folder."
            raise BackupError(message)
        plan, register = self._timed("checking", self._checked)
        shutil.rmtree(self._folder.root, ignore_errors=True)  # left by a restore that was killed
        try:
            restored = self._restored(plan, register)
        except BaseException:
            shutil.rmtree(self._folder.root, ignore_errors=True)
            raise
        if self._target.exists():
            self._target.rmdir()
        self._folder.root.rename(self._target)
        return restored

    def _timed(self, step: str, work: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 - passed on
        self._stage(step)
        begun = time.monotonic()
        done = work(*arguments)
        self._seconds[step] = round(time.monotonic() - begun, 2)
        return done

    def _checked(self) -> tuple[RestorePlan, Sequence[Erasure]]:
        """Plan the restore and check every file that it needs. Return (the plan, the erasures of the register)."""
        source, keys_from = self._request.source, self._request.keys_from
        public = signed_document.read_public_key(keys_from)
        points = checking.points(source, public)
        register = erasure_register.read(keys_from, public, points[-1].erasures)
        plan = self._plan(points)
        segments = [each.file for copy in plan.point.log for each in copy.segments]
        files = (*plan.database.base_files, *plan.wal, *segments)
        checking.must_be_unchanged(source, files, kafka_log.all_copied(plan.point.log))
        checking.must_be_unchanged(keys_from, [plan.point.keys])
        return plan, register

    def _plan(self, points: Sequence[BackupPoint]) -> RestorePlan:
        if self._request.log_only:
            return restore_moment.plan_log_alone(points, self._request.point)
        if self._request.at is not None:
            return restore_moment.plan_to_time(points, self._request.at)
        if self._request.before_n is not None:
            return restore_moment.plan_before_n(points, self._request.before_n)
        return restore_moment.plan_to_backup_point(points, self._request.point)

    def _restored(self, plan: RestorePlan, register: Sequence[Erasure]) -> RestoredDeployment:
        folder, deployment = self._folder, self._deployment(plan)
        folder.make()
        if self._request.same_ports:
            folder.write_state({"ports": dict(plan.point.ports)})
            local_cluster.remember(folder.root, plan.point.ports)
        left_out = keys_archive.restore_keys(
            self._request.keys_from, plan.point.keys, folder, {each.person for each in register}
        )
        if not self._request.log_only:
            self._timed("database", self._database, plan)
        self._stage("starting broker and database")
        begun = time.monotonic()
        with Cluster.start(
            folder.root, deployment=deployment, prepare=[cluster_start.migration()], progress=self._stage
        ):
            self._seconds["servers"] = round(time.monotonic() - begun, 2)
            known, records = self._timed("log", self._log, plan)
            missing = database_state.missing_erasures(register, known.erased)
            self._erase_again(missing, known)
            compared = self._timed("comparing", self._compared, folder.root)
        note = {"point": plan.point.point, "n": known.n, "restored_at": datetime.now(UTC).isoformat()}
        write_private(folder.root / _NOTE, json.dumps(note, indent=1) + "\n")
        point = plan.point
        return RestoredDeployment(
            point.point, point.made_at, known.n, records, len(missing), left_out, compared, dict(self._seconds)
        )

    def _deployment(self, plan: RestorePlan) -> Deployment:
        return deployment_from_plain(plan.point.deployment)

    def _database(self, plan: RestorePlan) -> None:
        """Recover the database to the target.

        For `--before n` it is recovered twice: first past `n`, to look up its transaction, then up to that transaction.
        """
        n = self._request.before_n
        if n is None:
            self._recover(plan, plan.target)
        else:
            found: list[str] = []
            name = self._deployment(plan).name
            self._recover(plan, plan.target, lambda dsn: found.append(asyncio.run(_transaction(dsn, name, n))))
            self._recover(plan, {"recovery_target_xid": found[0], "recovery_target_inclusive": "off"})
        postgres_recovery.check_pages(self._folder)

    def _recover(self, plan: RestorePlan, target: Mapping[str, str], ask: Callable[[str], None] | None = None) -> None:
        source = self._request.source
        [base] = [file for file in plan.database.base_files if file.path.endswith("/base.tar.gz")]
        postgres_recovery.unpack(self._folder, source / base.path, [source / file.path for file in plan.wal])
        postgres_recovery.recover(self._folder, target, ask)

    def _log(self, plan: RestorePlan) -> tuple[DatabaseState, int]:
        """Write the log to the new broker, and the new topic ids into the database.

        Returns (state of the database, number of written records).
        """
        return asyncio.run(self._write_log(plan))

    async def _write_log(self, plan: RestorePlan) -> tuple[DatabaseState, int]:
        root = self._folder.root
        deployment, config = connection_settings.deployment(root), connection_settings.admin(root) | _QUIET
        async with postgres_backup.connected(database.administrator(self._folder)) as connection:
            system = (await postgres_backup.server(connection)).system
            if system != plan.database.system:
                message = "This database is another one than that of the backup: its system identifier differs."
                raise BackupError(message)
            known = await database_state.read(connection, deployment)
            _demand_empty(config, kafka_log.places_of(deployment))
            records = await asyncio.to_thread(
                kafka_log_restore.load, config, self._request.source, deployment, plan.point.log, known
            )
            names = [spec.name for spec in deployment.specs()]
            ids = {
                topic: topic_id
                for topic, (topic_id, _) in (await broker_queries.describe_topics(config, names)).items()
            }
            await database_state.rebind(connection, ids)
            await database_state.send_again(connection, deployment)
        return known, records

    def _erase_again(self, missing: Sequence[Erasure], known: DatabaseState) -> None:
        """Publish erasures that the restored log lacks; intake accepts them when it starts."""
        deployment = connection_settings.deployment(self._folder.root)
        topic = deployment.inbound("intake")
        if missing:
            loader = Loader(connection_settings.admin(self._folder.root) | _QUIET, known.inbound)
            loader.write((topic, 0), [Record(topic, 0, 0, 0, None, each.event, ()) for each in missing])
            loader.finish()

    def _compared(self, root: Path) -> dict[str, Any]:
        """Compare the restored figures with a replay of the restored log. Raises `BackupError` if they differ."""
        words = ("replay", "--compare", "--json", "--data-dir", str(root))
        done = subprocess.run(
            [sys.executable, "-m", "services.console", *words], capture_output=True, text=True, check=False
        )
        return demand_equal(done.returncode, done.stdout, done.stderr)


def demand_equal(code: int, answer: str, errors: str) -> dict[str, Any]:
    """Return `events`, `digest`, `live_digest` and `equal` of the result of `atips replay --compare --json`.

    `code`, `answer`, `errors`: exit code, stdout and stderr of the command. Raises `BackupError` if it failed or
    found a difference.
    """
    found: dict[str, Any] = json.loads(answer) if answer.startswith("{") else {}
    if code == 0 and found.get("equal") is True:
        return {name: found[name] for name in ("events", "digest", "live_digest", "equal") if name in found}
    reason = errors.strip().splitlines()[-1:] or [str(found.get("different", "it did not say why"))[:_LONGEST_REASON]]
    message = f"The restored figures are not those of the restored log: {reason[0]}. Nothing was restored."
    raise BackupError(message)


def _demand_empty(config: Config, places: Sequence[tuple[str, int]]) -> None:
    """Raise `BackupError` if the broker has a record on one of the topics: a restore writes to empty topics only."""
    full = sorted({topic for (topic, _), (_, end) in kafka_log.bounds(config, places).items() if end})
    if full:
        message = (
            f"This Kafka holds records already ({', '.join(full)}): a log is restored to new topics only. Where the log"
            " is whole and the database was lost, fill an empty database from it: atips replay --rebuild"
        )
        raise BackupError(message)


async def _transaction(dsn: str, database: str, n: int) -> str:
    async with postgres_backup.connected(f"{dsn}/{database}") as connection:
        return await database_state.transaction_of(connection, n)
