"""The person whose health care a move, a plan or a consent is about follows from the records that it names."""

from typing import Any

import pytest

from schemas.ids import Kind
from tests.unit.case_tracker.case_of_every_matter import OF, ON, OTHER_REFERRAL, REFERRAL, SERVICE, log, referred, seen
from tests.unit.case_tracker.sample import (
    Log,
    an_id,
)

NEED = an_id(Kind.NEED, "n")


def moved(found: Log, *moves: str) -> Log:
    for move in moves:
        found.add("mohw", f"referral.{move}", ON)
    return found


@pytest.mark.parametrize(
    ("sent", "sees"),
    [
        ({"service_types": ["medical"]}, False),
        ({"service_types": ["legal_information"]}, True),
        ({"service_types": ["legal_information", "shelter"]}, False),
        ({"service_types": None}, False),
        ({"service_types": None, "need": NEED}, False),
        ({"service_types": None, "previous_referral": OTHER_REFERRAL}, False),
    ],
)
@pytest.mark.parametrize("agency", ["bpd", "odpp"])
def test_a_move_belongs_to_what_its_referral_is_for(agency: str, sent: dict[str, Any], *, sees: bool) -> None:
    found = Log()
    found.add("dhs", "need.assessed", {**OF, "need": NEED, "service_types": ["medical"]})
    referred(found, to="mohw", referral=OTHER_REFERRAL)
    referred(found, to="mohw", **sent)
    moves = ("accepted", "started", "completed")
    moved(found, *moves)
    everything = {"referral.sent", *(f"referral.{each}" for each in moves)}
    assert seen(found, agency) == (everything if sees else set())
    assert seen(found, "council") > everything


def test_a_service_and_a_plan_belong_to_the_need_or_referral_that_they_name() -> None:
    found = referred(Log())
    found.add("dhs", "need.assessed", {**OF, "need": NEED, "service_types": ["counselling"]})
    served = {**OF, "service": SERVICE, "service_type": "translation", "provider": "dhs"}
    found.add("dhs", "service.provided", {**served, "need": NEED})
    found.add("dhs", "service.provided", {**served, "referral": REFERRAL})
    found.add("dhs", "plan.approved", {**OF, "needs": [NEED]})
    assert seen(found, "bpd") == set()
    found.add("dhs", "service.provided", served)
    assert seen(found, "bpd") == {"service.provided"}


def test_a_move_of_a_referral_that_is_not_known_here_is_not_for_police() -> None:
    assert seen(moved(log(), "accepted"), "bpd") == seen(log(), "bpd")


@pytest.mark.parametrize(
    ("purposes", "sees"),
    [
        (["health_care"], False),
        (["health_care", "investigation_and_prosecution"], False),
        (["legal_help"], True),
        ([], True),
    ],
)
def test_a_consent_to_health_care_and_what_becomes_of_it_are_not_for_police(purposes: list[str], *, sees: bool) -> None:
    found = Log()
    given = found.add("mohw", "consent.recorded", {**OF, "basis": "given", "purposes": purposes})
    taken = found.add("mohw", "consent.withdrawn", {**OF, "consent": given.ref})
    found.add("mohw", "consent.acknowledged", {**OF, "consent": taken.ref})
    names = {f"consent.{each}" for each in ("recorded", "withdrawn", "acknowledged")}
    assert (seen(found, "bpd"), seen(found, "dhs")) == (names if sees else set(), names)
