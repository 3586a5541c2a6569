"""Consent taken back: from whom, who is told, and who has acknowledged it, by whatever reference it is named."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from schemas.envelope import Event
from schemas.ids import Kind
from schemas.service_decisions import Entered
from services.referral.domain.decision import MoveRefused, Subject
from services.referral.domain.pending_action import WaitKind
from tests.unit.referral.event_references import NAMED, OF_ITS_TAKING_BACK, Changes
from tests.unit.referral.sample import OTHER, PERSON, REFERRAL, START, Log, an_id, as_written


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
    """Agencies that are told of a withdrawn consent, and must acknowledge it, each once."""
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


DETERMINED = {
    "basis": "overridden_best_interest",
    "determined_by": "dhs",
    "determined_on": "2024-03-01",
    "determined_because": "guardian_suspected",
    "review_on": "2025-03-01",
}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("agency", "by", "ends"),
    [("bpd", "guardian", False), ("dhs", "guardian", False), ("dhs", "person", False), ("bpd", None, False),
     ("dhs", None, True), ("dhs", "state_guardian", True), ("dhs", "court", True)],
)  # fmt: skip
def test_a_guardian_takes_back_no_determination_of_a_childs_best_interest(
    agency: str, by: str | None, ends: bool, named: bool
) -> None:
    """A father under suspicion took consent back, and the shelter heard no more of his release."""
    log = Log(policy=as_written())
    given = log.consents("hti", agency="dhs", **DETERMINED)
    log.sends("dhs", "hti")
    log.moves("hti", "accepted")
    consent = given.ref if named else None
    log.add(agency, "consent.withdrawn", {"person": PERSON, "withdrawn_by": by, "consent": consent})
    over = ends or (named and agency == "dhs")
    assert log.outcome().holders == (frozenset() if over else {"hti"})
    log.sends("dhs", "hti", referral=an_id(Kind.REFERRAL, "two"))
    refused = [each for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert bool(refused) is over


@pytest.mark.parametrize("known", [True, False])
def test_of_one_consent_taken_back_its_recipients_are_told_and_no_other_carer(*, known: bool) -> None:
    """The shelter was to acknowledge that a partner's consent had ended, and the partner was told nothing."""
    log = Log(policy=as_written())
    log.adult()
    log.consents("dhs", purposes=["protection_services"])
    log.sends()
    of_hti = log.consents("hti", "atips_pu", purposes=["legal_help"])
    if not known:
        log.retracts(of_hti)
    log.add("labour", "consent.withdrawn", {"person": PERSON, "consent": of_hti.ref})
    assert told_of_it(log) == (["bpd", "hti"] if known else ["dhs"])


def test_one_consent_taken_back_takes_the_person_from_no_other_carer() -> None:
    """An adult took back what she had allowed a partner for legal help, and her shelter was told nothing more."""
    log = Log(policy=as_written())
    log.adult()
    log.consents("dhs", purposes=["protection_services"])
    log.sends()
    log.moves("dhs", "accepted")
    of_hti = log.consents("hti", purposes=["legal_help"])
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "consent": of_hti.ref})
    assert log.outcome().holders == {"dhs"}
    assert [each.kind for each in log.outcome().waiting if each.about == REFERRAL] == [WaitKind.START]
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert log.outcome().holders == frozenset()


@pytest.mark.parametrize("expires_on", [None, "2024-03-01", "2024-02-28"])
def test_a_consent_that_is_left_holds_until_it_expires(expires_on: str | None) -> None:
    log = Log(policy=as_written())
    log.adult()
    log.consents("dhs", expires_on=expires_on)
    other = log.consents("dhs", purposes=["legal_help"])
    log.sends(service_types=["legal_information"])
    log.moves("dhs", "accepted")
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "consent": other.ref})
    assert log.outcome().holders == (frozenset() if expires_on == "2024-02-28" else {"dhs"})


@pytest.mark.parametrize(("recipients", "waits"), [((), True), (("hti",), True), (("dhs",), False)])
def test_a_wait_ends_by_what_is_taken_back_from_the_agency_alone(recipients: tuple[str, ...], waits: bool) -> None:
    """Let go before the rules of consent, a referral has no consent of its own that could be left."""
    log = Log(policy=as_written().model_copy(update={"consent_since": START + timedelta(days=1)}))
    log.adult()
    of_hti = log.consents("hti")
    log.sends()
    said = {"person": PERSON, "consent": of_hti.ref, "recipients": list(recipients)}
    log.add("bpd", "consent.withdrawn", said)
    assert [each.agency for each in log.outcome().waiting if each.kind is WaitKind.ANSWER] == (["dhs"] if waits else [])
