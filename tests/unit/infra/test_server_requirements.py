"""Needs of existing servers, and rows of what would change, by facts alone."""

from dataclasses import replace

import pytest

from infra.check_row import Check, CheckState
from infra.kafka import cluster_difference, topics
from infra.kafka import server_requirements as kafka
from infra.kafka.rights import Right, compare
from infra.kafka.topics import TopicFound
from infra.local.existing_servers_check import grouped
from infra.postgres import provision_dry_run
from infra.postgres import server_requirements as postgres
from infra.postgres.provision_dry_run import DatabaseChange
from infra.postgres.scram import matches_password, scram_verifier
from schemas.topics import Deployment
from services.runtime.settings import DecidingSettings

NOW = 1_000_000.0
SERVER = postgres.DatabaseFacts(
    version="15.4",
    version_number=150004,
    superuser=True,
    standby=False,
    password_encryption="scram-sha-256",
    tls=True,
    client="192.0.2.1",
    durable=True,
    standbys="ANY 1 (*)",
    connections=200,
    connections_of_others=10,
    clock=NOW,
)
CLUSTER = kafka.ClusterFacts(
    brokers=3,
    requests=frozenset(kafka.REQUESTS.values()),
    operations=frozenset(kafka.OPERATIONS),
    authorizes=True,
    config={
        "auto.create.topics.enable": "false",
        "group.min.session.timeout.ms": "10000",
        "group.max.session.timeout.ms": "10000",
    },
)


def states(found: list[Check]) -> dict[str, CheckState]:
    return {each.subject: each.state for each in found if each.state is not CheckState.OK}


def test_servers_as_they_should_be_lack_nothing() -> None:
    assert states(list(postgres.checks(SERVER, NOW))) == {}
    assert states(list(kafka.checks(CLUSTER, 3))) == {}


@pytest.mark.parametrize(
    ("subject", "facts"),
    [
        ("version", replace(SERVER, version_number=140011)),
        ("administrator", replace(SERVER, superuser=False)),
        ("primary", replace(SERVER, standby=True)),
        ("passwords", replace(SERVER, password_encryption="md5")),
        ("TLS", replace(SERVER, tls=False)),
        ("durability", replace(SERVER, durable=False)),
        ("connections", replace(SERVER, connections=100)),
        ("clock", replace(SERVER, clock=NOW - 301)),
    ],
)
def test_what_a_database_server_lacks_is_named(subject: str, facts: postgres.DatabaseFacts) -> None:
    assert states(list(postgres.checks(facts, NOW))) == {subject: CheckState.MISSING}


@pytest.mark.parametrize(
    ("subject", "facts"),
    [
        ("features", replace(CLUSTER, requests=CLUSTER.requests - {68})),
        ("administrator", replace(CLUSTER, operations=CLUSTER.operations - {"ALTER"})),
        ("authorizer", replace(CLUSTER, authorizes=False)),
        ("deny by default", replace(CLUSTER, config={**CLUSTER.config, "allow.everyone.if.no.acl.found": "true"})),
        ("topics by request alone", replace(CLUSTER, config={})),
        (
            "session of a group's member",
            replace(CLUSTER, config={**CLUSTER.config, "group.min.session.timeout.ms": "10001"}),
        ),
        (
            "session of a group's member",
            replace(CLUSTER, config={**CLUSTER.config, "group.max.session.timeout.ms": "9999"}),
        ),
        ("replicas", replace(CLUSTER, brokers=2)),
    ],
)
def test_what_a_cluster_lacks_is_named(subject: str, facts: kafka.ClusterFacts) -> None:
    assert states(list(kafka.checks(facts, 3))) == {subject: CheckState.MISSING}


def test_the_session_that_is_compared_is_that_of_the_services() -> None:
    assert DecidingSettings.model_fields["session_seconds"].default * 1000 == kafka.SESSION_MILLISECONDS


def test_one_replica_and_no_standby_are_said_and_allowed() -> None:
    assert states(list(kafka.checks(CLUSTER, 1))) == {"replicas": CheckState.NOTE}
    assert states(list(postgres.checks(replace(SERVER, standbys=""), NOW))) == {"standby": CheckState.NOTE}


DEPLOYMENT = Deployment("t1", 2, ("dhs",))
SPECS = DEPLOYMENT.specs()


def as_found(*, left_out: str = "", **other: TopicFound) -> dict[str, TopicFound]:
    found = {
        spec.name: TopicFound(dict.fromkeys(range(spec.partitions), spec.replication), dict(spec.config))
        for spec in SPECS
    }
    return {name: topic for name, topic in found.items() if name != left_out} | other


def test_topics_as_they_should_be_have_no_difference() -> None:
    assert topics.compare(SPECS, as_found()) == topics.TopicDifference((), {}, ())


def test_a_missing_topic_a_setting_and_a_contradiction_are_told_apart() -> None:
    [log, other] = [SPECS[-5].name, SPECS[-4].name]
    found = as_found(left_out=SPECS[0].name)
    found[log] = replace(found[log], config={**found[log].config, "unclean.leader.election.enable": "true"})
    found[other] = TopicFound({0: 1}, {**found[other].config, "retention.ms": "1"})
    difference = topics.compare(SPECS, found)
    assert [spec.name for spec in difference.missing] == [SPECS[0].name]
    assert difference.settings == {log: {"unclean.leader.election.enable": ("true", "false")}}
    assert difference.contradictions == (
        f"topic {other}: 1 partitions, not 2",
        f"topic {other}: retention.ms is 1, not -1",
    )


def test_rights_of_others_are_told_and_left() -> None:
    wanted = frozenset({Right("dhs", "TOPIC", "t1.inbound.dhs.v1", "WRITE")})
    ours = Right("dhs", "TOPIC", "t1.person.v1", "READ")
    others = Right("billing", "TOPIC", "t1.person.v1", "READ")
    elsewhere = Right("billing", "TOPIC", "invoices", "READ")
    found = compare(frozenset({ours, others, elsewhere}), wanted, DEPLOYMENT)
    assert (found.missing, found.surplus, found.of_others) == (wanted, frozenset({ours}), frozenset({others}))
    rows = list(
        cluster_difference.checks(
            cluster_difference.ClusterDifference(topics.TopicDifference((), {}, ()), (), frozenset(), found, {})
        )
    )
    assert [(each.subject, each.state) for each in rows] == [
        ("rights", CheckState.CHANGE),
        ("rights", CheckState.CHANGE),
        ("rights of others", CheckState.NOTE),
    ]


@pytest.mark.parametrize(("elsewhere", "lacks"), [("atips.inbound.dhs.v1", True), ("t1.inbound.dhs.v1", False)])
@pytest.mark.parametrize("users", [("dhs", "intake"), ("intake",)])
def test_a_user_of_another_deployment_keeps_its_password(
    elsewhere: str, users: tuple[str, ...], *, lacks: bool
) -> None:
    """A second deployment on one cluster gave the first one's users other passwords: its services stopped."""
    there = frozenset({Right("dhs", "TOPIC", elsewhere, "WRITE"), Right("billing", "TOPIC", "invoices", "READ")})
    rights = compare(there, frozenset({Right("dhs", "TOPIC", "t1.inbound.dhs.v1", "WRITE")}), DEPLOYMENT)
    found = cluster_difference.ClusterDifference(topics.TopicDifference((), {}, ()), users, frozenset(), rights, {})
    rows = [each for each in cluster_difference.checks(found) if each.state is CheckState.MISSING]
    assert [each.subject for each in rows] == (["users of others"] if lacks and "dhs" in users else [])


def test_two_snapshots_differ_by_what_is_new_other_and_gone() -> None:
    before: provision_dry_run.Snapshot = {("role", "web"): "1", ("role", "old"): "1", ("schema", "intake"): "a"}
    after: provision_dry_run.Snapshot = {("role", "web"): "2", ("role", "intake"): "1", ("schema", "intake"): "a"}
    found = provision_dry_run.compare(before, after)
    assert found == (
        DatabaseChange("role", "intake", "new"),
        DatabaseChange("role", "old", "gone"),
        DatabaseChange("role", "web", "other"),
    )
    assert [each.text for each in grouped(found)] == ["1 to make: intake", "1 to take away: old", "1 to change: web"]


def test_a_long_list_is_counted() -> None:
    assert cluster_difference.listed([str(n) for n in range(8)], "to make") == "8 to make: 0, 1, 2, 3, 4, 5 and 2 more"


def test_a_verifier_opens_by_its_own_password_alone() -> None:
    verifier = scram_verifier("pencil")
    assert matches_password(verifier, "pencil")
    assert not matches_password(verifier, "pen")
    assert not matches_password("md5" + "0" * 32, "pencil")
