"""An agency that a case keeps out is told nothing of the persons in it, and sent nobody."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.codebook.referral import MoveRefusal
from schemas.ids import Kind
from services.referral.domain.case_restrictions import collect_restrictions
from services.referral.domain.decide import decide
from services.referral.domain.decision import DangerFound, MoveRefused, Subject, messages_of_notice
from services.referral.domain.pending_action import WaitKind
from tests.unit.referral.sample import CASE, OTHER, PERSON, SUSPECT, Log, an_id, as_written, happens

OTHER_CASE = an_id(Kind.CASE, "another")


def keeps_out(
    log: Log,
    *agencies: str,
    lasting: bool = False,
    until: datetime | None = None,
    case: str = CASE,
    person: str = PERSON,
    answered_n: int | None = None,
) -> None:
    """Return a statement of the case tracker on the person, in the person's log."""
    data: dict[str, Any] = {
        "person": person,
        "case": case,
        "answered_n": answered_n or len(log.entries) + 1,
        "decided_at": log.now.isoformat(),
        "code_version": "0" * 16,
        "policy_version": "0" * 16,
        "shut_out": "named" if agencies else "nobody",
        "agencies": list(agencies),
        "lasting": list(agencies) if lasting else [],
        "until": None if until is None else until.isoformat(),
    }
    log.add("case_tracker", "consent.sight_changed", data)


def told(log: Log) -> set[tuple[Subject, str]]:
    return {(each.subject, each.agency) for each in log.outcome().told}


def test_who_is_on_call_and_kept_out_of_the_case_is_not_told_of_an_emergency() -> None:
    """Found from outside: an agency that was shut out of a case got a message with the person."""
    log = Log(policy=as_written())
    log.sends("immigration", urgency="emergency")
    assert (Subject.ON_CALL, "bpd") in told(log)
    log = Log(policy=as_written())
    keeps_out(log, "bpd", lasting=True)
    log.sends("immigration", urgency="emergency")
    assert told(log) == {(Subject.TO_ANSWER, "dhs"), (Subject.ON_CALL, "council")}
    (waits,) = [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER]
    assert waits.told == ("immigration", "dhs", "council")


def test_in_place_of_who_is_kept_out_the_next_who_may_take_it_is_on_call() -> None:
    """At night an emergency reached one desk alone, as the case kept out the agency that was on call."""
    log = Log()
    keeps_out(log, "bpd", lasting=True)
    log.sends("immigration", urgency="emergency")
    assert told(log) == {(Subject.TO_ANSWER, "dhs"), (Subject.ON_CALL, "hti")}
    log.moves("dhs", "accepted")
    assert (Subject.NO_LONGER_OPEN, "hti") in told(log)


def test_who_was_not_kept_out_when_it_was_sent_was_on_call_itself() -> None:
    log = Log(policy=as_written())
    log.sends("immigration", urgency="emergency")
    keeps_out(log, "bpd", lasting=True)
    log.moves("dhs", "accepted")
    assert {agency for subject, agency in told(log) if subject is Subject.NO_LONGER_OPEN} == set()


def test_what_becomes_an_emergency_after_a_restriction_reaches_somebody_else_on_call() -> None:
    log = Log(policy=as_written())
    sent = log.sends("immigration", urgency="urgent")
    keeps_out(log, "bpd", lasting=True)
    log.corrects(sent, {"urgency": "emergency"})
    assert {agency for subject, agency in told(log) if subject is Subject.ON_CALL} == {"council"}


@pytest.mark.parametrize(
    ("kept", "hear"),
    [((), ("odpp", "dhs")), (("odpp",), ("dhs",)), (("odpp", "dhs"), ("council",))],
)
def test_a_danger_of_which_all_are_kept_out_is_told_to_the_council(
    kept: tuple[str, ...], hear: tuple[str, ...]
) -> None:
    """Two agencies kept out Human Services, and nobody was told that a guardian under suspicion had consented."""
    log = Log(policy=as_written())
    keeps_out(log, *kept, lasting=True)
    log.add("dhs", "victim.identified", {"person": PERSON, "status": "confirmed"})
    log.add("bpd", "arrest.made", {"person": PERSON, "case": CASE, "arrest": an_id(Kind.ARREST, "a")})
    (found,) = [each for each in log.outcome().findings if isinstance(each, DangerFound)]
    assert found.told == hear


def test_what_is_late_tells_nobody_who_was_kept_out_since() -> None:
    log = Log(policy=as_written())
    log.sends("immigration", urgency="emergency")
    keeps_out(log, "bpd", lasting=True)
    (waits,) = [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER]
    assert "bpd" not in waits.told


@pytest.mark.parametrize(("hours", "hears"), [(12, True), (24, True), (25, False)])
def test_what_is_late_tells_whoever_is_kept_out_no_longer_by_then(hours: int, *, hears: bool) -> None:
    """An agency whose restriction was over when something became late did not hear of it."""
    log = Log(policy=as_written())
    keeps_out(log, "bpd", until=log.now + timedelta(hours=hours))
    log.sends("immigration", urgency="soon", after=timedelta(0))
    (late,) = [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER]
    assert ("bpd" in late.told) is hears


@pytest.mark.parametrize("case", [CASE, None])
def test_nobody_is_sent_to_an_agency_that_is_kept_out(case: str | None) -> None:
    log = Log()
    keeps_out(log, "hti", lasting=True)
    log.sends(to="hti", case=case)
    outcome = log.outcome()
    (refused,) = [each for each in outcome.decisions if isinstance(each, MoveRefused)]
    assert (refused.reason, refused.told) == (MoveRefusal.CONFLICT_OF_INTEREST, ("bpd",))
    assert told(log) == {(Subject.MOVE_REFUSED, "bpd")}


def test_another_case_keeps_out_nobody_from_a_referral_that_names_this_one() -> None:
    log = Log()
    keeps_out(log, "hti", lasting=True, case=OTHER_CASE)
    log.sends(to="hti")
    assert (Subject.TO_ANSWER, "hti") in told(log)


@pytest.mark.parametrize("named", [0, 1])
def test_a_merge_lets_nobody_in_whom_the_case_keeps_out(named: int) -> None:
    """Found by attack: police who were kept out merged the victim with an id of theirs, and had all messages again."""
    smallest, other = ids = sorted((PERSON, OTHER))
    log = Log(policy=as_written())
    keeps_out(log, "bpd", lasting=True, person=ids[named])
    log.merges(PERSON, OTHER)
    n = len(log.entries)
    if named == 1:  # what the case tracker says then
        keeps_out(log, "bpd", lasting=True, person=smallest, answered_n=n)
        keeps_out(log, person=other, answered_n=n)
    log.sends("immigration", urgency="emergency")
    assert not {agency for _, agency in told(log)} & {"bpd"}
    for person in ids:
        assert decide(person, (), log.entries, log.policy).kept_from == {(CASE, "bpd"): None}
    keeps_out(log, person=smallest)
    assert [decide(person, (), log.entries, log.policy).kept_from for person in ids] == [{}, {}]


def test_ids_that_were_one_by_mistake_keep_out_whom_their_own_case_keeps_out() -> None:
    smallest, other = sorted((PERSON, OTHER))
    log = Log(policy=as_written())
    keeps_out(log, "bpd", lasting=True, person=other)
    merged = log.merges(PERSON, OTHER)
    keeps_out(log, "bpd", lasting=True, person=smallest)
    keeps_out(log, person=other)
    log.retracts(merged)
    n = len(log.entries)
    keeps_out(log, person=smallest, answered_n=n)
    keeps_out(log, "bpd", lasting=True, person=other, answered_n=n)
    assert decide(smallest, (), log.entries, log.policy).kept_from == {}
    assert decide(other, (), log.entries, log.policy).kept_from == {(CASE, "bpd"): None}


def test_it_ends_with_its_time_and_when_it_is_lifted() -> None:
    log = Log()
    keeps_out(log, "hti", until=log.now + timedelta(days=30))
    log.sends(to="hti", after=timedelta(days=31))
    assert (Subject.TO_ANSWER, "hti") in told(log)
    log = Log()
    keeps_out(log, "hti", lasting=True)
    keeps_out(log)
    log.sends(to="hti")
    assert (Subject.TO_ANSWER, "hti") in told(log)


@pytest.mark.parametrize(("first", "then", "kept"), [(9, 5, True), (5, 9, False), (7, 7, False)])
def test_of_two_statements_the_one_that_answers_more_of_the_case_holds(first: int, then: int, *, kept: bool) -> None:
    """The case tracker may publish an earlier decision later, when a sweep and an event cross."""
    log = Log()
    keeps_out(log, "hti", lasting=True, answered_n=first)
    keeps_out(log, answered_n=then)
    log.sends(to="hti")
    assert ((Subject.TO_ANSWER, "hti") in told(log)) is not kept
    assert bool(collect_restrictions(log.entries).restrictions(("hti",))) is kept


@pytest.mark.parametrize("case", [CASE, None])
def test_a_referral_that_went_before_tells_its_receiver_nothing_more_and_makes_it_no_carer(case: str | None) -> None:
    log = Log()
    log.sends(to="hti", case=case)
    log.moves("hti", "accepted")
    before = told(log)
    assert log.outcome().holders == {"hti"}
    keeps_out(log, "hti", lasting=True)
    assert log.outcome().holders == frozenset()
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "case": CASE})
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    assert {each for each in told(log) - before if each[1] == "hti"} == set()


def test_who_may_take_it_too_is_not_told_where_the_case_keeps_it_out() -> None:
    log = Log()
    keeps_out(log, "hti", lasting=True)
    log.sends()
    assert {each.agency for each in log.outcome().waiting if each.kind is WaitKind.SECOND} == {"love_foundation"}


@pytest.mark.parametrize(("case", "told"), [(CASE, {"iom"}), (OTHER_CASE, {"iom", "hti", "dhs"}), (None, {"iom"})])
def test_who_cares_for_a_victim_is_told_nothing_of_a_suspect_from_whose_case_it_is_kept(
    case: str | None, told: set[str]
) -> None:
    """A carer by another case was told of bail in the case that kept it out; it may begin to care later, too."""
    log = Log(policy=as_written())
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    keeps_out(log, "hti", "dhs", lasting=True, person=SUSPECT)
    happens(log, "bail.granted", case=case)
    (notice,) = decide(SUSPECT, (), log.entries, log.policy).notices
    assert {each.agency for each in messages_of_notice(notice, PERSON, frozenset({"iom", "hti"}))} == told


@pytest.mark.parametrize("case", [CASE, None])
@pytest.mark.parametrize("agency", ["dhs", "hti"])
def test_who_is_kept_out_since_a_referral_went_takes_it_from_nobody(agency: str, case: str | None) -> None:
    """Found by attack: an agency with a conflict of interest accepted an emergency, and all others stood down."""
    log = Log()
    log.sends("immigration", case=case, urgency="emergency")
    keeps_out(log, agency, lasting=True)
    log.moves(agency, "accepted")
    refused = [each for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert [each.reason for each in refused] == [MoveRefusal.CONFLICT_OF_INTEREST]
    assert {each.agency for each in log.outcome().waiting if each.kind is WaitKind.ANSWER} == {"dhs"}
    assert not {each for each in told(log) if each[0] in {Subject.NO_LONGER_OPEN, Subject.MOVE_REFUSED}}
    other = ({"dhs", "hti"} - {agency}).pop()
    log.moves(other, "accepted")
    assert log.outcome().holders == {other}


ENDS = pytest.mark.parametrize(
    ("move", "said"),
    [
        *(
            ("cancelled", {"from_agency": "immigration", "reason": reason})
            for reason in ("other", "wrong_recipient", "not_answered")
        ),
        ("entered_in_error", {"from_agency": "immigration", "reason": "wrong_person"}),
    ],
)


def refusals(log: Log) -> list[MoveRefusal]:
    return [each.reason for each in log.outcome().decisions if isinstance(each, MoveRefused)]


@ENDS
@pytest.mark.parametrize("case", [CASE, None])
def test_a_sender_who_is_kept_out_since_ends_nobodys_help(move: str, said: dict[str, str], case: str | None) -> None:
    """Found by attack: an agency with a conflict of interest cancelled a referral, and nobody waited for the person."""
    log = Log()
    log.sends("immigration", case=case)
    keeps_out(log, "immigration", lasting=True)
    before = told(log)
    log.moves("immigration", move, **said)
    assert refusals(log) == [MoveRefusal.CONFLICT_OF_INTEREST]
    assert told(log) == before
    assert [each.agency for each in log.outcome().waiting if each.kind is WaitKind.ANSWER] == ["dhs"]
    log.moves("dhs", "accepted")
    assert log.outcome().holders == {"dhs"}


@ENDS
def test_a_sender_ends_its_referral_before_it_is_kept_out_after_it_and_in_another_case(
    move: str, said: dict[str, str]
) -> None:
    before, after, other = Log(), Log(), Log()
    for log in (before, after, other):
        log.sends("immigration")
    keeps_out(after, "immigration", until=after.now + timedelta(days=1))
    after.now += timedelta(days=2)
    keeps_out(other, "immigration", lasting=True, case=OTHER_CASE)
    for log in (before, after, other):
        log.moves("immigration", move, **said)
    keeps_out(before, "immigration", lasting=True)
    for log in (before, after, other):
        assert refusals(log) == []
        assert not [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER]


def test_a_cancellation_that_came_before_its_referral_is_judged_by_the_restriction_of_then() -> None:
    for kept_out in (False, True):
        log = Log()
        if kept_out:
            keeps_out(log, "immigration", lasting=True)
        cancelled = log.moves("immigration", "cancelled", from_agency="immigration", reason="other")
        log.sends("immigration")
        assert refusals(log) == ([MoveRefusal.CONFLICT_OF_INTEREST] if kept_out else [])
        log.corrects(cancelled, {"reason": "wrong_recipient"})
        assert set(refusals(log)) == ({MoveRefusal.CONFLICT_OF_INTEREST} if kept_out else set())


def test_a_merge_that_comes_later_does_not_judge_an_earlier_cancellation() -> None:
    log = Log()
    log.sends("immigration")
    keeps_out(log, "immigration", lasting=True, person=OTHER)
    log.moves("immigration", "cancelled", from_agency="immigration", reason="other")
    log.merges(PERSON, OTHER)
    assert refusals(log) == []


def test_who_held_a_referral_before_the_case_kept_it_out_goes_on_with_it() -> None:
    log = Log()
    log.sends(case=None)
    log.moves("dhs", "accepted")
    keeps_out(log, "dhs", lasting=True, person=OTHER)
    log.merges(PERSON, OTHER)
    log.moves("dhs", "started")
    (one,) = log.outcome().standings
    assert (one.holder, one.state) == ("dhs", "in_progress")


@pytest.mark.parametrize(("service", "hears"), [("shelter", True), ("legal_information", False)])
def test_who_is_on_call_hears_of_a_refused_referral_that_is_late_only_for_what_it_asks(
    service: str, *, hears: bool
) -> None:
    """The duty names police for the protection of a child, and they were told of any help that was late."""
    log = Log(policy=as_written())
    keeps_out(log, "hti", lasting=True)
    log.sends("dhs", to="hti", service_types=[service])
    (late,) = [each for each in log.outcome().waiting if each.kind is WaitKind.NEXT_ATTEMPT]
    assert ("bpd" in late.told) is hears
