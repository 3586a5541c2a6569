"""An agency that the case keeps out ends nobody's help: by no retraction, no correction, and nothing that it states."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from schemas.codebook.referral import MoveRefusal
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.service_decisions import Entered
from services.referral.domain.decide import PersonOutcome, decide
from services.referral.domain.decision import MoveRefused, Subject
from services.referral.domain.pending_action import WaitKind
from tests.unit.referral.sample import CASE, OTHER, PERSON, REFERRAL, Log, an_id, as_written
from tests.unit.referral.test_restrictions import OTHER_CASE, keeps_out

SENDER = "immigration"
SERVICE = an_id(Kind.SERVICE, "declined")


def sent(case: str | None = CASE, **said: Any) -> tuple[Log, Event]:  # noqa: ANN401
    log = Log()
    return log, log.sends(SENDER, case=case, **said)


CHANGES = pytest.mark.parametrize(
    "change",
    [
        None,
        {"to_agency": "hti"},
        {"service_types": ["counselling"]},
        {"urgency": "routine"},
        {"latest_start_on": "2025-01-01"},
        {"case": OTHER_CASE},
        {"person": OTHER},
        {"referral": an_id(Kind.REFERRAL, "elsewhere")},
    ],
    ids=lambda change: "retraction" if change is None else next(iter(change)),
)
"""A retraction (None), or the fields that a correction changes."""


def changes(log: Log, first: Event, change: dict[str, Any] | None) -> Event:
    return log.retracts(first) if change is None else log.corrects(first, change)


def shown(outcome: PersonOutcome) -> tuple[object, ...]:
    waits = {(each.kind, each.agency, each.about, each.due_at, each.urgency, each.case) for each in outcome.waiting}
    stands = [(each.referral, each.receiver, each.holder, each.state, each.service_types) for each in outcome.standings]
    return waits, stands, outcome.holders


def refusals(log: Log) -> list[tuple[str, MoveRefusal]]:
    return [(each.move, each.reason) for each in log.outcome().decisions if isinstance(each, MoveRefused)]


def told(log: Log) -> set[tuple[Subject, str]]:
    return {(each.subject, each.agency) for each in log.outcome().told}


@CHANGES
@pytest.mark.parametrize("case", [CASE, None])
@pytest.mark.parametrize("accepted", [True, False])
def test_a_kept_out_sender_takes_back_or_changes_nothing_that_it_sent(
    change: dict[str, Any] | None, case: str | None, *, accepted: bool
) -> None:
    """Found by attack: the sender retracted its referral, and nobody waited for the person any more."""
    log, first = sent(case, urgency="urgent")
    if accepted:
        log.moves("dhs", "accepted")
    keeps_out(log, SENDER, lasting=True)
    before, heard = shown(log.outcome()), told(log)
    refused = changes(log, first, change)
    assert shown(log.outcome()) == before
    assert told(log) == heard
    assert refusals(log) == [(refused.ref, MoveRefusal.CONFLICT_OF_INTEREST)]
    if not accepted:
        log.moves("dhs", "accepted")
    assert log.outcome().holders == {"dhs"}


@CHANGES
def test_a_sender_changes_what_it_sent_before_after_and_in_another_case(change: dict[str, Any] | None) -> None:
    for when in ("before", "after", "lifted", "elsewhere", "another agency"):
        log, first = sent(urgency="urgent")
        log.moves("dhs", "accepted")
        if when == "after":
            keeps_out(log, SENDER, until=log.now + timedelta(hours=1))
            log.now += timedelta(hours=2)
        if when == "lifted":
            keeps_out(log, SENDER, lasting=True)
            keeps_out(log)
        if when == "elsewhere":
            keeps_out(log, SENDER, lasting=True, case=OTHER_CASE)
        if when == "another agency":
            keeps_out(log, "labour", lasting=True)
        before = shown(log.outcome())
        made = changes(log, first, change)
        changed = shown(log.outcome())
        if when == "before":
            keeps_out(log, SENDER, lasting=True)
        assert changed != before, when
        assert made.ref not in dict(refusals(log)), when


@pytest.mark.parametrize("kept_out", [True, False])
def test_a_change_that_came_before_what_it_changes_is_judged_by_the_restriction_of_then(*, kept_out: bool) -> None:
    _, first = sent()
    log = Log()
    if kept_out:
        keeps_out(log, SENDER, lasting=True)
    log.retracts(first)
    if not kept_out:
        keeps_out(log, SENDER, lasting=True)
    log.entries.append(Entered(3, log.now + timedelta(minutes=1), first))
    assert any(each.kind is WaitKind.ANSWER for each in log.outcome().waiting) is kept_out
    assert bool(refusals(log)) is kept_out


def test_a_chain_of_changes_goes_on_from_what_had_effect() -> None:
    """After the restriction ends the sender corrects its refused correction, or takes it back."""
    log, first = sent(urgency="urgent")
    keeps_out(log, SENDER, lasting=True)
    refused = log.corrects(first, {"urgency": "routine"})
    again = log.corrects(first, {"urgency": "soon"}, again=refused)
    assert [ref for ref, _ in refusals(log)] == [refused.ref, again.ref]
    keeps_out(log)
    log.retracts(again)
    (answer,) = [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER]
    assert answer.urgency == "urgent"
    log.corrects(first, {"to_agency": "hti"}, again=refused)
    (answer,) = [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER]
    assert (answer.agency, answer.urgency) == ("hti", "urgent")
    log.retracts(first)
    assert [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER] == []


def test_a_correction_into_another_case_does_not_lead_out_of_the_restriction() -> None:
    log, first = sent(case=OTHER_CASE)
    keeps_out(log, SENDER, lasting=True)
    log.corrects(first, {"case": CASE})
    before = shown(log.outcome())
    log.retracts(first)
    assert shown(log.outcome()) == before


def test_a_change_by_another_agency_that_is_not_kept_out_counts() -> None:
    log, first = sent()
    keeps_out(log, SENDER, lasting=True)
    log.add("council", "event.retracted", {"reason": "entry_error"}, subject=PERSON, supersedes=first.ref)
    assert refusals(log) == []


def declines(log: Log, agency: str, **said: Any) -> Event:  # noqa: ANN401
    data = {"person": PERSON, "service": SERVICE, "service_type": "shelter", "provider": agency, "referral": REFERRAL}
    return log.add(agency, "service.declined", data | {"refused_by": "person"} | said)


def refuses(log: Log, agency: str) -> Event:
    said = {"person": PERSON, "basis": "refused", "purposes": ["protection_services"], "recipients": []}
    return log.add(agency, "consent.recorded", said)


def withdraws(log: Log, agency: str) -> Event:
    return log.add(agency, "consent.withdrawn", {"person": PERSON})


def is_no_victim(log: Log, agency: str) -> Event:
    return log.add(agency, "victim.status_changed", {"person": PERSON, "status": "not_a_victim"})


def has_died(log: Log, agency: str) -> Event:
    return log.add(agency, "person.deceased_recorded", {"person": PERSON})


ENDS = pytest.mark.parametrize("ends", [declines, refuses, withdraws, is_no_victim, has_died])


def an_adult(case: str | None = CASE, **said: Any) -> Log:  # noqa: ANN401
    log = Log(policy=as_written())
    log.adult()
    log.consents("dhs")
    log.sends(SENDER, case=case, **said)
    log.moves("dhs", "accepted")
    return log


def of_it(log: Log) -> set[tuple[WaitKind, str]]:
    mine = (WaitKind.ANSWER, WaitKind.START, WaitKind.SILENCE, WaitKind.NEXT_ATTEMPT)
    return {(each.kind, each.agency) for each in log.outcome().waiting if each.kind in mine}


@ENDS
@pytest.mark.parametrize("case", [CASE, None])
def test_a_holder_who_is_kept_out_ends_no_help_of_an_adult(ends: Callable[[Log, str], Event], case: str | None) -> None:
    """Found by attack: an agency with a conflict of interest stated that the person wants nothing."""
    log = an_adult(case)
    keeps_out(log, "dhs", lasting=True)
    before = of_it(log)
    assert (WaitKind.NEXT_ATTEMPT, SENDER) in before
    ends(log, "dhs")
    assert of_it(log) == before


@ENDS
def test_whoever_is_kept_out_ends_no_help_and_whoever_is_not_does(ends: Callable[[Log, str], Event]) -> None:
    log = an_adult()
    keeps_out(log, "bpd", lasting=True)
    before = of_it(log)
    ends(log, "bpd")
    assert of_it(log) == before == {(WaitKind.START, "dhs")}
    log.now += timedelta(minutes=1)
    ends(log, "dhs")
    assert of_it(log) == set()


@ENDS
def test_what_was_stated_before_a_restriction_after_it_or_about_another_case_counts(
    ends: Callable[[Log, str], Event],
) -> None:
    before, after, other = an_adult(), an_adult(), an_adult()
    ends(before, "bpd")
    keeps_out(before, "bpd", lasting=True)
    keeps_out(after, "bpd", until=after.now + timedelta(days=1))
    after.now += timedelta(days=2)
    keeps_out(other, "bpd", lasting=True, case=OTHER_CASE)
    for log in (after, other):
        ends(log, "bpd")
    for log in (before, after, other):
        assert of_it(log) == set()


def test_a_kept_out_agency_does_not_turn_what_it_said_before_into_a_refusal() -> None:
    log = an_adult()
    said = declines(log, "bpd", refused_by="provider")
    keeps_out(log, "bpd", lasting=True)
    log.corrects(said, {"refused_by": "person"})
    assert of_it(log) == {(WaitKind.START, "dhs")}


def test_a_kept_out_agency_does_not_take_back_that_somebody_is_a_victim() -> None:
    log = an_adult()
    confirmed = log.add("bpd", "victim.identified", {"person": PERSON, "case": CASE, "status": "confirmed"})
    is_no_victim(log, "labour")
    assert of_it(log) == {(WaitKind.START, "dhs")}
    keeps_out(log, "bpd", lasting=True)
    log.retracts(confirmed)
    assert of_it(log) == {(WaitKind.START, "dhs")}


def test_a_kept_out_agency_makes_no_adult_of_a_person_whose_refusal_did_not_count() -> None:
    """The age was unknown when the person refused, so that the person counted as a child."""
    for kept_out in (True, False):
        log = Log()
        log.sends(SENDER)
        log.moves("dhs", "accepted")
        declines(log, "dhs")
        assert of_it(log) == {(WaitKind.START, "dhs")}
        if kept_out:
            keeps_out(log, "bpd", lasting=True)
        log.add("bpd", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": "adult_24_26"})
        assert bool(of_it(log)) is kept_out


@pytest.mark.parametrize("kept_out", [True, False])
def test_a_rejection_by_a_receiver_who_is_kept_out_leaves_the_sender_to_refer_again(*, kept_out: bool) -> None:
    log = Log(policy=as_written())
    log.adult()
    log.consents("dhs")
    log.sends(SENDER)
    if kept_out:
        keeps_out(log, "dhs", lasting=True)
    log.moves("dhs", "rejected", reason="person_declined", refused_by="person")
    assert of_it(log) == ({(WaitKind.NEXT_ATTEMPT, SENDER)} if kept_out else set())


def test_the_refusal_of_a_change_is_decided_once_and_a_log_read_in_one_batch_gives_the_same() -> None:
    log, first = sent()
    keeps_out(log, SENDER, lasting=True)
    log.retracts(first)
    declines(log, SENDER)
    log.moves("dhs", "accepted")
    whole = log.outcome()
    parts = [decide(PERSON, log.entries[:at], log.entries[at : at + 1], log.policy) for at in range(len(log.entries))]
    assert [each for one in parts for each in one.decisions] == whole.decisions
    assert shown(parts[-1]) == shown(whole)
    twice = [*log.entries, log.entries[2]]
    assert decide(PERSON, (), twice, log.policy).decisions == whole.decisions


def test_a_restriction_of_one_id_counts_for_the_other_once_they_are_merged() -> None:
    for first in ("merge", "retraction"):
        log, referral = sent()
        keeps_out(log, SENDER, lasting=True, person=OTHER)
        if first == "merge":
            log.merges(PERSON, OTHER)
        log.retracts(referral)
        if first == "retraction":
            log.merges(PERSON, OTHER)
        assert bool(refusals(log)) is (first == "merge")
