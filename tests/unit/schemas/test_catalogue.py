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
from tests.unit.schemas.samples import CASE, PERSON, event, victim, written
from tests.unit.schemas.strategies import submissions

IDENTIFIERS = {"bpd", "dhs", "immigration", "labour", "mohw", "odpp"}
AUTHORS = {
    "screening.completed": {"bpd", "immigration", "dhs", "labour", *PARTNERS},
    "victim.identified": IDENTIFIERS | set(PARTNERS),
    "suspect.identified": IDENTIFIERS,
    "person.profile_recorded": IDENTIFIERS | set(PARTNERS),
    "investigation.opened": {"bpd"},
    "arrest.made": {"bpd"},
    "charge.filed": {"bpd", "odpp"},
    "verdict.returned": {"odpp"},
    "training.session_delivered": set(PUBLISHING),
    "labour.inspection_completed": {"labour"},
    "period.closed": set(PUBLISHING),
    "person.merged": {"bpd", "dhs"},
    "case.merged": {"bpd", "dhs", "odpp"},
    "activity.merged": set(PUBLISHING),
    "event.corrected": set(PUBLISHING),
    "event.retracted": set(PUBLISHING),
}


def test_authors_are_as_the_catalogue_says() -> None:
    assert {f"bz.atips.{name}.v1": authors for name, authors in AUTHORS.items()} == {
        name: set(kind.authors) for name, kind in CATALOGUE.items()
    }


@pytest.mark.parametrize("agency", PUBLISHING)
def test_an_agency_publishes_what_it_is_an_author_of(agency: str) -> None:
    assert may_publish(read(victim(source=f"{agency}/x"))) == (agency in AUTHORS["victim.identified"])


@pytest.mark.parametrize(
    ("agency", "role", "expected"),
    [("hti", "victim", True), ("hti", "suspect", False), ("bpd", "suspect", True), ("customs", "victim", False)],
)
def test_partners_speak_of_victims_only(agency: str, role: str, expected: bool) -> None:
    profile = event("person.profile_recorded", {"person": PERSON, "role": role}, PERSON, source=f"{agency}/x")
    assert may_publish(read(profile)) is expected


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
