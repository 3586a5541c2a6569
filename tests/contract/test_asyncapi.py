"""The AsyncAPI document is valid by AsyncAPI's own schema, refers to nothing that is not there, and says what is so."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from schemas.asyncapi import document
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.ids import Kind, derive
from schemas.published import schema_of, written
from schemas.topics import Deployment
from services.case_tracker.domain.decision_values import OpenedFinding, StandingFinding
from services.case_tracker.domain.events_and_messages import case_danger_message as danger
from services.intake.domain.found_mistakes import FoundMistake
from services.intake.domain.relay_records import (
    RelayRecord,
    progress,
    records_of_accepted,
    records_of_refused,
    records_of_repetition,
)
from services.referral.domain.decision import AgencyMessage, Subject
from services.referral.domain.events_and_messages import agency_message_record
from tests.contract.conftest import SCHEMAS
from tests.unit.intake.test_relay_records import KEY, REFUSED, REPEAT, ROW, TOO_LARGE

Node = dict[str, Any]
DEPLOYMENT = Deployment()
DOCUMENT = document(DEPLOYMENT)


@cache
def official() -> Draft7Validator:
    found = (SCHEMAS.parent / "tests/contract/asyncapi/3.0.0-without-id.json").read_bytes()
    return Draft7Validator(json.loads(found))


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def dangling(of: Node) -> list[str]:
    """Return references of the document without a target, and published files without a reference."""
    found = []
    for reference in set(references(of)):
        where, _, path = reference.partition("#/")
        if where:
            found += [] if (SCHEMAS / where).is_file() else [reference]
            continue
        node: Any = of
        for step in path.split("/"):
            node = node.get(step) if isinstance(node, dict) else None
        found += [reference] if node is None else []
    return found


def test_the_copy_that_agencies_get_is_what_the_catalogue_says(updates_golden: bool) -> None:
    path = SCHEMAS / "asyncapi.json"
    text = written(DOCUMENT)
    if updates_golden:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "after looking twice: pytest tests/contract --update-golden"


def test_the_document_is_valid_and_whole() -> None:
    assert [each.message for each in official().iter_errors(DOCUMENT)] == []
    assert dangling(DOCUMENT) == []


BAD: dict[str, Callable[[Node], object]] = {
    "no version": lambda bad: bad.pop("asyncapi"),
    "an action that is none": lambda bad: bad["operations"]["inbound_bpd"].update(action="publish"),
    "an unknown member of a channel": lambda bad: bad["channels"]["inbound.bpd"].update(topics=[]),
    "a binding with an unknown member": lambda bad: bad["channels"]["inbound.bpd"]["bindings"]["kafka"].update(acks=1),
    "a security scheme that is none": lambda bad: bad["components"]["securitySchemes"]["password"].update(type="none"),
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_a_bad_document_is_refused(spoil: Callable[[Node], object]) -> None:
    bad = copy.deepcopy(DOCUMENT)
    spoil(bad)
    assert not official().is_valid(bad)


def test_a_reference_to_nothing_is_seen() -> None:
    bad = copy.deepcopy(DOCUMENT)
    bad["components"]["messages"].pop("receipt")
    bad["channels"]["inbound.bpd"]["messages"]["more"] = {"$ref": "published/bz.atips.more.v1.schema.json"}
    assert sorted(dangling(bad)) == ["#/components/messages/receipt", "published/bz.atips.more.v1.schema.json"]


def test_every_topic_is_a_channel_and_every_type_a_message() -> None:
    assert {each["address"] for each in DOCUMENT["channels"].values()} == {each.name for each in DEPLOYMENT.specs()}
    assert set(CATALOGUE) < set(DOCUMENT["components"]["messages"])
    assert len(DOCUMENT["operations"]) == len(DOCUMENT["channels"])


def test_an_inbound_channel_lists_what_its_agency_may_publish() -> None:
    for channel in DOCUMENT["channels"].values():
        if channel["address"].startswith("atips.inbound."):
            (author,) = channel["x-producers"]
            assert set(channel["messages"]) == {name for name, kind in CATALOGUE.items() if author in kind.authors}


def channel_of(message: RelayRecord) -> Node:
    (found,) = [each for each in DOCUMENT["channels"].values() if each["address"] == message.topic]
    assert isinstance(found, dict)
    return found


def valid(schema: Node, value: object) -> bool:
    return bool(Draft202012Validator(schema).is_valid(value))


WRONG = (
    FoundMistake("wrong_form", "/id"),
    FoundMistake("unknown_code", "/data/status", ("confirmed",)),
    FoundMistake("unknown_field", "/data"),
)
SENT = [
    *records_of_accepted(ROW, DEPLOYMENT)[2:],
    *records_of_refused(REFUSED, DEPLOYMENT),
    *records_of_refused(replace(REFUSED, type="bz.atips.victim.identified.v1", mistakes=WRONG), DEPLOYMENT),
    *records_of_refused(TOO_LARGE, DEPLOYMENT)[:1],
    *records_of_repetition(REPEAT, DEPLOYMENT),
    progress(12, {("atips.person.v1", 0): 41}, DEPLOYMENT),
]


@pytest.mark.parametrize(
    "message",
    SENT,
    ids=[
        "accepted",
        "quarantine",
        "refused",
        "quarantine in full",
        "refused in full",
        "too large",
        "duplicate",
        "progress",
    ],
)
def test_what_intake_sends_is_as_the_document_says(message: RelayRecord) -> None:
    name = next(iter(channel_of(message)["messages"]))  # a receipt comes before what an agency is to act on
    said = DOCUMENT["components"]["messages"][name]
    value = orjson.loads(message.value)
    assert valid(said["payload"], value)
    for member in value.keys() - {"mistakes"}:  # records of an older version have none
        assert not valid(said["payload"], {key: each for key, each in value.items() if key != member})
    assert not valid(said["payload"], {**value, "more": 1})


def test_a_receipt_of_an_earlier_version_has_no_type_and_is_as_the_document_says_too() -> None:
    payload = DOCUMENT["components"]["messages"]["receipt"]["payload"]
    receipts = [orjson.loads(each.value) for each in SENT if ".delivery." in each.topic]
    assert len(receipts) == 4
    for value in receipts:
        value["data"].pop("type")
        assert valid(payload, value)
        value["data"]["type"] = 3
        assert not valid(payload, value)


def test_what_referral_sends_to_an_agency_is_as_the_document_says() -> None:
    person, referral = derive(Kind.PERSON, "a test"), derive(Kind.REFERRAL, "a test")
    at = datetime(2024, 3, 1, 18, tzinfo=UTC)
    told = AgencyMessage(Subject.TO_ANSWER, "dhs", person, KEY[0] + "/" + KEY[1], at, referral=referral, due_at=at)
    assert "delivery" in channel_of(RelayRecord(DEPLOYMENT.delivery("dhs"), None, b"", ()))["messages"]
    payload = DOCUMENT["components"]["messages"]["delivery"]["payload"]
    value = orjson.loads(agency_message_record(told).value)
    assert valid(payload, value)
    assert not valid(payload, {**value, "data": {**value["data"], "more": 1}})


def test_what_case_tracker_sends_to_an_agency_is_as_the_document_says() -> None:
    at = datetime(2024, 3, 1, 18, tzinfo=UTC)
    case, own, other = derive(Kind.CASE, "a test"), "/".join(KEY), f"odpp/docket/{KEY[1]}"
    standing = StandingFinding(
        finding=derive(Kind.ACTIVITY, "a test"),
        case=case,
        code=FindingCode.VICTIM_PROSECUTED,
        severity=FindingSeverity.CRITICAL,
        records=(own, other),
        persons=(derive(Kind.PERSON, "a test"),),
        opens_at=at,
        waits=False,
        happened=None,
        ruled_by=None,
        answered_n=1,
    )
    assert "danger" in channel_of(RelayRecord(DEPLOYMENT.delivery("dhs"), None, b"", ()))["messages"]
    payload = DOCUMENT["components"]["messages"]["danger"]["payload"]
    value = orjson.loads(danger(OpenedFinding(standing, at, None), own.partition("/")[0]).value)
    assert valid(payload, value)
    assert value["data"]["records"] == [own]
    assert not valid(payload, {**value, "data": {**value["data"], "more": 1}})


def test_a_copy_has_the_headers_that_the_document_says() -> None:
    for copied in records_of_accepted(ROW, DEPLOYMENT)[:2]:
        message = channel_of(copied)["messages"][ROW.type]
        assert message["payload"]["$ref"].endswith(f"{ROW.type}.schema.json")
        assert schema_of(ROW.type)["$id"].endswith(ROW.type)
        headers = {name: each.decode() for name, each in copied.headers}
        wanted = DOCUMENT["components"]["messageTraits"]["copy"]["headers"]
        assert valid(wanted, headers)
        assert not valid(wanted, {**headers, "n": "twelve"})
        assert not valid(wanted, {name: each for name, each in headers.items() if name != "role"})
