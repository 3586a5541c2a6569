"""A missed deadline stays missed, whatever is corrected or learned afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from services.referral.domain import deadlines
from services.referral.domain.decide import decide
from services.referral.domain.decision import Subject
from services.referral.domain.pending_action import PendingAction, WaitKind
from tests.unit.referral.sample import PERSON, START, Log, as_written
from tests.unit.referral.test_restrictions import keeps_out

SENT = START + timedelta(minutes=1)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def wait(log: Log, kind: WaitKind) -> PendingAction:
    (found,) = [each for each in log.outcome().waiting if each.kind is kind]
    return found


@pytest.mark.parametrize(("later", "due"), [(0.9, 24), (1, 1), (5, 1)])
def test_a_lower_urgency_does_not_move_a_deadline_that_has_passed(later: float, due: int) -> None:
    """An emergency that nobody had answered was corrected to `soon`, and was no longer late."""
    log = Log(policy=as_written())
    sent = log.sends(urgency="emergency")
    log.now += hours(later) - timedelta(minutes=1)
    log.corrects(sent, {"urgency": "soon"}, at=SENT)
    assert wait(log, WaitKind.ANSWER).due_at == SENT + hours(due)


def test_a_second_correction_does_not_move_it_either_and_a_higher_urgency_brings_it_forward() -> None:
    log = Log(policy=as_written())
    sent = log.sends(urgency="emergency")
    log.now += hours(2)
    once = log.corrects(sent, {"urgency": "soon"}, at=SENT)
    log.now += hours(2)
    log.corrects(sent, {"urgency": "urgent"}, again=once, at=SENT)
    assert wait(log, WaitKind.ANSWER).due_at == SENT + hours(1)
    log = Log(policy=as_written())
    sent = log.sends(urgency="soon")
    log.now += hours(2)
    log.corrects(sent, {"urgency": "emergency"}, at=SENT)
    assert wait(log, WaitKind.ANSWER).due_at == SENT + hours(1)


@pytest.mark.parametrize(("later", "due"), [(0.9, 24), (1, 1), (5, 1)])
def test_a_lower_urgency_does_not_move_the_deadline_to_refer_again_after_a_refusal_for_conflict(
    later: float, due: int
) -> None:
    """The sender of an emergency that went to nobody corrected it to `soon`, and had a day more to refer again."""
    log = Log(policy=as_written())
    keeps_out(log, "dhs", lasting=True)
    sent = log.sends(urgency="emergency")
    began = log.now
    log.now += hours(later) - timedelta(minutes=1)
    log.corrects(sent, {"urgency": "soon"}, at=began)
    assert wait(log, WaitKind.NEXT_ATTEMPT).due_at == began + hours(due)


def test_a_correction_to_an_agency_that_is_kept_out_does_not_move_a_deadline_that_has_passed() -> None:
    log = Log(policy=as_written())
    sent = log.sends(urgency="emergency")
    began = log.now
    keeps_out(log, "hti", lasting=True)
    log.now += hours(2)
    log.corrects(sent, {"urgency": "soon", "to_agency": "hti"}, at=began)
    assert wait(log, WaitKind.NEXT_ATTEMPT).due_at == began + hours(1)


def test_a_corrected_time_of_sending_does_not_move_it() -> None:
    log = Log(policy=as_written())
    sent = log.sends(urgency="emergency")
    log.now += hours(2)
    log.corrects(sent, {})  # by its new time it was sent just now
    found = wait(log, WaitKind.ANSWER)
    assert found.due_at == SENT + hours(1)
    (again,) = [each for each in log.outcome().told if each.subject is Subject.TO_ANSWER]
    assert again.due_at == SENT + hours(1)


@pytest.mark.parametrize(("later", "moves"), [(23, True), (25, False)])
def test_a_start_that_was_missed_is_not_moved_by_a_later_date_of_the_sender(later: int, *, moves: bool) -> None:
    log = Log(policy=as_written())
    sent = log.sends(urgency="urgent")
    accepted = log.moves("dhs", "accepted")
    due = log.now + hours(24)
    log.now += hours(later)
    log.corrects(sent, {"latest_start_on": "2024-03-20"}, at=SENT)
    assert (wait(log, WaitKind.START).due_at > due) is moves
    assert accepted.occurred is not None


@pytest.mark.parametrize(("later", "moves"), [(1, True), (30, False)])
def test_an_announced_day_that_was_missed_is_not_moved_by_its_correction(later: int, *, moves: bool) -> None:
    log = Log(policy=as_written())
    log.sends(urgency="soon")
    said: dict[str, Any] = {"expected_start_on": "2024-03-01"}
    accepted = log.moves("dhs", "accepted", **said)
    at = log.now
    due = wait(log, WaitKind.START).due_at
    log.now += hours(later)
    log.corrects(accepted, {"expected_start_on": "2024-03-03"}, at=at)
    assert (wait(log, WaitKind.START).due_at > due) is moves


@pytest.mark.parametrize(("later", "moves"), [(2, True), (25, False)])
def test_an_age_that_becomes_known_does_not_move_a_deadline_that_has_passed(later: int, *, moves: bool) -> None:
    """A person of unknown age is a child, whose referral is never routine."""
    log = Log(policy=as_written())
    log.sends(urgency="routine")
    log.now += hours(later)
    log.adult()
    assert (wait(log, WaitKind.ANSWER).due_at > SENT + hours(24)) is moves


def test_a_log_that_is_read_in_two_parts_has_the_same_deadline() -> None:
    log = Log(policy=as_written())
    sent = log.sends(urgency="emergency")
    log.now += hours(5)
    log.corrects(sent, {"urgency": "soon"}, at=SENT)
    for cut in range(3):
        (found,) = [
            each
            for each in decide(PERSON, log.entries[:cut], log.entries[cut:], log.policy).waiting
            if each.kind is WaitKind.ANSWER
        ]
        assert found == wait(log, WaitKind.ANSWER)


def test_the_tests_catch_a_deadline_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "earliest_missed", lambda after, each, by, deadline, policy: by)
    with pytest.raises(AssertionError):
        test_a_lower_urgency_does_not_move_a_deadline_that_has_passed(5, 1)
