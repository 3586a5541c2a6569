"""A person's statements on consent open and close sight in a case."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.ids import Kind
from tests.unit.case_tracker.case_of_every_matter import (
    HEALTH,
    OF,
    OTHER_REFERRAL,
    PLACED,
    REFERRAL,
    SERVICE,
    accepted,
    adult,
    ended,
    log,
    referred,
    seen,
)
from tests.unit.case_tracker.sample import START, SUSPECT, VICTIM, Log, an_id, day

GIVEN = {"basis": "given", "purposes": ["protection_services", "health_care"], "recipients": ["hti"]}


@pytest.mark.parametrize("agency", ["hti", "dhs"])
def test_health_and_placement_of_an_adult_need_consent(agency: str) -> None:
    found = adult(Log())
    found.add("iom", "service.provided", {**OF, "service": SERVICE, "service_type": "medical", "provider": "iom"})
    found.says(
        "iom", "shelter.placement_started", person=VICTIM, placement=an_id(Kind.PLACEMENT, "p"), population="victim"
    )
    accepted(referred(found, to="hti"))
    assert not {HEALTH, PLACED} & seen(found, agency)
    found.add("bpd", "consent.recorded", {**OF, **GIVEN, "recipients": [agency], "purposes": ["health_care"]})
    assert {HEALTH, PLACED} & seen(found, agency) == {HEALTH}
    found.add("bpd", "consent.recorded", {**OF, **GIVEN, "recipients": [agency], "purposes": ["protection_services"]})
    assert {HEALTH, PLACED} <= seen(found, agency)
    assert not {HEALTH, PLACED} & seen(found, "bpd")


def test_human_services_see_a_childs_health_by_duty() -> None:
    found = Log()
    found.add("iom", "service.provided", {**OF, "service": SERVICE, "service_type": "medical", "provider": "iom"})
    assert HEALTH in seen(found, "dhs")
    assert HEALTH not in seen(adult(found), "dhs")


def test_what_is_done_on_its_own_referral_its_holder_sees() -> None:
    found = adult(referred(Log(), to="mohw", service_types=["medical"]))
    served = {**OF, "service": SERVICE, "service_type": "medical", "provider": "dhs", "referral": REFERRAL}
    found.add("dhs", "service.provided", served)
    assert HEALTH not in seen(found, "mohw")
    accepted(found, "mohw")
    assert HEALTH in seen(found, "mohw")
    assert HEALTH not in seen(ended(found, ("mohw", "handed_back")), "mohw")


@pytest.mark.parametrize(
    ("recipients", "left"), [([], set[str]()), (["labour"], set[str]()), (["iom"], {"referral.sent"})]
)
def test_sight_ends_when_consent_is_taken_back(recipients: list[str], left: set[str]) -> None:
    found = referred(log(), to="labour")
    found.add("dhs", "consent.withdrawn", {**OF, "recipients": recipients})
    assert seen(found, "labour") == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, {"referral.sent"}),
        ({"basis": "refused"}, set[str]()),
        ({"recipients": ["iom"]}, set[str]()),
        ({"basis": "guardian", "guardian": SUSPECT}, set[str]()),
        (day("2024-03-01"), set[str]()),  # perhaps before it was taken back, on the same day
    ],
)
def test_sight_comes_back_when_consent_is_surely_given_anew(said: dict[str, Any], left: set[str]) -> None:
    found = referred(adult(log()), to="labour")
    found.linked()
    found.add("dhs", "consent.withdrawn", OF)
    anew = {"basis": "given", "purposes": ["legal_help"], "recipients": ["labour"]}
    found.add("dhs", "consent.recorded", {**OF, **anew, **said})
    assert seen(found, "labour") == left


REFUSED = {"basis": "refused", "recipients": ["labour"]}


@pytest.mark.parametrize(
    ("given", "said_no", "left"),
    [
        ({}, {}, {"referral.sent"}),
        ({}, REFUSED, set[str]()),
        ({}, REFUSED | {"basis": "withdrawn"}, set[str]()),
        ({}, REFUSED | {"recipients": []}, set[str]()),
        ({}, REFUSED | {"recipients": ["iom"]}, {"referral.sent"}),
        ({}, REFUSED | {"purposes": ["statistics"]}, {"referral.sent"}),
        ({}, REFUSED | {"purposes": ["legal_help", "statistics"]}, set[str]()),
        ({}, REFUSED | {"purposes": ["unknown"]}, set[str]()),
        ({}, REFUSED | {"given_by": "guardian", "guardian": SUSPECT}, {"referral.sent"}),
        ({}, REFUSED | {"_time": (START - timedelta(days=1)).isoformat()}, {"referral.sent"}),
        ({"basis": "overridden_legal_duty"}, REFUSED, set[str]()),  # nobody else's override opens over her no
    ],
)
def test_sight_ends_when_consent_is_refused_after_all(
    given: dict[str, Any], said_no: dict[str, Any], left: set[str]
) -> None:
    found = adult(Log())
    found.linked()
    consent = {**OF, "basis": "given", "purposes": ["legal_help"], "recipients": ["labour"]}
    found.add("dhs", "consent.recorded", consent | given)
    referred(found, to="labour")
    if said_no:
        found.add("dhs", "consent.recorded", {**OF, **said_no})
    assert seen(found, "labour") == left


def test_a_refusal_ends_sight_that_rests_on_no_consent_told_of_in_the_case() -> None:
    found = referred(log(), to="labour")
    found.add("dhs", "consent.recorded", {**OF, **REFUSED})
    assert seen(found, "labour") == set()
    referred(found, to="labour", referral=OTHER_REFERRAL)  # and let go, so by what was agreed to since
    assert seen(found, "labour") == {"referral.sent"}
