"""The catalogue: who may publish what, and the one order of an entity's events."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.agencies import PARTNERS, PUBLISHING
from schemas.catalogue import CATALOGUE, may_publish, order_key
from schemas.codec import decode
from schemas.envelope import Event
from schemas.governance import closing_of
from schemas.ids import Kind, mint
from schemas.type_table import identification, joined, justice
from tests.unit.schemas.event_strategies import submissions
from tests.unit.schemas.samples import CASE, CHARGE, PERSON, event, victim, written

BAIL, HEARING = mint(Kind.BAIL, bytes(16)), mint(Kind.HEARING, bytes(16))
VICTIMS_NAMED_BY = {"bpd", "dhs", "immigration", "labour", "mohw", "odpp", *PARTNERS}


@pytest.mark.parametrize(
    ("name", "alone"), [("arrest.made", "bpd"), ("sentence.imposed", "odpp"), ("labour.inspection_completed", "labour")]
)
def test_what_one_agency_alone_does_it_alone_reports(name: str, alone: str) -> None:
    assert CATALOGUE[f"bz.atips.{name}.v1"].authors == {alone}


def test_victims_are_named_by_many_and_suspects_not_by_partners() -> None:
    assert CATALOGUE["bz.atips.victim.identified.v1"].authors == VICTIMS_NAMED_BY
    assert CATALOGUE["bz.atips.suspect.identified.v1"].authors == VICTIMS_NAMED_BY - set(PARTNERS)


def test_persons_and_cases_are_merged_by_few() -> None:
    assert CATALOGUE["bz.atips.person.merged.v1"].authors == {"bpd", "dhs"}
    assert CATALOGUE["bz.atips.case.merged.v1"].authors == {"bpd", "dhs", "odpp"}


@pytest.mark.parametrize("name", ["period.closed", "event.corrected", "event.retracted"])
def test_everybody_accounts_for_what_they_said(name: str) -> None:
    assert CATALOGUE[f"bz.atips.{name}.v1"].authors == set(PUBLISHING)


def test_no_type_has_a_row_in_two_areas() -> None:
    with pytest.raises(ValueError, match=r"two areas have a row for .*arrest"):
        joined(justice.TYPES, identification.TYPES, justice.TYPES)


@pytest.mark.parametrize("agency", PUBLISHING)
def test_an_agency_publishes_what_it_is_an_author_of(agency: str) -> None:
    said = victim(source=f"{agency}/x", data={"status": "potential"})
    assert may_publish(read(said)) == (agency in VICTIMS_NAMED_BY)


@pytest.mark.parametrize(
    ("agency", "role", "expected"),
    [("hti", "victim", True), ("hti", "suspect", False), ("bpd", "suspect", True), ("customs", "victim", False)],
)
def test_partners_speak_of_victims_only(agency: str, role: str, expected: bool) -> None:
    profile = event("person.profile_recorded", {"person": PERSON, "role": role}, PERSON, source=f"{agency}/x")
    assert may_publish(read(profile)) is expected


@pytest.mark.parametrize(
    ("agency", "status", "expected"),
    [
        *(("hti", "potential", True), ("hti", "suspected", False), ("hti", "confirmed", False)),
        *(("dhs", "suspected", True), ("bpd", "confirmed", True)),
    ],
)
def test_partners_hold_a_person_for_a_potential_victim_and_decide_no_more(
    agency: str, status: str, expected: bool
) -> None:
    assert may_publish(read(victim(source=f"{agency}/x", data={"status": status}))) is expected
    changed = event("victim.status_changed", {"person": PERSON, "status": status}, PERSON, source=f"{agency}/x")
    assert may_publish(read(changed)) is expected


def test_only_government_finds_that_somebody_is_no_victim() -> None:
    found = {"person": PERSON, "status": "not_a_victim"}
    for agency in (*PARTNERS, "bpd", "odpp", "dhs", "immigration"):
        changed = event("victim.status_changed", found, PERSON, source=f"{agency}/x")
        assert may_publish(read(changed)) is (agency in {"bpd", "odpp", "dhs"})


@pytest.mark.parametrize("name", ["bail.granted", "court.hearing_held", "trial.started"])
def test_police_speak_of_bail_and_hearings_at_the_magistrates_court_alone(name: str) -> None:
    more = {"bail.granted": {"bail": BAIL}, "court.hearing_held": {"hearing": HEARING}}.get(name, {"charges": [CHARGE]})
    for agency, court in (
        ("bpd", "magistrates"),
        ("bpd", "high_court"),
        ("odpp", "magistrates"),
        ("odpp", "high_court"),
    ):
        said = event(name, {"person": PERSON, "court": court, **more}, PERSON, source=f"{agency}/x")
        assert may_publish(read(said)) is ((agency, court) != ("bpd", "high_court"))


def test_a_correction_is_judged_by_what_it_makes_of_its_target() -> None:
    data = {"person": PERSON, "court": "high_court", "bail": BAIL}
    said = {"reason": "entry_error", "type": "bz.atips.bail.granted.v1", "data": data}
    target = f"bpd/x/{OTHER_ID}"
    correction = event("event.corrected", said, PERSON, source="bpd/x", supersedes=target)
    assert not may_publish(read(correction))
    data["court"] = "magistrates"
    assert may_publish(read(correction))


def read(document: dict[str, Any]) -> Event:
    return decode(written(document))


def ordered(*documents: dict[str, Any]) -> bool:
    """Whether the documents stand in the order of their keys."""
    keys = [order_key(read(document)) for document in documents]
    return keys == sorted(keys) and len(set(keys)) == len(keys)


OTHER_ID = "018fe18c-0100-783f-87ef-85cb0d5e50e5"


def test_the_order_is_time_then_stage_then_record_then_source_then_id() -> None:
    day: dict[str, Any] = {"occurredprecision": "day", "time": "2024-05-20T00:00:00-06:00"}
    opened = event("investigation.opened", {"case": CASE}, CASE, **day)
    assert ordered(
        victim(occurredprecision="unknown", time=..., recordedtime="2030-01-01T00:00:00Z"),
        victim(occurredprecision="year", time="2024-01-01T00:00:00-06:00"),
        victim(**day),
        victim(**day, recordedtime="2024-05-20T23:45:00Z"),
        victim(**day, recordedtime="2024-05-20T23:45:00Z", source="iom/a"),
        victim(**day, recordedtime="2024-05-20T23:45:00Z", source="iom/a", id=OTHER_ID),
        victim(**day, recordedtime="2024-05-20T23:45:00Z", source="iom/b"),
        opened,
        victim(),
    )


def test_an_event_that_ends_something_stands_at_the_end_of_its_time() -> None:
    month: dict[str, Any] = {"occurredprecision": "month", "time": "2024-05-01T00:00:00-06:00"}
    closed = event("period.closed", {"agency": "dhs", "period": "2024-05"}, closing_of("dhs", "2024-05"), **month)
    assert ordered(victim(**month), victim(time="2024-05-31T23:59:59-06:00"), closed)


@given(st.lists(submissions(), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_any_arrival_gives_the_same_order(raws: list[bytes], shuffler: random.Random) -> None:
    events = {(each.source, each.id): each for each in map(decode, raws)}
    there = sorted(events.values(), key=order_key)
    back = sorted(shuffler.sample(list(events.values()), len(events)), key=order_key)
    assert there == back
    assert len({order_key(each) for each in events.values()}) == len(events)


def test_the_offset_of_a_clock_changes_nothing() -> None:
    utc = victim(time="2024-05-20T20:10:00Z", recordedtime="2024-05-20T22:45:00Z")
    assert order_key(read(utc)) == order_key(read(victim()))
