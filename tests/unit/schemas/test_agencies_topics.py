"""The tables that access is made of: agencies, topics, who may write and read which."""

import re
from collections.abc import Iterable

import pytest

from schemas.agencies import AGENCIES, AUTHORS, COMMITTEES, PARTNERS, PUBLISHING, SERVICES, agency_of
from schemas.byte_rules import MAX_BYTES
from schemas.ids import ENTITY_KINDS, Kind
from schemas.topics import DAY_MS, Deployment, TopicSpec

DEPLOYMENT = Deployment()
SPECS = DEPLOYMENT.specs()
BY_NAME = {spec.name: spec for spec in SPECS}
RETENTIONS = {("-1", None), (str(7 * DAY_MS), "LogAppendTime"), (str(30 * DAY_MS), "LogAppendTime")}


def test_agencies_are_known_by_one_code_and_have_both_names() -> None:
    assert len(PUBLISHING) == 23
    assert set(PARTNERS) <= set(PUBLISHING) <= set(AGENCIES)
    for code, agency in AGENCIES.items():
        assert code == agency.code
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", code)
        assert agency.name_en
        assert agency.name_es
        assert agency.parent is None or AGENCIES[agency.parent].publishes


def test_a_unit_speaks_for_its_agency_and_everybody_else_for_themselves() -> None:
    assert {code: agency_of(code) for code in AGENCIES if agency_of(code) != code} == {
        "atips_pu": "bpd", "pitcu": "bpd", "tip_care_unit": "dhs", "alternative_care_unit": "dhs",
    }  # fmt: skip
    assert [agency_of(each) for each in SERVICES] == [*SERVICES]


def test_what_publishes_has_a_code_that_a_source_can_hold() -> None:
    assert all(re.fullmatch("[a-z_]+", code) for code in AUTHORS)


def test_the_committees_have_sixteen_seats_and_fourteen_bodies() -> None:
    assert [len(seats) for seats in COMMITTEES.values()] == [6, 7, 3]
    assert len({body for seats in COMMITTEES.values() for body in seats}) == 14
    assert all(AGENCIES[body].publishes for seats in COMMITTEES.values() for body in seats)


def test_no_service_is_called_like_an_agency() -> None:
    assert not set(SERVICES) & set(AGENCIES)
    assert set(SERVICES) | set(PUBLISHING) == AUTHORS


def problems(specs: Iterable[TopicSpec]) -> list[str]:
    """Which rules of access the specs break; the rules that generated access lists rest on."""
    found = []
    for spec in specs:
        _, kind, *owner = spec.name.split(".")
        principals = {*spec.producers, *spec.consumers}
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.v[1-9]", spec.name):
            found.append(f"{spec.name}: illegal name")
        if (spec.config["retention.ms"], spec.config.get("message.timestamp.type")) not in RETENTIONS:
            found.append(f"{spec.name}: retention")
        tellers = ("intake", "referral", "case_tracker") if kind == "delivery" else ("intake",)
        if kind != "inbound" and spec.producers != tellers:
            found.append(f"{spec.name}: written by another than intake")
        if kind == "inbound" and (spec.consumers != ("intake",) or len(spec.producers) != 1):
            found.append(f"{spec.name}: an inbound topic is one publisher's, and intake's to read")
        if kind in {"inbound", "delivery"}:
            others = spec.producers if kind == "inbound" else spec.consumers
            if [each.replace("_", "-") for each in others] != [owner[0]]:
                found.append(f"{spec.name}: another publisher than its own")
        elif principals.intersection(PUBLISHING):
            found.append(f"{spec.name}: an agency has access")
        if unknown := principals - AUTHORS:
            found.append(f"{spec.name}: unknown principals {unknown}")
    return found


def test_access_is_as_the_design_says() -> None:
    assert problems(SPECS) == []


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ({"name": "atips.person_log.v1"}, "illegal name"),
        ({"name": "atips.person"}, "illegal name"),
        ({"producers": ("intake", "referral")}, "written by another"),
        ({"consumers": ("reporting", "dhs")}, "an agency has access"),
        ({"consumers": ("nobody",)}, "unknown principals"),
        ({"config": {"retention.ms": "1"}}, "retention"),
        ({"config": {"retention.ms": str(7 * DAY_MS)}}, "retention"),  # by the senders' clocks
        ({"name": "atips.inbound.dhs.v1", "producers": ("dhs", "bpd"), "consumers": ("intake",)}, "one publisher's"),
        ({"name": "atips.inbound.dhs.v1", "producers": ("bpd",), "consumers": ("intake",)}, "another publisher"),
        ({"name": "atips.delivery.dhs.v1", "consumers": ("bpd",)}, "another publisher"),
        ({"name": "atips.delivery.dhs.v1", "consumers": ("referral",)}, "another publisher"),
        ({"name": "atips.inbound.case-tracker.v1", "producers": ("referral",)}, "another publisher"),
    ],
)
def test_the_rules_notice_a_bad_topic(bad: dict[str, object], problem: str) -> None:
    spec = BY_NAME["atips.person.v1"]
    values = {name: getattr(spec, name) for name in TopicSpec.__slots__} | bad
    assert any(problem in each for each in problems([TopicSpec(**values)]))


def test_there_is_a_topic_for_everything_and_none_twice() -> None:
    assert len(BY_NAME) == len(SPECS) == 2 * len(AUTHORS) + 5
    assert list(DEPLOYMENT.logs.items()) == [
        ("atips.person.v1", Kind.PERSON),
        ("atips.case.v1", Kind.CASE),
        ("atips.activity.v1", Kind.ACTIVITY),
    ]
    assert [DEPLOYMENT.log(kind) for kind in ENTITY_KINDS] == list(DEPLOYMENT.logs)
    assert DEPLOYMENT.quarantine == "atips.quarantine.v1"
    assert DEPLOYMENT.progress == "atips.progress.v1"


def test_a_part_of_an_entity_has_no_log() -> None:
    with pytest.raises(KeyError):
        DEPLOYMENT.log(Kind.ARREST)


@pytest.mark.parametrize("author", sorted(AUTHORS))
def test_an_author_and_its_inbound_topic_find_each_other(author: str) -> None:
    assert DEPLOYMENT.publisher_of_inbound(DEPLOYMENT.inbound(author)) == author
    with pytest.raises(KeyError):
        DEPLOYMENT.publisher_of_inbound(DEPLOYMENT.delivery(author))


def test_the_log_is_kept_for_ever_and_never_compacted() -> None:
    for topic in DEPLOYMENT.logs:
        spec = BY_NAME[topic]
        assert spec.partitions == DEPLOYMENT.partitions
        assert spec.config["cleanup.policy"] == "delete"
        assert spec.config["retention.ms"] == spec.config["retention.bytes"] == "-1"
        assert "reporting" in spec.consumers
    assert BY_NAME["atips.progress.v1"].config["cleanup.policy"] == "compact"
    assert all(spec.partitions == 1 for spec in SPECS if spec.name not in DEPLOYMENT.logs)


def test_what_comes_in_is_measured_unpacked() -> None:
    unpacked = {spec.name for spec in SPECS if spec.config.get("compression.type") == "uncompressed"}
    assert unpacked == {DEPLOYMENT.inbound(each) for each in AUTHORS}


def test_only_intake_deletes_and_only_what_comes_in() -> None:
    deleters = {spec.name: spec.deleters for spec in SPECS if spec.deleters}
    assert deleters == {DEPLOYMENT.inbound(each): ("intake",) for each in AUTHORS}


def test_only_intake_closes_files_and_only_of_what_comes_in() -> None:
    writers = {spec.name: {*spec.producers, *spec.closers} for spec in SPECS if spec.closers}
    assert writers == {DEPLOYMENT.inbound(each): {each, "intake"} for each in AUTHORS if each != "intake"}


def test_files_of_what_comes_in_are_closed_within_the_hour() -> None:
    short = {spec.name for spec in SPECS if int(spec.config.get("segment.ms", DAY_MS)) <= DAY_MS // 24}
    assert short == {DEPLOYMENT.inbound(each) for each in AUTHORS}


def test_what_is_accepted_fits_the_topics() -> None:
    sizes = {spec.name: int(spec.config["max.message.bytes"]) for spec in SPECS}
    assert all(size > MAX_BYTES for size in sizes.values())
    # base64 within JSON, within the cipher: a third more each way, and then some
    assert sizes["atips.quarantine.v1"] > 2 * sizes[DEPLOYMENT.inbound("dhs")]


def test_another_deployment_shares_nothing_with_this_one() -> None:
    other = Deployment(name="drill", partitions=16, agencies=("dhs",))
    assert not {spec.name for spec in other.specs()} & set(BY_NAME)
    assert other.group("reporting") == "drill.reporting"
    assert other.inbound("love_foundation") == "drill.inbound.love-foundation.v1"


def test_what_is_acknowledged_lies_on_two_brokers_where_there_are_three_and_is_never_elected_away() -> None:
    for replication, together in ((1, None), (2, None), (3, "2"), (5, "2")):
        specs = DEPLOYMENT.specs(replication)
        assert {spec.replication for spec in specs} == {replication}
        assert {spec.config.get("min.insync.replicas") for spec in specs} == {together}
        assert {spec.config["unclean.leader.election.enable"] for spec in specs} == {"false"}


def test_a_system_of_its_own_has_topics_that_it_alone_writes_and_reads() -> None:
    own = Deployment(systems=("bpd/jail", "love_foundation/case-work"), shared=(("bpd", "bpd/jail"),))
    specs = {each.name: each for each in own.specs()}
    assert specs["atips.inbound.bpd.jail.v1"].producers == ("bpd/jail",)
    assert specs["atips.inbound.bpd.v1"].producers == ("bpd",)
    assert specs["atips.delivery.love-foundation.case-work.v1"].consumers == ("love_foundation/case-work",)
    assert specs["atips.delivery.bpd.jail.v1"].consumers == ("bpd/jail", "bpd")  # the Council listed it
    assert specs["atips.delivery.bpd.v1"].consumers == ("bpd",)
    of_systems = {"bpd.jail", "love-foundation.case-work"}
    assert specs.keys() - {each.name for each in Deployment().specs()} == {
        f"atips.{what}.{each}.v1" for what in ("inbound", "delivery") for each in of_systems
    }
    for sender in own.senders:
        assert Deployment().sender_of_inbound(own.inbound(sender)) == sender
        assert Deployment().publisher_of_inbound(own.inbound(sender)) == sender.partition("/")[0]
