"""Restore of the database alone, next to a broker that still has its log: no accepted event is lost."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from typing_extensions import override

from infra.local.cluster import Cluster
from services.console import cluster_start
from services.console.backup import catching_up_with_log, keys_archive
from services.console.backup.errors import BackupError
from services.console.backup.restoring import DeploymentRestore, RestoredDeployment

_META: Final = "kafka/data/meta.properties"


class DatabaseRestore(DeploymentRestore):
    """A restore of the database into the data folder of a stopped deployment whose broker still has its log.

    The old database is renamed to `postgres.lost-TIME` and stays. It is put back when any step fails.
    """

    @override
    def run(self) -> RestoredDeployment:
        """Restore the database and catch up from the log. Raises the errors of `DeploymentRestore.run`."""
        if Cluster.at(self._target).running:
            message = f"A cluster runs in {self._target}: stop it first (atips down)."
            raise BackupError(message)
        plan, _ = self._timed("checking", self._checked)
        if plan.point.kafka_cluster != cluster_of(self._target):
            message = f"The broker in {self._target} is not that of the backup: restore all of it into a new folder."
            raise BackupError(message)
        shutil.rmtree(self._folder.root, ignore_errors=True)
        aside = self._target / f"postgres.lost-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        place = self._target / "postgres"
        try:
            self._folder.make()
            keys_archive.restore_keys(self._request.keys_from, plan.point.keys, self._folder, ())
            self._timed("database", self._database, plan)
            if place.exists():
                place.rename(aside)
            self._folder.postgres.rename(place)
        finally:
            shutil.rmtree(self._folder.root, ignore_errors=True)
        try:
            with Cluster.start(
                self._target,
                deployment=self._deployment(plan),
                prepare=[cluster_start.migration()],
                progress=self._stage,
            ):
                n = self._timed("catching up", catching_up_with_log.catch_up, self._target)
                compared = self._timed("comparing", self._compared, self._target)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            if aside.exists():
                aside.rename(place)
            raise
        point = plan.point
        return RestoredDeployment(point.point, point.made_at, n, 0, 0, 0, compared, dict(self._seconds))


def cluster_of(data_dir: Path) -> str:
    """Return the Kafka cluster id of the broker in a data folder; empty if it has no broker."""
    try:
        lines = (data_dir / _META).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return ""
    return next((line.partition("=")[2] for line in lines if line.startswith("cluster.id=")), "")
