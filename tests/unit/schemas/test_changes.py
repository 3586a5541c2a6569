"""Corrections, retractions and merges: what they may say, about whose events, and what a correction amounts to."""

import traceback
from typing import Any

import pytest
from hypothesis import given

from schemas.catalogue import CATALOGUE, may_publish, order_key
from schemas.codec import decode, decode_strict, encode
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import dataschema_of
from schemas.errors import BadMessage, Reason
from schemas.governance import closing_of
from schemas.justice.police import ArrestMadeV1
from schemas.size_limits import EVENT
from schemas.type_table import FACTS
from tests.unit.schemas.event_strategies import submissions
from tests.unit.schemas.samples import (
    ACTIVITY,
    ARREST,
    CANARY,
    CASE,
    CHARGE,
    EVENT_ID,
    OTHER_PERSON,
    PERSON,
    event,
    refused,
    victim,
    written,
)

TARGET = "bpd/register/018fe18c-0100-783f-87ef-000000000001"
RULING = "odpp/docket/018fe18c-0100-783f-87ef-000000000002"
BY_COUNCIL: dict[str, Any] = {"source": "council/rulings", "onbehalfof": "bpd"}
ARRESTED = {"person": OTHER_PERSON, "case": CASE, "arrest": ARREST}
CORRECTED: dict[str, Any] = {"reason": "wrong_person", "type": "bz.atips.arrest.made.v1", "data": ARRESTED}


def correction(said: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    changes = {"source": "bpd/register", "supersedes": TARGET} | changes
    return event("event.corrected", CORRECTED | (said or {}), PERSON, **changes)


def retraction(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    changes = {"source": "bpd/register", "supersedes": TARGET, "time": ..., "occurredprecision": "unknown"} | changes
    return event("event.retracted", {"reason": "duplicate"}, PERSON, **changes)


def merge(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    data = {"person": PERSON, "same_as": OTHER_PERSON, "reason": "same_documents"}
    return event("person.merged", data, PERSON, **changes)


CLOSED = {"type": "bz.atips.period.closed.v1", "data": {"agency": "dhs", "period": "2024"}}
COUNTED = {
    "type": "bz.atips.training.session_delivered.v1",
    "data": {"session": ACTIVITY, "participants_n": "12"},
}


@pytest.mark.parametrize(
    ("document", "reason", "pointer"),
    [
        (correction(supersedes=...), Reason.MISSING_FIELD, "/supersedes"),
        (correction(supersedes=None), Reason.MISSING_FIELD, "/supersedes"),
        (correction(supersedes=EVENT_ID), Reason.WRONG_FORM, "/supersedes"),
        (retraction(supersedes=...), Reason.MISSING_FIELD, "/supersedes"),
        (merge(supersedes=TARGET), Reason.SUPERSEDES_NOT_ALLOWED, "/supersedes"),
        (correction(subject=...), Reason.MISSING_FIELD, "/subject"),
        (correction(subject=ARREST), Reason.BAD_ID, "/subject"),
        (correction(time=...), Reason.MISSING_FIELD, "/time"),
        (correction({"reason": "duplicate"}), Reason.UNKNOWN_CODE, "/data/reason"),
        (correction({"type": None}), Reason.MISSING_FIELD, "/data/type"),
        (correction({"type": CANARY}), Reason.WRONG_FORM, "/data/type"),
        (correction({"type": "bz.atips.event.retracted.v1"}), Reason.UNKNOWN_TYPE, "/data/type"),
        (correction({"type": "bz.atips.event.corrected.v1"}), Reason.UNKNOWN_TYPE, "/data/type"),
        (correction({"type": "bz.atips.arrest.made.v2"}), Reason.UNKNOWN_TYPE, "/data/type"),
        (correction({"data": None}), Reason.MISSING_FIELD, "/data/data"),
        (correction({"data": [ARRESTED]}), Reason.WRONG_TYPE, "/data/data"),
        (correction({"data": {}}), Reason.MISSING_FIELD, "/data/data/person"),
        (correction({"data": ARRESTED | {"person": None}}), Reason.MISSING_FIELD, "/data/data/person"),
        (correction({"data": ARRESTED | {"person": CASE}}), Reason.BAD_ID, "/data/data/person"),
        (correction({"data": ARRESTED | {"linked_victims": [CASE]}}), Reason.BAD_ID, "/data/data/linked_victims/0"),
        (correction({"data": ARRESTED | {CANARY: CANARY}}), Reason.UNKNOWN_FIELD, "/data/data"),
        (correction({"data": ARRESTED | {"charge": CHARGE}}), Reason.UNKNOWN_FIELD, "/data/data"),
        (correction({"data": ARRESTED | {"on_warrant": CANARY}}), Reason.UNKNOWN_CODE, "/data/data/on_warrant"),
        (correction({"data": ARRESTED | {"on_warrant": 1.5}}), Reason.NUMBER_NOT_ALLOWED, "/data/data/on_warrant"),
        (correction({"data": ARRESTED | {"on_warrant": 2**70}}), Reason.NUMBER_NOT_ALLOWED, "/data/data/on_warrant"),
        (correction(COUNTED), Reason.WRONG_TYPE, "/data/data/participants_n"),
        (correction(CLOSED), Reason.AGENCY_MISMATCH, "/data/data/agency"),
        (merge(data={"same_as": PERSON}), Reason.REPEATED_ITEM, "/data/same_as"),
        (merge(data={"same_as": CASE}), Reason.BAD_ID, "/data/same_as"),
        (merge(subject=OTHER_PERSON), Reason.SUBJECT_MISMATCH, "/subject"),
    ],
)
def test_a_wrong_change_is_refused_with_the_rule_and_the_place(
    document: dict[str, Any], reason: Reason, pointer: str
) -> None:
    assert refused(written(document)) == (reason, pointer)


def test_what_a_correction_holds_is_not_deep_either() -> None:
    deep: object = "held"
    for _ in range(EVENT.depth):
        deep = [deep]
    assert refused(written(correction({"data": ARRESTED | {"deep": deep}}))) == (Reason.TOO_DEEP, "")


@pytest.mark.parametrize(
    "said",
    [
        {"data": ARRESTED | {CANARY: CANARY}},
        {"data": ARRESTED | {"person": CANARY}},
        {"data": ARRESTED | {"linked_victims": [{CANARY: CANARY}]}},
        {"data": CANARY},
        {"type": CANARY},
        CLOSED | {"data": {"agency": "dhs", "period": "2024", "counts": {CANARY: CANARY}}},
    ],
    ids=lambda each: None,
)
def test_an_error_repeats_nothing_of_what_a_correction_holds(said: dict[str, Any]) -> None:
    with pytest.raises(BadMessage) as caught:
        decode_strict(written(correction(said)))
    error = caught.value
    told = [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]
    assert not any(CANARY in each for each in told)
    assert error.__cause__ is error.__context__ is None


def test_a_correction_amounts_to_an_event_of_its_own_name_and_times() -> None:
    document = correction(
        sourcerecord="2024/113",
        onbehalfof="odpp",
        copublishers="dhs",
        seq=7,
        classification="restricted",
        dataschema=dataschema_of("bz.atips.event.corrected.v1"),
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        occurredto="2024-05-21T14:10:00-06:00",
    )
    read = decode_strict(written(document)).event
    assert isinstance(read, EventCorrectedV1)
    made = read.replacement()
    kept = {name: value for name, value in document.items() if name not in {"supersedes", "dataschema", "traceparent"}}
    alone = kept | {"type": "bz.atips.arrest.made.v1", "subject": OTHER_PERSON, "data": ARRESTED}
    assert made == decode(written(alone))
    assert isinstance(made, ArrestMadeV1)
    assert made.ref == read.ref
    assert made.occurred == read.occurred
    assert order_key(made)[1] == CATALOGUE[made.type].stage
    assert decode(encode(made)) == made


def test_a_correction_concerns_its_targets_primary_entity_first_and_whatever_the_replacement_does() -> None:
    read = decode(written(correction()))
    assert read.concerns() == (PERSON, OTHER_PERSON, CASE)
    assert decode(written(correction(subject=OTHER_PERSON))).concerns() == (OTHER_PERSON, CASE)
    assert decode(written(retraction())).concerns() == (PERSON,)
    assert decode(written(merge())).concerns() == (PERSON, OTHER_PERSON)


def test_only_merges_and_what_is_corrected_into_one_join_two_ids() -> None:
    joined = {"person": PERSON, "same_as": OTHER_PERSON, "reason": "statement"}
    into_a_merge = correction({"type": "bz.atips.person.merged.v1", "data": joined})
    for document in (merge(), into_a_merge):
        assert decode(written(document)).joins() == (PERSON, OTHER_PERSON)
    for document in (victim(), correction(), retraction()):
        assert decode(written(document)).joins() == ()


def test_a_period_that_was_closed_on_behalf_of_another_may_be_corrected_so() -> None:
    read = decode(written(correction(CLOSED, onbehalfof="dhs")))
    assert read.concerns() == (PERSON, closing_of("dhs", "2024"))


@given(submissions("bz.atips.event.corrected.v1"))
def test_whatever_can_be_said_can_be_said_in_a_correction(raw: bytes) -> None:
    read = decode_strict(raw).event
    assert isinstance(read, EventCorrectedV1)
    made = read.replacement()
    assert made.type in FACTS
    assert (made.ref, made.recordedtime, made.occurred) == (read.ref, read.recordedtime, read.occurred)
    assert made.supersedes is None
    assert set(read.concerns()) == {read.subject, *made.concerns()}
    assert read.concerns()[0] == read.subject
    assert decode(encode(made)) == made


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (correction(), True),
        (correction(source="bpd/another-system"), True),
        (correction(supersedes=TARGET.replace("bpd", "odpp")), False),
        (correction(supersedes=TARGET.replace("bpd", "bpd_x")), False),
        # what somebody may not say may not be said in a correction either
        (correction(source="odpp/docket", supersedes=TARGET.replace("bpd", "odpp")), False),
        (retraction(), True),
        (retraction(source="odpp/docket"), False),
        (retraction(source="hti/files", supersedes=TARGET.replace("bpd", "hti")), True),
        (merge(source="dhs/famcare"), True),
        (merge(source="odpp/docket"), False),
        # the Council, by a ruling and on behalf of whose event it is: nobody else, and nothing less
        (retraction(**BY_COUNCIL, data={"ruling": RULING}), True),
        (retraction(**BY_COUNCIL), False),
        (retraction(**BY_COUNCIL | {"onbehalfof": ...}, data={"ruling": RULING}), False),
        (retraction(**BY_COUNCIL | {"onbehalfof": "dhs"}, data={"ruling": RULING}), False),
        (retraction(**BY_COUNCIL | {"source": "odpp/docket"}, data={"ruling": RULING}), False),
        (retraction(source="bpd/register", data={"ruling": RULING}), True),
        (correction({"ruling": RULING}, **BY_COUNCIL), True),
        # what the agency may not say, a ruling does not say for it
        (
            correction(
                {"ruling": RULING}, **BY_COUNCIL | {"supersedes": TARGET.replace("bpd", "odpp"), "onbehalfof": "odpp"}
            ),
            False,
        ),
    ],
)
def test_an_event_is_changed_by_its_own_agency_or_a_ruling_alone(document: dict[str, Any], expected: bool) -> None:
    assert may_publish(decode(written(document))) is expected


@pytest.mark.parametrize(("role", "expected"), [("suspect", False), ("victim", True)])
def test_a_partner_does_not_speak_of_suspects_in_a_correction(role: str, expected: bool) -> None:
    said = {"type": "bz.atips.person.profile_recorded.v1", "data": {"person": PERSON, "role": role}}
    document = correction(said, source="iom/files", supersedes=TARGET.replace("bpd", "iom"))
    assert may_publish(decode(written(document))) is expected


def test_a_merge_stands_before_and_a_change_after_what_happened_at_the_same_time() -> None:
    documents = (merge(), victim(), event("investigation.opened", {"case": CASE}, CASE), correction())
    keys = [order_key(decode(written(document))) for document in documents]
    assert keys == sorted(keys)
