"""A unit has no door of its own: what goes to it and what is said for it is its agency's."""

from datetime import timedelta

import pytest

from schemas.agencies import agency_of
from services.referral.domain.decision import MoveRefused, Subject
from services.referral.domain.pending_action import WaitKind
from tests.unit.referral.sample import PERSON, REFERRAL, Log

SENT = {"person": PERSON, "referral": REFERRAL, "to_agency": "dhs", "service_types": ["shelter"], "urgency": "soon"}
UNITS = ("atips_pu", "pitcu", "tip_care_unit", "alternative_care_unit")


def refused(log: Log) -> list[str]:
    return [each.reason for each in log.outcome().decisions if isinstance(each, MoveRefused)]


@pytest.mark.parametrize("unit", UNITS)
def test_an_emergency_sent_to_a_unit_reaches_its_agency_and_who_is_on_call(unit: str) -> None:
    agency, second = agency_of(unit), {"dhs": "bpd", "bpd": "dhs"}[agency_of(unit)]
    log = Log()
    log.sends("immigration", unit, urgency="emergency")
    outcome = log.outcome()
    told = {(each.subject, each.agency, each.receiver) for each in outcome.told}
    assert told == {(Subject.TO_ANSWER, agency, unit), (Subject.ON_CALL, second, unit)}
    (waits,) = [each for each in outcome.waiting if each.kind is WaitKind.ANSWER]
    assert (waits.agency, waits.receiver) == (agency, unit)
    assert waits.told == ("immigration", agency, second, "council")
    assert outcome.holders == {agency}


@pytest.mark.parametrize(("to", "unit"), [("tip_care_unit", None), ("dhs", "tip_care_unit"), ("tip_care_unit",) * 2])
def test_an_agency_answers_what_its_unit_was_asked_and_for_its_unit(to: str, unit: str | None) -> None:
    log = Log()
    log.sends(to=to)
    for move in ("received", "accepted", "started", "handed_back"):
        log.moves("dhs", move)
        log.add("dhs", f"referral.{move}", {"person": PERSON, "referral": REFERRAL}, onbehalfof=unit)
    assert refused(log) == []
    assert [each.kind for each in log.outcome().waiting] == [WaitKind.NEXT_ATTEMPT]


def test_what_is_anothers_a_unit_may_not_answer() -> None:
    log = Log()
    log.sends(to="tip_care_unit")
    log.add("bpd", "referral.accepted", {"person": PERSON, "referral": REFERRAL}, onbehalfof="atips_pu")
    assert refused(log) == ["not_the_receiver"]


@pytest.mark.parametrize("move", ["cancelled", "entered_in_error"])
@pytest.mark.parametrize(("sender", "canceller"), [("bpd", "atips_pu"), ("atips_pu", "bpd"), ("atips_pu", "atips_pu")])
def test_the_sender_and_its_unit_take_back_what_either_sent(sender: str, canceller: str, move: str) -> None:
    log = Log()
    log.add("bpd", "referral.sent", {**SENT, "from_agency": sender}, onbehalfof=sender)
    data = {"person": PERSON, "referral": REFERRAL, "from_agency": canceller}
    log.add("bpd", f"referral.{move}", data, onbehalfof=canceller)
    assert refused(log) == []
    assert log.outcome().waiting == ()


def test_what_becomes_of_a_units_referral_its_agency_hears() -> None:
    log = Log()
    log.add("bpd", "referral.sent", {**SENT, "from_agency": "atips_pu"}, onbehalfof="atips_pu")
    log.moves("dhs", "rejected", reason="no_capacity")
    outcome = log.outcome()
    assert [(each.agency, each.sender) for each in outcome.told if each.subject is Subject.MOVED] == [
        ("bpd", "atips_pu")
    ]
    (waits,) = outcome.waiting
    assert (waits.kind, waits.agency, waits.told) == (WaitKind.NEXT_ATTEMPT, "bpd", ("bpd", "dhs", "council"))


@pytest.mark.parametrize(("recipient", "to"), [("tip_care_unit", "dhs"), ("dhs", "tip_care_unit")])
def test_consent_for_an_agency_is_for_its_unit_and_the_other_way_round(recipient: str, to: str) -> None:
    log = Log()
    log.adult()
    log.consents(recipient)
    log.sends(to=to)
    assert refused(log) == []
    log = Log()
    log.adult()
    log.consents("dhs")
    log.consents(recipient, basis="refused")
    log.sends(to=to)
    assert refused(log) == ["consent_missing"]


@pytest.mark.parametrize("recipients", [[], ["tip_care_unit"], ["dhs", "tip_care_unit"]])
def test_what_is_taken_back_from_a_unit_its_agency_acknowledges_once(recipients: list[str]) -> None:
    log = Log()
    log.sends(to="tip_care_unit")
    log.moves("dhs", "accepted")
    withdrawn = log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": recipients})
    outcome = log.outcome()
    assert [each.agency for each in outcome.told if each.subject is Subject.CONSENT_WITHDRAWN] == ["dhs"]
    assert [each.agency for each in outcome.waiting if each.kind is WaitKind.ACKNOWLEDGEMENT] == ["dhs"]
    said = {"person": PERSON, "consent": withdrawn.ref}
    log.add("dhs", "consent.acknowledged", said, onbehalfof="tip_care_unit", after=timedelta(hours=1))
    assert not [each for each in log.outcome().waiting if each.kind is WaitKind.ACKNOWLEDGEMENT]
