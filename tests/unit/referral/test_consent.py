"""Consent: by recipient and purpose, in force on the day, an adult's own and for a child a guardian's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeAlias

import pytest

from schemas.codebook.referral import MoveRefusal
from schemas.deciding import Entered
from schemas.envelope import Event
from schemas.ids import Kind
from services.referral.domain.deadlines import Wait
from services.referral.domain.decision import Refused, Subject
from tests.unit.referral.sample import (
    CASE,
    GUARDIAN,
    OTHER,
    PERSON,
    START,
    SUSPECT,
    Log,
    an_id,
    as_written,
    happens,
    made,
)


def refused(log: Log) -> bool:
    """Whether the referral does not go, and nobody is told of the person but its sender."""
    outcome = log.outcome()
    found = [each for each in outcome.decisions if isinstance(each, Refused)]
    to_answer = [each for each in outcome.told if each.subject is Subject.TO_ANSWER]
    assert bool(found) != bool(to_answer)
    assert all(each.reason is MoveRefusal.CONSENT_MISSING and each.told == ("bpd",) for each in found)
    return bool(found)


def test_an_adult_is_not_referred_without_consent() -> None:
    log = Log()
    log.adult()
    log.sends()
    assert refused(log)


def test_a_refused_referral_waits_for_nobody_and_its_acceptance_has_no_effect() -> None:
    log = Log()
    log.adult()
    log.sends()
    log.moves("dhs", "accepted")
    outcome = log.outcome()
    assert outcome.waiting == ()
    assert [isinstance(each, Refused) and each.told for each in outcome.decisions] == [("bpd",), ("dhs",)]


@pytest.mark.parametrize(
    ("recipients", "said", "goes"),
    [
        (["dhs"], {}, True),
        (["hti"], {}, False),
        ([], {}, False),
        (["dhs"], {"purposes": ["health_care"]}, False),
        (["dhs"], {"basis": "refused"}, False),
        (["dhs"], {"basis": "given_with_limits"}, True),
        (["dhs"], {"basis": "overridden_legal_duty"}, True),
        (["dhs"], {"basis": "overridden_best_interest"}, False),
        (["dhs"], {"expires_on": "2024-02-29"}, False),
        (["dhs"], {"expires_on": "2024-03-01"}, True),
    ],
)
def test_an_adults_consent_names_who_may_be_told_and_for_what(
    recipients: list[str], said: dict[str, Any], goes: bool
) -> None:
    log = Log()
    log.adult()
    log.consents(*recipients, **said)
    log.sends()
    assert refused(log) is not goes


def test_of_an_adult_who_the_policy_lets_accept_may_not_unless_consent_names_it_too() -> None:
    log = Log()
    log.adult()
    log.consents("dhs")
    log.sends()
    log.moves("hti", "accepted")
    (found,) = [each for each in log.outcome().decisions if isinstance(each, Refused)]
    assert (found.reason, found.told) == (MoveRefusal.NOT_THE_RECEIVER, ("hti",))


BY_GUARDIAN: Final[dict[str, Any]] = {"basis": "guardian", "given_by": "guardian", "guardian": GUARDIAN}
WHOSE: Final[dict[str, tuple[str | None, dict[str, Any]]]] = {
    "an adult": ("adult_24_26", {}),
    "a child": ("child_9_17", BY_GUARDIAN),
    "unknown age": (None, BY_GUARDIAN),
}
"""Age groups, and the words of a consent that opens the way to a partner."""

of_whom = pytest.mark.parametrize("whose", WHOSE)


def of_age(whose: str) -> tuple[Log, dict[str, Any]]:
    """A log in which an age is recorded, and what consent for that age says."""
    age, said = WHOSE[whose]
    log = Log(policy=as_written())
    if age is not None:
        log.add("dhs", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": age})
    return log, said


@of_whom
def test_consent_opens_the_way_to_whom_it_names_alone(whose: str) -> None:
    for recipient, goes in (("hti", True), ("iom", False)):
        log, said = of_age(whose)
        log.consents(recipient, **said)
        log.sends(to="hti")
        assert refused(log) is not goes


@of_whom
def test_only_the_named_consent_counts_where_one_is_named(whose: str) -> None:
    log, said = of_age(whose)
    other = log.consents("iom", **said)
    log.consents("hti", **said)
    log.sends(to="hti", consentref=other.ref)
    assert refused(log)


@of_whom
def test_consent_that_comes_after_the_referral_does_not_change_the_decision(whose: str) -> None:
    log, said = of_age(whose)
    log.sends(to="hti")
    log.consents("hti", **said)
    assert refused(log)


@of_whom
def test_consent_taken_back_before_the_referral_opens_nothing(whose: str) -> None:
    log, said = of_age(whose)
    given = log.consents("hti", **said)
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "consent": given.ref})
    log.sends(to="hti")
    assert refused(log)


@of_whom
def test_consent_given_again_after_all_was_taken_back_opens(whose: str) -> None:
    log, said = of_age(whose)
    log.consents("hti", **said)
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    log.consents("hti", **({"given_by": "person"} | said))
    log.sends(to="hti")
    assert not refused(log)


@of_whom
def test_consent_that_has_expired_opens_nothing(whose: str) -> None:
    for last_day, goes in (("2024-02-29", False), ("2024-03-01", True)):
        log, said = of_age(whose)
        log.consents("hti", **said, expires_on=last_day)
        log.sends(to="hti")
        assert refused(log) is not goes


Changes: TypeAlias = tuple[dict[str, Any], dict[str, Any]]

OF_CONSENT: Final[Changes] = {"purposes": ["health_care"]}, {"purposes": ["protection_services"]}
OF_ITS_TAKING_BACK: Final[Changes] = {"withdrawn_by": "guardian"}, {"withdrawn_by": "person"}


def of_the_event(_log: Log, event: Event, _changes: Changes) -> str:
    return event.ref


def of_its_correction(log: Log, event: Event, changes: Changes) -> str:
    return log.corrects(event, changes[1]).ref


def of_the_correction_of_that(log: Log, event: Event, changes: Changes) -> str:
    return log.corrects(event, changes[1], again=log.corrects(event, changes[0])).ref


def of_a_correction_that_another_overtook(log: Log, event: Event, changes: Changes) -> str:
    first = log.corrects(event, changes[0])
    log.corrects(event, changes[1])
    return first.ref


def of_a_correction_that_was_taken_back(log: Log, event: Event, changes: Changes) -> str:
    first = log.corrects(event, changes[0])
    log.add("bpd", "event.retracted", {"reason": "entry_error"}, subject=PERSON, supersedes=first.ref)
    return first.ref


NAMED = pytest.mark.parametrize(
    "named",
    [
        of_the_event,
        of_its_correction,
        of_the_correction_of_that,
        of_a_correction_that_another_overtook,
        of_a_correction_that_was_taken_back,
    ],
)


@NAMED
def test_an_adults_consent_is_one_by_whatever_reference_it_is_named(
    named: Callable[[Log, Event, Changes], str],
) -> None:
    def log() -> tuple[Log, str]:
        log = Log()
        log.adult()
        return log, named(log, log.consents("dhs"), OF_CONSENT)

    rests, by = log()
    rests.sends(consentref=by)
    assert not refused(rests)
    taken, by = log()
    taken.add("bpd", "consent.withdrawn", {"person": PERSON, "consent": by})
    taken.sends()
    assert refused(taken)


def test_an_adults_consent_that_was_corrected_only_later_opens_nothing_by_the_later_reference() -> None:
    log = Log()
    log.adult()
    given = log.consents("dhs")
    later = Log(log.now, [*log.entries]).corrects(given, {"purposes": ["protection_services"]})
    log.sends(consentref=later.ref)
    assert refused(log)
    log.entries.append(Entered(len(log.entries) + 1, log.now, later))
    assert refused(log)


@pytest.mark.parametrize(
    ("given", "said_no", "closed"),
    [
        ({}, {"basis": "refused"}, True),
        ({}, {"basis": "withdrawn"}, True),
        ({}, {"basis": "refused", "recipients": []}, True),
        ({}, {"basis": "refused", "recipients": ["hti"]}, False),
        ({}, {"basis": "refused", "purposes": ["health_care"]}, False),
        ({}, {"basis": "refused", "purposes": ["unknown"]}, True),
        ({}, {"basis": "refused", "purposes": []}, True),
        ({}, {"basis": "refused", "given_by": "guardian", "guardian": SUSPECT}, False),
        # Nobody's override opens over an adult's refusal.
        ({"basis": "overridden_legal_duty"}, {"basis": "refused"}, True),
        ({"basis": "overridden_best_interest"}, {"basis": "refused"}, True),
    ],
)
def test_an_adults_refusal_closes_what_was_consented_to_before(
    given: dict[str, Any], said_no: dict[str, Any], closed: bool
) -> None:
    log = Log()
    log.adult()
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    log.consents("dhs", **given)
    log.consents("dhs", **said_no)
    log.sends()
    assert refused(log) is closed


def test_an_adults_consent_after_a_refusal_opens() -> None:
    log = Log()
    log.adult()
    log.consents("dhs", basis="refused")
    log.consents("dhs")
    log.sends()
    assert not refused(log)


@pytest.mark.parametrize("age", ["child_0_8", "child_9_17", None])
def test_a_child_and_whoever_may_be_one_is_referred_by_duty(age: str | None) -> None:
    log = Log()
    if age is not None:
        log.add("dhs", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": age})
    log.sends()
    assert not refused(log)


@pytest.mark.parametrize("age", ["unknown", "not_asked", None])
def test_whoever_does_not_know_the_age_makes_no_child_of_an_adult(age: str | None) -> None:
    profile = {"person": PERSON, "role": "victim", "age_group": age}
    log = Log()
    log.add("immigration", "person.profile_recorded", profile)
    log.sends()
    assert not refused(log)
    log = Log()
    log.adult()
    log.add("immigration", "person.profile_recorded", profile)
    log.consents("dhs", basis="refused")
    log.sends()
    assert refused(log)


def test_a_guardian_who_is_a_suspect_does_not_open_the_gate() -> None:
    log = Log(policy=as_written())
    tie = {"case": CASE, "victim": PERSON, "suspect": GUARDIAN}
    log.add("bpd", "victim_suspect.linked", tie, subject=CASE)
    log.consents("hti", basis="guardian", given_by="guardian", guardian=GUARDIAN)
    log.sends(to="hti")
    assert refused(log)
    log = Log(policy=as_written())
    log.consents("hti", basis="guardian", given_by="guardian", guardian=GUARDIAN)
    log.sends(to="hti")
    assert not refused(log)


@pytest.mark.parametrize(
    "name",
    [
        *("arrest.made", "arrest.released", "charge.filed", "charge.amended"),
        *("bail.granted", "bail.varied", "bail.breached", "bail.revoked"),
    ],
)
def test_a_guardian_who_is_arrested_or_charged_for_the_person_is_a_suspect_until_they_are_unlinked(name: str) -> None:
    log = Log(policy=as_written())
    happens(log, name, **{"linked_victims" if name == "arrest.made" else "victims": [PERSON]})
    log.consents("hti", basis="guardian", given_by="guardian", guardian=SUSPECT)
    log.sends(to="hti")
    assert refused(log)
    log.entries.pop()
    log.add("bpd", "victim_suspect.unlinked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    log.sends(to="hti")
    assert not refused(log)


def test_a_guardian_is_a_suspect_under_whichever_id() -> None:
    log = Log(policy=as_written())
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    log.consents("hti", basis="guardian", given_by="guardian", guardian=GUARDIAN)
    two = log.merges(SUSPECT, GUARDIAN)
    log.sends(to="hti")
    assert refused(log)
    log.entries.pop()
    log.retracts(two)
    log.sends(to="hti")
    assert not refused(log)


@pytest.mark.parametrize(("number", "taken_back"), [(0, True), (9, False)])
def test_all_that_was_given_before_is_taken_back_under_whichever_id(number: int, taken_back: bool) -> None:
    """The other id's consent stands behind the merge; what counts is the number that intake gave it."""
    log = Log()
    log.adult()
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    log.merges(PERSON, OTHER)
    said = {"person": OTHER, "basis": "given", "purposes": ["protection_services"], "recipients": ["dhs"]}
    log.entries.append(Entered(number, START, made("bpd", "consent.recorded", said, START + timedelta(hours=number))))
    log.sends()
    assert refused(log) is taken_back


def test_taking_consent_back_reaches_every_holder_until_each_has_acknowledged() -> None:
    log = Log()
    log.adult()
    log.consents("dhs", "hti")
    log.sends()
    log.moves("hti", "accepted", after=timedelta(hours=1))
    withdrawn = log.add("bpd", "consent.withdrawn", {"person": PERSON})
    outcome = log.outcome()
    assert {each.agency for each in outcome.told if each.subject is Subject.CONSENT_WITHDRAWN} == {"dhs", "hti"}
    outstanding = {each.agency for each in outcome.waiting if each.kind is Wait.ACKNOWLEDGEMENT}
    assert outstanding == {"dhs", "hti"}
    log.add("hti", "consent.acknowledged", {"person": PERSON, "consent": withdrawn.ref})
    assert [each.agency for each in log.outcome().waiting if each.kind is Wait.ACKNOWLEDGEMENT] == ["dhs"]


def told_of_it(log: Log) -> list[str]:
    """Who is told that consent was taken back, which are those who are to acknowledge it, each once."""
    outcome = log.outcome()
    told = sorted(each.agency for each in outcome.told if each.subject is Subject.CONSENT_WITHDRAWN)
    assert told == sorted(each.agency for each in outcome.waiting if each.kind is Wait.ACKNOWLEDGEMENT)
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
    assert [each.agency for each in log.outcome().waiting if each.kind is Wait.ACKNOWLEDGEMENT] == ["dhs"]
    log.add("dhs", "consent.acknowledged", {"person": PERSON, "consent": by})
    assert not [each for each in log.outcome().waiting if each.kind is Wait.ACKNOWLEDGEMENT]


def test_who_is_told_of_the_person_later_has_nothing_to_give_back() -> None:
    log = Log()
    log.sends()
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    log.sends(to="hti", referral=an_id(Kind.REFERRAL, "two"))
    assert [each.agency for each in log.outcome().waiting if each.kind is Wait.ACKNOWLEDGEMENT] == ["dhs"]
