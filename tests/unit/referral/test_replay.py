"""Decisions made again from the log: equal to what was published, and every planted difference is named."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings

from schemas.codec import decode
from schemas.ids import Kind
from schemas.service_decisions import DecisionFault, Entered, RejudgedEntity
from services.referral.domain.decide import decide
from services.referral.domain.decision import escalation_of
from services.referral.domain.decision_replay_check import rejudge_person
from services.referral.domain.events_and_messages import Versions, person_decision_event
from tests.unit.referral.sample import OTHER, PERSON, Log, an_id, policy
from tests.unit.referral.test_decision_invariants import logs
from tests.unit.referral.test_restrictions import keeps_out

VERSIONS = Versions("5d0c1f3a9b7e0000", policy().version)


def with_decisions(log: Sequence[Entered], *, late: bool = True) -> list[Entered]:
    """The log as it lies on the topic: after each fact what was decided because of it, and at the end what was late."""
    found: list[Entered] = []
    for at, each in enumerate(log):
        outcome = decide(PERSON, log[:at], log[at : at + 1], policy())
        said = [person_decision_event(one, VERSIONS) for one in (*outcome.decisions, *outcome.findings)]
        found += [each, *(Entered(each.n, each.accepted_at, decode(one.value)) for one in said)]
    waits = decide(PERSON, (), log, policy()).waiting if late else ()
    told = [person_decision_event(one, VERSIONS) for each in waits if (one := escalation_of(each)) is not None]
    return [*found, *(Entered(log[-1].n, log[-1].accepted_at, decode(one.value)) for one in told)]


def story() -> list[Entered]:
    log = Log()
    log.sends(urgency="emergency")
    log.moves("hti", "accepted")
    log.moves("dhs", "accepted")
    log.moves("hti", "resumed")
    return log.entries


def again(log: Sequence[Entered], *, after: timedelta = timedelta(days=30)) -> RejudgedEntity:
    return rejudge_person(PERSON, log, policy(), log[-1].accepted_at + after)


@settings(max_examples=60, deadline=None)
@given(logs())
def test_whatever_happened_the_same_log_gives_the_same_decisions(entries: list[Entered]) -> None:
    if entries:
        assert again(with_decisions(entries)).differing == ()


def test_other_code_may_have_decided_it_but_another_policy_is_not_judged() -> None:
    found = again(with_decisions(story()))
    assert (found.decisions, found.by_another_policy, found.differing) == (4, 0, ())
    other = [_changed(each, policy_version="ffffffffffffffff") for each in with_decisions(story())]
    assert again(other).by_another_policy == 4
    assert again(other).decisions == 0


@pytest.mark.parametrize("name", ["referral.assigned", "referral.move_refused", "referral.escalated", "finding.opened"])
def test_a_decision_that_nobody_published_is_missing(name: str) -> None:
    log = with_decisions(story())
    (lost,) = [each for each in log if each.event.type == f"bz.atips.{name}.v1"]
    (found,) = again([each for each in log if each is not lost]).differing
    assert (found.wrong, found.event, found.type, found.entity) == (
        DecisionFault.MISSING,
        lost.event.id,
        lost.event.type,
        PERSON,
    )


def test_a_decision_that_says_another_thing_is_different() -> None:
    log = [
        _changed(each, holder="dhs") if each.event.type.endswith("assigned.v1") else each
        for each in with_decisions(story())
    ]
    (found,) = again(log).differing
    assert found.wrong is DecisionFault.DIFFERENT


def test_a_decision_that_the_log_does_not_give_is_surplus() -> None:
    log = with_decisions(story())
    refused = next(each for each in log if each.event.type.endswith("move_refused.v1"))
    invented = refused.event.model_copy(update={"id": f"{refused.event.id[:-4]}beef"})
    (found,) = again([*log, Entered(9, refused.accepted_at, invented)]).differing
    assert (found.wrong, found.event) == (DecisionFault.SURPLUS, invented.id)


def test_what_was_decided_of_another_id_of_the_person_is_judged_there() -> None:
    """After a merge it stands here too."""
    log, two = Log(), an_id(Kind.REFERRAL, "two")
    log.sends()
    log.sends(person=OTHER, referral=two)
    log.moves("dhs", "started", person=OTHER, referral=two)
    log.moves("dhs", "accepted", person=OTHER, referral=two)
    log.merges(PERSON, OTHER)
    alone, theirs = with_decisions(log.entries), decide(OTHER, (), log.entries, policy())
    others = [decode(person_decision_event(each, VERSIONS).value) for each in (*theirs.decisions, *theirs.findings)]
    assert len(others) == 3
    assert again([*alone, *(Entered(5, log.now, each) for each in others)]) == again(alone)


def test_what_became_late_a_moment_ago_may_still_be_told() -> None:
    log = Log()
    log.sends(urgency="emergency")
    silent = with_decisions(log.entries, late=False)
    assert again(silent, after=timedelta(hours=1, seconds=30)).differing == ()
    (found,) = again(silent, after=timedelta(hours=1, minutes=2)).differing
    assert found.wrong is DecisionFault.MISSING


@pytest.mark.parametrize("kept", ["bpd", "dhs", "council"])
def test_what_was_late_was_told_by_the_restrictions_that_were_known_then(kept: str) -> None:
    """The log does not say which restrictions a sweep knew: each state of them may be the one."""
    log = Log()
    log.sends(urgency="emergency")
    keeps_out(log, kept, lasting=True)
    later = with_decisions(log.entries)
    earlier = [*with_decisions(log.entries[:1]), later[1]]
    told = [
        next(each.event.data.model_dump()["told"] for each in which if each.event.type.endswith("escalated.v1"))
        for which in (earlier, later)
    ]
    assert set(told[0]) - set(told[1]) == {kept}
    assert again(earlier).differing == again(later).differing == ()


def test_what_was_called_late_before_its_time_is_surplus() -> None:
    log = with_decisions(story())
    late = next(each for each in log if each.event.type.endswith("escalated.v1"))
    early = late.event.model_copy(update={"data": late.event.data.model_copy(update={"answered_n": 1})})
    wrong = again([each if each is not late else Entered(9, late.accepted_at, early) for each in log]).differing
    assert {each.wrong for each in wrong} == {DecisionFault.SURPLUS}


def _changed(each: Entered, **said: str) -> Entered:
    event = each.event
    if event.agency != "referral" or not set(said) <= set(type(event.data).model_fields):
        return each
    return Entered(each.n, each.accepted_at, event.model_copy(update={"data": event.data.model_copy(update=said)}))
