"""Consent taken back: from whom, who is told, and who has acknowledged it, by whatever reference it is named."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from schemas.decisions_from_log import Entered
from schemas.envelope import Event
from schemas.ids import Kind
from services.referral.domain.decision import Subject
from services.referral.domain.pending_action import WaitKind
from tests.unit.referral.named import NAMED, OF_ITS_TAKING_BACK, Changes
from tests.unit.referral.sample import OTHER, PERSON, Log, an_id


def test_taking_consent_back_reaches_every_holder_until_each_has_acknowledged() -> None:
    log = Log()
    log.adult()
    log.consents("dhs", "hti")
    log.sends()
    log.moves("hti", "accepted", after=timedelta(hours=1))
    withdrawn = log.add("bpd", "consent.withdrawn", {"person": PERSON})
    outcome = log.outcome()
    assert {each.agency for each in outcome.told if each.subject is Subject.CONSENT_WITHDRAWN} == {"dhs", "hti"}
    outstanding = {each.agency for each in outcome.waiting if each.kind is WaitKind.ACKNOWLEDGEMENT}
    assert outstanding == {"dhs", "hti"}
    log.add("hti", "consent.acknowledged", {"person": PERSON, "consent": withdrawn.ref})
    assert [each.agency for each in log.outcome().waiting if each.kind is WaitKind.ACKNOWLEDGEMENT] == ["dhs"]


def told_of_it(log: Log) -> list[str]:
    """Who is told that consent was taken back, which are those who are to acknowledge it, each once."""
    outcome = log.outcome()
    told = sorted(each.agency for each in outcome.told if each.subject is Subject.CONSENT_WITHDRAWN)
    assert told == sorted(each.agency for each in outcome.waiting if each.kind is WaitKind.ACKNOWLEDGEMENT)
    return told


def test_who_accepts_after_it_was_taken_back_is_told_too() -> None:
    log = Log()
    log.adult()
    log.consents("dhs", "hti")
    log.sends()
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert told_of_it(log) == ["dhs"]
    log.moves("hti", "accepted")
    assert told_of_it(log) == ["dhs", "hti"]


def test_from_whom_a_correction_takes_it_back_too_is_told() -> None:
    log = Log()
    log.sends()
    withdrawn = log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": ["hti"]})
    log.corrects(withdrawn, {"recipients": ["dhs", "hti"]})
    assert told_of_it(log) == ["dhs", "hti"]


def test_for_whom_it_is_taken_back_is_told_and_who_published_it_is_not() -> None:
    log = Log()
    log.sends(to="hti")
    log.sends(to="dhs", referral=an_id(Kind.REFERRAL, "two"))
    log.add("dhs", "consent.withdrawn", {"person": PERSON}, onbehalfof="hti")
    assert told_of_it(log) == ["hti"]


@pytest.mark.parametrize("consented", [True, False])
def test_to_whom_it_was_sent_by_mistake_is_told_unless_it_did_not_go(consented: bool) -> None:
    log = Log()
    log.adult()
    log.consents(*(("dhs", "hti") if consented else ("dhs",)))
    sent = log.sends(to="hti")
    log.corrects(sent, {"to_agency": "dhs"})
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert told_of_it(log) == (["dhs", "hti"] if consented else ["dhs"])


def test_of_whom_it_was_sent_by_mistake_is_told_to_whom() -> None:
    log = Log()
    sent = log.sends()
    log.corrects(sent, {"person": OTHER})
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert told_of_it(log) == ["dhs"]


def test_to_whom_another_was_sent_by_mistake_learns_nothing_of_whom_it_was_meant_of() -> None:
    log = Log()
    sent = log.sends(person=OTHER)
    log.corrects(sent, {"person": PERSON, "to_agency": "hti"})
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert told_of_it(log) == ["hti"]


@pytest.mark.parametrize("first", ["retracted", "withdrawn"])
def test_to_whom_it_was_sent_or_who_took_it_before_it_was_taken_back_is_told(first: str) -> None:
    log = Log()
    sent = log.sends()
    log.moves("hti", "accepted")
    if first == "retracted":
        log.retracts(sent)
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    if first == "withdrawn":
        log.retracts(sent)
    assert told_of_it(log) == ["dhs", "hti"]


def test_by_what_never_held_nobody_was_told() -> None:
    log = Log()
    sent = log.sends()
    overtaken = log.corrects(sent, {"to_agency": "cdf"})
    entry = log.entries.pop()
    log.corrects(sent, {"to_agency": "hti"})
    log.entries.append(Entered(len(log.entries) + 1, log.now, overtaken))
    assert entry.event.recordedtime < log.entries[-2].event.recordedtime
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert told_of_it(log) == ["dhs", "hti"]


@NAMED
def test_taking_back_is_acknowledged_by_whatever_reference_it_is_named(
    named: Callable[[Log, Event, Changes], str],
) -> None:
    log = Log()
    log.sends()
    by = named(log, log.add("bpd", "consent.withdrawn", {"person": PERSON}), OF_ITS_TAKING_BACK)
    assert [each.agency for each in log.outcome().waiting if each.kind is WaitKind.ACKNOWLEDGEMENT] == ["dhs"]
    log.add("dhs", "consent.acknowledged", {"person": PERSON, "consent": by})
    assert not [each for each in log.outcome().waiting if each.kind is WaitKind.ACKNOWLEDGEMENT]


def test_who_is_told_of_the_person_later_has_nothing_to_give_back() -> None:
    log = Log()
    log.sends()
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    log.sends(to="hti", referral=an_id(Kind.REFERRAL, "two"))
    assert [each.agency for each in log.outcome().waiting if each.kind is WaitKind.ACKNOWLEDGEMENT] == ["dhs"]
