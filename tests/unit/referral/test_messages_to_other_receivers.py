"""Agencies that were told of a referral to another are told when it is answered or has ended, and not by whom."""

from datetime import timedelta

import orjson
import pytest

from services.referral.domain.decision import AgencyMessage, Subject
from services.referral.domain.events_and_messages import agency_message_record
from tests.unit.referral.sample import CASE, PERSON, REFERRAL, Log, as_written
from tests.unit.referral.test_restrictions import keeps_out


def told(log: Log) -> list[AgencyMessage]:
    return [each for each in log.outcome().told if each.subject is Subject.NO_LONGER_OPEN]


def emergency() -> Log:
    """An emergency of the police for Human Services: the partner that may take it too is on call."""
    log = Log()
    log.sends(urgency="emergency")
    assert [each.agency for each in log.outcome().told if each.subject is Subject.ON_CALL] == ["hti"]
    return log


def test_who_was_on_call_is_told_that_another_took_it_and_not_who() -> None:
    log = emergency()
    log.moves("dhs", "accepted")
    (message,) = told(log)
    assert message.agency == "hti"
    data = orjson.loads(agency_message_record(message).value)["data"]
    known = {"to": "hti", "person": PERSON, "case": CASE, "referral": REFERRAL, "sender": "bpd", "receiver": "dhs"}
    assert data.items() >= known.items()
    assert (data["state"], data["holder"], data["urgency"], data["service_types"]) == ("accepted", None, None, [])


def test_who_took_it_is_not_told_that_it_is_taken() -> None:
    log = emergency()
    log.moves("hti", "accepted")
    assert told(log) == []


@pytest.mark.parametrize("move", ["rejected", "cancelled", "entered_in_error"])
def test_of_an_end_without_acceptance_no_state_is_told(move: str) -> None:
    log = emergency()
    if move == "rejected":
        log.moves("dhs", move)
    else:
        log.moves("bpd", move, from_agency="bpd")
    assert [(each.agency, each.state) for each in told(log)] == [("hti", None)]


def test_a_referral_that_was_taken_back_is_no_longer_open_either() -> None:
    log = Log()
    sent = log.sends(urgency="emergency")
    log.retracts(sent)
    assert [(each.agency, each.state) for each in told(log)] == [("dhs", None), ("hti", None)]


@pytest.mark.parametrize(
    ("minutes", "agencies"), [(1, []), (89, []), (90, ["hti", "love_foundation"]), (170, ["hti", "love_foundation"])]
)
def test_seconds_are_told_once_they_were_invited_and_not_before(minutes: int, agencies: list[str]) -> None:
    log = Log()
    log.sends(urgency="urgent")
    log.moves("dhs", "accepted", after=timedelta(minutes=minutes))
    assert [each.agency for each in told(log)] == agencies


def test_it_is_told_once() -> None:
    log = emergency()
    for move in ("received", "accepted", "started", "completed"):
        log.moves("dhs", move)
    assert len(told(log)) == 1


def test_an_agency_that_lost_the_persons_consent_is_told_nothing_more() -> None:
    found = []
    for taken_back in (False, True):
        log = Log(policy=as_written())
        log.adult()
        log.consents("dhs", "hti")
        log.sends(urgency="emergency")
        if taken_back:
            log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": ["hti"]})
        log.moves("dhs", "accepted")
        found.append([each.agency for each in told(log)])
    assert found == [["hti"], []]


def test_an_agency_that_the_case_keeps_out_is_told_nothing_more() -> None:
    log = emergency()
    keeps_out(log, "hti", lasting=True)
    log.moves("dhs", "accepted")
    assert told(log) == []
