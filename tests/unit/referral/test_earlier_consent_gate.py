"""Referrals from before the present gate of consent: they stand as they were decided then, whoever folds them again."""

from datetime import timedelta

import pytest

from schemas.codebook.referral import MoveRefusal
from schemas.codec import decode
from schemas.service_decisions import Entered
from services.referral.domain.decide import PersonOutcome, decide
from services.referral.domain.decision import MoveRefused
from services.referral.domain.events_and_messages import Versions, person_decision_event
from services.referral.domain.pending_action import WaitKind
from services.referral.domain.policy import Policy
from tests.unit.referral.sample import PERSON, START, Log, as_written, policy

VERSIONS = Versions("0" * 16, "1" * 16)


def gate_since(minutes: int) -> Policy:
    """The Council's policy, with a gate that came into force so long after the first event."""
    said = as_written().model_dump(mode="json")
    return Policy.model_validate(said | {"consent_since": (START + timedelta(minutes=minutes)).isoformat()})


def publishes(log: Log, outcome: PersonOutcome) -> None:
    """Let the log hold what was decided, as intake writes it there."""
    for each in outcome.decisions:
        event = decode(person_decision_event(each, VERSIONS).value)
        log.entries.append(Entered(len(log.entries) + 1, log.now, event))


def let_go() -> Log:
    """A referral to an agency that no duty names, of somebody of unknown age: an earlier gate let it go."""
    log = Log(policy=policy())
    log.sends(to="labour")
    assert log.outcome().decisions == []
    return log


@pytest.mark.parametrize(("since", "stays"), [(0, False), (1, False), (2, True)])
def test_what_an_earlier_gate_let_go_still_waits_for_an_answer(since: int, stays: bool) -> None:
    """Intake had it in the first minute. A gate that holds from that minute on judges it; a later one does not."""
    log = let_go()
    outcome = decide(PERSON, log.entries, (), gate_since(since))
    assert (WaitKind.ANSWER in {each.kind for each in outcome.waiting}) is stays
    assert (outcome.holders == {"labour"}) is stays


def test_its_receiver_may_still_accept_and_hold_it() -> None:
    log = let_go()
    past = [*log.entries]
    log.moves("labour", "accepted")
    outcome = decide(PERSON, past, log.entries[len(past) :], gate_since(2))
    assert not [each for each in outcome.decisions if isinstance(each, MoveRefused)]
    assert [each.kind for each in outcome.waiting] == [WaitKind.START]


def test_whoever_took_it_by_an_earlier_gate_still_holds_it() -> None:
    """A second receiver was invited by the policy of that time. The present gate would not invite it."""
    log = let_go()
    log.moves("hti", "accepted")
    publishes(log, log.outcome())
    outcome = decide(PERSON, log.entries, (), gate_since(9))
    assert [(each.kind, each.holder) for each in outcome.waiting] == [(WaitKind.START, "hti")]


def test_whom_nobody_of_ours_let_hold_it_may_not_take_it() -> None:
    log = let_go()
    accepted = log.moves("hti", "accepted")
    (assigned,) = log.outcome().decisions
    event = decode(person_decision_event(assigned, VERSIONS).value)
    log.entries.append(Entered(3, log.now, event.model_copy(update={"source": "case_tracker/service"})))
    refused = [
        each.move for each in decide(PERSON, (), log.entries, gate_since(9)).decisions if isinstance(each, MoveRefused)
    ]
    assert refused == [accepted.ref]


def test_what_was_refused_then_stays_refused() -> None:
    log = Log(policy=as_written())
    sent = log.sends(to="labour")
    publishes(log, log.outcome())
    log.policy = gate_since(9)
    again = log.outcome()
    assert [(each.move, each.reason) for each in again.decisions if isinstance(each, MoveRefused)] == [
        (sent.ref, MoveRefusal.CONSENT_MISSING)
    ]
    assert again.waiting == ()


def test_what_nobody_of_ours_published_refuses_nothing() -> None:
    """An event of another agency that looks like a decision is none."""
    log = Log(policy=as_written())
    log.sends(to="labour")
    (refused,) = log.outcome().decisions
    event = decode(person_decision_event(refused, VERSIONS).value)
    log.entries.append(Entered(2, log.now, event.model_copy(update={"source": "case_tracker/service"})))
    assert decide(PERSON, log.entries, (), gate_since(9)).waiting


def test_a_correction_made_under_the_present_gate_is_judged_by_it() -> None:
    log = let_go()
    log.corrects(log.entries[0].event, {"to_agency": "hti"})
    outcome = decide(PERSON, (), log.entries, gate_since(2))
    assert [each.reason for each in outcome.decisions if isinstance(each, MoveRefused)] == [MoveRefusal.CONSENT_MISSING]
    assert outcome.waiting == ()


def test_a_refold_of_the_whole_log_decides_the_same_as_event_by_event() -> None:
    log = let_go()
    log.moves("labour", "accepted")
    log.moves("labour", "started")
    whole = decide(PERSON, (), log.entries, gate_since(2))
    parts = [decide(PERSON, log.entries[:at], log.entries[at : at + 1], gate_since(2)) for at in range(3)]
    assert whole.decisions == [found for each in parts for found in each.decisions]
    assert whole.waiting == parts[-1].waiting
