"""Keys and settings of a deployment in containers: each folder has its own; a second run changes nothing."""

import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509

from infra.cluster import broker_properties, container_secrets, health_check, provision, start_service
from infra.cluster.certificate_authority import RENEW_BEFORE
from infra.local import pki
from infra.local.public_addresses import AddressError, PublicAddresses

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def content(root: Path) -> dict[str, str]:
    return {str(each.relative_to(root)): each.read_text() for each in root.rglob("*") if each.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("keys")
    container_secrets.make(root, "log.example", NOW)
    return root


def properties(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def test_a_second_run_changes_nothing_until_certificates_end(made: Path) -> None:
    before = content(made)
    container_secrets.make(made, "log.example", NOW + timedelta(days=100))
    assert content(made) == before
    ends = x509.load_pem_x509_certificate((made / "kafka-1" / "broker.crt").read_bytes()).not_valid_after_utc
    container_secrets.make(made, "log.example", ends - RENEW_BEFORE + timedelta(days=1))
    after = content(made)
    renewed = {name for name in before if after[name] != before[name]}
    assert {"kafka-1/keystore.pem", "postgres-2/server.key", "provision/admin.crt"} <= renewed
    assert not any(name.startswith(("public/", "authority/")) for name in renewed)
    assert after["kafka-1/keystore.pem"].startswith(after["kafka-1/broker.key"] + after["kafka-1/broker.crt"])


def test_each_folder_holds_its_own_secrets_and_others_may_read_none(made: Path) -> None:
    found = content(made)
    assert [name for name in found if name.startswith("public/")] == ["public/ca.crt"]
    private = {name: text for name, text in found.items() if "PRIVATE KEY" in text and name.endswith(".key")}
    assert len(set(private.values())) == len(private)
    modes = {name: (made / name).stat().st_mode & 0o077 for name in found}
    assert {name for name, mode in modes.items() if mode} == {"public/ca.crt"}


def test_each_certificate_is_the_authority_s_and_names_its_server(made: Path) -> None:
    authority = x509.load_pem_x509_certificate((made / "public" / "ca.crt").read_bytes())
    for file, host in (("kafka-3/broker", "kafka-3"), ("postgres-2/server", "postgres-2")):
        certificate = x509.load_pem_x509_certificate((made / f"{file}.crt").read_bytes())
        certificate.verify_directly_issued_by(authority)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found = names.get_values_for_type(x509.DNSName)
        assert host in found
        assert ("log.example" in found) == host.startswith("kafka")
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made / f"{file}.crt", made / f"{file}.key")


def test_a_broker_keeps_three_copies_and_lets_nobody_in_unknown() -> None:
    for node in broker_properties.BROKERS:
        found = properties(broker_properties.properties(node, "log.example"))
        assert found["node.id"] == str(node)
        assert found["advertised.listeners"].endswith(f"AGENCIES://log.example:{broker_properties.AGENCY_PORTS[node]}")
        assert (found["default.replication.factor"], found["min.insync.replicas"]) == ("3", "2")
        assert found["unclean.leader.election.enable"] == "false"
        assert found["authorizer.class.name"].endswith(".StandardAuthorizer")
        assert found["allow.everyone.if.no.acl.found"] == found["auto.create.topics.enable"] == "false"
        assert "PLAINTEXT" not in found["listener.security.protocol.map"]
        internal = {name for name in found if name.endswith(".replication.factor")}
        assert {found[name] for name in internal} == {"3"}
        # Heartbeats wait behind a write of the coordinator: it is given up before sessions end.
        assert int(found["offsets.commit.timeout.ms"]) < int(found["group.consumer.session.timeout.ms"])


def test_the_database_is_named_by_both_its_servers(made: Path) -> None:
    dsn = urlsplit((made / "provision" / "admin.dsn").read_text().strip())
    assert dsn.netloc.rpartition("@")[2] == "postgres-1:5432,postgres-2:5432"
    options = parse_qs(dsn.query)
    assert options["target_session_attrs"] == ["read-write"]
    assert options["sslmode"] == ["verify-full"]
    password = (made / "postgres-1" / "superuser.password").read_text().strip()
    assert dsn.netloc.partition("@")[0] == f"postgres:{password}"


def test_settings_are_lines_and_the_container_s_own_win() -> None:
    found = start_service.settings("# a comment\n\nATIPS_A=1=2\nATIPS_B=\n")
    assert found == {"ATIPS_A": "1=2", "ATIPS_B": ""}
    assert start_service.merged(found, {"ATIPS_A": "3"}) == {"ATIPS_A": "3", "ATIPS_B": ""}
    for bad in ("no equals\n", "A B=1\n", "=1\n"):
        with pytest.raises(start_service.SettingsLineError, match="line 1"):
            start_service.settings(bad)


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
def test_a_container_is_healthy_when_its_process_is_ready(status: int, ready: bool) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        assert health_check.is_ready(server.server_port) is ready
        thread.join()
    assert not health_check.is_ready(server.server_port)


def test_the_pages_reach_intake_by_an_address_of_their_own() -> None:
    assert PublicAddresses().for_pages == PublicAddresses().intake
    both = "https://intake:8443,https://intake-2:8443"
    there = PublicAddresses("https://atips.example:8443", "https://atips.example:8444", both)
    assert there.for_pages == both
    assert there.names() == {pki.HTTP: ["atips.example", "intake", "intake-2"], pki.PAGES: ["atips.example"]}
    with pytest.raises(AddressError):
        PublicAddresses(inside="https://intake:8443,http://intake-2:8443")
    asked = provision.command("atips.example")
    assert asked[asked.index("--intake") + 1] == there.intake
    assert asked[asked.index("--intake-inside") + 1] == there.for_pages
