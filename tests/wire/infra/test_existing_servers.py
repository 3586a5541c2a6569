"""A Kafka and a PostgreSQL that already run: provisioned and used, neither started nor stopped.

The run's own cluster plays the existing one. The folders here hold a copy of its secrets, because a start sets the
passwords that its own folder holds.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined] # it has no __all__

from infra.kafka.rights import access as rights_of
from infra.kafka.rights import existing_access
from infra.local import connection_settings
from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder import Folder
from infra.local.environment_variables import SettingsError
from infra.local.supervised_command import Command
from schemas.topics import Deployment
from tests.support.cluster import environment_of_existing
from tests.wire.infra.conftest import consume, lives, produce, until

DEPLOYMENT = Deployment("existing", 2, ("dhs", "bpd"))


@pytest.fixture
def servers(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """The run's cluster, announced in the environment as the existing one."""
    for name, value in environment_of_existing(cluster).items():
        monkeypatch.setenv(name, value)
    return cluster


@pytest.fixture
def folder(servers: Cluster, tmp_path: Path) -> Folder:
    tmp_path.chmod(0o777)  # services write here, each as a user of its own
    own = Folder(tmp_path / "data")
    own.make()
    shutil.copytree(Folder(servers.data_dir).secrets, own.secrets, dirs_exist_ok=True)
    return own


async def test_it_is_provisioned_and_used(servers: Cluster, folder: Folder, admin: AdminClient) -> None:
    with Cluster.start(folder.root, deployment=DEPLOYMENT) as second:
        assert second.status()["services"] == []  # no broker and no database of its own
        assert not (folder.postgres).exists()
        made = {spec.name: spec.partitions for spec in DEPLOYMENT.specs()}
        found = admin.list_topics(timeout=30).topics
        assert {name: len(topic.partitions) for name, topic in found.items() if name in made} == made
        rights = {right for right in existing_access(admin) if right.name.startswith("existing.")}
        assert rights == rights_of(DEPLOYMENT.specs(), DEPLOYMENT)

        assert produce(connection_settings.client(folder.root, "dhs"), DEPLOYMENT.inbound("dhs"), b"{}") is None
        intake = connection_settings.client(folder.root, "intake")
        assert consume(intake, DEPLOYMENT.inbound("dhs"), DEPLOYMENT.group("intake"), 1) == [b"{}"]
        connection = await asyncpg.connect(folder.dsn_file("migrator").read_text(encoding="utf-8").strip())
        try:
            assert await connection.fetchval("SELECT current_database()") == "existing"
            await connection.execute("CREATE TABLE reporting.here ()")
        finally:
            await connection.close()
        with pytest.raises(connection_settings.NoCertificateError):
            second.environment("dhs", None, mtls=True)
    assert servers.status()["stage"] == "ready"


def test_a_folder_of_real_data_never_becomes_a_synthetic_one(servers: Cluster, folder: Folder) -> None:
    with Cluster.start(folder.root, deployment=DEPLOYMENT):
        assert not folder.synthetic.exists()
    with pytest.raises(ClusterError, match="not started for synthetic data"):
        Cluster.start(folder.root, deployment=DEPLOYMENT, synthetic=True)
    assert not folder.synthetic.exists()


async def test_either_may_be_an_existing_one(servers: Cluster, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATIPS_POSTGRES_ADMIN_DSN_FILE")
    with Cluster.start(folder.root, deployment=DEPLOYMENT) as second:
        assert [service["name"] for service in second.status()["services"]] == ["postgres"]
        own = await asyncpg.connect(folder.dsn_file("reporting").read_text(encoding="utf-8").strip())
        try:
            port = await own.fetchval("SELECT current_setting('port')")
            assert port == str(folder.read_state()["ports"]["postgres"])
        finally:
            await own.close()
        assert produce(connection_settings.client(folder.root, "dhs"), DEPLOYMENT.inbound("dhs"), b"{}") is None


def test_half_of_the_settings_is_an_error_that_names_the_rest(
    servers: Cluster, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATIPS_KAFKA_ADMIN_KEY")
    with pytest.raises(SettingsError, match="ATIPS_KAFKA_ADMIN_KEY"):
        Cluster.start(folder.root, deployment=DEPLOYMENT)


def test_a_topic_that_differs_stops_the_start_and_names_the_setting(
    servers: Cluster, folder: Folder, admin: AdminClient
) -> None:
    deployment = Deployment("differs", 2, ("dhs",))
    config = {"retention.ms": "60000"}
    for made in admin.create_topics([NewTopic(deployment.inbound("dhs"), 1, 1, config=config)]).values():
        made.result()
    with pytest.raises(ClusterError, match=r"topic differs\.inbound\.dhs\.v1: retention\.ms is 60000, not 604800000"):
        Cluster.start(folder.root, deployment=deployment)


RECORDER = """
import json, os, sys, time
json.dump({**os.environ, "pid": os.getpid()}, open(sys.argv[1] + ".new", "w"))
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)
"""


def recorder(name: str, file: Path, **environment: str) -> Command:
    return Command(name, (sys.executable, "-c", RECORDER, str(file)), "intake", "intake", environment)


def test_services_run_after_the_steps_and_are_started_again(servers: Cluster, folder: Folder, tmp_path: Path) -> None:
    file, step = tmp_path / "seen.json", tmp_path / "step"
    touch = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
    check = "import pathlib, sys, time; assert pathlib.Path(sys.argv[1]).exists(); time.sleep(600)"
    prepare = [Command("touch", (sys.executable, "-c", touch, str(step)))]
    services = [
        recorder("intake", file, ATIPS_LOG_LEVEL="debug"),
        Command("after", (sys.executable, "-c", check, str(step))),
    ]

    def seen() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return found

    with Cluster.start(folder.root, deployment=DEPLOYMENT, prepare=prepare, services=services) as second:
        until(lambda: bool(seen()))
        first = seen()
        ca = {"ATIPS_KAFKA_CA": str(folder.other_ca)} if os.geteuid() == 0 else {}
        wanted = second.environment("intake", "intake") | {"ATIPS_LOG_LEVEL": "debug"} | ca
        assert {name: value for name, value in first.items() if name.startswith("ATIPS_")} == wanted
        os.kill(first["pid"], signal.SIGKILL)
        until(lambda: seen()["pid"] != first["pid"])

        def told() -> dict[str, Any]:
            return {service["name"]: service for service in second.status()["services"]}

        until(lambda: told()["intake"]["restarts"] == 1)  # the supervisor writes it after it started the service
        again = told()
        assert again["after"] == {"name": "after", "pid": again["after"]["pid"], "state": "running", "restarts": 0}
    assert not lives(seen()["pid"])
    assert not lives(again["after"]["pid"])


def test_a_failing_step_is_the_failure_of_the_start(servers: Cluster, folder: Folder, tmp_path: Path) -> None:
    fails = Command("migrate", (sys.executable, "-c", "import sys; sys.exit('no such revision')"))
    never = tmp_path / "never"
    with pytest.raises(ClusterError, match="migrate failed with 1: no such revision"):
        Cluster.start(folder.root, deployment=DEPLOYMENT, prepare=[fails], services=[recorder("intake", never)])
    assert not Cluster.at(folder.root).running
    assert not never.exists()


def test_services_do_not_outlive_a_killed_supervisor(servers: Cluster, folder: Folder, tmp_path: Path) -> None:
    file = tmp_path / "seen.json"
    second = Cluster.start(folder.root, detached=True, deployment=DEPLOYMENT, services=[recorder("intake", file)])
    until(file.exists)
    service = json.loads(file.read_text(encoding="utf-8"))["pid"]
    os.kill(folder.read_state()["supervisor"], signal.SIGKILL)
    until(lambda: not lives(service))
    assert not second.running
