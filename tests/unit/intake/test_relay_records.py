"""Records of the relay: headers in their order, primary copy first, receipts without the submission's content."""

from base64 import b64decode
from dataclasses import replace

import orjson
import pytest

from schemas.ids import Kind
from services.intake.domain.found_mistakes import FoundMistake
from services.intake.domain.outbox_rows import AcceptedRow, RefusedRow, RepeatRow, SealedRefusal
from services.intake.domain.relay_records import (
    MOST_SEALED,
    RelayRecord,
    progress,
    records_of_accepted,
    records_of_refused,
    records_of_repetition,
)
from services.intake.domain.submission import InboundPlace
from tests.unit.intake.samples import DEPLOYMENT, NOW_MS, entity, event_id

PLACE = InboundPlace("atips.inbound.bpd.v1", 0, 41, NOW_MS)
KEY = ("bpd/register", event_id(1))
PERSON, CASE = entity(Kind.PERSON, 1), entity(Kind.CASE, 1)
ROW = AcceptedRow(
    n=12,
    accepted_at=NOW_MS + 7,
    key=KEY,
    digest=bytes(32),
    type="bz.atips.victim.identified.v1",
    agency="bpd",
    payload=b'{"a":"payload"}',
    entities=(PERSON, CASE),
    place=PLACE,
)
REFUSED = RefusedRow(
    n=13,
    entry=11,
    accepted_at=NOW_MS,
    agency="love_foundation",
    reason="not_json",
    pointer="/data",
    key=None,
    type=None,
    must_arrive=True,
    sealed=SealedRefusal("key", bytes(12), b"\x00\xff", bytes(32)),
    place=PLACE,
    attempts=2,
    kept_in=13,
    size=2,
)
REPEAT = RepeatRow(
    seq=3,
    repeated_at=NOW_MS,
    agency="bpd",
    place=PLACE,
    n=12,
    accepted_at=1,
    key=KEY,
    digest=bytes(32),
    type=ROW.type,
)
TOO_LARGE = replace(REFUSED, sealed=replace(REFUSED.sealed, sealed=bytes(MOST_SEALED + 1)), size=MOST_SEALED + 1)

NOWHERE = {"topic": None, "partition": None, "offset": None}


def receipt(message: RelayRecord) -> dict[str, object]:
    value: dict[str, object] = orjson.loads(message.value)
    assert dict(message.headers)["ce_id"].decode() == value["id"]
    assert dict(message.headers)["ce_type"].decode() == value["type"]
    assert dict(message.headers)["content-type"] == b"application/cloudevents+json"
    data = value["data"]
    assert isinstance(data, dict)
    assert set(data) == {
        "status", "id", "source", "type", "n", "accepted_at", "digest", "reason", "pointer", "permitted", "inbound",
    }  # fmt: skip
    return value | data | {"receipt": value["id"], "type": value["type"], "event_type": data["type"]}


def test_an_accepted_event_goes_under_each_entity_primary_first() -> None:
    primary, related, _ = records_of_accepted(ROW, DEPLOYMENT)
    assert (primary.topic, primary.key, primary.value) == ("atips.person.v1", PERSON.encode(), ROW.payload)
    assert (related.topic, related.key, related.value) == ("atips.case.v1", CASE.encode(), ROW.payload)
    assert primary.headers == (
        ("content-type", b"application/cloudevents+json"),
        ("ce_id", event_id(1).encode()),
        ("ce_type", b"bz.atips.victim.identified.v1"),
        ("role", b"primary"),
        ("n", b"12"),
        ("accepted_at", b"1718452800007"),
    )
    assert related.headers[3] == ("role", b"related")
    assert dict(related.headers) | {"role": b"primary"} == dict(primary.headers)


def test_its_receipt_names_it_and_where_it_came_in() -> None:
    message = records_of_accepted(ROW, DEPLOYMENT)[-1]
    assert message.topic == "atips.delivery.bpd.v1"
    assert b"payload" not in message.value
    said = receipt(message)
    assert said["receipt"] == "receipt-12"
    assert said["type"] == "bz.atips.submission.accepted.v1"
    assert said["time"] == "2024-06-15T12:00:00.007+00:00"
    assert (said["status"], said["n"], said["accepted_at"]) == ("accepted", 12, NOW_MS + 7)
    assert (said["source"], said["digest"]) == ("bpd/register", "00" * 32)
    assert said["inbound"] == {"topic": PLACE.topic, "partition": 0, "offset": 41}


def test_a_receipt_names_the_event_s_type_if_it_could_be_read() -> None:
    """Found by clerks: a list of receipts had ids alone, and nobody knew which record an id was."""
    typed = replace(REFUSED, type="bz.atips.arrest.made.v1")
    (again,) = records_of_repetition(REPEAT, DEPLOYMENT)
    messages = [records_of_accepted(ROW, DEPLOYMENT)[-1], again]
    messages += [records_of_refused(row, DEPLOYMENT)[-1] for row in (typed, REFUSED)]
    assert [receipt(message)["event_type"] for message in messages] == [ROW.type, ROW.type, typed.type, None]


def test_a_refused_one_goes_to_quarantine_encrypted_and_its_refusal_to_the_agency() -> None:
    record, refusal = records_of_refused(REFUSED, DEPLOYMENT)
    assert (record.topic, record.key) == ("atips.quarantine.v1", b"love_foundation")
    assert record.headers == (
        ("n", b"13"),
        ("accepted_at", b"1718452800000"),
        ("reason", b"not_json"),
        ("x-original-topic", b"atips.inbound.bpd.v1"),
        ("kafka_dlt-original-topic", b"atips.inbound.bpd.v1"),
    )
    value = orjson.loads(record.value)
    assert b64decode(value["sealed"]) == b"\x00\xff"
    assert value["inbound"] == {"topic": PLACE.topic, "partition": 0, "offset": 41, "timestamp": NOW_MS}
    assert (value["n"], value["source"], value["id"], value["attempts"]) == (13, None, None, 2)
    assert (value["entry"], value["type"], value["must_arrive"], value["fingerprint"]) == (11, None, True, "00" * 32)
    assert refusal.topic == "atips.delivery.love-foundation.v1"
    said = receipt(refusal)
    assert (said["receipt"], said["type"]) == ("receipt-13", "bz.atips.submission.refused.v1")
    assert (said["reason"], said["pointer"], said["n"]) == ("not_json", "/data", 13)
    assert "sealed" not in said


def test_bytes_that_another_attempt_keeps_are_named_by_its_number() -> None:
    record, refusal = records_of_refused(
        replace(REFUSED, kept_in=11, sealed=SealedRefusal("key", bytes(12), b"", bytes(32))), DEPLOYMENT
    )
    value = orjson.loads(record.value)
    assert (value["size"], value["kept_in"], "sealed" in value) == (2, 11, False)
    assert refusal == records_of_refused(REFUSED, DEPLOYMENT)[1]


def test_a_refusal_says_that_its_bytes_were_not_kept() -> None:
    record, refusal = records_of_refused(replace(REFUSED, kept_in=None), DEPLOYMENT)
    value = orjson.loads(record.value)
    assert (value["size"], value["kept_in"], "sealed" in value) == (2, None, False)
    assert orjson.loads(refusal.value)["data"]["kept"] is False
    assert "kept" not in orjson.loads(records_of_refused(REFUSED, DEPLOYMENT)[1].value)["data"]


def test_a_refusal_names_every_mistake_and_the_codes_that_the_first_may_mean() -> None:
    first = FoundMistake("unknown_code", "/data/status", ("confirmed",))
    second = FoundMistake("unknown_code", "/data/means", ("threat",))
    row = replace(REFUSED, agency="bpd", type="bz.atips.victim.identified.v1", mistakes=(first, second))
    said = orjson.loads(records_of_refused(row, DEPLOYMENT)[1].value)["data"]
    assert (said["codes"], said["nearest"]) == ("/v1/codes/victim_status", ["confirmed"])
    assert [(each["pointer"], each["nearest"]) for each in said["errors"]] == [
        ("/data/status", ["confirmed"]),
        ("/data/means", ["threat"]),
    ]
    assert "errors" not in orjson.loads(records_of_refused(REFUSED, DEPLOYMENT)[1].value)["data"]


def test_bytes_that_no_record_holds_stay_behind_and_their_size_goes() -> None:
    record, refusal = records_of_refused(TOO_LARGE, DEPLOYMENT)
    value = orjson.loads(record.value)
    assert (value["size"], value["fingerprint"], value["n"]) == (MOST_SEALED + 1, "00" * 32, 13)
    assert "sealed" not in value
    assert refusal == records_of_refused(REFUSED, DEPLOYMENT)[1]
    just = records_of_refused(
        replace(TOO_LARGE, sealed=replace(REFUSED.sealed, sealed=bytes(MOST_SEALED)), size=MOST_SEALED), DEPLOYMENT
    )[0]
    assert len(b64decode(orjson.loads(just.value)["sealed"])) == MOST_SEALED


def test_a_repetition_gets_the_first_receipt_at_its_own_place() -> None:
    again = InboundPlace(PLACE.topic, 0, 99, NOW_MS)
    (message,) = records_of_repetition(replace(REPEAT, place=again), DEPLOYMENT)
    said = receipt(message)
    assert (said["receipt"], said["type"]) == ("repeat-3", "bz.atips.submission.duplicate.v1")
    assert (said["status"], said["n"], said["accepted_at"]) == ("duplicate", 12, 1)
    assert said["inbound"] == {"topic": PLACE.topic, "partition": 0, "offset": 99}


def test_progress_names_the_last_offset_of_each_partition() -> None:
    message = progress(12, {("atips.person.v1", 3): 4, ("atips.case.v1", 0): 0, ("atips.person.v1", 0): 9}, DEPLOYMENT)
    assert (message.topic, message.key) == ("atips.progress.v1", b"progress")
    assert orjson.loads(message.value) == {
        "n": 12,
        "offsets": {"atips.case.v1": {"0": 0}, "atips.person.v1": {"0": 9, "3": 4}},
    }


@pytest.mark.parametrize("again", range(2))
def test_the_same_row_gives_the_same_bytes(again: int) -> None:
    assert records_of_accepted(ROW, DEPLOYMENT) == records_of_accepted(ROW, DEPLOYMENT)
    assert records_of_refused(REFUSED, DEPLOYMENT) == records_of_refused(REFUSED, DEPLOYMENT)


def test_what_came_over_http_lies_nowhere() -> None:
    *_, said = records_of_accepted(replace(ROW, place=None), DEPLOYMENT)
    assert receipt(said)["inbound"] == NOWHERE
    record, told = records_of_refused(replace(REFUSED, place=None), DEPLOYMENT)
    assert receipt(told)["inbound"] == NOWHERE
    assert orjson.loads(record.value)["inbound"] == {**NOWHERE, "timestamp": None}
    assert [name for name, _ in record.headers] == ["n", "accepted_at", "reason"]


def test_a_system_of_its_own_is_answered_on_its_own_topic_alone() -> None:
    """Found from outside: every system of an agency read the receipts of all others."""
    jail, source = InboundPlace(DEPLOYMENT.inbound("bpd/jail"), 0, 1, NOW_MS), ("bpd/jail", event_id(2))
    own, main = DEPLOYMENT.delivery("bpd/jail"), DEPLOYMENT.delivery("bpd")
    repeat = replace(REPEAT, place=jail, key=source)
    for over, systems in ((jail, ()), (None, {"bpd/jail"})):
        answers = (
            records_of_accepted(replace(ROW, place=over, key=source), DEPLOYMENT, systems)[-1],
            records_of_refused(replace(REFUSED, agency="bpd", place=over, key=source), DEPLOYMENT, systems)[-1],
            records_of_repetition(replace(repeat, place=over), DEPLOYMENT, systems)[-1],
        )
        assert {each.topic for each in answers} == {own}
    # What came over the agency's topic is answered there, whatever source it claims.
    assert records_of_refused(replace(REFUSED, agency="bpd", key=source), DEPLOYMENT, {"bpd/jail"})[-1].topic == main
    assert records_of_accepted(ROW, DEPLOYMENT, {"bpd/jail"})[-1].topic == main
    assert records_of_accepted(replace(ROW, place=None), DEPLOYMENT, {"bpd/jail"})[-1].topic == main
