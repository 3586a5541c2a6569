"""Edges that whole histories seldom reach: what is told, who cares, what is waited for, and since when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from schemas.codebook.referral import ReferralState
from schemas.ids import Kind
from schemas.topics import DELIVERY_DAYS
from services.referral.domain.decide import decide
from services.referral.domain.decision import AgencyMessage, DangerFound, Subject, messages_of_notice
from services.referral.domain.events_and_messages import agency_message_record, person_danger_message
from services.referral.domain.events_in_force import facts_in_force_after
from services.referral.domain.pending_action import PendingAction, WaitKind
from services.referral.domain.person_facts import first_ties_by_suspect, read_known_person
from services.referral.domain.person_file import fold_person_file
from services.referral.domain.shown_referral_status import MoveEffectKind, standings
from tests.unit.referral.sample import (
    CASE,
    GUARDIAN,
    OTHER,
    PERSON,
    REFERRAL,
    START,
    SUSPECT,
    Log,
    an_id,
    as_written,
    happens,
    policy,
)
from tests.unit.referral.test_restrictions import OTHER_CASE, keeps_out

TWO = an_id(Kind.REFERRAL, "two")
NEED = an_id(Kind.NEED, "n")


def waits_for(log: Log, kind: WaitKind) -> list[PendingAction]:
    return [each for each in log.outcome().waiting if each.kind is kind]


def test_whoever_is_to_answer_is_told_of_the_services_that_are_asked() -> None:
    log = Log()
    log.sends(service_types=["shelter", "medical"])
    (message,) = [each for each in log.outcome().told if each.subject is Subject.TO_ANSWER]
    assert message.service_types == ("shelter", "medical")


def test_a_sender_that_is_kept_out_since_is_not_told_of_a_rejection() -> None:
    log = Log()
    log.sends()
    keeps_out(log, "bpd", lasting=True)
    log.moves("dhs", "rejected", reason="no_capacity")
    assert not [each for each in log.outcome().told if each.agency == "bpd"]


def test_an_agency_that_is_kept_out_is_not_told_of_a_danger() -> None:
    log = Log()
    log.add("dhs", "victim.identified", {"person": PERSON, "status": "confirmed"})
    keeps_out(log, "odpp", lasting=True)
    log.add("bpd", "arrest.made", {"person": PERSON, "arrest": an_id(Kind.ARREST, "a")})
    (found,) = [each for each in log.outcome().findings if isinstance(each, DangerFound)]
    assert found.told == ("dhs",)


def test_whoever_is_kept_out_of_another_case_may_take_a_referral_of_this_one() -> None:
    log = Log()
    log.sends()
    keeps_out(log, "hti", lasting=True, case=OTHER_CASE)
    assert "hti" in {each.agency for each in waits_for(log, WaitKind.SECOND)}
    keeps_out(log, "hti", lasting=True)
    assert "hti" not in {each.agency for each in waits_for(log, WaitKind.SECOND)}


def test_of_a_referral_that_was_entered_late_the_next_receivers_hear_a_little_later() -> None:
    log = Log()
    log.sends(urgency="urgent", after=timedelta(hours=9), at=log.now)
    (second, *_) = waits_for(log, WaitKind.SECOND)
    assert second.late_at == log.now + timedelta(minutes=15)


def test_a_wait_began_when_it_was_first_shown_so_and_not_with_each_event_after() -> None:
    log = Log()
    log.sends()
    sent_at = log.now
    log.add("labour", "need.assessed", {"person": PERSON, "need": NEED})
    key = (WaitKind.ANSWER, REFERRAL, "dhs")
    assert log.outcome().begun[key] == sent_at
    log.moves("dhs", "received")
    assert log.outcome().begun[key] == log.now
    assert [
        (each.waited.state, each.began_at, each.ended_at) for each in log.outcome().ended if each.waited.key == key
    ] == [(ReferralState.SENT, sent_at, log.now)]


def test_nobody_cares_for_whom_everybody_rejected_and_who_ended_it_well_still_does() -> None:
    log = Log()
    log.sends()
    assert log.outcome().holders == {"dhs"}
    log.moves("dhs", "rejected", reason="no_capacity")
    assert log.outcome().holders == frozenset()
    log.sends(to="hti", referral=TWO)
    log.moves("hti", "accepted", referral=TWO)
    log.moves("hti", "completed", referral=TWO)
    assert log.outcome().holders == {"hti"}
    log.sends(to="iom", referral=an_id(Kind.REFERRAL, "three"))
    assert log.outcome().holders == {"iom"}


def refused_and_sent(*moves: str) -> Log:
    """An adult who refused an agency; its own recording of a later consent let a referral go, and no other word did."""
    log = Log(policy=as_written())
    log.adult()
    log.consents("hti", basis="refused")
    log.consents("hti", agency="hti")
    log.sends(to="hti")
    for move in moves:
        said = {"from_agency": "bpd"} if move == "entered_in_error" else {}
        log.moves("bpd" if said else "hti", move, **said)
    return log


def test_a_referral_that_went_since_a_refusal_lets_its_receiver_care() -> None:
    assert refused_and_sent().outcome().holders == {"hti"}
    assert refused_and_sent("accepted").outcome().holders == {"hti"}
    log = refused_and_sent("entered_in_error")
    log.sends(to="dhs", referral=TWO)
    assert log.outcome().holders == frozenset()


def test_a_move_whose_referral_nobody_sent_yet_disturbs_no_other() -> None:
    log = Log()
    log.moves("hti", "accepted", referral=TWO)
    log.sends()
    assert log.outcome().holders == {"dhs"}
    assert [each.agency for each in waits_for(log, WaitKind.MISSING_MOVE)] == ["hti"]
    assert [each.agency for each in waits_for(log, WaitKind.ANSWER)] == ["dhs"]


@pytest.mark.parametrize(
    ("first", "then", "followed"),
    [
        ({}, {"need": NEED, "attempt_no": 1}, False),
        ({"need": NEED}, {"need": NEED, "attempt_no": 1}, True),
        ({"need": NEED, "attempt_no": 1}, {"need": NEED, "attempt_no": 1}, False),
        ({"need": NEED, "attempt_no": 1}, {"need": NEED, "attempt_no": 2}, True),
        ({"need": NEED}, {"need": NEED}, False),
        ({}, {"previous_referral": REFERRAL}, True),
    ],
)
def test_a_rejected_referral_is_followed_by_the_next_attempt_for_its_need(
    first: dict[str, Any], then: dict[str, Any], *, followed: bool
) -> None:
    log = Log()
    log.sends(**first)
    log.moves("dhs", "rejected", reason="no_capacity")
    assert [each.about for each in waits_for(log, WaitKind.NEXT_ATTEMPT)] == [REFERRAL]
    log.sends(to="hti", referral=TWO, **then)
    assert (waits_for(log, WaitKind.NEXT_ATTEMPT) == []) is followed
    log.moves("bpd", "entered_in_error", referral=TWO, from_agency="bpd")
    assert [each.about for each in waits_for(log, WaitKind.NEXT_ATTEMPT)] == [REFERRAL]


def test_messages_of_two_referrals_and_of_two_states_are_two() -> None:
    def message(referral: str | None, state: ReferralState | None) -> str:
        at = datetime(2024, 3, 1, tzinfo=UTC)
        told = AgencyMessage(Subject.MOVED, "dhs", PERSON, "bpd/desk", at, case=CASE, referral=referral, state=state)
        return str(orjson.loads(agency_message_record(told).value)["id"])

    states = (None, ReferralState.SENT, ReferralState.REJECTED)
    every = [message(referral, state) for referral in (None, REFERRAL, TWO) for state in states]
    assert len(set(every)) == len(every)
    assert message(REFERRAL, None) == message(REFERRAL, None)


def test_a_guardians_refusal_for_a_child_is_no_end_and_an_adults_is() -> None:
    for adult, waits in ((False, True), (True, False)):
        log = Log()
        if adult:
            log.adult()
            log.consents("dhs")
        log.sends()
        log.consents("dhs", basis="refused", **({} if adult else {"given_by": "guardian", "guardian": GUARDIAN}))
        assert bool(waits_for(log, WaitKind.ANSWER)) is waits


def test_whoever_the_case_keeps_out_has_no_notice_of_the_suspect_though_the_policy_names_it() -> None:
    def noticed(*kept_out: str) -> list[str]:
        log = Log()
        tie = {"case": CASE, "victim": PERSON, "suspect": SUSPECT}
        log.add("bpd", "victim_suspect.linked", tie, subject=CASE)
        if kept_out:
            keeps_out(log, *kept_out, lasting=True, person=SUSPECT)
        happens(log, "bail.granted", case=CASE)
        (notice,) = decide(SUSPECT, (), log.entries, policy()).notices
        return [each.agency for each in messages_of_notice(notice, PERSON, frozenset())]

    assert noticed() == ["dhs"]
    assert noticed("dhs") == []


def test_a_restriction_ends_at_its_last_instant() -> None:
    for over, told in ((timedelta(seconds=1), False), (timedelta(0), True)):
        log = Log()
        keeps_out(log, "hti", until=log.now + timedelta(hours=5, minutes=1) + over)
        log.sends(to="hti", after=timedelta(hours=5))
        assert bool([each for each in log.outcome().told if each.subject is Subject.TO_ANSWER]) is told


def test_what_waits_answers_the_last_number_that_was_decided_about() -> None:
    log = Log()
    log.sends()
    log.add("labour", "need.assessed", {"person": PERSON, "need": NEED})
    waiting = decide(PERSON, log.entries, (), policy()).waiting
    assert {each.answered_n for each in waiting} == {2}


def test_consent_that_was_taken_back_is_to_be_acknowledged_in_two_days_or_soon_where_it_was_entered_late() -> None:
    for entered_late, late_after in ((timedelta(0), timedelta(hours=48)), (timedelta(days=9), timedelta(minutes=15))):
        log = Log()
        log.sends()
        log.add("bpd", "consent.withdrawn", {"person": PERSON}, after=entered_late, at=log.now)
        (wait,) = waits_for(log, WaitKind.ACKNOWLEDGEMENT)
        assert wait.late_at == log.now + late_after
        assert wait.due_at - wait.since == timedelta(hours=48)


@pytest.mark.parametrize(("recipients", "waits"), [(["iom"], True), (["dhs"], False), ([], False)])
def test_what_is_taken_back_from_another_ends_no_wait_of_an_adult(recipients: list[str], *, waits: bool) -> None:
    log = Log()
    log.adult()
    log.consents("dhs", basis="overridden_legal_duty")
    log.sends()
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": recipients})
    assert bool(waits_for(log, WaitKind.ANSWER)) is waits


@pytest.mark.parametrize(("name", "also"), [("bail.granted", ("dhs",)), ("court.adjourned", ())])
def test_those_beside_the_carers_hear_of_what_their_row_names_alone(name: str, also: tuple[str, ...]) -> None:
    log = Log()
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    happens(log, name)
    (found,) = decide(SUSPECT, (), log.entries, as_written()).notices
    assert found.also == also


def test_of_a_victim_who_was_told_of_under_another_id_those_beside_the_carers_hear_once() -> None:
    log = Log()
    tie = {"case": CASE, "victim": PERSON, "suspect": SUSPECT}
    log.add("bpd", "victim_suspect.linked", tie, subject=CASE)
    happens(log, "bail.granted")
    log.add("bpd", "victim_suspect.linked", {**tie, "victim": OTHER}, subject=CASE)
    first, alone = decide(SUSPECT, (), log.entries, policy()).notices
    assert (first.beside(PERSON), alone.victims, alone.beside(OTHER)) == (("dhs",), (OTHER,), ("dhs",))
    log.entries.pop()
    log.merges(*sorted((PERSON, OTHER)))
    first, again = decide(SUSPECT, (), log.entries, policy()).notices
    assert (first.victims, again.victims) == ((PERSON,), (OTHER,))
    assert (again.beside(OTHER), again.beside(PERSON)) == ((), ("dhs",))


@pytest.mark.parametrize("first", ["kept out", "sent"])
def test_a_restriction_ends_the_same_waits_however_the_log_is_cut(first: str) -> None:
    log = Log()
    for step in ("kept out", "sent") if first == "kept out" else ("sent", "kept out"):
        if step == "sent":
            log.sends()
        else:
            keeps_out(log, "hti", lasting=True)
            log.now += timedelta(minutes=1)
    log.moves("dhs", "received")
    before, then = log.entries[:2], log.entries[2:]
    parts = [decide(PERSON, (), before, policy()), decide(PERSON, before, then, policy())]
    ended = [(each.waited.kind, each.waited.agency) for part in parts for each in part.ended]
    assert ended == [(each.waited.kind, each.waited.agency) for each in log.outcome().ended]
    assert ((WaitKind.SECOND, "hti") in ended) is (first == "sent")


@pytest.mark.parametrize(
    ("moves", "seen_by"),
    [
        ((), ("bpd", "dhs")),
        ((("hti", "accepted"),), ("bpd", "dhs", "hti")),
        ((("dhs", "rejected"),), ("bpd",)),
        ((("bpd", "entered_in_error"),), ("bpd",)),
    ],
)
def test_a_referral_is_seen_by_its_parties_while_it_goes_on(
    moves: tuple[tuple[str, str], ...], seen_by: tuple[str, ...]
) -> None:
    log = Log()
    log.sends()
    for agency, move in moves:
        log.moves(agency, move, **({"from_agency": "bpd"} if agency == "bpd" else {}))
    (found,) = standings(fold_person_file(PERSON, log.entries, policy()), 1)
    assert found.seen_by == seen_by
    assert {each.effect for each in found.moves} == {MoveEffectKind.IN_EFFECT}


def test_a_refused_referral_is_seen_by_its_sender_alone_and_its_move_was_refused() -> None:
    log = Log(policy=as_written())
    log.sends(to="hti")
    (found,) = standings(fold_person_file(PERSON, log.entries, as_written()), 1)
    assert (found.seen_by, [each.effect for each in found.moves]) == (("bpd",), [MoveEffectKind.REFUSED])
    log = Log()
    log.moves("dhs", "accepted")
    (found,) = standings(fold_person_file(PERSON, log.entries, policy()), 1)
    assert [each.effect for each in found.moves] == [MoveEffectKind.WAITS]


def test_a_merge_is_no_word_of_the_holder_on_the_person() -> None:
    log = Log()
    log.sends("dhs", "bpd")
    log.moves("bpd", "accepted")
    log.moves("bpd", "started")
    started_at = log.now
    log.merges(*sorted((PERSON, OTHER)))
    (silence,) = waits_for(log, WaitKind.SILENCE)
    assert silence.since == started_at


def test_what_has_no_sender_yet_is_told_to_its_maker_and_the_council() -> None:
    log = Log()
    log.moves("hti", "accepted", referral=TWO)
    (missing,) = waits_for(log, WaitKind.MISSING_MOVE)
    assert missing.told == ("hti", "dhs", "council")


def test_what_is_said_of_somebody_else_in_a_person_s_log_is_nothing_of_theirs() -> None:
    """After two that were taken for one are two again, the words on both still stand in one log."""
    log = Log()
    for who, suspect in ((PERSON, SUSPECT), (OTHER, GUARDIAN)):
        given = log.consents("dhs", person=who)
        log.add("bpd", "consent.withdrawn", {"person": who, "consent": given.ref})
        log.add("dhs", "consent.acknowledged", {"person": who, "consent": given.ref})
        log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": who, "suspect": suspect}, subject=CASE)
    effect = facts_in_force_after(PERSON, log.entries)
    found = read_known_person(effect, START.date())
    assert found == read_known_person(facts_in_force_after(PERSON, log.entries[:4]), START.date())
    assert set(first_ties_by_suspect(effect)) == {SUSPECT}
    assert read_known_person(facts_in_force_after(SUSPECT, log.entries), START.date()).victims == {PERSON}


def test_the_message_of_a_danger_expires_after_it_was_written() -> None:
    log = Log()
    log.add("dhs", "victim.identified", {"person": PERSON, "status": "confirmed"})
    log.add("bpd", "arrest.made", {"person": PERSON, "arrest": an_id(Kind.ARREST, "a")})
    (found,) = [each for each in log.outcome().findings if isinstance(each, DangerFound)]
    said = orjson.loads(person_danger_message(found, "dhs").value)
    assert datetime.fromisoformat(said["data"]["expires_at"]) - datetime.fromisoformat(said["time"]) == timedelta(
        days=DELIVERY_DAYS
    )


@pytest.mark.parametrize("exists", [{"case": CASE}, {"case": None}])
def test_a_move_of_a_stranger_waits_like_one_of_a_referral_that_nobody_sent(exists: dict[str, Any]) -> None:
    """Else `atips referrals` would tell an agency that guesses ids which referrals exist."""

    def rows(*before: dict[str, Any]) -> list[PendingAction]:
        log = Log()
        for said in before:
            log.sends(**said)
        moved = log.moves("odpp", "accepted")
        log.moves("odpp", "started")
        found = [each for each in log.outcome().waiting if each.agency == "odpp"]
        assert [each.since for each in found] == [moved.time]
        return [replace(each, since=START, due_at=START, late_at=START, answered_n=0) for each in found]

    assert rows(exists) == rows()


def test_the_warning_to_a_stranger_ends_with_no_word_on_the_referral() -> None:
    log = Log()
    log.sends()
    log.moves("odpp", "accepted")
    log.moves("dhs", "accepted")
    assert [each.agency for each in waits_for(log, WaitKind.MISSING_MOVE)] == ["odpp"]
    assert [each.agency for each in waits_for(log, WaitKind.START)] == ["dhs"]
