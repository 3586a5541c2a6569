"""Systems of agencies come and go on a running broker: let in, beside one another for a while, and shut out at once."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient

from infra.kafka import provision, rights, topics
from infra.kafka.rights import existing_access
from infra.local import agency_credential_changes, connection_settings, issued_agency_credentials
from infra.local.agency_credential_changes import CredentialChangeError
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN
from schemas.topics import Deployment
from services.client import Kafka, NotLetIn
from services.client.receipt_and_errors import WaitingEvent
from tests.wire.infra.conftest import Settings, consume, produce, until

REFUSED = KafkaError.TOPIC_AUTHORIZATION_FAILED
DEPLOYMENT = Deployment()
AGENCY = "cdf"  # of no other test's


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(autouse=True)
def _shut_out_at_first_and_let_in_afterwards(cluster: Cluster) -> Iterator[None]:
    def shut_out() -> None:
        with suppress(CredentialChangeError):
            agency_credential_changes.revoke(cluster.data_dir, AGENCY, None, now())

    shut_out()
    yield
    shut_out()
    agency_credential_changes.add(cluster.data_dir, AGENCY, MAIN, now())


def as_(cluster: Cluster, principal: str, *, mtls: bool = False) -> Settings:
    return connection_settings.client(cluster.data_dir, principal, mtls=mtls)


def code(outcome: object) -> int | None:
    return outcome.code() if isinstance(outcome, KafkaError) else None


def test_a_further_system_has_topics_of_its_own_and_is_shut_out_alone(cluster: Cluster, admin: AdminClient) -> None:
    """Found from outside: one system read the receipts of another, and wrote in its place."""
    agency_credential_changes.add(cluster.data_dir, AGENCY, MAIN, now())
    made = agency_credential_changes.add(cluster.data_dir, AGENCY, "famcare", now())
    of_system = f"{AGENCY}/famcare"
    assert connection_settings.deployment(cluster.data_dir).inbound(of_system) == f"atips.inbound.{AGENCY}.famcare.v1"
    for mtls in (False, True):
        settings = as_(cluster, made.principal, mtls=mtls)
        assert produce(settings, DEPLOYMENT.inbound(of_system), b"{}") is None
        for other in (AGENCY, "dhs"):
            assert code(produce(settings, DEPLOYMENT.inbound(other), b"{}")) == REFUSED
    assert code(produce(as_(cluster, AGENCY), DEPLOYMENT.inbound(of_system), b"{}")) == REFUSED
    for sender in (AGENCY, of_system):
        assert produce(as_(cluster, "intake"), DEPLOYMENT.delivery(sender), sender.encode()) is None
    group = f"{DEPLOYMENT.group(AGENCY)}.famcare"
    own, main = as_(cluster, made.principal), as_(cluster, AGENCY)
    assert consume(own, DEPLOYMENT.delivery(of_system), group, 1) == [of_system.encode()]
    assert code(consume(own, DEPLOYMENT.delivery(AGENCY), group, 1)) == REFUSED
    assert code(consume(main, DEPLOYMENT.delivery(of_system), DEPLOYMENT.group(AGENCY), 1)) == REFUSED
    files = Folder(cluster.data_dir).clients / AGENCY / "famcare"
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in files.iterdir()} == {
        "client.properties": "0o600",
        "kcat.conf": "0o600",
    }
    with pytest.raises(CredentialChangeError, match="has a credential"):
        agency_credential_changes.add(cluster.data_dir, AGENCY, "famcare", now())

    by_password = as_(cluster, made.principal)
    open_already = Producer({**by_password, "log_level": 0})
    failures: list[KafkaError | None] = []

    def publish() -> None:
        open_already.produce(DEPLOYMENT.inbound(of_system), b"{}", on_delivery=lambda error, _: failures.append(error))
        assert open_already.flush(30) == 0

    publish()
    assert failures == [None]
    agency_credential_changes.revoke(cluster.data_dir, AGENCY, "famcare", now())
    publish()
    assert code(failures[-1]) == REFUSED
    assert code(produce(as_(cluster, made.principal, mtls=True), DEPLOYMENT.inbound(of_system), b"{}")) == REFUSED
    assert made.principal not in {right.principal for right in existing_access(admin)}
    assert list(files.iterdir()) == []
    assert produce(as_(cluster, AGENCY), DEPLOYMENT.inbound(AGENCY), b"{}") is None


def test_a_rotated_one_goes_on_for_the_overlap_and_the_agency_s_name_leads_to_the_new(cluster: Cluster) -> None:
    root, topic = cluster.data_dir, DEPLOYMENT.inbound(AGENCY)
    with pytest.raises(CredentialChangeError, match="has no credential"):
        agency_credential_changes.rotate(root, AGENCY, MAIN, timedelta(hours=1), now())
    first = agency_credential_changes.add(root, AGENCY, MAIN, now())
    second = agency_credential_changes.rotate(root, AGENCY, MAIN, timedelta(hours=1), now())
    assert second.principal != first.principal
    assert as_(cluster, AGENCY)["sasl.username"] == second.principal
    for principal in (first.principal, second.principal):
        assert produce(as_(cluster, principal), topic, b"{}") is None
    assert agency_credential_changes.retire(root, now()) == ()
    assert [each.principal for each in agency_credential_changes.retire(root, now() + timedelta(hours=2))] == [
        first.principal
    ]
    assert code(produce(as_(cluster, first.principal, mtls=True), topic, b"{}")) == REFUSED
    assert produce(as_(cluster, second.principal), topic, b"{}") is None


@pytest.mark.parametrize(("module", "step"), [(provision, "make_users"), (topics, "make_topics")])
def test_what_the_broker_cannot_make_now_is_not_to_be_and_the_same_command_tries_anew(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
) -> None:
    def away(*_: object) -> None:
        raise KafkaException(KafkaError(KafkaError._TRANSPORT))

    def states() -> list[tuple[str, bool]]:
        found = issued_agency_credentials.read(Folder(cluster.data_dir), DEPLOYMENT)
        return [(each.principal, each.ends is None) for each in found if (each.agency, each.system) == (AGENCY, step)]

    with monkeypatch.context() as broken:
        broken.setattr(module, step, away)
        with pytest.raises(KafkaException):
            agency_credential_changes.add(cluster.data_dir, AGENCY, step, now())
    first = agency_credential_changes.add(cluster.data_dir, AGENCY, step, now())
    with monkeypatch.context() as broken:
        broken.setattr(module, step, away)
        with pytest.raises(KafkaException):
            agency_credential_changes.rotate(cluster.data_dir, AGENCY, step, timedelta(hours=1), now())
    assert [principal for principal, in_force in states() if in_force] == [first.principal]
    assert produce(as_(cluster, first.principal), DEPLOYMENT.inbound(first.sender), b"{}") is None
    second = agency_credential_changes.rotate(cluster.data_dir, AGENCY, step, timedelta(), now())
    assert states()[-1] == (second.principal, True)
    assert produce(as_(cluster, second.principal), DEPLOYMENT.inbound(second.sender), b"{}") is None


def test_one_whose_command_is_killed_stands_in_nobody_s_way(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as ending:
        ending.setattr(agency_credential_changes, "_give_access", killed)
        with pytest.raises(KeyboardInterrupt):
            agency_credential_changes.add(cluster.data_dir, AGENCY, "killed", now())
    other = agency_credential_changes.add(cluster.data_dir, AGENCY, "beside", now())
    assert produce(as_(cluster, other.principal), DEPLOYMENT.inbound(other.sender), b"{}") is None
    again = agency_credential_changes.rotate(cluster.data_dir, AGENCY, "killed", timedelta(), now())
    assert produce(as_(cluster, again.principal), DEPLOYMENT.inbound(again.sender), b"{}") is None


def beside(work: Callable[[], object]) -> None:
    """Let another command do it while one waits for the broker, and go on when it is done, or waits too."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(1)


def test_what_was_revoked_while_a_rotation_failed_stays_so(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    agency_credential_changes.add(cluster.data_dir, AGENCY, "revoked", now())

    def revoked(*_: object) -> None:
        monkeypatch.undo()
        beside(lambda: agency_credential_changes.revoke(cluster.data_dir, AGENCY, "revoked", now()))
        raise KafkaException(KafkaError(KafkaError._TRANSPORT))

    monkeypatch.setattr(provision, "make_users", revoked)
    with pytest.raises(KafkaException):
        agency_credential_changes.rotate(cluster.data_dir, AGENCY, "revoked", timedelta(hours=1), now())
    found = issued_agency_credentials.read(Folder(cluster.data_dir), DEPLOYMENT)
    assert [each.principal for each in found if each.system == "revoked" and each.active(now())] == []


def test_what_was_revoked_while_another_system_was_added_gets_no_rights_again(
    cluster: Cluster, admin: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = cluster.data_dir
    out = agency_credential_changes.add(root, AGENCY, "out", now())
    settings = as_(cluster, out.principal, mtls=True)
    assert produce(settings, DEPLOYMENT.inbound(out.sender), b"{}") is None
    add_access = rights.add_access

    def slow(client: AdminClient, wanted: Iterable[rights.Right]) -> None:
        monkeypatch.undo()
        beside(lambda: agency_credential_changes.revoke(root, AGENCY, "out", now()))
        add_access(client, wanted)

    monkeypatch.setattr(rights, "add_access", slow)
    agency_credential_changes.add(root, AGENCY, "in", now())
    until(lambda: code(produce(settings, DEPLOYMENT.inbound(out.sender), b"{}")) == REFUSED)
    until(lambda: out.principal not in {right.principal for right in existing_access(admin)})


def test_what_ends_while_its_rotation_waits_goes_on_where_that_fails(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = agency_credential_changes.add(cluster.data_dir, AGENCY, "slow", now())

    def slow(*_: object) -> None:
        monkeypatch.undo()
        beside(lambda: agency_credential_changes.retire(cluster.data_dir, now()))
        raise KafkaException(KafkaError(KafkaError._TRANSPORT))

    monkeypatch.setattr(provision, "make_users", slow)
    with pytest.raises(KafkaException):
        agency_credential_changes.rotate(cluster.data_dir, AGENCY, "slow", timedelta(), now())
    assert issued_agency_credentials.current(Folder(cluster.data_dir), DEPLOYMENT, AGENCY, "slow") == first
    assert produce(as_(cluster, first.principal), DEPLOYMENT.inbound(first.sender), b"{}") is None


def test_an_agency_that_is_shut_out_has_nothing_left_until_it_is_added_again(cluster: Cluster) -> None:
    root, topic = cluster.data_dir, DEPLOYMENT.inbound(AGENCY)
    added = agency_credential_changes.add(root, AGENCY, MAIN, now())
    former = as_client(cluster, AGENCY, **{name: str(value) for name, value in as_(cluster, AGENCY).items()})
    agency_credential_changes.revoke(root, AGENCY, None, now())
    with pytest.raises(connection_settings.RevokedError):
        as_(cluster, AGENCY)
    with pytest.raises(NotLetIn, match="_AUTHENTICATION"):
        former.send([WaitingEvent(1, "id", None, b"{}")], 3)
    former.close()
    assert AGENCY not in cluster.status()["kafka"]["agencies"]
    again = agency_credential_changes.add(root, AGENCY, MAIN, now())
    assert again.generation == added.generation + 1
    assert produce(as_(cluster, AGENCY), topic, b"{}") is None


def test_a_revocation_that_was_interrupted_is_finished_by_the_supervisor(cluster: Cluster) -> None:
    made = agency_credential_changes.add(cluster.data_dir, AGENCY, "half", now())
    with issued_agency_credentials.changing(Folder(cluster.data_dir)) as kept:
        issued_agency_credentials.keep(kept, *issued_agency_credentials.credentials_ending_at([made], now()))
    settings = as_(cluster, made.principal, mtls=True)
    until(lambda: code(produce(settings, DEPLOYMENT.inbound(made.sender), b"{}")) == REFUSED)


def as_client(cluster: Cluster, agency: str, **changed: str) -> Kafka:
    config = {**connection_settings.client(cluster.data_dir, "dhs"), "group.id": DEPLOYMENT.group("dhs"), **changed}
    return Kafka(config, inbound=DEPLOYMENT.inbound(agency), delivery=DEPLOYMENT.delivery(agency))


@pytest.mark.parametrize(
    ("agency", "changed", "name"),
    [(AGENCY, {}, "TOPIC_AUTHORIZATION_FAILED"), ("dhs", {"sasl.password": "guessed"}, "_AUTHENTICATION")],
    ids=["another's topic", "another password"],
)
def test_our_own_client_is_told_that_it_is_not_let_in(
    cluster: Cluster, agency: str, changed: dict[str, str], name: str
) -> None:
    agency_credential_changes.add(cluster.data_dir, AGENCY, "other", now())
    door = as_client(cluster, agency, **changed)
    with pytest.raises(NotLetIn, match=name):
        door.send([WaitingEvent(1, "id", None, b"{}")], 3)
    door.close()
