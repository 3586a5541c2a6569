"""Topics are what `schemas.topics` says, or the start fails and says what differs; rights beyond it are taken back."""

import time
from dataclasses import replace

import pytest
from confluent_kafka import KafkaError, Message, Producer
from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
)

from infra.kafka import provision, rights, topics
from infra.kafka.rights import Right
from infra.kafka.topics import TopicDiffersError
from infra.local import connection_settings
from infra.local.cluster import Cluster
from schemas.ids import Kind
from schemas.topics import DAY_MS, Deployment
from tests.support.cluster import make_deployment
from tests.wire.infra.conftest import until


def test_what_was_made_passes_the_check(admin: AdminClient) -> None:
    deployment = make_deployment(admin, "dhs", partitions=3)
    topics.check_topics(admin, deployment.specs())


def test_making_them_again_changes_nothing(admin: AdminClient) -> None:
    deployment = make_deployment(admin, "dhs", rights=True)
    before = admin.list_topics(timeout=30).topics.keys(), rights.existing_access(admin)
    provision.provision(admin, deployment, {})
    assert (admin.list_topics(timeout=30).topics.keys(), rights.existing_access(admin)) == before


def test_another_partition_count_is_found(admin: AdminClient) -> None:
    made = make_deployment(admin, "dhs", partitions=2)
    wanted = Deployment(made.name, 3, made.agencies)
    with pytest.raises(TopicDiffersError, match=rf"topic {made.name}\.person\.v1: 2 partitions, not 3"):
        provision.provision(admin, wanted, {})


def test_every_difference_is_named(admin: AdminClient) -> None:
    deployment = Deployment("differences", 2, ("dhs",))
    log = next(iter(deployment.logs))
    planted = [
        NewTopic(deployment.progress, 1, 1, config={"cleanup.policy": "delete"}),
        NewTopic(log, 5, 1, config={"retention.ms": "60000"}),
    ]
    for made in admin.create_topics(planted).values():
        made.result()
    with pytest.raises(TopicDiffersError) as found:
        provision.provision(admin, deployment, {})
    differences = str(found.value)
    assert f"topic {deployment.progress}: cleanup.policy is delete, not compact" in differences
    assert f"topic {log}: 5 partitions, not 2" in differences
    assert f"topic {log}: retention.ms is 60000, not -1" in differences
    assert "dhs" not in differences


def test_days_are_counted_by_the_brokers_clock_and_not_by_a_senders_that_stands_back(
    cluster: Cluster, admin: AdminClient
) -> None:
    deployment = make_deployment(admin, "dhs")
    now, told = int(time.time() * 1000), dict[str, int]()

    def delivered(error: KafkaError | None, message: Message) -> None:
        assert error is None
        told[message.topic() or ""] = message.timestamp()[1]

    producer = Producer(connection_settings.admin(cluster.data_dir))
    for topic in (deployment.inbound("dhs"), deployment.delivery("dhs"), deployment.log(Kind.PERSON)):
        producer.produce(topic, b"{}", timestamp=now - 10 * DAY_MS, on_delivery=delivered)
    assert producer.flush(45) == 0
    assert {topic for topic, at in told.items() if at >= now - DAY_MS} == {
        deployment.inbound("dhs"),
        deployment.delivery("dhs"),
    }
    # On the log, which is kept for ever, a record's time is the relay's.
    assert told[deployment.log(Kind.PERSON)] == now - 10 * DAY_MS


def test_a_topic_of_before_gets_what_touches_nothing_on_it(admin: AdminClient) -> None:
    deployment = Deployment("packed", 2, ("dhs",))
    topic = deployment.inbound("dhs")
    [spec] = [each for each in deployment.specs() if each.name == topic]
    config = {name: value for name, value in spec.config.items() if name not in topics.SETTABLE}
    for made in admin.create_topics([NewTopic(topic, 1, 1, config=config)]).values():
        made.result()
    with pytest.raises(TopicDiffersError, match=r"compression\.type is producer, not uncompressed") as raised:
        topics.check_topics(admin, [spec])
    assert "message.timestamp.type is CreateTime, not LogAppendTime" in str(raised.value)
    provision.provision(admin, deployment, {})


def settings(admin: AdminClient, topic: str) -> dict[str, str]:
    [future] = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)]).values()
    return {name: entry.value for name, entry in future.result().items()}


def test_a_topic_that_may_lose_what_it_acknowledged_is_set_right(admin: AdminClient) -> None:
    deployment = make_deployment(admin, "dhs")
    log = deployment.log(Kind.PERSON)
    unclean = ConfigEntry("unclean.leader.election.enable", "true", incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, log, incremental_configs=[unclean])
    [altered] = admin.incremental_alter_configs([resource]).values()
    altered.result()
    until(lambda: settings(admin, log)["unclean.leader.election.enable"] == "true")
    provision.provision(admin, deployment, {})
    assert settings(admin, log)["unclean.leader.election.enable"] == "false"


def test_a_topic_with_too_few_replicas_is_refused_by_name_and_stays_as_it_is(admin: AdminClient) -> None:
    deployment = make_deployment(admin, "dhs")
    log = deployment.log(Kind.PERSON)
    with pytest.raises(TopicDiffersError) as found:
        provision.provision(admin, deployment, {}, replication=3)
    for partition in range(deployment.partitions):
        wanted = f"topic {log}: 1 replicas of partition {partition}, not 3 (ATIPS_KAFKA_REPLICATION)"
        assert wanted in str(found.value).split("; ")
    # Two of one replica can never acknowledge: set, it would stop whoever writes there now.
    assert settings(admin, log)["min.insync.replicas"] == "1"
    with pytest.raises(TopicDiffersError, match=rf"topic {log}: min\.insync\.replicas is 1, not 2"):
        topics.check_topics(admin, deployment.specs(3))
    once = [replace(spec, replication=1) for spec in deployment.specs(3)]
    topics.update_topic_settings(admin, once)
    topics.check_topics(admin, once)


BEYOND = (
    Right("dhs", "TOPIC", "{}quarantine.v1", "READ"),
    Right("dhs", "TOPIC", "{}", "READ", "PREFIXED"),
    Right("dhs", "TOPIC", "*", "READ"),
    Right("dhs", "GROUP", "*", "READ"),
    Right("dhs", "TOPIC", "{}person.v1", "READ", host="127.0.0.1"),
    Right("dhs", "BROKER", "kafka-cluster", "ALTER"),
    Right("*", "TOPIC", "*", "DESCRIBE"),
    Right("*", "TOPIC", "{}progress.v1", "READ"),
)
OF_OTHERS = (
    Right("monitor", "TOPIC", "{}quarantine.v1", "DESCRIBE"),
    Right("monitor", "TOPIC", "{}", "DESCRIBE", "PREFIXED"),
)
ELSEWHERE = (
    Right("dhs", "TOPIC", "not-{}quarantine.v1", "READ"),
    Right("*", "TOPIC", "not-{}", "READ", "PREFIXED"),
)


def test_rights_beyond_the_specs_are_taken_back_and_those_of_others_stay_and_are_named(admin: AdminClient) -> None:
    deployment = make_deployment(admin, "dhs", rights=True)
    wanted = rights.access(deployment.specs(), deployment)
    surplus, of_others, elsewhere = (
        [replace(right, name=right.name.format(f"{deployment.name}.")) for right in some]
        for some in (BEYOND, OF_OTHERS, ELSEWHERE)
    )
    planted = [*surplus, *of_others, *elsewhere]
    for made in admin.create_acls([right.binding() for right in planted]).values():
        made.result()
    until(lambda: rights.existing_access(admin).issuperset(planted))
    told = provision.provision(admin, deployment, {})
    existing = rights.existing_access(admin)
    assert existing.intersection(planted) == {*of_others, *elsewhere}
    assert {right for right in existing if right.reaches(f"{deployment.name}.")} == {*wanted, *of_others}
    assert {line.partition(": ")[2] for line in told} == {str(right) for right in (*surplus, *of_others)}
    assert {line.partition(": ")[2] for line in told if "not ours" in line} == {str(right) for right in of_others}
    rights.drop_access(admin, ["monitor"])
    assert provision.provision(admin, deployment, {}) == ()
