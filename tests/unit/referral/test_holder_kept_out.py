"""A referral whose case keeps out its holder or its receiver: the sender is to refer the person again."""

from datetime import timedelta

import pytest

from schemas.ids import Kind
from services.referral.domain.decide import decide
from services.referral.domain.decision import MoveRefused, Subject, messages_of_lateness
from services.referral.domain.pending_action import PendingAction, WaitKind
from tests.unit.referral.sample import CASE, OTHER, PERSON, REFERRAL, Log, an_id, as_written
from tests.unit.referral.test_restrictions import OTHER_CASE, keeps_out

AGAIN = an_id(Kind.REFERRAL, "again")


def held(case: str | None = CASE, *, accepted: bool = True) -> Log:
    log = Log(policy=as_written())
    log.sends("immigration", case=case)
    if accepted:
        log.moves("dhs", "accepted")
    return log


def again(log: Log) -> list[PendingAction]:
    return [each for each in log.outcome().waiting if each.kind is WaitKind.NEXT_ATTEMPT]


@pytest.mark.parametrize("case", [CASE, None])
@pytest.mark.parametrize("accepted", [True, False])
def test_the_sender_is_told_at_once_that_the_person_may_be_with_nobody(case: str | None, *, accepted: bool) -> None:
    """The holder was kept out, and the referral went on with nobody: its sender was never told."""
    log = held(case, accepted=accepted)
    assert again(log) == []
    began = log.now
    keeps_out(log, "dhs", lasting=True)
    (found,) = again(log)
    assert (found.agency, found.since, found.due_at) == ("immigration", began, began)
    assert found.late_at == began + log.policy.learnt_late()
    assert found.told == ("immigration", "council")
    assert {(each.subject, each.agency) for each in messages_of_lateness(found)} == {
        (Subject.LATE, "immigration"),
        (Subject.LATE, "council"),
    }


def test_the_wait_stands_as_it_began_whatever_the_case_tracker_repeats_or_the_holder_reports() -> None:
    log = held()
    first = log.now
    keeps_out(log, "dhs", lasting=True)
    log.now += timedelta(hours=1)
    keeps_out(log, "dhs", "hti", lasting=True)
    log.moves("dhs", "started")
    assert [each.due_at for each in again(log)] == [first]
    log.moves("dhs", "completed")
    assert [each.due_at for each in again(log)] == [first]


@pytest.mark.parametrize(("move", "said"), [("handed_back", "no_capacity"), ("failed", "safety")])
def test_a_holder_that_gives_back_what_it_holds_leaves_one_wait(move: str, said: str) -> None:
    log = held()
    keeps_out(log, "dhs", lasting=True)
    log.moves("dhs", move, reason=said)
    (found,) = again(log)
    assert (found.agency, found.due_at > found.since) == ("immigration", True)


@pytest.mark.parametrize("since", [True, False])
def test_a_holder_that_is_kept_out_does_not_end_the_wait_by_what_it_says_the_person_wants(*, since: bool) -> None:
    log = Log(policy=as_written())
    log.adult()
    log.consents("dhs")
    log.sends("immigration")
    log.moves("dhs", "accepted")
    if since:
        keeps_out(log, "dhs", lasting=True)
    log.moves("dhs", "failed", reason="person_declined")
    if not since:
        keeps_out(log, "dhs", lasting=True)
    assert bool(again(log)) is since


def test_another_referral_for_the_same_need_ends_the_wait() -> None:
    log = held()
    keeps_out(log, "dhs", lasting=True)
    log.sends("immigration", "bpd", referral=AGAIN, previous_referral=REFERRAL)
    assert again(log) == []


def test_nothing_is_asked_where_the_holder_is_not_kept_out() -> None:
    log = held()
    keeps_out(log, "dhs", lasting=True, case=OTHER_CASE)
    keeps_out(log, "hti", lasting=True)
    assert again(log) == []
    log = held()
    keeps_out(log, "dhs", lasting=True)
    keeps_out(log)
    assert again(log) == []
    log = held()
    log.moves("dhs", "completed")
    keeps_out(log, "dhs", lasting=True)
    assert again(log) == []
    log = held()
    keeps_out(log, "dhs", until=log.now + timedelta(days=1))
    assert len(again(log)) == 1
    log.now += timedelta(days=2)
    log.moves("dhs", "started")
    assert again(log) == []


def test_a_referral_that_was_refused_as_the_case_keeps_out_its_receiver_is_waited_for() -> None:
    """The sender was told once that it was refused. Nobody waited, so nobody missed the person."""
    log = Log(policy=as_written())
    keeps_out(log, "dhs", lasting=True)
    sent = log.sends("immigration", urgency="emergency")
    (found,) = again(log)
    assert (found.agency, found.state, found.due_at) == ("immigration", None, log.now + timedelta(hours=1))
    assert found.told == ("immigration", "council")
    follows, corrected, gone = (Log(entries=list(log.entries), now=log.now, policy=log.policy) for _ in range(3))
    follows.sends("immigration", "bpd", referral=AGAIN, previous_referral=REFERRAL)
    corrected.corrects(sent, {"to_agency": "bpd"})
    gone.retracts(sent)
    for each in (follows, corrected, gone):
        assert again(each) == []


def test_a_referral_that_was_refused_for_lack_of_consent_is_not_waited_for() -> None:
    log = Log(policy=as_written())
    log.sends("immigration", "hti")
    assert again(log) == []


def test_a_sender_that_is_kept_out_too_is_not_told_and_the_council_is() -> None:
    log = held()
    keeps_out(log, "dhs", "immigration", lasting=True)
    (found,) = again(log)
    assert found.told == ("council",)


def test_a_restriction_of_another_id_counts_once_the_ids_are_merged() -> None:
    log = held()
    keeps_out(log, "dhs", lasting=True, person=OTHER)
    assert again(log) == []
    log.merges(PERSON, OTHER)
    assert len(again(log)) == 1


def test_the_history_of_waits_has_the_wait_from_the_restriction_to_its_end() -> None:
    log = held()
    began = log.now
    keeps_out(log, "dhs", lasting=True)
    before = len(log.entries)
    log.sends("immigration", "bpd", referral=AGAIN, previous_referral=REFERRAL)
    outcome = decide(PERSON, log.entries[:before], log.entries[before:], log.policy)
    (ended,) = [each for each in outcome.ended if each.waited.kind is WaitKind.NEXT_ATTEMPT]
    assert (ended.waited.since, ended.began_at, ended.ended_at) == (began, None, log.now)
    lifted = held()
    keeps_out(lifted, "dhs", lasting=True)
    keeps_out(lifted)
    outcome = decide(PERSON, lifted.entries[:-1], lifted.entries[-1:], lifted.policy)
    assert [(each.waited.kind, each.ended_at) for each in outcome.ended] == [(WaitKind.NEXT_ATTEMPT, lifted.now)]
    whole = lifted.outcome()
    assert [(each.waited.kind, each.began_at) for each in whole.ended if each.waited.kind is WaitKind.NEXT_ATTEMPT] == [
        (WaitKind.NEXT_ATTEMPT, lifted.entries[-2].accepted_at)
    ]


@pytest.mark.parametrize("named", [True, False])
def test_whoever_was_named_the_holder_by_an_earlier_decision_has_accepted(*, named: bool) -> None:
    log = held(accepted=False)
    keeps_out(log, "dhs", lasting=True)
    accepted = log.moves("dhs", "accepted")
    if named:
        said = {"person": PERSON, "referral": REFERRAL, "answered_n": 3, "holder": "dhs", "state": "accepted"}
        said |= {"decided_at": log.now.isoformat(), "code_version": "0" * 16, "policy_version": "0" * 16}
        log.add("referral", "referral.assigned", said)
    refused = [each.move for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert refused == ([] if named else [accepted.ref])
