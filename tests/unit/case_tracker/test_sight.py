"""Sight of a case by agency and purpose: the table, shown to hide and to show."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.agencies import PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind, kind_of
from schemas.sight import Matter
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.facts_seen_by_agencies import projection
from services.case_tracker.domain.sight_matter import matter_of
from tests.contract.test_catalogue import example
from tests.unit.case_tracker.case_of_every_matter import (
    ALL,
    FILE,
    HEALTH,
    INTELLIGENCE,
    JUSTICE,
    LATER,
    OF,
    ON,
    OTHER_REFERRAL,
    OTHER_VICTIM,
    PLACED,
    PROTECTION,
    SERVICE,
    accepted,
    adult,
    decided,
    ended,
    log,
    referred,
    refused,
    seen,
)
from tests.unit.case_tracker.case_sight import sight
from tests.unit.case_tracker.sample import (
    CASE,
    START,
    SUSPECT,
    VICTIM,
    Log,
    an_id,
    entries_of,
)

HELD = {FILE, PROTECTION, "referral.sent"}
"""Types that a partner sees of a person whom it holds: no health, no placement, nothing of another person."""


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


def test_what_an_agency_said_for_its_unit_is_its_own_word() -> None:
    found = log()
    said = {"screening": an_id(Kind.ACTIVITY, "s"), "persons": [VICTIM], "case": CASE, "_onbehalfof": "tip_care_unit"}
    found.add("dhs", "screening.completed", {**said, "_subject": said["screening"]})
    assert "screening.completed" in seen(found, "dhs", ViewPurpose.PROTECTION)
    assert "screening.completed" not in seen(found, "hti", ViewPurpose.PROTECTION)


@pytest.mark.parametrize(
    ("agency", "purpose", "expected"),
    [
        ("council", "audit", ALL),
        ("council", "protection", ALL - {INTELLIGENCE}),
        ("council", "reporting", {FILE, JUSTICE}),
        ("council", "subject_request", ALL - {INTELLIGENCE}),
        ("council", "investigation", set[str]()),
        ("bpd", "investigation", {FILE, JUSTICE, INTELLIGENCE, PROTECTION}),
        ("bpd", "protection", {FILE, JUSTICE, INTELLIGENCE, PROTECTION}),  # intelligence: its own words
        ("bpd", "audit", set[str]()),
        ("odpp", "investigation", {FILE, JUSTICE, INTELLIGENCE, PROTECTION}),
        ("odpp", "protection", set[str]()),
        ("dhs", "investigation", set[str]()),
        ("dhs", "audit", set[str]()),
        ("dhs", "protection", ALL - {INTELLIGENCE}),
    ],
)
def test_a_purpose_is_bound_to_the_role_that_asks_and_shows_what_it_needs(
    agency: str, purpose: str, expected: set[str]
) -> None:
    assert seen(log(), agency, ViewPurpose(purpose)) == expected


def others(found: Log, agency: str = "hti") -> set[str]:
    """Return what it sees of other agencies' statements."""
    whole = spine(CASE, found.entries)
    sees = sight(whole, agency, None, LATER).sees
    return {each.name for each in whole.facts if sees(each) and each.actor != agency}


def test_a_service_that_a_partner_publishes_opens_nothing_of_a_case() -> None:
    """Found from outside: the partner saw the whole case by it, with the shelter of another victim."""
    found = log()
    found.identified(person=OTHER_VICTIM)
    served = {**OF, "service": SERVICE, "service_type": "counselling", "provider": "hti"}
    found.add("hti", "service.provided", served)
    found.add("hti", "need.assessed", {**OF, "need": an_id(Kind.NEED, "n")})
    found.add("hti", "consent.recorded", {**OF, **GIVEN})
    found.add("hti", "referral.sent", {**ON, "from_agency": "dhs", "to_agency": "hti"})
    accepted(found)
    assert others(found) == set()


GIVEN = {"basis": "given", "purposes": ["protection_services", "health_care"], "recipients": ["hti"]}


def test_who_is_asked_sees_the_referral_and_who_accepts_it_the_person() -> None:
    found = referred(log())
    assert seen(found, "hti") == {"referral.sent"}
    accepted(found)
    assert others(found) == HELD
    assert seen(found, "iom") == set()


def test_a_partner_sees_the_person_whom_it_holds_and_nobody_else_in_the_case() -> None:
    found = log()
    found.identified(person=OTHER_VICTIM)
    both = sorted((VICTIM, OTHER_VICTIM))
    found.arrested(arrest=an_id(Kind.ARREST, "of both"), linked_victims=both)
    found.arrested(arrest=an_id(Kind.ARREST, "of her"), linked_victims=[OTHER_VICTIM])
    accepted(referred(found))
    whole = spine(CASE, found.entries)
    allowed = sight(whole, "hti", None, LATER)
    shown = [each for each in whole.facts if allowed.sees(each) and each.acting_agency != "hti"]
    assert {each.name for each in shown} == HELD | {JUSTICE}
    assert {person for each in shown for person in each.content.concerns() if person == OTHER_VICTIM and
            "linked_victims" not in allowed.left_out(each)} == set()  # fmt: skip


def test_a_stored_fact_names_the_persons_alone_whom_the_agency_may_read_in_it() -> None:
    found = log()
    found.identified(person=OTHER_VICTIM)
    both = {VICTIM, OTHER_VICTIM}
    arrest = found.arrested(arrest=an_id(Kind.ARREST, "of both"), linked_victims=sorted(both))
    accepted(referred(found))
    stored = projection(spine(CASE, found.entries), LATER).seen
    named = {each.agency: set(each.persons) for each in stored if each.ref == arrest.ref}
    assert named["bpd"] == {SUSPECT, *both}
    assert named["hti"].isdisjoint(both)


HANDED_BACK = (("hti", "accepted"), ("hti", "handed_back"))


@pytest.mark.parametrize(
    "moves",
    [(("hti", "rejected"),), HANDED_BACK, (("dhs", "cancelled"),), (("dhs", "entered_in_error"),)],
    ids=lambda moves: moves[-1][-1],
)
def test_sight_ends_when_the_referral_does(moves: tuple[tuple[str, str], ...]) -> None:
    found = ended(referred(log()), *moves)
    assert others(found) == set()
    assert seen(found, "hti") == {f"referral.{move}" for agency, move in moves if agency == "hti"}  # its own words


def test_who_refers_a_person_follows_that_and_has_no_other_part() -> None:
    found = log()
    found.add("hti", "referral.sent", {**ON, "from_agency": "hti", "to_agency": "cdf"})
    ended(found, ("cdf", "rejected"))
    assert others(found) == {"referral.rejected"}
    assert others(referred(found, to="cdf")) == set()  # it is no longer known whose it is


def test_partners_see_nothing_of_whoever_took_consent_back_from_them() -> None:
    found = accepted(referred(log()))
    found.identified(person=OTHER_VICTIM)
    accepted(
        referred(found, person=OTHER_VICTIM, referral=OTHER_REFERRAL), referral=OTHER_REFERRAL, person=OTHER_VICTIM
    )
    found.add("hti", "need.assessed", {**OF, "need": an_id(Kind.NEED, "n")})
    found.add("dhs", "consent.withdrawn", {**OF, "recipients": ["hti"]})

    def of_her(agency: str) -> set[str]:
        whole = spine(CASE, found.entries)
        sees = sight(whole, agency, None, LATER).sees
        return {each.name for each in whole.facts if sees(each) and VICTIM in each.content.concerns()}

    assert of_her("hti") == {"need.assessed", "referral.accepted"}  # its own words
    assert others(found) == {"victim.identified", "referral.sent"}  # of the other
    assert {"consent.withdrawn", "referral.sent", PROTECTION} < of_her("dhs")
    found.add("dhs", "consent.withdrawn", {**OF, "person": OTHER_VICTIM})
    assert others(found) == set()


def test_taking_note_of_a_withdrawal_opens_nothing_again() -> None:
    found = referred(log())
    withdrawn = found.add("dhs", "consent.withdrawn", OF)
    assert seen(found, "hti") == set()
    found.add("hti", "consent.acknowledged", {**OF, "consent": withdrawn.ref})
    assert seen(found, "hti") == {"consent.acknowledged"}


@pytest.mark.parametrize(("agency", "sees"), [("mofa", {"referral.sent"}), ("iom", HELD)])
def test_who_was_let_accept_a_referral_holds_it(agency: str, sees: set[str]) -> None:
    found = referred(log())
    taken = found.add(agency, "referral.accepted", ON)
    assert others(found, agency) == set()  # anybody may say so
    decided(found, "assigned", holder=agency)
    assert others(found, agency) == sees
    ends = ended(Log(found.now, CASE, [*found.entries]), (agency, "handed_back"))
    assert others(ends, agency) == set()
    gone = Log(found.now, CASE, [*found.entries])
    gone.retracts(taken)
    assert others(gone, agency) == set()
    decided(found, "assigned", holder="hti")
    assert others(found, agency) == set()


def test_an_acceptance_that_names_no_case_is_heard_of_from_the_referral_service() -> None:
    found = referred(log())
    decided(found, "assigned", holder="hti", state="accepted")
    assert others(found) == HELD
    decided(found, "assigned", holder="hti", state="sent")  # it was taken back
    assert others(found) == {"referral.sent"}


def test_a_referral_that_was_refused_opens_nothing_until_another_stands_in_its_place() -> None:
    found = referred(log())
    sent = found.entries[-1].event
    accepted(found)
    refused(found, sent, "consent_missing")
    assert others(found) == set()
    assert "referral.sent" in seen(found, "dhs")
    data = sent.data.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    changed = {"reason": "entry_error", "type": sent.type, "data": data, "_subject": VICTIM, "_supersedes": sent.ref}
    found.add("dhs", "event.corrected", changed)
    assert others(found) == HELD


@pytest.mark.parametrize("state", ["rejected", "handed_back", "cancelled_by_sender", "entered_in_error"])
def test_an_end_that_the_referral_service_alone_tells_of_ends_sight_until_it_is_taken_back(state: str) -> None:
    found = accepted(referred(log()))
    decided(found, "assigned", holder="hti", state=state)
    assert others(found) == set()
    decided(found, "assigned", holder="hti", state="accepted")
    assert others(found) == HELD


@pytest.mark.parametrize("move", ["rejected", "handed_back"])
def test_a_move_that_was_refused_ends_nobodys_sight(move: str) -> None:
    found = ended(referred(log()), ("iom", move))
    assert "referral.sent" not in others(found)
    refused(found, found.entries[-1].event, "not_the_receiver")
    assert "referral.sent" in others(found)


def test_an_acceptance_that_was_refused_opens_nothing() -> None:
    found = accepted(referred(log()))
    assert others(found) == HELD
    refused(found, found.entries[-1].event, "not_the_receiver")
    assert others(found) == {"referral.sent"}


def test_a_move_that_stands_after_all_has_the_effect_that_it_was_refused() -> None:
    found = ended(referred(log()), ("hti", "rejected"))
    rejected = found.entries[-1].event
    refused(found, rejected, "taken_by_another")
    assert "referral.sent" in others(found)
    found.now += timedelta(minutes=1)
    decided(found, "assigned", answered_n=len(found.entries) + 1, holder="hti", standing=[rejected.ref])
    assert "referral.sent" not in others(found)


EVENTS = ("received", "rejected", "handed_back", "completed", "sent", "sent to itself", "acknowledged", "withdrawn",
          "served", "needed", "consented", "profile")  # fmt: skip
"""Statements that a partner may make on any person in a case."""


def says_a_word(found: Log, agency: str, word: str, person: str = VICTIM) -> None:
    of = {**OF, "person": person}
    match word:
        case "sent":
            found.add(agency, "referral.sent", {**ON, "from_agency": agency, "to_agency": agency})
        case "sent to itself":
            data = {**of, "referral": an_id(Kind.REFERRAL, "own"), "from_agency": "dhs", "to_agency": agency}
            found.add(agency, "referral.sent", data)
            found.add(agency, "referral.accepted", {**of, "referral": an_id(Kind.REFERRAL, "own")})
        case "acknowledged":
            found.add(agency, "consent.acknowledged", {**of, "consent": found.entries[0].event.ref})
        case "withdrawn":
            found.add(agency, "consent.withdrawn", of)
        case "served":
            served = {**of, "service": SERVICE, "service_type": "medical", "provider": agency}
            found.add(agency, "service.provided", served)
        case "needed":
            found.add(agency, "need.assessed", {**of, "need": an_id(Kind.NEED, "own")})
        case "consented":
            found.add(agency, "consent.recorded", {**of, **GIVEN, "recipients": [agency]})
        case "profile":
            found.says(agency, "person.profile_recorded", person=person, role="victim", age_group="adult_24_26")
        case _:
            found.add(agency, f"referral.{word}", ON)


STEPS: tuple[Callable[[Log], object], ...] = (
    lambda found: referred(found, person=OTHER_VICTIM, referral=OTHER_REFERRAL),
    lambda found: found.add("hti", "referral.accepted", ON),
    lambda found: decided(found, "assigned", holder="hti"),
    lambda found: decided(found, "assigned", holder="mofa"),
    lambda found: ended(found, ("hti", "rejected")),
    lambda found: ended(found, ("iom", "handed_back")),
    lambda found: refused(found, found.entries[-1].event, "not_open"),
    lambda found: found.add("dhs", "consent.withdrawn", OF),
    lambda found: found.add("dhs", "consent.recorded", {**OF, **GIVEN}),
    lambda found: found.add("dhs", "consent.recorded", {**OF, "basis": "refused"}),
    adult,
    lambda found: found.add("hti", "need.assessed", {**OF, "need": an_id(Kind.NEED, "n")}),
)


@st.composite
def referrals(draw: st.DrawFn) -> Log:
    """A case with referrals, answers, what was decided about them, and consent that comes and goes."""
    found = referred(log())
    for step in draw(st.lists(st.sampled_from(STEPS), max_size=8)):
        step(found)
    return found


@settings(max_examples=80, deadline=None)
@given(referrals(), st.sampled_from(EVENTS), st.sampled_from([VICTIM, OTHER_VICTIM]))
def test_no_word_of_a_partner_shows_it_more_of_what_others_say(found: Log, word: str, person: str) -> None:
    before = others(found)
    says_a_word(found, "hti", word, person)
    # An age that it says may open what an adult agreed to: that consent is the adult's own.
    assert others(found) <= before or word == "profile"


@settings(max_examples=50, deadline=None)
@given(referrals(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference_to_what_is_seen(found: Log, dice: Random) -> None:
    before = seen(found, "hti")
    said = [each.event for each in found.entries]
    dice.shuffle(said)
    assert seen(Log(entries=entries_of(said)), "hti") == before


@pytest.mark.parametrize("agency", ["labour", "immigration", "customs"])
def test_others_see_their_own_referral_alone(agency: str) -> None:
    found = accepted(referred(log(), to=agency), agency)
    assert others(found, agency) == {"referral.sent"}


def test_an_agency_sees_what_its_units_say_and_what_is_referred_to_them() -> None:
    found = Log()
    served = {**OF, "service": SERVICE, "service_type": "medical", "provider": "dhs", "_onbehalfof": "tip_care_unit"}
    found.add("dhs", "service.provided", served)
    assert seen(found, "dhs") == {HEALTH}
    assert seen(found, "bpd") == set()
    referred(found, to="atips_pu", service_types=["medical"])
    assert seen(found, "bpd") == {"referral.sent"}
    found.add("dhs", "consent.withdrawn", {**OF, "recipients": ["atips_pu"]})
    assert seen(found, "bpd") == {"consent.withdrawn"}


@settings(max_examples=30, deadline=None)
@given(referrals(), st.sampled_from(["customs", "tip_care_unit", None]))
def test_a_case_is_seen_by_those_who_see_any_fact_of_it(found: Log, kept: str | None) -> None:
    if kept is not None:
        found.add("bpd", "case.access_restricted", {"case": CASE, "kept_from": kept, "reason": "conflict_of_interest"})
    whole = spine(CASE, found.entries)
    assert set(projection(whole, LATER).seen_by) == {each for each in PUBLISHING if seen(found, each)}


def test_who_has_no_part_in_a_case_and_needs_one_is_not_among_those_who_see_it() -> None:
    without_part = {"council", "bpd", "odpp", "dhs"}
    found = referred(log())
    assert set(projection(spine(CASE, log().entries), LATER).seen_by) == without_part
    assert set(projection(spine(CASE, found.entries), LATER).seen_by) == without_part | {"hti"}
    found.add("dhs", "referral.cancelled", {**ON, "from_agency": "dhs"})
    assert set(projection(spine(CASE, found.entries), LATER).seen_by) == without_part


def test_whatever_may_concern_a_case_belongs_to_something() -> None:
    """A type that nobody has placed is shown to none but its author."""
    services = {"access.viewed", "finding.opened", "finding.closed", "consent.sight_changed", "case.sight_changed"}
    changes = {"event.corrected", "event.retracted", "case.merged", "person.merged"}
    for name in CATALOGUE:
        event = example(name)
        if any(kind_of(each) is Kind.CASE for each in event.concerns()):
            fact = Fact(event.ref, START, event)
            if fact.name not in services | changes:
                assert isinstance(matter_of(fact, spine(CASE, ())), Matter), name
