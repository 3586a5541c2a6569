"""Messages about a referral whose sending came late, was changed or was taken back: nobody acts on what is over."""

from datetime import timedelta

import pytest

from services.referral.domain.decision import Subject
from tests.unit.referral.sample import CASE, OTHER, PERSON, Log, as_written
from tests.unit.referral.test_restrictions import keeps_out

SENDER = "immigration"


def adult(*recipients: str, **said: list[str]) -> Log:
    log = Log(policy=as_written())
    log.adult()
    log.consents(*recipients, agency="mohw", **said)
    return log


def told(log: Log, *subjects: Subject) -> list[tuple[str, str]]:
    """Return the messages since the last call as (subject, agency)."""
    found = [(each.subject.value, each.agency) for each in log.outcome().told]
    return [each for each in found if not subjects or each[0] in subjects]


def since(log: Log, before: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return told(log)[len(before) :]


@pytest.mark.parametrize("move", ["cancelled", "entered_in_error"])
def test_nobody_is_called_to_a_referral_whose_end_came_before_its_sending(move: str) -> None:
    """Found by attack: the agency on call heard of a person who was entered in error, and never that it was over."""
    log = adult("dhs", "bpd", "hti")
    log.moves(SENDER, move, from_agency=SENDER)
    log.sends(SENDER, urgency="emergency")
    assert told(log) == [("moved", "dhs")]


@pytest.mark.parametrize("holder", ["dhs", "hti"])
def test_nobody_is_called_to_a_referral_whose_acceptance_came_before_its_sending(holder: str) -> None:
    log = adult("dhs", "bpd", "hti")
    log.moves(holder, "accepted")
    log.sends(SENDER, urgency="emergency")
    assert set(told(log)) == {("assigned", agency) for agency in (holder, SENDER, "dhs")}


def test_a_receipt_that_came_before_the_sending_is_no_answer() -> None:
    log = adult("dhs", "bpd", "hti")
    log.moves("dhs", "received")
    log.sends(SENDER, urgency="emergency")
    assert told(log) == [("to_answer", "dhs"), ("on_call", "bpd")]


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_change_of_urgency_asks_no_agency_anew_from_which_an_adult_took_consent_back(*, taken_back: bool) -> None:
    """Found by attack: nobody waited for the agency any more, and it was told again to answer."""
    log = adult("hti")
    sent = log.sends(SENDER, to="hti", urgency="soon")
    if taken_back:
        log.add("dhs", "consent.withdrawn", {"person": PERSON, "recipients": ["hti"]})
    before = told(log)
    log.corrects(sent, {"urgency": "urgent"})
    assert since(log, before) == ([] if taken_back else [("to_answer", "hti")])


def test_a_change_of_urgency_is_told_to_an_agency_that_is_still_waited_for() -> None:
    """A child is waited for whatever was taken back, and the agency must know the earlier deadline."""
    log = Log(policy=as_written())
    log.consents("hti", agency="mohw", basis="guardian", given_by="guardian", guardian=OTHER)
    sent = log.sends(SENDER, to="hti", urgency="soon")
    log.add("dhs", "consent.withdrawn", {"person": PERSON, "recipients": ["hti"]})
    before = told(log)
    log.corrects(sent, {"urgency": "urgent"})
    assert since(log, before) == [("to_answer", "hti")]


@pytest.mark.parametrize("urgency", ["soon", "emergency"])
def test_a_receiver_hears_that_the_sending_was_taken_back(urgency: str) -> None:
    """Found by attack: it was told to answer, and went on to act for a person whom nobody had sent."""
    log = adult("dhs", "hti")
    sent = log.sends(SENDER, urgency=urgency)
    before = told(log)
    log.retracts(sent)
    assert since(log, before) == [("no_longer_open", "dhs")]


def test_a_receiver_of_another_person_by_mistake_hears_that_this_one_is_not_sent() -> None:
    log = adult("dhs", "hti")
    sent = log.sends(SENDER)
    before = told(log)
    log.corrects(sent, {"person": OTHER})
    assert since(log, before) == [("no_longer_open", "dhs")]


def test_a_receiver_hears_that_another_agency_is_asked_in_its_place() -> None:
    log = adult("iom", "hti")
    sent = log.sends(SENDER, to="iom")
    before = told(log)
    log.corrects(sent, {"to_agency": "hti"})
    assert since(log, before) == [("to_answer", "hti"), ("no_longer_open", "iom")]
    log.moves("hti", "accepted")
    assert ("no_longer_open", "iom") not in since(log, [*before, ("", ""), ("", "")])


def test_a_receiver_in_whose_place_a_kept_out_agency_is_asked_hears_it() -> None:
    log = adult("dhs", "hti")
    keeps_out(log, "hti", lasting=True, case=CASE)
    sent = log.sends(SENDER)
    before = told(log)
    log.corrects(sent, {"to_agency": "hti"})
    assert since(log, before) == [("no_longer_open", "dhs"), ("move_refused", SENDER)]


def test_a_receiver_hears_that_a_correction_was_refused_for_want_of_consent() -> None:
    log = adult("dhs", purposes=["protection_services"])
    sent = log.sends(SENDER)
    before = told(log)
    log.corrects(sent, {"service_types": ["shelter", "legal_information"]})
    assert since(log, before) == [("no_longer_open", "dhs"), ("move_refused", SENDER)]


def test_a_receiver_that_may_still_take_it_hears_when_another_took_it() -> None:
    log = adult("dhs", "hti", "love_foundation")
    sent = log.sends(SENDER, urgency="soon")
    before = told(log)
    log.corrects(sent, {"to_agency": "love_foundation"})
    assert since(log, before) == [("to_answer", "love_foundation")]
    log.moves("love_foundation", "accepted")
    assert ("no_longer_open", "dhs") in told(log)
    log = adult("dhs", "hti", "love_foundation")
    sent = log.sends(SENDER, urgency="soon")
    log.corrects(sent, {"to_agency": "love_foundation"})
    log.moves("dhs", "accepted")
    assert "no_longer_open" not in dict(told(log))


def test_an_agency_from_which_consent_was_taken_hears_nothing_of_a_sending_that_was_taken_back() -> None:
    log = adult("hti")
    sent = log.sends(SENDER, to="hti")
    log.add("dhs", "consent.withdrawn", {"person": PERSON, "recipients": ["hti"]})
    before = told(log)
    log.retracts(sent)
    assert since(log, before) == []


@pytest.mark.parametrize("change", [{"urgency": "soon"}, {"to_agency": "hti"}, {"to_agency": "hti", "urgency": "soon"}])
def test_whoever_was_on_call_before_a_change_hears_when_it_is_answered(change: dict[str, str]) -> None:
    """Found by attack: who was on call for the first receiver, or the emergency, never heard that it was over."""
    log = adult("dhs", "bpd", "hti")
    sent = log.sends(SENDER, urgency="emergency")
    assert ("on_call", "bpd") in told(log)
    log.corrects(sent, change)
    log.moves(change.get("to_agency", "dhs"), "accepted")
    assert ("no_longer_open", "bpd") in told(log)


def test_whoever_was_not_called_when_it_became_an_emergency_hears_nothing() -> None:
    """Consent of the agency on call had ended by the correction, so it never knew of the person."""
    log = adult("dhs", "hti")
    log.consents("bpd", agency="mohw", expires_on=log.now.date().isoformat())
    sent = log.sends(SENDER, urgency="soon")
    log.now += timedelta(days=2)
    log.corrects(sent, {"urgency": "emergency"})
    log.moves("dhs", "accepted")
    assert "bpd" not in {agency for _, agency in told(log)}
