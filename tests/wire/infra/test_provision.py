"""`atips provision` on a Kafka and a PostgreSQL that run already: what it makes, and what it writes for each process.

The run's own cluster plays the existing servers, as in `test_existing`.
"""

import json
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg
import pytest
from confluent_kafka.admin import AdminClient
from typer.testing import CliRunner, Result

from infra.kafka.rights import access as rights_of
from infra.kafka.rights import existing_access
from infra.local import access
from infra.local.cluster import Cluster
from infra.local.folder import Folder
from infra.local.provision import provision_postgres
from schemas.topics import Deployment
from services.console.__main__ import app
from tests.support.cluster import environment_of_existing
from tests.wire.infra.conftest import produce

DEPLOYMENT = Deployment(f"p{token_hex(3)}", 2, ("dhs", "bpd"))
OPTIONS = ("--deployment", DEPLOYMENT.name, "--partitions", "2", "--agency", "dhs", "--agency", "bpd")


@dataclass(frozen=True, slots=True)
class Provisioned:
    """A data folder, the folder that is handed on, and the command."""

    folder: Folder
    to: Path
    environment: dict[str, str]

    def atips(self, *words: str, code: int = 0) -> Result:
        result = CliRunner(env=self.environment).invoke(app, [*words, "--data-dir", str(self.folder.root)])
        assert result.exit_code == code, result.output
        return result

    def files(self) -> dict[str, tuple[int, bytes]]:
        """Give every file below both folders, with its time and its content."""
        return {
            str(each): (each.stat().st_mtime_ns, each.read_bytes())
            for root in (self.folder.root, self.to)
            for each in sorted(root.rglob("*"))
            if each.is_file() and each.name != "lock"
        }


@pytest.fixture(scope="module")
def made(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provisioned]:
    root, of_run = tmp_path_factory.mktemp("provision"), Folder(cluster.data_dir)
    folder = Folder(root / "data")
    folder.make()
    # A copy of the run's secrets: principals and roles are the same there, and keep their passwords.
    shutil.copytree(of_run.secrets, folder.secrets, dirs_exist_ok=True, ignore=shutil.ignore_patterns("web"))
    for agency in DEPLOYMENT.agencies:
        folder.database(agency).parent.mkdir(mode=0o700)
        shutil.copy(of_run.database(agency), folder.database(agency))
    found = Provisioned(folder, root / "handed", environment_of_existing(cluster))
    found.atips("provision", *OPTIONS, "--to", str(found.to))
    yield found
    provision_postgres(cluster.data_dir, of_run.read_state())  # the logins of the run's other agencies


def env(made: Provisioned, process: str) -> dict[str, str]:
    lines = (made.to / process / f"{process}.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_topics_and_rights_are_made(made: Provisioned, admin: AdminClient) -> None:
    wanted = {spec.name: spec.partitions for spec in DEPLOYMENT.specs()}
    found = admin.list_topics(timeout=30).topics
    assert {name: len(topic.partitions) for name, topic in found.items() if name in wanted} == wanted
    rights = {right for right in existing_access(admin) if right.name.startswith(f"{DEPLOYMENT.name}.")}
    assert rights == rights_of(DEPLOYMENT.specs(), DEPLOYMENT)


async def test_each_process_finds_all_that_its_settings_name(made: Provisioned) -> None:
    for process in ("intake", "referral", "case_tracker", "reporting", "web"):
        found = env(made, process)
        named = {value for value in found.values() if value.startswith("/run/atips/")}
        assert named
        assert [value for value in named if not (made.to / process / Path(value).name).exists()] == []
        dsn = (made.to / process / "postgres.dsn").read_text(encoding="utf-8").strip()
        connection = await asyncpg.connect(dsn)
        try:
            assert await connection.fetchval("SELECT current_user") == process
        finally:
            await connection.close()


def test_others_may_read_none_of_it(made: Provisioned) -> None:
    modes = {stat.S_IMODE(each.stat().st_mode) for each in [made.to, *made.to.rglob("*")] if each.is_dir()}
    assert modes == {0o700}
    assert {stat.S_IMODE(each.stat().st_mode) for each in made.to.rglob("*") if each.is_file()} == {0o600}


def test_an_agency_publishes_with_what_it_is_handed(made: Provisioned) -> None:
    said: dict[str, Any] = json.loads((made.to / "clients" / "dhs" / "connection.json").read_text(encoding="utf-8"))
    assert said["http"]["address"] == "https://intake:8443"
    assert produce(said["kafka"]["config"] | {"group.id": "x"}, said["kafka"]["inbound"], b"{}") is None


def test_the_keys_of_agencies_are_not_kept(made: Provisioned) -> None:
    assert [each for each in made.folder.clients.rglob("*") if each.is_file()] == []
    with pytest.raises(access.HandedOutError):
        access.client(made.folder.root, "dhs")


def test_a_second_run_changes_no_file(made: Provisioned) -> None:
    before = made.files()
    said = json.loads(made.atips("provision", "--to", str(made.to), "--json").stdout)
    assert (said["changed"], said["handed_out"]) == ([], [])
    assert made.files() == before
