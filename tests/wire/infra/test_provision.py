"""`atips provision` on a Kafka and a PostgreSQL that run already: what it makes, and what it writes for each process.

The run's own cluster plays the existing servers, as in `test_existing_servers`.
"""

import asyncio
import json
import re
import shlex
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg
import pytest
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined] # it has no __all__
from cryptography import x509
from typer.testing import CliRunner, Result

from infra.kafka import cluster_difference as changes_of_kafka
from infra.kafka import quotas
from infra.kafka.provision import make_users, users
from infra.kafka.rights import Right, existing_access
from infra.kafka.rights import access as rights_of
from infra.kafka.topics import read as read_topics
from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.provision import provision_postgres
from infra.postgres import provision_dry_run
from schemas.ids import Kind
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
    of_run: Path
    """The data folder of the run's cluster."""
    checked: list[dict[str, Any]] = field(default_factory=list)
    """The check before anything was made."""

    def check(self, *words: str, code: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.atips("provision", "--check", "--json", *words, code=code).stdout)
        return found

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


def everything(made: Provisioned, database: str = "postgres") -> tuple[object, ...]:
    """Give all that a check must not change: on the broker, in the database, and in the folders."""
    settings = connection_settings.admin(made.of_run)
    admin = AdminClient(settings)

    async def snapshot() -> provision_dry_run.Snapshot:
        connection = await asyncpg.connect(
            Folder(made.of_run).dsn_file("postgres").read_text().strip(), database=database
        )
        try:
            return await provision_dry_run.snapshot(connection)
        finally:
            await connection.close()

    topics = [spec.name for spec in DEPLOYMENT.specs()]
    on_broker = read_topics(admin, topics), existing_access(admin), users(admin), quotas.existing(settings)
    return (*on_broker, asyncio.run(snapshot()), made.files())


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
    found = Provisioned(folder, root / "handed", environment_of_existing(cluster), cluster.data_dir)
    before = everything(found)
    found.checked.append(found.check(*OPTIONS, code=3))
    assert everything(found) == before
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
    with pytest.raises(connection_settings.HandedOutError):
        connection_settings.client(made.folder.root, "dhs")


def test_a_second_run_changes_no_file(made: Provisioned) -> None:
    before = made.files()
    said = json.loads(made.atips("provision", "--to", str(made.to), "--json").stdout)
    assert (said["changed"], said["handed_out"]) == ([], [])
    assert made.files() == before


def test_a_check_says_what_would_be_made(made: Provisioned) -> None:
    [before] = made.checked
    rows = {(each["subject"], each["state"]): each["text"] for each in before["checks"]}
    assert rows["topics", "change"].startswith(f"{len(DEPLOYMENT.specs())} to make: {DEPLOYMENT.name}.inbound.dhs.v1, ")
    assert rows["database", "change"] == f"1 to make: {DEPLOYMENT.name}"
    assert "missing" not in {each["state"] for each in before["checks"]}


def test_after_provisioning_a_check_has_nothing_to_do_and_changes_nothing(made: Provisioned) -> None:
    before = everything(made, DEPLOYMENT.name)
    found = made.check(code=0)
    assert {each["state"] for each in found["checks"]} <= {"ok", "note"}
    assert everything(made, DEPLOYMENT.name) == before


async def administer(made: Provisioned, statement: str) -> None:
    dsn = Folder(made.of_run).dsn_file("postgres").read_text(encoding="utf-8").strip()
    connection = await asyncpg.connect(dsn, database=DEPLOYMENT.name)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_what_somebody_changed_is_named_and_put_right(
    made: Provisioned, admin: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = Right("bpd", "TOPIC", DEPLOYMENT.inbound("bpd"), "WRITE")
    [deleted] = admin.delete_acls([writes.exactly()]).values()
    deleted.result()
    quotas.settle(connection_settings.admin(made.of_run), {quotas.QuotaSubject("user", "dhs"): {}})
    make_users(admin, {"reporting": "another password than the folder has"})
    asyncio.run(administer(made, "ALTER ROLE web CONNECTION LIMIT 1 PASSWORD 'another'"))

    refused = made.check(code=1)
    missing = [each["subject"] for each in refused["checks"] if each["state"] == "missing"]
    assert missing == ["users of others"]  # the tests' cluster has another deployment, with the same users
    monkeypatch.setattr(changes_of_kafka, "_users_of_others", lambda _: iter(()))

    found = made.check(code=3)
    changes = {(each["server"], each["subject"]): each["text"] for each in found["checks"] if each["state"] == "change"}
    assert changes == {
        ("Kafka", "users"): "1 get a password: reporting",
        ("Kafka", "rights"): f"1 to give: {writes}",
        ("Kafka", "quotas"): "1 to set: user dhs",
        ("PostgreSQL", "password"): "1 to change: web",
        ("PostgreSQL", "role"): "1 to change: web",
    }
    made.atips("provision", "--to", str(made.to))
    made.check(code=0)


def test_a_topic_of_another_form_is_named_and_nothing_is_made(
    made: Provisioned, admin: AdminClient, tmp_path: Path
) -> None:
    deployment = Deployment(f"p{token_hex(3)}", 2, ("dhs",))
    [topic] = admin.create_topics([NewTopic(deployment.log(Kind.PERSON), 3, 1)]).values()
    topic.result()
    other = replace(made, folder=Folder(tmp_path / "data"))
    options = ("--deployment", deployment.name, "--partitions", "2", "--agency", "dhs")
    found = other.check(*options, code=1)
    assert (
        f"topic {deployment.log(Kind.PERSON)}: 3 partitions, not 2. It is never changed: use another --deployment"
        in [each["text"] for each in found["checks"] if each["state"] == "missing"]
    )
    refused = other.atips("provision", *options, code=1)
    assert "3 partitions, not 2" in refused.stderr
    assert not other.folder.root.exists()
    assert [
        name for name in admin.list_topics(timeout=30).topics if name.startswith(f"{deployment.name}.inbound")
    ] == []


def test_a_new_folder_takes_no_database_over(made: Provisioned, tmp_path: Path) -> None:
    other = replace(made, folder=Folder(tmp_path / "data"))
    refused = other.atips("provision", *OPTIONS, code=1)
    assert f"the database {DEPLOYMENT.name} is there already, and this data folder is new" in refused.stderr


def test_commands_reach_the_servers_of_a_provisioned_folder(made: Provisioned) -> None:
    listed = json.loads(made.atips("agency", "list", "--json").stdout)["credentials"]
    assert {(each["agency"], each["state"], each["api_keys"]) for each in listed} == {
        ("bpd", "in force", 1),
        ("dhs", "in force", 1),
    }


PAGE = Path(__file__).resolve().parents[3] / "docs" / "bring-your-own.md"
COMMANDS = re.findall(r"^\.venv/bin/atips (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_commands_of_the_page_are_taken_one_after_the_other(
    made: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.to.parent)
    assert len(COMMANDS) == 3
    for line in COMMANDS:
        made.atips(*shlex.split(line), *OPTIONS)
    said = json.loads((made.folder.doors).read_text(encoding="utf-8"))
    assert (said["intake"], said["pages"]) == ("https://events.example:8443", "https://figures.example:8444")
    certificate = x509.load_pem_x509_certificate((made.to / "web" / "web.crt").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "figures.example" in names.get_values_for_type(x509.DNSName)
