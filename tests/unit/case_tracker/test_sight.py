"""What an agency may see of a case, and for what: the table, shown to hide and to show."""

from typing import Any

import pytest

from schemas.agencies import PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind, kind_of
from services.case_tracker.domain.sight import HIDDEN_FOR, Matter, matter_of, sight
from services.case_tracker.domain.spine import Fact, spine
from tests.contract.test_catalogue import example
from tests.unit.case_tracker.sample import (
    ARREST,
    CASE,
    PLACEMENT,
    START,
    SUSPECT,
    VICTIM,
    Log,
    an_id,
    day,
)

SERVICE, REFERRAL, ACTIVITY = an_id(Kind.SERVICE, "s"), an_id(Kind.REFERRAL, "r"), an_id(Kind.ACTIVITY, "a")
OF = {"person": VICTIM, "case": CASE}


def log() -> Log:
    """A case with something of every matter."""
    found = Log()
    found.identified()
    found.arrested(arrest=ARREST)
    found.add("bpd", "investigation.opened", {"case": CASE})
    found.says("dhs", "plan.approved", person=VICTIM)
    served = {**OF, "service": SERVICE, "provider": "dhs"}
    found.add("dhs", "service.provided", {**served, "service_type": "medical"})
    found.add("dhs", "shelter.placement_started", {**OF, "placement": PLACEMENT, "population": "victim"})
    return found


def referred(found: Log, to: str = "hti") -> Log:
    sent = {**OF, "referral": REFERRAL, "from_agency": "dhs", "to_agency": to, "service_types": ["counselling"]}
    found.add("dhs", "referral.sent", sent)
    return found


def seen(found: Log, agency: str, purpose: ViewPurpose = ViewPurpose.AUDIT) -> set[str]:
    whole = spine(CASE, found.entries)
    sees = sight(whole, agency, purpose).sees
    return {each.name for each in whole.facts if sees(each)}


FILE, JUSTICE, INTELLIGENCE = "victim.identified", "arrest.made", "investigation.opened"
PROTECTION, HEALTH, PLACED = "plan.approved", "service.provided", "shelter.placement_started"
ALL = {FILE, JUSTICE, INTELLIGENCE, PROTECTION, HEALTH, PLACED}


@pytest.mark.parametrize(
    ("agency", "expected"),
    [
        ("council", ALL),
        ("odpp", ALL - {HEALTH, PLACED}),
        ("bpd", ALL - {HEALTH, PLACED}),
        ("dhs", ALL - {INTELLIGENCE}),
        *((agency, set[str]()) for agency in ("hti", "iom", "labour", "immigration", "customs", "mohw")),
    ],
)
def test_an_agency_sees_what_is_its_to_see(agency: str, expected: set[str]) -> None:
    assert seen(log(), agency) == expected


@pytest.mark.parametrize(
    ("purpose", "hidden"),
    [
        ("audit", set[str]()),
        ("protection", {INTELLIGENCE}),
        ("investigation", {HEALTH, PLACED}),
        ("subject_request", {INTELLIGENCE}),
        ("reporting", {HEALTH, PLACED, INTELLIGENCE, PROTECTION}),
    ],
)
def test_a_purpose_shows_what_it_needs(purpose: str, hidden: set[str]) -> None:
    assert ALL - seen(log(), "council", ViewPurpose(purpose)) == hidden


def test_every_purpose_has_its_row() -> None:
    assert set(HIDDEN_FOR) == set(ViewPurpose)


def test_who_is_referred_to_sees_the_case_until_that_ends() -> None:
    partner = referred(log())
    assert seen(partner, "hti") == ALL - {INTELLIGENCE} | {"referral.sent"}
    partner.add("hti", "referral.rejected", {**OF, "referral": REFERRAL})
    assert "referral.sent" not in seen(referred(log(), to="iom"), "hti")
    ended = seen(partner, "hti")
    assert "referral.rejected" in ended  # its own word


@pytest.mark.parametrize("agency", ["labour", "immigration", "customs"])
def test_others_see_their_own_referral_alone(agency: str) -> None:
    assert seen(referred(log(), to=agency), agency) == {"referral.sent"}


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
    found = referred(log(), to="labour")
    found.linked()
    found.add("dhs", "consent.withdrawn", OF)
    anew = {"basis": "given", "purposes": ["legal_help"], "recipients": ["labour"]}
    found.add("dhs", "consent.recorded", {**OF, **anew, **said})
    assert seen(found, "labour") == left


def test_who_is_kept_from_a_case_sees_nothing_of_it() -> None:
    found = log()
    found.add("dhs", "case.access_restricted", {"case": CASE, "kept_from": "bpd", "reason": "conflict_of_interest"})
    assert seen(found, "bpd") == set()
    assert sight(spine(CASE, found.entries), "bpd", ViewPurpose.INVESTIGATION).shut_out
    assert seen(found, "odpp")


@pytest.mark.parametrize("agency", PUBLISHING)
def test_nobody_sees_more_for_a_purpose_than_for_an_audit(agency: str) -> None:
    for purpose in ViewPurpose:
        assert seen(referred(log()), agency, purpose) <= seen(referred(log()), agency)


def test_whatever_may_concern_a_case_belongs_to_something() -> None:
    """A type that nobody has placed is shown to none but its author."""
    services = {"access.viewed", "finding.opened", "finding.closed"}
    changes = {"event.corrected", "event.retracted", "case.merged", "person.merged"}
    for name in CATALOGUE:
        event = example(name)
        if any(kind_of(each) is Kind.CASE for each in event.concerns()):
            fact = Fact(event.ref, START, event)
            if fact.name not in services | changes:
                assert isinstance(matter_of(fact), Matter), name
