"""The folders of processes: settings that every reader takes as they are, and files by stable names."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from infra.check_row import Check, CheckState
from infra.local import connection_settings
from infra.local.data_folder import Folder
from infra.local.protected_files import write_private
from infra.local.public_addresses import AddressError, PublicAddresses
from infra.local.supervisor_plan import deployment_to_plain
from schemas.topics import Deployment
from services.console import local_cluster
from services.console.__main__ import app
from services.console.local_cluster import ON_KAFKA
from services.console.provision import checking, process_folders
from services.console.provision.process_folders import LayoutError, ProcessFolder, database_files
from services.console.service_settings import SERVICES
from services.runtime.migrate import missing_revisions, revision_chain


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A provisioned folder, as far as the layout looks."""
    made = Folder(tmp_path / "data")
    made.make()
    existing = {"ca": str(made.ca), "replication": 3}
    kafka = {"bootstrap": "kafka:9092", "mtls": None, "ca": str(made.ca), "existing": existing}
    made.write_state({"deployment": deployment_to_plain(Deployment("t1", 2, ("dhs",))), "kafka": kafka})
    for service in SERVICES:
        environment = connection_settings.environment(made.root, service if service in ON_KAFKA else None, service)
        for name, value in environment.items():
            if name in process_folders.NAMES and name != "ATIPS_SYSTEMS_FILE":
                write_private(Path(value), f"{name} of {service}\n")
    return made


def test_every_file_that_a_setting_names_has_a_name_below_the_mount(folder: Folder) -> None:
    """A new setting that names a file must get a name, or a container would look for a path of this machine."""
    for found in process_folders.folders(folder.root, Path("/run/atips")):
        assert [value for value in found.settings.values() if str(folder.root) in value] == []
        named = {
            value.removeprefix("/run/atips/") for value in found.settings.values() if value.startswith("/run/atips")
        }
        assert named - set(process_folders.FOLDERS.values()) <= found.files.keys()


def test_the_settings_of_a_process_are_lines(folder: Folder) -> None:
    [intake] = [each for each in process_folders.folders(folder.root, Path("/somewhere")) if each.name == "intake"]
    lines = intake.env().splitlines()
    assert "ATIPS_KAFKA_PASSWORD_FILE=/somewhere/kafka.password" in lines
    assert "ATIPS_HTTP_PORT=8443" in lines
    assert intake.files["kafka.password"] == "ATIPS_KAFKA_PASSWORD_FILE of intake\n"
    assert intake.files["systems.json"] == "{}\n"


@pytest.mark.parametrize("value", ["two words", 'a"b', "a'b", "a\\b", "a$b", "a#b", "a\nb"])
def test_a_value_that_some_reader_would_change_is_refused(value: str) -> None:
    with pytest.raises(LayoutError, match="ATIPS_X"):
        ProcessFolder("web", {"ATIPS_X": value}, {}).env()


def test_what_is_not_named_any_more_is_removed(tmp_path: Path) -> None:
    found = ProcessFolder("web", {"ATIPS_A": "1"}, {"agencies/dhs.json": "{}\n", "web.crt": "x\n"})
    assert process_folders.write(tmp_path, found)
    assert not process_folders.write(tmp_path, found)
    assert process_folders.write(tmp_path, ProcessFolder("web", {"ATIPS_A": "1"}, {"web.crt": "x\n"}))
    assert sorted(each.name for each in (tmp_path / "web").rglob("*") if each.is_file()) == ["web.crt", "web.env"]


def test_the_authority_of_the_database_goes_with_the_way_into_it(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("authority\n", encoding="utf-8")
    dsn = f"postgresql://web:x@db:5432/t1?sslmode=verify-full&sslrootcert={tmp_path}/ca.pem"
    assert database_files(dsn, "postgres.dsn", Path("/run/atips")) == {
        "postgres.dsn": "postgresql://web:x@db:5432/t1?sslmode=verify-full&sslrootcert=/run/atips/postgres-ca.pem\n",
        "postgres-ca.pem": "authority\n",
    }


def test_keys_of_the_first_start_are_handed_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path / "data")
    folder.make()
    kafka = {"bootstrap": "127.0.0.1:1", "mtls": "127.0.0.1:2", "ca": str(folder.ca), "existing": None}
    folder.write_state({"deployment": deployment_to_plain(Deployment("t1", 1, ("bpd",))), "kafka": kafka})
    folder.api_key("bpd").parent.mkdir()
    secrets = (folder.password_file("bpd"), folder.api_key("bpd"), folder.database("bpd"), folder.key("bpd"))
    for each in (folder.ca, *secrets):
        write_private(each, f"{each.name}\n")
    monkeypatch.setattr(local_cluster, "running_cluster", lambda _: SimpleNamespace(data_dir=folder.root))
    monkeypatch.setattr(local_cluster, "http_address", lambda _: "https://127.0.0.1:3")
    words = ["agency", "hand-out", "--to", str(tmp_path / "handed"), "--json", "--data-dir", str(folder.root)]

    first = CliRunner().invoke(app, words)
    assert json.loads(first.stdout) == {"handed_out": ["bpd"]}
    handed = tmp_path / "handed" / "clients" / "bpd"
    said = json.loads((handed / "connection.json").read_text(encoding="utf-8"))
    assert (said["http"]["key"], said["kafka"]["config"]["sasl.password"]) == ("api.key", "bpd.password")
    assert (handed / "database.dsn").read_text(encoding="utf-8") == "database.dsn\n"
    assert [each for each in secrets if each.exists()] == []
    assert json.loads(CliRunner().invoke(app, words).stdout) == {"handed_out": []}
    with pytest.raises(connection_settings.HandedOutError):
        connection_settings.client(folder.root, "bpd")


@pytest.mark.parametrize("address", ["http://a:1", "https://a", "https://a:x", "https://a:1/path", "a:1"])
def test_an_address_without_https_host_and_port_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        PublicAddresses(intake=address)


def test_outstanding_migrations_are_those_that_would_run() -> None:
    chain = [each.revision for each in revision_chain("web").walk_revisions()]  # the newest first
    assert missing_revisions("web", chain[0]) == ()
    assert missing_revisions("web", chain[2]) == (chain[1], chain[0])
    assert missing_revisions("web", None) == tuple(reversed(chain))
    assert missing_revisions("web", "9999") is None


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ((), 0),
        ((CheckState.OK, CheckState.NOTE), 0),
        ((CheckState.OK, CheckState.CHANGE), 3),
        ((CheckState.CHANGE, CheckState.MISSING), 1),
    ],
)
def test_the_exit_code_says_what_the_rows_come_to(states: tuple[CheckState, ...], code: int) -> None:
    assert checking.exit_code(tuple(Check("Kafka", "x", state, "y") for state in states)) == code
