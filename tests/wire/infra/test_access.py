"""Rights on the broker: what the specs say, and nothing else."""

import shutil
import socket
import ssl
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined] # it has no __all__

from infra.kafka.rights import access as rights_of
from infra.kafka.rights import existing_access
from infra.local import connection_settings, pki
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from schemas.agencies import SERVICES
from schemas.topics import Deployment
from tests.support.cluster import make_deployment
from tests.wire.infra.conftest import Settings, consume, produce, until

REFUSED = KafkaError.TOPIC_AUTHORIZATION_FAILED


@pytest.fixture(scope="module")
def deployment(admin: AdminClient) -> Deployment:
    return make_deployment(admin, "dhs", "bpd", "love_foundation", rights=True)


def as_(cluster: Cluster, principal: str, *, mtls: bool = False) -> Settings:
    return connection_settings.client(cluster.data_dir, principal, mtls=mtls)


def code(outcome: object) -> int | None:
    return outcome.code() if isinstance(outcome, KafkaError) else None


def test_rights_are_exactly_those_of_the_specs(admin: AdminClient, deployment: Deployment) -> None:
    ours = {right for right in existing_access(admin) if right.name.startswith(f"{deployment.name}.")}
    assert ours == rights_of(deployment.specs(), deployment)


@pytest.mark.parametrize("mtls", [False, True])
def test_an_agency_writes_its_inbound_topic(cluster: Cluster, deployment: Deployment, *, mtls: bool) -> None:
    assert produce(as_(cluster, "dhs", mtls=mtls), deployment.inbound("dhs"), b"{}") is None


def test_a_code_with_an_underscore_is_a_principal_too(cluster: Cluster, deployment: Deployment) -> None:
    for mtls in (False, True):
        settings = as_(cluster, "love_foundation", mtls=mtls)
        assert produce(settings, deployment.inbound("love_foundation"), b"{}") is None


def test_an_agency_sees_its_own_two_topics_only(cluster: Cluster, deployment: Deployment) -> None:
    client = AdminClient({**as_(cluster, "dhs"), "log_level": 0})
    ours = {name for name in client.list_topics(timeout=30).topics if name.startswith(deployment.name)}
    assert ours == {deployment.inbound("dhs"), deployment.delivery("dhs")}


def test_an_agency_writes_nothing_else(cluster: Cluster, deployment: Deployment) -> None:
    elsewhere = [
        deployment.inbound("bpd"),
        deployment.delivery("dhs"),
        *deployment.logs,
        deployment.quarantine,
        deployment.progress,
    ]
    outcomes = {topic: code(produce(as_(cluster, "dhs"), topic, b"{}")) for topic in elsewhere}
    assert outcomes == dict.fromkeys(elsewhere, REFUSED)


def test_an_agency_reads_its_delivery_topic_in_its_group(cluster: Cluster, deployment: Deployment) -> None:
    assert produce(as_(cluster, "intake"), deployment.delivery("dhs"), b"receipt") is None
    group = deployment.group("dhs")
    assert consume(as_(cluster, "dhs"), deployment.delivery("dhs"), group, 1) == [b"receipt"]


def test_an_agency_reads_nothing_else(cluster: Cluster, deployment: Deployment) -> None:
    settings, group = as_(cluster, "dhs"), deployment.group("dhs")
    for topic in (deployment.inbound("dhs"), deployment.delivery("bpd"), *deployment.logs, deployment.quarantine):
        assert code(consume(settings, topic, group, 1)) == REFUSED


def test_an_agency_stays_out_of_the_groups_of_others(cluster: Cluster, deployment: Deployment) -> None:
    outcome = consume(as_(cluster, "dhs"), deployment.delivery("dhs"), deployment.group("bpd"), 1)
    assert code(outcome) == KafkaError.GROUP_AUTHORIZATION_FAILED


def test_services_have_only_what_they_need(cluster: Cluster, deployment: Deployment) -> None:
    log = next(iter(deployment.logs))
    assert produce(as_(cluster, "intake"), log, b"{}") is None
    assert consume(as_(cluster, "reporting"), log, deployment.group("reporting"), 1) == [b"{}"]
    assert code(produce(as_(cluster, "reporting"), log, b"{}")) == REFUSED
    assert code(produce(as_(cluster, "referral"), deployment.inbound("dhs"), b"{}")) == REFUSED
    assert code(consume(as_(cluster, "reporting"), deployment.quarantine, deployment.group("reporting"), 1)) == REFUSED


def test_nobody_but_the_super_user_makes_topics_or_rights(cluster: Cluster, deployment: Deployment) -> None:
    for principal in ("dhs", "intake"):
        client = AdminClient({**as_(cluster, principal), "log_level": 0})
        made = client.create_topics([NewTopic(f"{deployment.name}.own.v1", 1, 1)], request_timeout=30)
        for future in made.values():
            with pytest.raises(KafkaException) as refusal:
                future.result()
            assert refusal.value.args[0].code() == REFUSED
        right = next(iter(rights_of(deployment.specs(), deployment)))
        for future in client.create_acls([right.binding()], request_timeout=30).values():
            with pytest.raises(KafkaException) as refusal:
                future.result()
            assert refusal.value.args[0].code() == KafkaError.CLUSTER_AUTHORIZATION_FAILED


def test_writing_to_an_unknown_topic_does_not_make_it(cluster: Cluster, admin: AdminClient) -> None:
    producer = Producer({**connection_settings.admin(cluster.data_dir), "log_level": 0, "message.timeout.ms": 1500})
    producer.produce("no.such.topic", b"{}")
    producer.flush(5)
    assert "no.such.topic" not in admin.list_topics(timeout=30).topics


def why_not(settings: Settings, *wanted: int) -> set[int]:
    """Connect, and give the codes of what the client reports, once one of those wanted is among them."""
    codes: set[int] = set()
    consumer = Consumer(
        {"group.id": "x", **settings, "log_level": 0, "error_cb": lambda error: codes.add(error.code())}
    )
    try:
        until(lambda: consumer.poll(0.1) is None and bool(codes.intersection(wanted)))
    finally:
        consumer.close()
    return codes


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    assert why_not({**as_(cluster, "dhs"), "sasl.password": "not-it"}, KafkaError._AUTHENTICATION)


def test_an_unknown_user_is_refused(cluster: Cluster) -> None:
    assert why_not({**as_(cluster, "dhs"), "sasl.username": "admin"}, KafkaError._AUTHENTICATION)


@pytest.mark.parametrize("security", ["PLAINTEXT", "SASL_PLAINTEXT"])
def test_without_tls_nobody_comes_in(cluster: Cluster, security: str) -> None:
    settings = {**as_(cluster, "dhs"), "security.protocol": security}
    assert why_not(settings, KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN)


def alert(cluster: Cluster, certificate: Path | None, key: Path | None) -> str:
    """Shake hands on the mTLS listener, and give the broker's answer: in TLS 1.3 it comes with the first read."""
    mtls = str(as_(cluster, "dhs", mtls=True)["bootstrap.servers"])
    host, _, port = mtls.partition(":")
    context = ssl.create_default_context(cafile=str(Folder(cluster.data_dir).ca))
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        try:
            with context.wrap_socket(connection, server_hostname=host) as talk:
                talk.settimeout(2)
                return talk.recv(1).hex()
        except ssl.SSLError as error:
            return str(error.reason)
        except TimeoutError:
            return "it waits for a request"


def test_without_a_certificate_nobody_comes_in_by_mtls(cluster: Cluster) -> None:
    assert alert(cluster, None, None) == "TLSV13_ALERT_CERTIFICATE_REQUIRED"


def test_a_certificate_of_another_authority_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    ours, other = Folder(cluster.data_dir), Folder(tmp_path / "other")
    other.make()
    pki.ensure(other, [], pki.today())
    assert "CERTIFICATE" in alert(cluster, other.certificate(pki.ADMIN), other.key(pki.ADMIN))
    assert alert(cluster, ours.certificate("dhs"), ours.key("dhs")) == "it waits for a request"


def test_a_broker_of_another_authority_is_not_trusted(cluster: Cluster, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    other.make()
    pki.ensure(other, [], pki.today())
    shutil.copy(other.ca, tmp_path / "ca.crt")
    assert why_not({**as_(cluster, "dhs"), "ssl.ca.location": str(tmp_path / "ca.crt")}, KafkaError._SSL)


def test_every_principal_has_a_password_and_a_certificate(cluster: Cluster) -> None:
    folder, deployment = Folder(cluster.data_dir), connection_settings.deployment(cluster.data_dir)
    for principal in (*deployment.agencies, *SERVICES):
        assert folder.password_file(principal).stat().st_size > 32
        assert folder.certificate(principal).is_file()
        assert folder.key(principal).is_file()
