"""Handed-out settings name files and hold no secret. Rights follow from the specs, and there are no others."""

import json
from pathlib import Path

import pytest

from infra.kafka.rights import Right
from infra.kafka.rights import access as rights_of
from infra.local import agency_kafka_tool_settings, connection_settings, kafka
from infra.local.data_folder import Folder
from infra.local.protected_files import write_private
from infra.local.supervisor_plan import deployment_to_plain
from schemas.topics import Deployment

DEPLOYMENT = Deployment("t1", 2, ("dhs", "love_foundation"))
PASSWORD = "only-in-its-file"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder as a supervisor leaves it, as far as `access` looks."""
    made = Folder(tmp_path / "data, año")
    made.make()
    made.write_state(
        {
            "deployment": deployment_to_plain(DEPLOYMENT),
            "kafka": {"bootstrap": "127.0.0.1:1", "mtls": "127.0.0.1:2", "ca": str(made.ca), "existing": None},
        }
    )
    for principal in connection_settings.principals(DEPLOYMENT):
        write_private(made.password_file(principal), PASSWORD + "\n")
    return made


def test_a_service_gets_its_principal_and_its_role(folder: Folder) -> None:
    assert connection_settings.environment(folder.root, "reporting", "reporting") == {
        "ATIPS_DEPLOYMENT": "t1",
        "ATIPS_PARTITIONS": "2",
        "ATIPS_AGENCIES": "dhs,love_foundation",
        "ATIPS_SYSTEMS": "",
        "ATIPS_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "ATIPS_KAFKA_SECURITY": "SASL_SSL",
        "ATIPS_KAFKA_CA": str(folder.ca),
        "ATIPS_KAFKA_USERNAME": "reporting",
        "ATIPS_KAFKA_PASSWORD_FILE": str(folder.password_file("reporting")),
        "ATIPS_POSTGRES_DSN_FILE": str(folder.dsn_file("reporting")),
    }


def test_by_certificate_there_is_no_password(folder: Folder) -> None:
    found = connection_settings.environment(folder.root, "dhs", None, mtls=True)
    assert {name: value for name, value in found.items() if name.startswith("ATIPS_KAFKA_")} == {
        "ATIPS_KAFKA_BOOTSTRAP": "127.0.0.1:2",
        "ATIPS_KAFKA_SECURITY": "SSL",
        "ATIPS_KAFKA_CA": str(folder.ca),
        "ATIPS_KAFKA_CERTIFICATE": str(folder.certificate("dhs")),
        "ATIPS_KAFKA_KEY": str(folder.key("dhs")),
    }


@pytest.mark.parametrize("name", ["QUARANTINE_KEY_FILE", "IDENTITY_KEY_FILE", "IDENTITY_DSN_FILE", "HTTP_KEY"])
def test_only_intake_gets_its_keys(folder: Folder, name: str) -> None:
    holders = {
        principal
        for principal in connection_settings.principals(DEPLOYMENT)
        if f"ATIPS_{name}" in connection_settings.environment(folder.root, principal, None)
    }
    assert holders == {"intake"}


def test_no_environment_holds_a_secret(folder: Folder) -> None:
    for principal in connection_settings.principals(DEPLOYMENT):
        assert PASSWORD not in json.dumps(connection_settings.environment(folder.root, principal, "me_read"))


def test_a_folder_never_started_says_so(tmp_path: Path) -> None:
    with pytest.raises(connection_settings.NotStartedError):
        connection_settings.environment(tmp_path, "dhs", None)


def test_files_for_other_programs_are_private_and_say_who_they_are_for(folder: Folder) -> None:
    agency_kafka_tool_settings.write(folder.root)
    files = sorted(folder.clients.glob("*/*"))
    assert [str(file.relative_to(folder.clients)) for file in files] == [
        "dhs/client.properties",
        "dhs/kcat.conf",
        "love_foundation/client.properties",
        "love_foundation/kcat.conf",
    ]
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}
    java = files[0].read_text(encoding="ascii")
    assert f'username=\\"dhs\\" password=\\"{PASSWORD}\\"' in java
    assert "group.id=t1.dhs\n" in java
    assert PASSWORD not in files[1].read_text(encoding="utf-8")


def test_rights_follow_from_the_specs_and_nothing_else_does() -> None:
    rights = rights_of(DEPLOYMENT.specs(), DEPLOYMENT)
    inbound, delivery = "t1.inbound.love-foundation.v1", "t1.delivery.love-foundation.v1"
    assert {right for right in rights if right.principal == "love_foundation"} == {
        Right("love_foundation", "TOPIC", inbound, "WRITE"),
        Right("love_foundation", "TOPIC", inbound, "DESCRIBE"),
        Right("love_foundation", "TOPIC", delivery, "READ"),
        Right("love_foundation", "TOPIC", delivery, "DESCRIBE"),
        Right("love_foundation", "GROUP", "t1.love_foundation", "READ"),
    }
    writers = {right.principal for right in rights if right.name in DEPLOYMENT.logs and right.operation == "WRITE"}
    assert writers == {"intake"}
    assert {right.operation for right in rights} == {"READ", "WRITE", "DESCRIBE", "DELETE"}
    assert {right for right in rights if right.operation == "DELETE"} == {
        Right("intake", "TOPIC", DEPLOYMENT.inbound(publisher), "DELETE") for publisher in DEPLOYMENT.publishers
    }
    assert {right.name for right in rights if right.resource == "GROUP"} == {
        DEPLOYMENT.group(right.principal) for right in rights if right.operation == "READ"
    }


@pytest.mark.parametrize(
    ("right", "reaches"),
    [
        (Right("bpd", "TOPIC", "t1.", "READ", "PREFIXED"), True),
        (Right("bpd", "TOPIC", "t1.person", "READ", "PREFIXED"), True),
        (Right("bpd", "TOPIC", "t", "READ", "PREFIXED"), True),
        (Right("bpd", "TOPIC", "t1", "READ", "PREFIXED"), True),
        (Right("bpd", "TOPIC", "t10.", "READ", "PREFIXED"), False),
        (Right("bpd", "TOPIC", "*", "READ"), True),
        (Right("bpd", "GROUP", "*", "DELETE"), True),
        (Right("bpd", "TRANSACTIONAL_ID", "*", "WRITE"), True),
        (Right("bpd", "TOPIC", "t", "READ"), False),
        (Right("bpd", "TOPIC", "t1.person.v1", "READ", host="10.0.0.7"), True),
        (Right("bpd", "TOPIC", "t10.person.v1", "READ"), False),
        (Right("bpd", "BROKER", "kafka-cluster", "ALTER"), True),
        (Right("bpd", "BROKER", "kafka-cluster", "CLUSTER_ACTION"), True),
        (Right("bpd", "BROKER", "kafka-cluster", "IDEMPOTENT_WRITE"), False),
        (Right("bpd", "UNKNOWN", "*", "DESCRIBE"), False),
    ],
    ids=str,
)
def test_what_a_right_reaches(right: Right, *, reaches: bool) -> None:
    assert right.reaches("t1.") is reaches


def test_the_brokers_configuration_is_closed_and_holds_no_secret(folder: Folder) -> None:
    text = kafka.properties(folder, {"kafka": 1, "kafka_mtls": 2, "kafka_controller": 3})
    settings = dict(line.split("=", 1) for line in text.splitlines())
    assert settings["listeners"] == "SASL_SSL://127.0.0.1:1,MTLS://127.0.0.1:2,CONTROLLER://127.0.0.1:3"
    assert settings["listener.security.protocol.map"] == "SASL_SSL:SASL_SSL,MTLS:SSL,CONTROLLER:SSL"
    assert settings["listener.name.mtls.ssl.client.auth"] == "required"
    assert settings["listener.name.controller.ssl.client.auth"] == "required"
    assert settings["allow.everyone.if.no.acl.found"] == "false"
    assert settings["auto.create.topics.enable"] == "false"
    assert settings["super.users"] == "User:admin;User:broker"
    assert "password" not in text
    assert str(folder.root) not in text, "a comma in its name, or a letter of another locale, is another folder"


def test_the_administrator_comes_in_by_certificate_and_with_a_role(folder: Folder) -> None:
    found = connection_settings.administrator(folder.root, "intake")
    assert found == connection_settings.environment(folder.root, "admin", "intake", mtls=True)
    assert "ATIPS_KAFKA_USERNAME" not in found


@pytest.mark.parametrize("certificate", ["/c.pem", None])
def test_on_a_cluster_of_others_the_administrator_comes_in_as_was_said(folder: Folder, certificate: str | None) -> None:
    state = folder.read_state()
    state["kafka"]["existing"] = {
        "bootstrap": "broker:1",
        "ca": "/ca.pem",
        "admin_bootstrap": "broker:2",
        "admin_certificate": certificate,
        "admin_key": certificate and "/k.pem",
        "admin_username": "root",
        "admin_password_file": "/p",
    }
    folder.write_state(state)
    found = connection_settings.administrator(folder.root, "intake")
    by_password = {
        "ATIPS_KAFKA_SECURITY": "SASL_SSL",
        "ATIPS_KAFKA_USERNAME": "root",
        "ATIPS_KAFKA_PASSWORD_FILE": "/p",
    }
    by_certificate = {
        "ATIPS_KAFKA_SECURITY": "SSL",
        "ATIPS_KAFKA_CERTIFICATE": "/c.pem",
        "ATIPS_KAFKA_KEY": "/k.pem",
    }
    assert {name: value for name, value in found.items() if name.startswith("ATIPS_KAFKA_")} == {
        "ATIPS_KAFKA_CA": "/ca.pem",
        "ATIPS_KAFKA_BOOTSTRAP": "broker:2",
    } | (by_certificate if certificate else by_password)
    assert found["ATIPS_POSTGRES_DSN_FILE"] == str(folder.dsn_file("intake"))
