"""Edges of what the case tracker publishes and tells: causes, expiry, restrictions that ended, and sight that will."""

from datetime import datetime, timedelta

import orjson
import pytest

from schemas.sight.sight_table import RESTRICTED_FOR
from schemas.sight.state import Restriction
from schemas.topics import DELIVERY_DAYS
from services.case_tracker.domain.decide import decide
from services.case_tracker.domain.decision_values import CaseRestriction, ClosedFinding, DecisionGround, OpenedFinding
from services.case_tracker.domain.events_and_messages import (
    case_danger_message,
    case_decision_event,
    restriction_message,
    sight_change_event,
)
from tests.unit.case_tracker.case_of_every_matter import HEALTH, OF, SERVICE, adult
from tests.unit.case_tracker.case_statements import (
    CHARGED_TWICE,
    OTHER_CHARGE,
    log_of,
    sentence,
    set_down,
    verdict,
)
from tests.unit.case_tracker.sample import CASE, CHARGE, START, VICTIM, Log, day


def test_a_decision_names_the_event_that_caused_it_and_a_deadline_names_none() -> None:
    log = Log()
    filed = log.charged()
    arrest = log.arrested(**day("2024-02-01"))
    opened, closed = log.outcome().decisions
    assert isinstance(opened, OpenedFinding)
    assert isinstance(closed, ClosedFinding)
    found = [orjson.loads(case_decision_event(each, "0" * 16).value) for each in (opened, closed)]
    assert [each["causationid"] for each in found] == [filed.ref, arrest.ref]
    due = OpenedFinding(opened.standing, opened.at, None)
    assert "causationid" not in orjson.loads(case_decision_event(due, "0" * 16).value)


def test_a_sentence_is_spoken_against_by_the_verdicts_that_do_not_convict_alone() -> None:
    log = log_of(
        (
            *CHARGED_TWICE,
            verdict("convicted"),
            verdict("acquitted", charge=OTHER_CHARGE),
            sentence(charges=sorted((CHARGE, OTHER_CHARGE)), kinds=["imprisonment"], custodial_months=2),
        )
    )
    (found,) = [each for each in log.standing() if each.code.value == "sentence_without_conviction"]
    *_, acquittal, imposed = (each.event.ref for each in log.entries)
    assert found.records == (imposed, acquittal)
    assert found.opens_at == log.entries[-1].accepted_at


def kept(log: Log, agency: str = "bpd") -> None:
    log.add("dhs", "case.access_restricted", {"case": CASE, "kept_from": agency, "reason": "conflict_of_interest"})


@pytest.mark.parametrize(("after", "holds"), [(RESTRICTED_FOR - timedelta(seconds=1), True), (RESTRICTED_FOR, False)])
def test_only_restrictions_that_hold_are_given(after: timedelta, *, holds: bool) -> None:
    log = Log()
    kept(log)
    log.says("odpp", "victim.identified", person=VICTIM, status="confirmed", after=after)
    assert bool(decide(CASE, (), log.entries).restrictions) is holds


def expiry(value: bytes) -> datetime:
    found: str = orjson.loads(value)["data"]["expires_at"]
    return datetime.fromisoformat(found)


def test_what_is_told_expires_so_many_days_later() -> None:
    log = Log()
    kept(log)
    (told,) = log.outcome().told
    assert expiry(restriction_message(told, "council").value) == told.at + timedelta(days=DELIVERY_DAYS)
    log = Log()
    log.identified()
    log.arrested(person=VICTIM)
    (opened,) = [each for each in log.outcome().decisions if isinstance(each, OpenedFinding)]
    assert expiry(case_danger_message(opened, "dhs").value) == opened.at + timedelta(days=DELIVERY_DAYS)


def test_what_an_agency_sees_by_consent_ends_with_it_and_what_it_sees_by_its_office_goes_on() -> None:
    log = adult(Log())
    log.add("iom", "service.provided", {**OF, "service": SERVICE, "service_type": "medical", "provider": "iom"})
    given = {"basis": "given", "purposes": ["health_care", "protection_services"], "recipients": ["hti"]}
    log.add("bpd", "consent.recorded", {**OF, **given, "expires_on": "2024-03-05"})
    stored = decide(CASE, (), log.entries).projection
    assert stored is not None
    assert stored.again_at is not None
    assert stored.again_at.isoformat() == "2024-03-06T06:00:00+00:00"
    health = {fact.ref for fact in stored.facts if HEALTH.encode() in fact.content}
    assert {each.until for each in stored.seen if each.agency == "hti"} == {stored.again_at}
    assert {each.until for each in stored.seen if each.agency in {"council", "bpd"}} == {None}
    assert {each.until for each in stored.seen if each.agency == "iom" and each.ref in health} == {None}


def test_who_is_kept_out_until_when_is_said_by_the_last_end_and_answers_what_was_heard() -> None:
    ends = [START + timedelta(days=days) for days in (3, 9)]
    held = tuple(
        Restriction(agency, START, end) for agency, end in zip(("bpd", "iom", "hti"), (*ends, None), strict=True)
    )
    log = Log()
    event = log.identified()
    for n, answered in ((0, 1), (1, 1), (5, 5)):
        said = sight_change_event(CaseRestriction(CASE, VICTIM, held, DecisionGround(START, event, n)), "0" * 16)
        data = orjson.loads(said.value)["data"]
        assert data["answered_n"] == answered
        assert datetime.fromisoformat(data["until"]) == ends[1]
        assert (data["agencies"], data["lasting"]) == (["bpd", "hti", "iom"], ["hti"])


def test_what_keeps_one_agency_out_keeps_no_other_out() -> None:
    log = Log()
    kept(log, "iom")
    kept(log, "labour")
    said = {"case": CASE, "kept_from": "dhs", "reason": "conflict_of_interest"}
    log.add("bpd", "case.access_restricted", said)
    *others, of_dhs = log.outcome().told
    assert [(each.kept_from, each.holds) for each in others] == [("iom", True), ("labour", True)]
    assert (of_dhs.kept_from, of_dhs.holds, of_dhs.until) == ("dhs", False, None)
    log = Log()
    kept(log, "iom")
    log.add("dhs", "case.access_restricted", said | {"kept_from": "iom"}, after=RESTRICTED_FOR)
    assert [each.holds for each in log.outcome().told] == [True, False]


def test_a_hearing_that_was_set_down_anew_is_not_answered_by_its_first_setting() -> None:
    again = set_down("2024-03-14", _recordedtime="2024-03-02T20:00:00+00:00", **day("2024-03-02"))
    log = log_of((*CHARGED_TWICE, set_down("2024-03-12", **day("2024-03-02")), again))
    found = [each for each in log.standing() if each.code.value == "hearing_missed"]
    assert [each.records[0] for each in found] == [log.entries[-1].event.ref]


def test_what_was_taken_back_is_not_seen_again() -> None:
    log = adult(Log())
    wrong = log.charged()
    log.retracts(wrong)
    stored = decide(CASE, (), log.entries).projection
    assert stored is not None
    assert wrong.ref not in {fact.ref for fact in stored.facts}
    assert len({fact.ref for fact in stored.facts}) == len(stored.facts)
