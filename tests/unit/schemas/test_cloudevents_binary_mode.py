"""Binary mode: the CloudEvents SDK is the oracle for what its headers mean."""

import json
from datetime import datetime

import pytest
from cloudevents.core.bindings import kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given

from schemas.codec import decode_strict, encode, is_binary, structured_from_binary
from schemas.errors import BadMessage, Reason
from tests.unit.schemas.event_strategies import Document, documents
from tests.unit.schemas.samples import CANARY, refused, victim, written

Headers = list[tuple[str, bytes | None]]


def binary(document: Document) -> tuple[Headers, bytes]:
    attributes = {name: value for name, value in document.items() if name != "data" and value is not None}
    headers: Headers = [(f"ce_{name}", str(value).encode()) for name, value in attributes.items()]
    return [("content-type" if name == "ce_datacontenttype" else name, value) for name, value in headers], written(
        document["data"]
    )


@given(documents())
def test_both_modes_of_an_event_are_the_same_event(document: Document) -> None:
    document = {name: value for name, value in document.items() if value is not None}
    headers, value = binary(document)
    assert is_binary(headers)
    structured = structured_from_binary(headers, value)
    assert decode_strict(structured) == decode_strict(written(document))


def sdk_event(document: Document) -> CloudEvent:
    """The event as the SDK's user builds it; the SDK wants `time` as a datetime and writes UTC as Z."""
    attributes = {name: value for name, value in document.items() if name != "data" and value is not None}
    if "time" in attributes:
        attributes["time"] = datetime.fromisoformat(attributes["time"])
    return CloudEvent(attributes, document["data"])


TIMED = documents().filter(lambda document: "time" in document)


@given(TIMED)
def test_the_sdks_binary_and_structured_records_are_the_same_event_to_us(document: Document) -> None:
    event = sdk_event(document)
    in_headers = kafka.to_binary(event, JSONFormat())
    in_value = kafka.to_structured(event, JSONFormat())
    headers: Headers = list(in_headers.headers.items())
    assert is_binary(headers)
    assert not is_binary(list(in_value.headers.items()))
    from_headers = decode_strict(structured_from_binary(headers, in_headers.value))
    assert from_headers == decode_strict(in_value.value)


def test_the_time_that_the_sdk_makes_up_is_not_taken_for_an_unknown_one() -> None:
    event = sdk_event(victim(occurredprecision="unknown", time=...))
    assert refused(kafka.to_structured(event, JSONFormat()).value) == (Reason.TIME_WITHOUT_PRECISION, "/time")


@given(TIMED)
def test_the_sdk_reads_what_we_write(document: Document) -> None:
    ours = decode_strict(written(document)).event
    message = kafka.KafkaMessage({"content-type": b"application/cloudevents+json"}, None, encode(ours))
    read = kafka.from_kafka(message, JSONFormat())
    assert (read.get_id(), read.get_source(), read.get_type()) == (ours.id, ours.source, ours.type)
    assert read.get_time() == ours.time
    assert read.get_data() == json.loads(encode(ours))["data"]


HEADERS, VALUE = binary(victim())


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], False),
        ([("content-type", b"application/json")], False),
        ([("content-type", b"application/cloudevents+json"), ("ce_specversion", b"1.0")], False),
        ([("content-type", b"application/cloudevents+json; charset=UTF-8")], False),
        ([("ce_specversion", b"1.0")], True),
        ([("CE_specversion", b"1.0"), ("Content-Type", None)], True),
    ],
)
def test_the_mode_is_told_by_the_headers(headers: Headers, expected: bool) -> None:
    assert is_binary(headers) is expected


def test_other_headers_are_not_looked_at() -> None:
    more: Headers = [("x-request", CANARY.encode()), ("traceparent", b"\xff"), ("ce_consentref", None)]
    assert structured_from_binary(HEADERS + more, VALUE) == structured_from_binary(HEADERS, VALUE)


def test_an_event_without_a_value_has_no_data() -> None:
    assert refused(structured_from_binary(HEADERS, None)) == (Reason.MISSING_FIELD, "/data")
    assert structured_from_binary([], VALUE) == b'{"data":' + VALUE + b"}"


def test_a_number_in_a_header_is_a_number_in_the_event() -> None:
    numbered = [*HEADERS, ("ce_seq", b"17")]
    assert decode_strict(structured_from_binary(numbered, VALUE)).event.seq == 17
    for wrong in (b"1.5", b"-1", b"\xd9\xa3", b"9" * 400):
        assert refused(structured_from_binary([*HEADERS, ("ce_seq", wrong)], VALUE)) == (Reason.WRONG_TYPE, "/seq")


@pytest.mark.parametrize(
    ("more", "value", "reason"),
    [
        ([("ce_id", b"018fe18c-0100-783f-87ef-85cb0d5e50e4")], VALUE, Reason.DUPLICATE_KEY),
        ([("CE_ID", b"018fe18c-0100-783f-87ef-85cb0d5e50e4")], VALUE, Reason.DUPLICATE_KEY),
        ([("ce_data", b"{}")], VALUE, Reason.UNKNOWN_FIELD),
        ([("ce_datacontenttype", b"application/json")], VALUE, Reason.UNKNOWN_FIELD),
        ([("ce_sourcerecord", b"\xff")], VALUE, Reason.NOT_UTF8),
        ([], b"", Reason.NOT_JSON),
        ([], b"[]", Reason.NOT_AN_OBJECT),
        ([], b'{},"subject":"x"', Reason.NOT_JSON),
        ([], VALUE + b'},"sourcerecord":"7","x":{', Reason.NOT_JSON),
    ],
    ids=repr,
)
def test_what_has_no_structured_form_is_refused(more: Headers, value: bytes, reason: Reason) -> None:
    with pytest.raises(BadMessage) as caught:
        structured_from_binary(HEADERS + more, value)
    assert caught.value.reason is reason
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", [f"ce_{CANARY}", "ce_", 'ce_"'])
def test_an_unknown_attribute_is_an_unknown_field(name: str) -> None:
    assert refused(structured_from_binary([*HEADERS, (name, b"x")], VALUE)) == (Reason.UNKNOWN_FIELD, "")


def test_a_key_twice_within_the_data_is_still_seen() -> None:
    twice = VALUE[:-1] + b', "status": "confirmed"}'
    assert refused(structured_from_binary(HEADERS, twice)) == (Reason.DUPLICATE_KEY, "")
