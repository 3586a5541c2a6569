"""What an agency may see of a case, and for what: the table, shown to hide and to show."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.agencies import PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind, kind_of
from services.case_tracker.domain import sight as sights
from services.case_tracker.domain.matter import Matter, matter_of
from services.case_tracker.domain.sight import HIDDEN_FOR, seen_by, sight
from services.case_tracker.domain.spine import Fact, spine
from tests.contract.test_catalogue import example
from tests.unit.case_tracker.sample import (
    CASE,
    OTHER_CASE,
    START,
    SUSPECT,
    VICTIM,
    Log,
    an_id,
    day,
    entries_of,
)
from tests.unit.case_tracker.sighted import (
    ALL,
    HEALTH,
    INTELLIGENCE,
    OF,
    ON,
    OTHER_REFERRAL,
    OTHER_VICTIM,
    PLACED,
    PROTECTION,
    REFERRAL,
    SERVICE,
    decided,
    ended,
    log,
    referred,
    refused,
    seen,
)


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
    assert "screening.completed" not in seen(found, "odpp", ViewPurpose.PROTECTION)


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


def others(found: Log, agency: str = "hti") -> set[str]:
    """What it sees of what others said."""
    whole = spine(CASE, found.entries)
    sees = sight(whole, agency, ViewPurpose.AUDIT).sees
    return {each.name for each in whole.facts if sees(each) and each.actor != agency}


PART = ALL - {INTELLIGENCE}
HELD = PART | {"referral.sent"}
HANDED_BACK = (("hti", "accepted"), ("hti", "handed_back"))


@pytest.mark.parametrize(
    "moves",
    [(("hti", "rejected"),), HANDED_BACK, (("dhs", "cancelled"),), (("dhs", "entered_in_error"),)],
    ids=lambda moves: moves[-1][-1],
)
def test_who_is_referred_to_sees_the_case_until_that_ends(moves: tuple[tuple[str, str], ...]) -> None:
    found = referred(log())
    assert seen(found, "hti") == HELD
    assert seen(found, "iom") == set()
    ended(found, *moves)
    assert others(found) == set()
    assert seen(found, "hti") == {f"referral.{move}" for agency, move in moves if agency == "hti"}  # its own words


def test_who_works_in_a_case_has_a_part_in_it_unless_that_was_on_what_ended() -> None:
    served = {**OF, "service": SERVICE, "service_type": "counselling", "provider": "hti"}
    for on, left in ((None, PART), (REFERRAL, set[str]())):
        found = ended(referred(log()), *HANDED_BACK)
        found.add("hti", "service.provided", {**served, "referral": on})
        assert others(found) - {"referral.sent", "referral.handed_back"} == left


def test_who_refers_a_person_follows_that_and_has_no_other_part() -> None:
    found = log()
    found.add("hti", "referral.sent", {**ON, "from_agency": "hti", "to_agency": "cdf"})
    ended(found, ("cdf", "rejected"))
    assert others(found) == {"referral.rejected"}
    assert others(referred(found, to="cdf")) == set()  # it is no longer known whose it is


def test_partners_see_nothing_of_whoever_took_consent_back_from_them() -> None:
    found = referred(log())
    found.identified(person=OTHER_VICTIM)
    found.arrested(arrest=an_id(Kind.ARREST, "of both"), linked_victims=sorted((VICTIM, OTHER_VICTIM)))
    referred(found, person=OTHER_VICTIM, referral=OTHER_REFERRAL)
    found.add("hti", "need.assessed", {**OF, "need": an_id(Kind.NEED, "n")})
    found.add("dhs", "consent.withdrawn", {**OF, "recipients": ["hti"]})

    def of_her(agency: str) -> set[str]:
        whole = spine(CASE, found.entries)
        sees = sight(whole, agency, ViewPurpose.AUDIT).sees
        return {each.name for each in whole.facts if sees(each) and VICTIM in each.content.concerns()}

    assert of_her("hti") == {"need.assessed"}  # its own word
    assert others(found) == {"victim.identified", "arrest.made", "referral.sent"}  # of the other
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
    accepted = found.add(agency, "referral.accepted", ON)
    assert others(found, agency) == set()  # anybody may say so
    decided(found, "assigned", holder=agency)
    assert others(found, agency) == sees
    ends = ended(Log(found.now, CASE, [*found.entries]), (agency, "handed_back"))
    assert others(ends, agency) == set()
    gone = Log(found.now, CASE, [*found.entries])
    gone.retracts(accepted)
    assert others(gone, agency) == set()
    decided(found, "assigned", holder="hti")
    assert others(found, agency) == set()


def test_a_referral_that_was_refused_opens_nothing_until_another_stands_in_its_place() -> None:
    found = referred(log())
    sent = found.entries[-1].event
    refused(found, sent, "consent_missing")
    assert seen(found, "hti") == set()
    assert "referral.sent" in seen(found, "dhs")
    data = sent.data.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    changed = {"reason": "entry_error", "type": sent.type, "data": data, "_subject": VICTIM, "_supersedes": sent.ref}
    found.add("dhs", "event.corrected", changed)
    assert others(found) == HELD


@pytest.mark.parametrize("state", ["rejected", "handed_back", "cancelled_by_sender", "entered_in_error"])
def test_an_end_that_the_referral_service_alone_tells_of_ends_sight_until_it_is_taken_back(state: str) -> None:
    found = referred(log())
    decided(found, "assigned", holder="hti", state=state)
    assert others(found) == set()
    decided(found, "assigned", holder="hti", state="sent")
    assert others(found) >= HELD


@pytest.mark.parametrize("move", ["rejected", "handed_back"])
def test_a_move_that_was_refused_ends_nobodys_sight(move: str) -> None:
    found = ended(referred(log()), ("iom", move))
    assert "referral.sent" not in others(found)
    refused(found, found.entries[-1].event, "not_the_receiver")
    assert others(found) >= HELD


def test_a_move_that_stands_after_all_has_the_effect_that_it_was_refused() -> None:
    found = ended(referred(log()), ("hti", "rejected"))
    rejected = found.entries[-1].event
    refused(found, rejected, "taken_by_another")
    assert others(found) >= HELD
    found.now += timedelta(minutes=1)
    decided(found, "assigned", answered_n=len(found.entries) + 1, holder="hti", standing=[rejected.ref])
    assert "referral.sent" not in others(found)


WORDS = ("received", "rejected", "handed_back", "completed", "sent", "acknowledged", "withdrawn")
"""What anybody may say of a referral or of consent."""


def says_a_word(found: Log, agency: str, word: str) -> None:
    match word:
        case "sent":
            found.add(agency, "referral.sent", {**ON, "from_agency": agency, "to_agency": agency})
        case "acknowledged":
            found.add(agency, "consent.acknowledged", {**OF, "consent": found.entries[0].event.ref})
        case "withdrawn":
            found.add(agency, "consent.withdrawn", OF)
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
    lambda found: found.add("dhs", "consent.recorded", {**OF, "basis": "given", "recipients": ["hti"]}),
    lambda found: found.add("dhs", "consent.recorded", {**OF, "basis": "refused"}),
    lambda found: found.add("hti", "need.assessed", {**OF, "need": an_id(Kind.NEED, "n")}),
)


@st.composite
def referrals(draw: st.DrawFn) -> Log:
    """A case with referrals, answers, what was decided about them, and consent that comes and goes."""
    found = referred(log())
    for step in draw(st.lists(st.sampled_from(STEPS), max_size=8)):
        step(found)
    return found


def shows_no_more(found: Log, word: str) -> None:
    before = others(found)
    says_a_word(found, "hti", word)
    assert others(found) <= before


@settings(max_examples=200, deadline=None)
@given(referrals(), st.sampled_from(WORDS))
def test_no_word_of_a_partner_about_referrals_or_consent_shows_it_more(found: Log, word: str) -> None:
    shows_no_more(found, word)


@pytest.mark.parametrize("word", ["rejected", "sent", "acknowledged"])
def test_the_law_catches_whoever_takes_any_word_for_a_part(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setattr(sights, "_is_part", lambda fact, agency, *_: fact.actor == agency)
    with pytest.raises(AssertionError):
        shows_no_more(log(), word)


@settings(max_examples=100, deadline=None)
@given(referrals(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference_to_what_is_seen(found: Log, dice: Random) -> None:
    before = seen(found, "hti")
    said = [each.event for each in found.entries]
    dice.shuffle(said)
    assert seen(Log(entries=entries_of(said)), "hti") == before


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


REFUSED = {"basis": "refused", "recipients": ["labour"]}


@pytest.mark.parametrize(
    ("given", "said_no", "left"),
    [
        ({}, REFUSED, set[str]()),
        ({}, REFUSED | {"basis": "withdrawn"}, set[str]()),
        ({}, REFUSED | {"recipients": []}, set[str]()),
        ({}, REFUSED | {"recipients": ["iom"]}, {"referral.sent"}),
        ({}, REFUSED | {"purposes": ["statistics"]}, {"referral.sent"}),
        ({}, REFUSED | {"purposes": ["legal_help", "statistics"]}, set[str]()),
        ({}, REFUSED | {"purposes": ["unknown"]}, set[str]()),
        ({}, REFUSED | {"given_by": "guardian", "guardian": SUSPECT}, {"referral.sent"}),
        ({}, REFUSED | {"_time": (START - timedelta(days=1)).isoformat()}, {"referral.sent"}),
        ({"basis": "overridden_legal_duty"}, REFUSED, {"referral.sent"}),
    ],
)
def test_sight_ends_when_consent_is_refused_after_all(
    given: dict[str, Any], said_no: dict[str, Any], left: set[str]
) -> None:
    found = Log()
    found.linked()
    consent = {**OF, "basis": "given", "purposes": ["legal_help"], "recipients": ["labour"]}
    found.add("dhs", "consent.recorded", consent | given)
    referred(found, to="labour")
    found.add("dhs", "consent.recorded", {**OF, **said_no})
    assert seen(found, "labour") == left


def test_a_refusal_ends_sight_that_rests_on_no_consent_told_of_in_the_case() -> None:
    found = referred(log(), to="labour")
    found.add("dhs", "consent.recorded", {**OF, **REFUSED})
    assert seen(found, "labour") == set()
    referred(found, to="labour", referral=OTHER_REFERRAL)  # and let go, so by what was agreed to since
    assert seen(found, "labour") == {"referral.sent"}


@pytest.mark.parametrize(("when", "left"), [({}, {"referral.sent"}), (day("2024-03-01"), set[str]())])
def test_sight_comes_back_when_consent_is_surely_given_after_a_refusal(when: dict[str, Any], left: set[str]) -> None:
    found = referred(log(), to="labour")
    found.add("dhs", "consent.recorded", {**OF, **REFUSED})
    given = {"basis": "given", "purposes": ["legal_help"], "recipients": ["labour"]}
    found.add("dhs", "consent.recorded", {**OF, **given, **when})
    assert seen(found, "labour") == left


def test_who_is_kept_from_a_case_sees_nothing_of_it() -> None:
    found = log()
    found.add("dhs", "case.access_restricted", {"case": CASE, "kept_from": "bpd", "reason": "conflict_of_interest"})
    assert seen(found, "bpd") == set()
    assert sight(spine(CASE, found.entries), "bpd", ViewPurpose.INVESTIGATION).shut_out
    assert seen(found, "odpp")


def test_who_was_kept_from_a_case_by_mistake_for_another_sees_it_again() -> None:
    found = log()
    said = {"case": CASE, "kept_from": "bpd", "reason": "conflict_of_interest"}
    kept = found.add("dhs", "case.access_restricted", said)
    assert seen(found, "bpd") == set()
    found.corrects(kept, case=OTHER_CASE)
    assert seen(found, "bpd")


@pytest.mark.parametrize(("unit", "agency"), [("atips_pu", "bpd"), ("tip_care_unit", "dhs")])
def test_who_is_kept_from_a_case_by_the_name_of_a_unit_is_its_agency(unit: str, agency: str) -> None:
    found = log()
    found.add("council", "case.access_restricted", {"case": CASE, "kept_from": unit, "reason": "conflict_of_interest"})
    whole = spine(CASE, found.entries)
    shut_out = {each for each in PUBLISHING if sight(whole, each, ViewPurpose.AUDIT).shut_out}
    assert shut_out == {agency}
    assert sight(whole, unit, ViewPurpose.AUDIT).shut_out


def test_an_agency_sees_what_its_units_say_and_what_is_referred_to_them() -> None:
    found = Log()
    served = {**OF, "service": SERVICE, "service_type": "medical", "provider": "dhs", "_onbehalfof": "tip_care_unit"}
    found.add("dhs", "service.provided", served)
    assert seen(found, "dhs", ViewPurpose.INVESTIGATION) == {HEALTH}
    assert seen(found, "bpd") == set()
    referred(found, to="atips_pu", service_types=["medical"])
    assert seen(found, "bpd") == {"referral.sent"}
    found.add("dhs", "consent.withdrawn", {**OF, "recipients": ["atips_pu"]})
    assert seen(found, "bpd") == {"consent.withdrawn"}


@settings(max_examples=100, deadline=None)
@given(referrals(), st.sampled_from(["customs", "tip_care_unit", None]))
def test_a_case_is_seen_by_those_who_see_any_fact_of_it(found: Log, kept: str | None) -> None:
    if kept is not None:
        found.add("bpd", "case.access_restricted", {"case": CASE, "kept_from": kept, "reason": "conflict_of_interest"})
    whole = spine(CASE, found.entries)
    assert seen_by(whole) == {each for each in PUBLISHING if seen(found, each)}


def test_who_has_no_part_in_a_case_and_needs_one_is_not_among_those_who_see_it() -> None:
    without_part = {"council", "bpd", "odpp", "dhs"}
    found = referred(log())
    assert seen_by(spine(CASE, log().entries)) == without_part
    assert seen_by(spine(CASE, found.entries)) == without_part | {"hti"}
    found.add("dhs", "referral.cancelled", {**ON, "from_agency": "dhs"})
    assert seen_by(spine(CASE, found.entries)) == without_part


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
                assert isinstance(matter_of(fact, spine(CASE, ())), Matter), name
