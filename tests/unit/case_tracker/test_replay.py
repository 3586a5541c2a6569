"""Decisions made again from the log: equal to what was published, and every planted difference is named."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings

from schemas.codec import decode
from schemas.envelope import Event
from schemas.governance import FindingOpenedV1
from schemas.service_decisions import (
    CodeSpan,
    DecisionFault,
    Entered,
    RejudgedEntity,
    join_code_spans,
    split_by_code,
)
from services.case_tracker.domain.decide import decide, opening_of_finding
from services.case_tracker.domain.decision_check import rejudge_case
from services.case_tracker.domain.events_and_messages import case_decision_event, look_event, sight_change_event
from services.case_tracker.domain.recorded_look import Look
from tests.unit.case_tracker.sample import CASE, OTHER_CASE, Log, story
from tests.unit.case_tracker.test_decision_invariants import held_too_late, logs

VERSION = "5d0c1f3a9b7e0000"
OTHER_VERSION = "0000000000000001"


def with_decisions(log: Sequence[Entered]) -> list[Entered]:
    """The log as it lies on the topic: after each fact what was decided because of it."""
    found: list[Entered] = []
    for at, each in enumerate(log):
        said = [case_decision_event(one, VERSION) for one in decide(CASE, log[:at], log[at : at + 1]).decisions]
        found += [each, *(Entered(each.n, each.accepted_at, decode(one.value)) for one in said)]
    return found


def swept(log: Sequence[Entered]) -> list[Entered]:
    """The log up to where something waits, and after it what a sweep said of that."""
    said = [
        case_decision_event(opening_of_finding(each), VERSION) for each in decide(CASE, (), log).standing if each.waits
    ]
    assert said
    return [*log, *(Entered(log[-1].n, log[-1].accepted_at, decode(one.value)) for one in said)]


@settings(max_examples=60, deadline=None)
@given(logs())
def test_whatever_happened_the_same_log_gives_the_same_decisions(entries: list[Entered]) -> None:
    assert rejudge_case(CASE, with_decisions(entries)).differing == ()


def test_other_code_may_have_decided_it() -> None:
    assert rejudge_case(CASE, with_decisions(story().entries)) == RejudgedEntity(decisions=2)


def replayed_by(code: str, *logs: Sequence[Entered]) -> RejudgedEntity:
    """The comparison of these logs of one case by code of a version."""
    found = [rejudge_case(CASE, log) for log in logs]
    spans: dict[str, CodeSpan] = {}
    for each in found:
        spans = join_code_spans(spans, each.code_spans)
    differing = tuple(one for each in found for one in each.differing)
    return split_by_code(RejudgedEntity(differing=differing, code_spans=spans), code)


def without(log: Sequence[Entered], name: str) -> list[Entered]:
    return [each for each in log if each.event.type != f"bz.atips.{name}.v1"]


def test_an_upgrade_that_changes_a_rule_is_no_error_of_earlier_decisions() -> None:
    """The earlier version opened nothing where this one would, and decided something later."""
    log = with_decisions(story().entries)
    changed = without(log, "finding.opened")
    found = replayed_by(OTHER_VERSION, changed)
    assert (found.differing, [each.wrong for each in found.by_another_code]) == ((), [DecisionFault.MISSING])
    (missing,) = found.by_another_code
    opened = next(each.event for each in log if each.event.type == "bz.atips.finding.opened.v1")
    assert isinstance(opened, FindingOpenedV1)
    assert (missing.rule, missing.decided_at) == (opened.data.code, opened.time)


def test_a_decision_that_the_present_version_left_out_or_changed_is_an_error() -> None:
    log = with_decisions(story().entries)
    assert [each.wrong for each in replayed_by(VERSION, without(log, "finding.opened")).differing] == ["missing"]
    # Nobody published anything later, so that the present version may have left it out.
    assert [each.wrong for each in replayed_by(OTHER_VERSION, without(log, "finding.closed")).differing] == ["missing"]


@pytest.mark.parametrize(("code", "explained"), [(VERSION, False), (OTHER_VERSION, True)])
def test_the_version_that_published_a_decision_explains_what_it_says(code: str, explained: bool) -> None:
    log = with_decisions(story().entries)
    first = next(each for each in log if each.event.agency == "case_tracker")
    invented = first.event.model_copy(update={"id": f"{first.event.id[:-4]}beef"})
    found = replayed_by(code, [*log, Entered(9, first.accepted_at, invented)])
    assert (len(found.differing), len(found.by_another_code)) == ((0, 1) if explained else (1, 0))


def test_where_two_versions_decided_at_one_time_a_missing_decision_is_an_error() -> None:
    """After the first decision of the present version nothing is the other version's without its name."""
    log = with_decisions(story().entries)
    at, opened = next((at, each) for at, each in enumerate(log) if each.event.type == "bz.atips.finding.opened.v1")
    ours = opened.event.model_copy(
        update={"data": opened.event.data.model_copy(update={"code_version": OTHER_VERSION})}
    )
    both = [*log[:at], Entered(opened.n, opened.accepted_at, ours), *log[at + 1 :]]
    assert replayed_by(OTHER_VERSION, both).differing == ()
    found = replayed_by(OTHER_VERSION, both, without(log, "finding.closed"))
    assert [each.wrong for each in found.differing] == [DecisionFault.MISSING]


def test_who_looked_at_the_case_and_what_another_service_found_is_no_decision_of_ours() -> None:
    log = with_decisions(story().entries)
    now = log[-1].accepted_at
    looked = decode(look_event(Look(1, now, CASE, "dhs", None, "protection"), now).value)
    others = log[1].event.model_copy(update={"source": "reporting/service"})
    assert rejudge_case(CASE, [*log, Entered(5, now, looked), Entered(6, now, others)]) == rejudge_case(CASE, log)


def test_whom_the_case_keeps_out_is_a_decision_of_ours() -> None:
    log = Log()
    log.arrested()
    log.add("dhs", "case.access_restricted", {"case": CASE, "kept_from": "bpd", "reason": "conflict_of_interest"})
    kept = [decode(sight_change_event(each, VERSION).value) for each in log.outcome().kept_out]
    assert kept
    said = [Entered(log.entries[-1].n, log.now, each) for each in kept]
    whole = [*with_decisions(log.entries), *said]
    assert rejudge_case(CASE, whole) == RejudgedEntity(decisions=len(whole) - len(log.entries))
    (missing,) = rejudge_case(CASE, whole[:-1]).differing
    assert (missing.wrong, missing.event) == (DecisionFault.MISSING, kept[-1].id)
    others = [Entered(each.n, each.accepted_at, _of_case(each.event, OTHER_CASE)) for each in said]
    assert len(rejudge_case(CASE, [*whole[: -len(said)], *others]).differing) == len(said)


def _of_case(event: Event, case: str) -> Event:
    return event.model_copy(update={"data": event.data.model_copy(update={"case": case})})


@pytest.mark.parametrize("name", ["finding.opened", "finding.closed"])
def test_a_decision_that_nobody_published_is_missing(name: str) -> None:
    log = with_decisions(story().entries)
    (lost,) = [each for each in log if each.event.type == f"bz.atips.{name}.v1"]
    (found,) = rejudge_case(CASE, [each for each in log if each is not lost]).differing
    assert (found.wrong, found.event, found.entity) == (DecisionFault.MISSING, lost.event.id, CASE)


def test_a_decision_that_says_another_thing_is_different_and_one_that_the_log_does_not_give_is_surplus() -> None:
    log = with_decisions(story().entries)
    at, first = next((at, each) for at, each in enumerate(log) if each.event.agency == "case_tracker")
    other = first.event.model_copy(update={"data": first.event.data.model_copy(update={"answered_n": 99})})
    changed = [*log[:at], Entered(first.n, first.accepted_at, other), *log[at + 1 :]]
    assert [each.wrong for each in rejudge_case(CASE, changed).differing] == [DecisionFault.DIFFERENT]
    invented = first.event.model_copy(update={"id": f"{first.event.id[:-4]}beef"})
    surplus = rejudge_case(CASE, [*log, Entered(9, first.accepted_at, invented)]).differing
    assert [(each.wrong, each.event) for each in surplus] == [(DecisionFault.SURPLUS, invented.id)]


def test_what_a_sweep_said_is_right_whether_an_event_came_upon_it_or_not() -> None:
    down, held = held_too_late()[:2], held_too_late()
    assert rejudge_case(CASE, swept(down)) == RejudgedEntity(decisions=1)
    closed = with_decisions(held)[-1]
    assert rejudge_case(CASE, [*swept(down), held[2], closed]) == RejudgedEntity(decisions=2)


def test_what_a_sweep_said_too_early_is_right_if_it_was_closed() -> None:
    """The word was accepted in time and lay behind the sweep on the log."""
    log = Log()
    log.entries, log.now = held_too_late()[:2], held_too_late()[1].accepted_at
    log.says("bpd", "court.hearing_held", court="magistrates", hearing=held_hearing(log), after=timedelta(hours=1))
    early = swept(log.entries[:2])
    (pending,) = decide(CASE, (), log.entries[:2]).standing
    (closing,) = decide(CASE, log.entries[:2], log.entries[2:], {pending.finding: pending.answered_n}).decisions
    closed = Entered(5, log.now, decode(case_decision_event(closing, VERSION).value))
    assert rejudge_case(CASE, [*early, log.entries[2], closed]).differing == ()
    (missing,) = rejudge_case(CASE, [*early, log.entries[2]]).differing
    assert missing.wrong is DecisionFault.MISSING


def test_what_was_said_because_its_time_came_is_right_also_where_it_is_ruled_on_later() -> None:
    log = Log()
    log.entries, log.now = held_too_late()[:2], held_too_late()[1].accepted_at
    log.says("bpd", "suspect.identified", after=timedelta(days=30))
    log.rules(log.standing()[0].finding)
    assert rejudge_case(CASE, with_decisions(log.entries)) == RejudgedEntity(decisions=2)


def held_hearing(log: Log) -> str:
    return str(log.entries[1].event.data.model_dump()["hearing"])
