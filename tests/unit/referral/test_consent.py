"""Consent of people of every age: by recipient and purpose, in force on the day; a suspect's word opens nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from schemas.codebook.referral import MoveRefusal
from schemas.envelope import Event
from schemas.service_decisions import Entered
from services.referral.domain.decision import MoveRefused, Subject
from services.referral.domain.pending_action import WaitKind
from tests.unit.referral.event_references import NAMED, OF_CONSENT, Changes
from tests.unit.referral.sample import (
    CASE,
    GUARDIAN,
    OTHER,
    PERSON,
    START,
    SUSPECT,
    Log,
    as_written,
    happens,
    made,
)


def refused(log: Log) -> bool:
    """Whether the referral does not go, and nobody is told of the person but its sender."""
    outcome = log.outcome()
    found = [each for each in outcome.decisions if isinstance(each, MoveRefused)]
    to_answer = [each for each in outcome.told if each.subject is Subject.TO_ANSWER]
    assert bool(found) != bool(to_answer)
    assert all(each.reason is MoveRefusal.CONSENT_MISSING and each.told == ("bpd",) for each in found)
    return bool(found)


OF_AGE: Final = ("adult_18_20", "adult_24_26")
MINORS: Final = ("child_0_8", "child_9_17", "unknown", "not_asked", None)
EVERYBODY: Final = pytest.mark.parametrize("age", [*OF_AGE, *MINORS])


def of_age(age: str | None) -> Log:
    """A log under the Council's policy, of somebody of whom this age is recorded; None: nobody recorded one."""
    log = Log(policy=as_written())
    if age is not None:
        log.add("dhs", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": age})
    return log


def opens(log: Log, age: str | None, *recipients: str, **said: Any) -> Event:  # noqa: ANN401
    """Record the consent that opens at this age: the adult's own, or that of a named guardian."""
    by_guardian = {"basis": "guardian", "given_by": "guardian", "guardian": GUARDIAN}
    return log.consents(*recipients, **({} if age in OF_AGE else by_guardian) | said)


@EVERYBODY
def test_nobody_is_referred_without_consent_to_whom_no_duty_names(age: str | None) -> None:
    log = of_age(age)
    log.sends(to="hti")
    assert refused(log)


def test_an_adult_is_not_referred_without_consent() -> None:
    log = Log()
    log.adult()
    log.sends()
    assert refused(log)


@EVERYBODY
def test_a_refused_referral_waits_for_nothing_and_its_acceptance_looks_like_one_of_an_unknown_id(
    age: str | None,
) -> None:
    log = of_age(age)
    log.sends(to="hti")
    log.moves("hti", "accepted")
    outcome = log.outcome()
    assert [(each.kind, each.agency, each.sender) for each in outcome.waiting] == [(WaitKind.MISSING_MOVE, "hti", None)]
    assert [isinstance(each, MoveRefused) and each.told for each in outcome.decisions] == [("bpd",), ("hti",)]


@EVERYBODY
@pytest.mark.parametrize(
    ("recipients", "said", "goes"),
    [
        (["hti"], {}, True),
        (["iom"], {}, False),
        ([], {}, False),
        (["hti"], {"purposes": ["health_care"]}, False),
        (["hti"], {"purposes": []}, False),
        (["hti"], {"basis": "refused"}, False),
        (["hti"], {"basis": "overridden_legal_duty"}, False),
        (["hti"], {"basis": "overridden_best_interest"}, False),
        (["hti"], {"expires_on": "2024-02-29"}, False),
        (["hti"], {"expires_on": "2024-03-01"}, True),
    ],
)
def test_consent_names_who_may_be_told_and_for_what(
    age: str | None, recipients: list[str], said: dict[str, Any], *, goes: bool
) -> None:
    log = of_age(age)
    opens(log, age, *recipients, **said)
    log.sends(to="hti")
    assert refused(log) is not goes


@pytest.mark.parametrize(
    ("said", "goes"), [({"basis": "given_with_limits"}, True), ({"basis": "overridden_legal_duty"}, True)]
)
def test_an_adult_is_referred_by_limited_consent_and_by_a_duty_that_names_the_receiver(
    said: dict[str, Any], *, goes: bool
) -> None:
    log = Log()
    log.adult()
    log.consents("dhs", **said)
    log.sends()
    assert refused(log) is not goes


@EVERYBODY
def test_who_the_policy_lets_accept_may_not_unless_consent_names_it_too(age: str | None) -> None:
    log = of_age(age)
    opens(log, age, "dhs")
    log.sends()
    log.moves("hti", "accepted")
    (found,) = [each for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert (found.reason, found.told) == (MoveRefusal.NOT_THE_RECEIVER, ("hti",))


@EVERYBODY
def test_only_the_named_consent_counts_where_one_is_named(age: str | None) -> None:
    log = of_age(age)
    other = opens(log, age, "iom")
    named = opens(log, age, "hti")
    log.sends(to="hti", consentref=other.ref)
    assert refused(log)
    log.entries.pop()
    log.sends(to="hti", consentref=named.ref)
    assert not refused(log)


@EVERYBODY
def test_consent_that_comes_after_the_referral_does_not_change_the_decision(age: str | None) -> None:
    log = of_age(age)
    log.sends(to="hti")
    opens(log, age, "hti")
    assert refused(log)


@EVERYBODY
def test_consent_taken_back_before_the_referral_opens_nothing(age: str | None) -> None:
    log = of_age(age)
    given = opens(log, age, "hti")
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "consent": given.ref})
    log.sends(to="hti")
    assert refused(log)


@pytest.mark.parametrize(
    ("age", "years", "by_themselves"),
    [
        ("child_9_17", 8, False),
        ("child_9_17", 9, True),
        ("child_0_8", 17, False),
        ("child_0_8", 18, True),
        ("unknown", 90, False),
        (None, 90, False),
        ("adult_18_20", 0, True),
    ],
)
def test_a_child_grows_up_and_who_has_no_age_never_does(age: str | None, years: int, *, by_themselves: bool) -> None:
    for said in ({"basis": "given", "given_by": "person"}, {}):
        log = of_age(age)
        log.now += timedelta(days=366 * years)
        opens(log, None, "hti", **({"guardian": None} if said else {}), **said)
        log.sends(to="hti")
        assert refused(log) is not (by_themselves if said else not by_themselves)


@NAMED
def test_consent_is_one_by_whatever_reference_it_is_named(named: Callable[[Log, Event, Changes], str]) -> None:
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


def test_consent_that_was_corrected_only_later_opens_nothing_by_the_later_reference() -> None:
    log = Log()
    log.adult()
    given = log.consents("dhs")
    later = Log(log.now, [*log.entries]).corrects(given, {"purposes": ["protection_services"]})
    log.sends(consentref=later.ref)
    assert refused(log)
    log.entries.append(Entered(len(log.entries) + 1, log.now, later))
    assert refused(log)


@EVERYBODY
def test_consent_given_again_after_all_was_taken_back_opens(age: str | None) -> None:
    log = of_age(age)
    opens(log, age, "hti")
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    opens(log, age, "hti")
    log.sends(to="hti")
    assert not refused(log)


@EVERYBODY
@pytest.mark.parametrize(
    ("said_no", "closed"),
    [
        ({"basis": "refused"}, True),
        ({"basis": "withdrawn"}, True),
        ({"basis": "refused", "recipients": []}, True),
        ({"basis": "refused", "recipients": ["iom"]}, False),
        ({"basis": "refused", "purposes": ["health_care"]}, False),
        ({"basis": "refused", "purposes": ["unknown"]}, True),
        ({"basis": "refused", "purposes": []}, True),
        ({"basis": "refused", "given_by": "guardian", "guardian": SUSPECT}, False),
    ],
)
def test_a_refusal_closes_what_was_consented_to_before(
    age: str | None, said_no: dict[str, Any], *, closed: bool
) -> None:
    log = of_age(age)
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    opens(log, age, "hti")
    log.consents(
        *said_no.get("recipients", ["hti"]), **{name: each for name, each in said_no.items() if name != "recipients"}
    )
    log.sends(to="hti")
    assert refused(log) is closed


@pytest.mark.parametrize("basis", ["overridden_legal_duty", "overridden_best_interest"])
def test_nobodys_override_opens_over_an_adults_refusal(basis: str) -> None:
    log = Log()
    log.adult()
    log.consents("dhs", basis=basis)
    log.consents("dhs", basis="refused")
    log.sends()
    assert refused(log)


@EVERYBODY
def test_consent_after_a_refusal_opens(age: str | None) -> None:
    log = of_age(age)
    log.consents("hti", basis="refused")
    opens(log, age, "hti")
    log.sends(to="hti")
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
