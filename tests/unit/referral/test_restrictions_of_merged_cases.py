"""While cases are merged or parted, whoever one of them keeps out stays out until both have stated who is out."""

import pytest

from schemas.envelope import Event
from services.referral.domain.decide import decide
from services.referral.domain.decision import Subject
from tests.unit.referral.sample import CASE, PERSON, Log
from tests.unit.referral.test_restrictions import OTHER_CASE, keeps_out

SMALL, LARGE = sorted((CASE, OTHER_CASE))


def case_log(case: str, *agencies: str) -> Log:
    """A person who is named in both cases, one of which keeps agencies out."""
    log = Log()
    for each in (SMALL, LARGE):
        log.add("dhs", "case.opened", {"case": each, "persons": [PERSON]}, subject=each)
    if agencies:
        keeps_out(log, *agencies, lasting=True, case=case)
    return log


def merges(log: Log) -> Event:
    said = {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record"}
    return log.add("bpd", "case.merged", said, subject=CASE)


def hears(log: Log, case: str) -> bool:
    """Whether an agency is sent to that a case keeps out, as of now."""
    then = Log(now=log.now, entries=list(log.entries))
    then.sends(to="hti", case=case)
    return (Subject.TO_ANSWER, "hti") in {(each.subject, each.agency) for each in then.outcome().told}


@pytest.mark.parametrize("case", [SMALL, LARGE])
def test_a_merge_lets_nobody_in_before_the_case_that_goes_on_has_stated_whom_it_keeps_out(case: str) -> None:
    """Found by attack: each case states it on its own, and in between the agency was sent a person."""
    log = case_log(LARGE, "hti")
    merges(log)
    n = len(log.entries)
    assert not hears(log, case)
    keeps_out(log, case=LARGE, answered_n=n)
    assert not hears(log, case)
    assert decide(PERSON, (), log.entries, log.policy).kept_from == {(SMALL, "hti"): None, (LARGE, "hti"): None}
    keeps_out(log, "hti", lasting=True, case=SMALL, answered_n=n)
    assert not hears(log, case)
    keeps_out(log, case=SMALL)
    assert hears(log, case)
    assert decide(PERSON, (), log.entries, log.policy).kept_from == {}


def test_a_case_that_kept_the_agency_out_itself_states_nothing_at_the_merge_and_may_let_it_in_later() -> None:
    log = case_log(SMALL, "hti")
    keeps_out(log, "hti", lasting=True, case=LARGE)
    merges(log)
    keeps_out(log, case=LARGE, answered_n=len(log.entries))
    assert not hears(log, LARGE)
    keeps_out(log, case=SMALL)
    assert hears(log, LARGE)


def test_whom_a_case_let_in_before_the_merge_is_let_in() -> None:
    log = case_log(LARGE, "hti")
    keeps_out(log, case=LARGE)
    merges(log)
    assert hears(log, LARGE)


def test_the_end_of_a_merge_lets_nobody_in_before_the_other_case_has_stated_whom_it_keeps_out() -> None:
    log = case_log(LARGE, "hti")
    merged = merges(log)
    n = len(log.entries)
    keeps_out(log, case=LARGE, answered_n=n)
    keeps_out(log, "hti", lasting=True, case=SMALL, answered_n=n)
    log.retracts(merged)
    n = len(log.entries)
    keeps_out(log, case=SMALL, answered_n=n)
    assert hears(log, SMALL)
    assert not hears(log, LARGE)
    keeps_out(log, "hti", lasting=True, case=LARGE, answered_n=n)
    assert (hears(log, SMALL), hears(log, LARGE)) == (True, False)


def test_the_sender_is_to_refer_again_since_the_restriction_began_and_not_since_the_merge() -> None:
    log = Log()
    log.sends(to="hti", case=LARGE)
    began = log.now
    keeps_out(log, "hti", lasting=True, case=LARGE)
    merges(log)
    keeps_out(log, case=LARGE, answered_n=len(log.entries))
    (again,) = [each for each in log.outcome().waiting if each.kind == "next_attempt"]
    assert again.due_at == began
