"""Events that are refused: fields against their types, and fields against each other."""

from typing import Any

import pytest
from hypothesis import given

from schemas import ids
from schemas.codebook.identification import Means
from schemas.codec import decode, decode_strict, encode
from schemas.envelope import dataschema_of
from schemas.errors import Reason
from schemas.fields import MAX_ENTITIES, MAX_RELATED
from schemas.governance import closing_of
from schemas.identification import ScreeningCompletedV1, VictimIdentifiedV1
from schemas.ids import Kind
from schemas.prevention import TrainingSessionDeliveredV1
from schemas.times import Precision
from tests.unit.schemas.event_strategies import submissions
from tests.unit.schemas.samples import (
    ACTIVITY,
    ARREST,
    CASE,
    CHARGE,
    EVENT_ID,
    NEED,
    OTHER_PERSON,
    PERSON,
    REFERRAL,
    event,
    refused,
    victim,
    written,
)

OTHER_CASE = ids.mint(Kind.CASE, b"another case, #7")
PERSONS = [ids.mint(Kind.PERSON, number.to_bytes(16, "big")) for number in range(MAX_RELATED + 1)]


@given(submissions())
def test_an_acceptable_event_survives_reading_and_writing(raw: bytes) -> None:
    read = decode_strict(raw).event
    assert decode(raw) == read
    assert decode(encode(read)) == read
    concerned = read.concerns()
    assert len(set(concerned)) == len(concerned) <= MAX_ENTITIES
    assert all(ids.is_id(entity, *ids.ENTITY_KINDS) for entity in concerned)
    assert read.subject in {None, concerned[0]}
    assert (read.occurred is None) == (read.occurredprecision is Precision.UNKNOWN)


@pytest.mark.parametrize(
    ("changes", "reason", "pointer"),
    [
        ({"specversion": "0.3"}, Reason.UNKNOWN_CODE, "/specversion"),
        ({"specversion": ...}, Reason.MISSING_FIELD, "/specversion"),
        ({"id": "018fe18c-0100-483f-87ef-85cb0d5e50e4"}, Reason.WRONG_FORM, "/id"),
        ({"id": EVENT_ID.upper()}, Reason.WRONG_FORM, "/id"),
        ({"id": EVENT_ID + "\n"}, Reason.WRONG_FORM, "/id"),
        ({"id": 7}, Reason.WRONG_TYPE, "/id"),
        ({"id": None}, Reason.MISSING_FIELD, "/id"),
        ({"source": "dhs"}, Reason.WRONG_FORM, "/source"),
        ({"source": "dhs/Fam Care"}, Reason.WRONG_FORM, "/source"),
        ({"source": "fbi/register"}, Reason.UNKNOWN_AGENCY, "/source"),
        ({"type": "bz.atips.victim.identified.v2"}, Reason.UNKNOWN_TYPE, "/type"),
        ({"type": None}, Reason.UNKNOWN_TYPE, "/type"),
        ({"type": ["bz.atips.victim.identified.v1"]}, Reason.UNKNOWN_TYPE, "/type"),
        ({"type": ...}, Reason.MISSING_FIELD, "/type"),
        ({"subject": ...}, Reason.MISSING_FIELD, "/subject"),
        ({"subject": CASE}, Reason.BAD_ID, "/subject"),
        ({"subject": OTHER_PERSON}, Reason.SUBJECT_MISMATCH, "/subject"),
        ({"time": ...}, Reason.MISSING_FIELD, "/time"),
        ({"time": "2024-05-20"}, Reason.WRONG_FORM, "/time"),
        ({"occurredprecision": "day"}, Reason.TIME_NOT_START_OF_UNIT, "/time"),
        ({"occurredprecision": "unknown"}, Reason.TIME_WITHOUT_PRECISION, "/time"),
        ({"occurredprecision": "week"}, Reason.UNKNOWN_CODE, "/occurredprecision"),
        ({"occurredto": "2024-05-19T00:00:00-06:00"}, Reason.TIME_SPAN_REVERSED, "/occurredto"),
        ({"recordedtime": ...}, Reason.MISSING_FIELD, "/recordedtime"),
        ({"recordedtime": None}, Reason.MISSING_FIELD, "/recordedtime"),
        ({"recordedtime": 1717445700}, Reason.WRONG_TYPE, "/recordedtime"),
        ({"dataschema": dataschema_of("bz.atips.arrest.made.v1")}, Reason.DATASCHEMA_MISMATCH, "/dataschema"),
        ({"datacontenttype": "text/plain"}, Reason.WRONG_FORM, "/datacontenttype"),
        ({"sourcerecord": "maria-lopez"}, Reason.WRONG_FORM, "/sourcerecord"),
        ({"sourcerecord": "7" * 41}, Reason.WRONG_FORM, "/sourcerecord"),
        ({"sourcerecord": "no. 7"}, Reason.WRONG_FORM, "/sourcerecord"),
        ({"onbehalfof": "fbi"}, Reason.UNKNOWN_AGENCY, "/onbehalfof"),
        ({"copublishers": "hti,fbi"}, Reason.UNKNOWN_AGENCY, "/copublishers"),
        ({"copublishers": "hti, ret"}, Reason.WRONG_FORM, "/copublishers"),
        ({"copublishers": "hti,hti"}, Reason.WRONG_FORM, "/copublishers"),
        ({"classification": "secret"}, Reason.UNKNOWN_CODE, "/classification"),
        ({"codebook": "0"}, Reason.UNKNOWN_CODE, "/codebook"),
        ({"supersedes": f"dhs/famcare/{EVENT_ID}"}, Reason.SUPERSEDES_NOT_ALLOWED, "/supersedes"),
        ({"supersedes": EVENT_ID}, Reason.WRONG_FORM, "/supersedes"),
        ({"seq": -1}, Reason.OUT_OF_RANGE, "/seq"),
        ({"seq": "7"}, Reason.WRONG_TYPE, "/seq"),
        ({"seq": True}, Reason.WRONG_TYPE, "/seq"),
        ({"traceparent": "mine"}, Reason.WRONG_FORM, "/traceparent"),
        ({"comment": "x"}, Reason.UNKNOWN_FIELD, ""),
        ({"data": {"comment": "x"}}, Reason.UNKNOWN_FIELD, "/data"),
        ({"data": ...}, Reason.MISSING_FIELD, "/data"),
        ({"data": None}, Reason.MISSING_FIELD, "/data"),
        ({"data": []}, Reason.WRONG_TYPE, "/data"),
        ({"data": {"person": "maria-lopez"}}, Reason.BAD_ID, "/data/person"),
        ({"data": {"person": CASE}}, Reason.BAD_ID, "/data/person"),
        ({"data": {"status": "not_a_victim"}}, Reason.UNKNOWN_CODE, "/data/status"),
        ({"data": {"status": ...}}, Reason.MISSING_FIELD, "/data/status"),
        ({"data": {"minor_at_exploitation": True}}, Reason.UNKNOWN_CODE, "/data/minor_at_exploitation"),
        ({"data": {"exploitation": "forced_labour"}}, Reason.WRONG_TYPE, "/data/exploitation"),
        ({"data": {"exploitation": ["forced_labour", "x"]}}, Reason.UNKNOWN_CODE, "/data/exploitation/1"),
        ({"data": {"exploitation": ["other", "other"]}}, Reason.REPEATED_ITEM, "/data/exploitation"),
        ({"data": {"exploitation": ["other", "unknown"]}}, Reason.CONTRADICTORY_CODES, "/data/exploitation"),
        ({"data": {"means": ["not_asked", "fraud"]}}, Reason.CONTRADICTORY_CODES, "/data/means"),
    ],
)
def test_a_wrong_field_is_named_with_the_rule(changes: dict[str, Any], reason: Reason, pointer: str) -> None:
    assert refused(written(victim(**changes))) == (reason, pointer)


@pytest.mark.parametrize(
    ("document", "reason", "pointer"),
    [
        (
            event("person.profile_recorded", {"role": "victim", "citizenship": ["bz"]}, PERSON),
            Reason.MISSING_FIELD,
            "/data/person",
        ),
        (
            event("person.profile_recorded", {"person": PERSON, "role": "victim", "citizenship": ["XX"]}, PERSON),
            Reason.UNKNOWN_CODE,
            "/data/citizenship/0",
        ),
        (
            event(
                "person.profile_recorded",
                {"person": PERSON, "role": "victim", "citizenship": ["BZ", "unknown"]},
                PERSON,
            ),
            Reason.CONTRADICTORY_CODES,
            "/data/citizenship",
        ),
        (event("screening.completed", {"screening": ACTIVITY}, ACTIVITY), Reason.COUNT_OR_PERSONS, "/data/count"),
        (
            event(
                "screening.completed",
                {"screening": ACTIVITY, "persons": [PERSON], "count": 1, "count_basis": "persons"},
                ACTIVITY,
            ),
            Reason.COUNT_OR_PERSONS,
            "/data/count",
        ),
        (
            event("screening.completed", {"screening": ACTIVITY, "count": 102}, ACTIVITY),
            Reason.COUNT_WITHOUT_BASIS,
            "/data/count_basis",
        ),
        (
            event("screening.completed", {"screening": ACTIVITY, "count": 0, "count_basis": "persons"}, ACTIVITY),
            Reason.OUT_OF_RANGE,
            "/data/count",
        ),
        (
            event("screening.completed", {"screening": ACTIVITY, "count": 9, "count_basis": "inspections"}, ACTIVITY),
            Reason.UNKNOWN_CODE,
            "/data/count_basis",
        ),
        (
            event("screening.completed", {"screening": ACTIVITY, "persons": PERSONS}, ACTIVITY),
            Reason.TOO_MANY,
            "/data/persons",
        ),
        (
            event("screening.completed", {"screening": ACTIVITY, "persons": [CASE]}, ACTIVITY),
            Reason.BAD_ID,
            "/data/persons/0",
        ),
        (
            event("screening.completed", {"screening": ACTIVITY, "nationalities": ["unknown"]}, ACTIVITY),
            Reason.UNKNOWN_CODE,
            "/data/nationalities/0",
        ),
        (
            event("labour.inspection_completed", {"inspection": ACTIVITY, "count_basis": "inspections"}, ACTIVITY),
            Reason.MISSING_FIELD,
            "/data/count",
        ),
        (
            event(
                "labour.inspection_completed",
                {"inspection": ACTIVITY, "count": 2, "count_basis": "persons"},
                ACTIVITY,
            ),
            Reason.UNKNOWN_CODE,
            "/data/count_basis",
        ),
        (event("case.linked", {"case": CASE, "linked_case": CASE}, CASE), Reason.REPEATED_ITEM, "/data/linked_case"),
        (
            event("investigation.closed", {"case": CASE, "outcome": "open"}, CASE),
            Reason.CONTRADICTORY_CODES,
            "/data/outcome",
        ),
        (
            event("victim.counted_anonymously", {"report": ACTIVITY, "count": 0}, ACTIVITY),
            Reason.OUT_OF_RANGE,
            "/data/count",
        ),
        (
            event("training.session_delivered", {"session": ACTIVITY, "participants_n": -1}, ACTIVITY),
            Reason.OUT_OF_RANGE,
            "/data/participants_n",
        ),
        (
            event("training.session_delivered", {"session": ACTIVITY, "organisers": ["fbi"]}, ACTIVITY),
            Reason.UNKNOWN_AGENCY,
            "/data/organisers/0",
        ),
        (
            event("period.closed", {"agency": "bpd", "period": "2024"}, closing_of("bpd", "2024")),
            Reason.AGENCY_MISMATCH,
            "/data/agency",
        ),
        (
            event("period.closed", {"agency": "dhs", "period": "2024-13"}, closing_of("dhs", "2024-13")),
            Reason.WRONG_FORM,
            "/data/period",
        ),
        (
            event("period.closed", {"agency": "dhs", "period": "2024"}, closing_of("dhs", "2023")),
            Reason.SUBJECT_MISMATCH,
            "/subject",
        ),
        (
            event(
                "period.closed",
                {
                    "agency": "dhs",
                    "period": "2024",
                    "counts": {"bz.atips.a.b.v1": 1},
                    "zero_types": ["bz.atips.a.b.v1"],
                },
                closing_of("dhs", "2024"),
            ),
            Reason.CONTRADICTORY_CODES,
            "/data/zero_types",
        ),
        (
            event(
                "period.closed", {"agency": "dhs", "period": "2024", "counts": {"mine": 1}}, closing_of("dhs", "2024")
            ),
            Reason.WRONG_FORM,
            "/data/counts",
        ),
        (
            event(
                "period.closed",
                {"agency": "dhs", "period": "2024", "counts": {"bz.atips.a.b.v1": "x"}},
                closing_of("dhs", "2024"),
            ),
            Reason.WRONG_TYPE,
            "/data/counts",
        ),
    ],
)
def test_each_type_has_rules_of_its_own(document: dict[str, Any], reason: Reason, pointer: str) -> None:
    assert refused(written(document)) == (reason, pointer)


OPTIONAL_AT_THE_TOP = [
    name for name, field in VictimIdentifiedV1.model_fields.items() if not field.is_required() and name != "time"
]


@pytest.mark.parametrize("name", OPTIONAL_AT_THE_TOP)
def test_null_is_absent(name: str) -> None:
    assert decode(written(victim(**{name: None}))) == decode(written(victim()))


def test_null_is_absent_in_lists_too_but_an_empty_list_of_means_is_an_answer() -> None:
    nothing = decode(written(victim(data={"exploitation": None, "means": None})))
    empty = decode(written(victim(data={"exploitation": [], "means": []})))
    assert isinstance(nothing, VictimIdentifiedV1)
    assert isinstance(empty, VictimIdentifiedV1)
    assert nothing == decode(written(victim()))
    assert nothing.data.exploitation == empty.data.exploitation == ()
    assert nothing.data.means is None
    assert empty.data.means == ()
    assert decode(encode(empty)) == empty
    some = decode(written(victim(data={"means": ["fraud"]})))
    assert isinstance(some, VictimIdentifiedV1)
    assert some.data.means == (Means.FRAUD,)


def test_a_number_may_be_smaller_than_its_parts_for_that_is_a_finding() -> None:
    data = {"session": ACTIVITY, "participants_n": 10, "female_n": 9, "male_n": 9}
    read = decode_strict(written(event("training.session_delivered", data, ACTIVITY))).event
    assert isinstance(read, TrainingSessionDeliveredV1)
    assert read.data.participants_n == 10


@pytest.mark.parametrize(
    ("name", "data", "concerned"),
    [
        ("victim.identified", {"person": PERSON}, [PERSON]),
        ("suspect.identified", {"person": PERSON, "case": CASE}, [PERSON, CASE]),
        ("person.profile_recorded", {"person": PERSON, "case": CASE, "role": "suspect"}, [PERSON, CASE]),
        (
            "arrest.made",
            {
                "person": PERSON,
                "case": CASE,
                "arrest": ARREST,
                "linked_victims": [OTHER_PERSON, PERSON],
                "operation": ACTIVITY,
            },
            [PERSON, CASE, OTHER_PERSON, ACTIVITY],
        ),
        ("operation.conducted", {"operation": ACTIVITY, "cases": [CASE]}, [ACTIVITY, CASE]),
        (
            "victim_suspect.linked",
            {"case": CASE, "victim": OTHER_PERSON, "suspect": PERSON},
            [CASE, OTHER_PERSON, PERSON],
        ),
        (
            "trial.started",
            {"person": PERSON, "victims": [OTHER_PERSON], "charges": [CHARGE], "court": "high_court"},
            [PERSON, OTHER_PERSON],
        ),
        ("person.deceased_recorded", {"person": PERSON, "cases": [CASE]}, [PERSON, CASE]),
        (
            "charge.filed",
            {"person": PERSON, "charge": CHARGE, "victims": [OTHER_PERSON], "offence": "tip_sex"},
            [PERSON, OTHER_PERSON],
        ),
        (
            "verdict.returned",
            {"person": PERSON, "case": CASE, "charge": CHARGE, "victims": [OTHER_PERSON], "outcome": "acquitted"},
            [PERSON, CASE, OTHER_PERSON],
        ),
        ("investigation.opened", {"case": CASE, "persons": [PERSON, OTHER_PERSON]}, [CASE, PERSON, OTHER_PERSON]),
        (
            "screening.completed",
            {"screening": ACTIVITY, "persons": [PERSON], "case": CASE},
            [ACTIVITY, PERSON, CASE],
        ),
        ("report.received", {"report": ACTIVITY, "case": CASE}, [ACTIVITY, CASE]),
        ("victim.status_changed", {"person": PERSON, "case": CASE, "status": "undetermined"}, [PERSON, CASE]),
        ("victim.counted_anonymously", {"report": ACTIVITY, "case": CASE, "count": 3}, [ACTIVITY, CASE]),
        ("case.opened", {"case": CASE, "persons": [PERSON]}, [CASE, PERSON]),
        ("case.linked", {"case": CASE, "linked_case": OTHER_CASE}, [CASE, OTHER_CASE]),
        ("case.party_added", {"case": CASE, "person": PERSON, "role": "witness"}, [CASE, PERSON]),
        ("case.party_removed", {"case": CASE, "person": PERSON}, [CASE, PERSON]),
        ("case.access_restricted", {"case": CASE, "kept_from": "bpd", "reason": "court_ordered"}, [CASE]),
        ("case.review_provided", {"case": CASE, "reviewer": "hti"}, [CASE]),
        (
            "consent.recorded",
            {"person": PERSON, "case": CASE, "basis": "guardian", "guardian": OTHER_PERSON},
            [PERSON, CASE, OTHER_PERSON],
        ),
        ("need.assessed", {"person": PERSON, "case": CASE, "need": NEED}, [PERSON, CASE]),
        ("referral.received", {"person": PERSON, "case": CASE, "referral": REFERRAL}, [PERSON, CASE]),
        ("training.session_delivered", {"session": ACTIVITY}, [ACTIVITY]),
        ("labour.inspection_completed", {"inspection": ACTIVITY}, [ACTIVITY]),
    ],
)
def test_an_event_concerns_its_primary_entity_first(name: str, data: dict[str, Any], concerned: list[str]) -> None:
    if name == "victim.identified":
        data = data | {"status": "potential"}
    read = decode(written(event(name, data, concerned[0])))
    assert list(read.concerns()) == concerned
    assert read.agency == "dhs"


def test_the_primary_entity_of_a_closed_period_follows_from_agency_and_period() -> None:
    closing = closing_of("dhs", "2024-03")
    data = {"agency": "dhs", "period": "2024-03"}
    named = event("period.closed", data, closing)
    for document in (named, named | {"subject": None}, {name: named[name] for name in named if name != "subject"}):
        assert decode(written(document)).concerns() == (closing,)


def test_a_period_may_be_closed_on_behalf_of_another() -> None:
    data = {"agency": "yes", "period": "2024"}
    closed = event("period.closed", data, closing_of("yes", "2024"), source="council/desk", onbehalfof="yes")
    assert decode(written(closed)).agency == "council"


def test_the_largest_screening_fits() -> None:
    data = {"screening": ACTIVITY, "persons": PERSONS[:MAX_RELATED], "case": CASE}
    read = decode_strict(written(event("screening.completed", data, ACTIVITY))).event
    assert isinstance(read, ScreeningCompletedV1)
    assert len(read.concerns()) == MAX_RELATED + 2 <= MAX_ENTITIES
