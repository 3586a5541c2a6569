"""Edges of the rules that whole histories seldom reach: third agencies, months without a kind, words of others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from schemas.ids import Kind
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import decide
from services.case_tracker.domain.decision_values import OpenedFinding
from services.case_tracker.domain.events_and_messages import case_danger_message, case_decision_event
from services.case_tracker.domain.rules import BY_CODE
from services.case_tracker.domain.sight_state import state_of
from tests.unit.case_tracker.case_of_every_matter import HEALTH, OF, OTHER_VICTIM, SERVICE, log, referred, seen
from tests.unit.case_tracker.case_statements import (
    OTHER_BAIL,
    OTHER_CHARGE,
    OTHER_HEARING,
    TIED,
    Telling,
    adjourned,
    at_court,
    bailed,
    charged,
    died,
    held,
    identified,
    linked,
    log_of,
    merged,
    says,
    sentence,
    set_down,
    verdict,
    withdrawn,
)
from tests.unit.case_tracker.sample import CASE, CHARGE, GUARDIAN, OTHER_CASE, SUSPECT, VICTIM, Log, an_id, day, month

CHARGED = (*TIED, charged(**day("2024-02-02")))
RETRIAL = {
    "appeal": an_id(Kind.APPEAL, "a"),
    "charges": [CHARGE],
    "court": "court_of_appeal",
    "outcome": "retrial_ordered",
}
ACQUITTED_AND_TRIED_AGAIN = (
    *(identified(), charged(person=VICTIM), verdict("acquitted", person=VICTIM, **day("2024-03-02"))),
    at_court("appeal.decided", person=VICTIM, **RETRIAL, **day("2024-04-02")),
)
QUASHED = says(
    "odpp",
    "appeal.decided",
    person=VICTIM,
    appeal=an_id(Kind.APPEAL, "b"),
    charges=[CHARGE],
    court="court_of_appeal",
    outcome="conviction_quashed",
    **day("2024-06-02"),
)


def codes(*tellings: Telling) -> list[str]:
    return log_of(tellings).codes()


def test_a_third_agency_that_joins_a_victim_and_a_suspect_convinces_neither_of_the_two_who_must() -> None:
    assert "victim_is_suspect" in codes(linked(), merged("hti", VICTIM, SUSPECT))


@pytest.mark.parametrize(
    ("said", "free"), [({"custodial_months": 24}, False), ({"ends_on": "2026-02-28"}, False), ({}, True)]
)
def test_a_term_without_a_kind_is_prison_and_nothing_said_is_not(said: dict[str, Any], *, free: bool) -> None:
    log = log_of((*CHARGED, bailed(**day("2024-02-20")), verdict("convicted"), sentence(kinds=[], **said)))
    now = [each for each in log.standing() if each.is_open(log.now) and each.code.value == "victim_unprotected"]
    assert bool(now) is free


def test_a_victims_charge_stands_again_once_a_retrial_is_ordered_until_it_ends() -> None:
    assert "victim_prosecuted" not in codes(*ACQUITTED_AND_TRIED_AGAIN[:-1])
    assert "victim_prosecuted" in codes(*ACQUITTED_AND_TRIED_AGAIN)
    again = verdict("convicted", person=VICTIM, **day("2024-05-02"))
    assert "victim_prosecuted" in codes(*ACQUITTED_AND_TRIED_AGAIN, again)
    assert "victim_prosecuted" not in codes(*ACQUITTED_AND_TRIED_AGAIN, again, QUASHED)
    acquitted = verdict("acquitted", person=VICTIM, **day("2024-05-02"))
    assert "victim_prosecuted" not in codes(*ACQUITTED_AND_TRIED_AGAIN, acquitted)


@pytest.mark.parametrize("outcome", ["acquitted", "convicted"])
def test_bail_is_in_force_again_once_a_retrial_is_ordered(outcome: str) -> None:
    tried = (*CHARGED, bailed(**day("2024-02-20")), verdict(outcome, **day("2024-03-02")))
    again = at_court("appeal.decided", **{**RETRIAL, "person": SUSPECT}, **day("2024-04-02"))
    assert "bail_without_no_contact" in codes(*tried, again)
    assert "bail_without_no_contact" not in codes(*tried, again, withdrawn(**day("2024-05-02")))


@pytest.mark.parametrize(("said", "protects"), [({}, True), ({"return_kind": "deportation"}, False)])
def test_a_deportation_protects_nobody(said: dict[str, Any], *, protects: bool) -> None:
    returned = says("dhs", "repatriation.completed", person=VICTIM, **said)
    assert ("victim_unprotected" not in codes(*TIED, bailed(), returned)) is protects


def test_two_verdicts_name_the_person_of_the_first() -> None:
    (found,) = [
        each
        for each in log_of((*CHARGED, verdict("acquitted"), verdict("convicted", person=GUARDIAN))).standing()
        if each.code.value == "two_verdicts"
    ]
    assert found.persons == (SUSPECT,)


def test_bail_is_over_only_once_every_charge_of_it_is() -> None:
    twice = (*CHARGED, charged(charge=OTHER_CHARGE, **day("2024-02-02")))
    both = bailed(charges=sorted([CHARGE, OTHER_CHARGE]), conditions=["surety"])
    assert "bail_without_no_contact" in codes(*twice, both, verdict("acquitted"))
    assert "bail_without_no_contact" not in codes(
        *twice, both, verdict("acquitted"), verdict("acquitted", charge=OTHER_CHARGE)
    )


_ONE, _BOTH = {"charges": [CHARGE]}, {"charges": sorted([CHARGE, OTHER_CHARGE])}
_SURETY, _NO_CONTACT = {"conditions": ["surety"]}, {"conditions": ["no_contact_with_victim"]}
_REVOKED = says("bpd", "bail.revoked", bail=OTHER_BAIL, court="high_court", **day("2024-03-03"))


@pytest.mark.parametrize(
    ("before", "then", "dangerous"),
    [
        ((_ONE, _SURETY), (_ONE, _NO_CONTACT, day("2024-03-02")), False),
        ((_ONE, _SURETY), (_BOTH, _NO_CONTACT, day("2024-03-02")), False),
        ((_ONE, _SURETY), ({}, _NO_CONTACT, day("2024-03-02")), False),
        (({}, _SURETY), (_BOTH, _NO_CONTACT, day("2024-03-02")), False),
        ((_BOTH, _SURETY), (_ONE, _NO_CONTACT, day("2024-03-02")), True),
        ((_ONE, _SURETY), ({"charges": [OTHER_CHARGE]}, _NO_CONTACT, day("2024-03-02")), True),
        ((_ONE, _NO_CONTACT), (_ONE, _SURETY, day("2024-03-02")), True),
        ((_ONE, _SURETY), (_ONE, _NO_CONTACT, day("2024-03-01")), True),  # which came first nobody knows
        ((_ONE, _SURETY), (_ONE, _NO_CONTACT, day("2024-02-20")), True),
    ],
)
def test_bail_for_the_same_charges_takes_the_place_of_earlier_bail(
    before: tuple[dict[str, Any], ...], then: tuple[dict[str, Any], ...], *, dangerous: bool
) -> None:
    """A court that grants bail anew, with a condition that forbids contact, left the alarm of the first bail open."""
    twice = (*CHARGED, charged(charge=OTHER_CHARGE, **day("2024-02-02")))
    both = ((day("2024-03-01"), *before), ({"bail": OTHER_BAIL}, *then))
    first, later = (bailed(**{key: one[key] for one in said for key in one}) for said in both)
    assert ("bail_without_no_contact" in codes(*twice, first, later)) is dangerous


def test_earlier_bail_is_not_in_force_again_when_the_bail_in_its_place_is_revoked() -> None:
    first = bailed(**_ONE, **_SURETY, **day("2024-03-01"))
    anew = bailed(bail=OTHER_BAIL, **_ONE, **_NO_CONTACT, **day("2024-03-02"))
    assert "bail_without_no_contact" not in codes(*CHARGED, first, anew, _REVOKED)


def test_a_danger_is_told_with_the_agencys_own_records_alone_and_answers_its_number() -> None:
    log = Log()
    mine = log.says("dhs", "victim.identified", person=VICTIM, status="confirmed")
    log.arrested(person=VICTIM)
    (opened,) = [each for each in log.outcome().decisions if isinstance(each, OpenedFinding)]
    told = orjson.loads(case_danger_message(opened, "dhs").value)["data"]
    assert (told["to"], told["records"], told["persons"]) == ("dhs", [mine.ref], [VICTIM])
    assert orjson.loads(case_danger_message(opened, "odpp").value)["data"]["records"] == []
    assert orjson.loads(case_decision_event(opened, "0" * 16).value)["data"]["answered_n"] == 2
    first = Log()
    first.charged()
    (opened,) = [each for each in first.outcome().decisions if isinstance(each, OpenedFinding)]
    assert orjson.loads(case_decision_event(opened, "0" * 16).value)["data"]["answered_n"] == 1


def test_taking_back_one_consent_is_of_what_that_one_is_for_not_of_what_another_is() -> None:
    found = log()
    plain = found.add("dhs", "consent.recorded", {**OF, "basis": "given", "purposes": ["legal_help"]})
    found.add("dhs", "consent.recorded", {**OF, "basis": "given", "purposes": ["health_care"]})
    found.add("dhs", "consent.withdrawn", {**OF, "consent": plain.ref})
    assert "consent.withdrawn" in seen(found, "odpp")


def test_a_suspect_of_another_victim_is_still_this_ones_guardian() -> None:
    """A tie to the other victim is of no use for this one. The case tracker's own finding is about the tie."""
    found = Log()
    found.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": OTHER_VICTIM, "suspect": GUARDIAN})
    found.add("iom", "service.provided", {**OF, "service": SERVICE, "service_type": "medical", "provider": "iom"})
    said = {"basis": "guardian", "given_by": "guardian", "guardian": GUARDIAN, "recipients": ["hti"]}
    found.add("bpd", "consent.recorded", {**OF, **said, "purposes": ["health_care", "protection_services"]})
    referred(found, to="hti")
    assert HEALTH in seen(found, "hti")
    found.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": VICTIM, "suspect": GUARDIAN})
    assert HEALTH not in seen(found, "hti")


def test_a_case_that_was_found_to_be_another_is_seen_as_that_one() -> None:
    log = Log(case=OTHER_CASE)
    log.identified()
    log.arrested()
    log.add("bpd", "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record", "_subject": CASE})
    one, other = (decide(case, (), log.entries).projection for case in (CASE, OTHER_CASE))
    assert one is not None
    assert other is not None
    assert (other.alive, dict(other.seen_by)) == (CASE, dict(one.seen_by))
    assert one.seen_by


def test_a_merge_of_persons_is_stored_as_one() -> None:
    log = log_of((identified(), linked(), merged("bpd", VICTIM, SUSPECT)))
    stored = decide(log.case, (), log.entries).projection
    assert stored is not None
    assert [each.is_merge for each in stored.facts] == [False, False, True]


def test_a_hearing_on_the_day_of_death_is_not_after_it_and_a_word_of_the_day_tells_of_it() -> None:
    down = (*CHARGED, set_down("2024-03-12"))
    assert "deceased_awaiting_trial" not in codes(*down, died(**day("2024-03-12")))
    assert "deceased_awaiting_trial" in codes(*down, died(**day("2024-03-11")))
    assert "deceased_awaiting_trial" not in codes(*down, died(**day("2024-03-11")), withdrawn())
    two = (*down, charged(charge=OTHER_CHARGE, **day("2024-02-02")))
    assert "deceased_awaiting_trial" in codes(*two, died(**day("2024-03-11")), withdrawn())
    for sets_down in (held, adjourned):  # each may name the day of the next hearing
        down_again = sets_down(hearing=OTHER_HEARING, next_on="2024-03-12", **day("2024-03-02"))
        assert "deceased_awaiting_trial" in codes(*CHARGED, down_again, died(**day("2024-03-11")))
    assert "hearing_missed" not in codes(*down, held(hearing=OTHER_HEARING, **day("2024-03-12")))
    assert "hearing_missed" in codes(*down, held(hearing=OTHER_HEARING, **day("2024-03-11")))


MISSED_AT = datetime(2024, 3, 15, 6, tzinfo=UTC)
"""A hearing of March 12th is missed once two more days have ended in Belize."""


@pytest.mark.parametrize(
    ("before", "then", "opens"),
    [
        (timedelta(hours=-1), timedelta(0), True),
        (timedelta(hours=-1), timedelta(seconds=-1), False),
        (timedelta(0), timedelta(hours=1), False),
        (timedelta(hours=-1), timedelta(hours=1), True),
    ],
)
def test_what_comes_due_between_two_events_is_opened_once(before: timedelta, then: timedelta, *, opens: bool) -> None:
    log = log_of((*CHARGED, set_down("2024-03-12")))
    for at in (before, then):
        log.says("bpd", "need.assessed", person=VICTIM, need=an_id(Kind.NEED, "n"), after=MISSED_AT + at - log.now)
    found = decide(log.case, log.entries[:-1], log.entries[-1:]).decisions
    missed = [
        each for each in found if isinstance(each, OpenedFinding) and each.standing.code.value == "hearing_missed"
    ]
    assert bool(missed) is opens
    assert all(each.at == MISSED_AT for each in missed)


def test_each_person_of_a_referral_has_the_receivers_that_were_asked_for_them() -> None:
    found = log()
    referred(found, to="hti")
    referred(found, to="iom", person=OTHER_VICTIM)
    referrals = state_of(spine(CASE, found.entries), found.now).referrals
    assert {(each.person, *each.receivers) for each in referrals} == {(VICTIM, "hti"), (OTHER_VICTIM, "iom")}


def test_a_finding_that_waits_is_open_from_its_instant_on() -> None:
    log = log_of((*CHARGED, set_down("2024-03-12")))
    (missed,) = [each for each in log.standing() if each.code.value == "hearing_missed"]
    assert missed.is_open(MISSED_AT)
    assert not missed.is_open(MISSED_AT - timedelta(seconds=1))


def test_every_rule_speaks_two_languages() -> None:
    assert all(rule.en != rule.es and rule.en.endswith(".") and rule.es.endswith(".") for rule in BY_CODE.values())


def test_a_hearing_that_was_set_down_in_its_own_month_is_missed_all_the_same() -> None:
    """The event that sets a hearing down is no news of it, also if it may be from after the hearing's day."""
    assert "hearing_missed" in codes(*CHARGED, set_down("2024-03-12", **month("2024-03")))
