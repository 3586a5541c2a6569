"""Laws of deciding: however a log is cut into batches, repeated or replayed, the decisions are the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain, pairwise
from random import Random
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import order_key
from schemas.codebook.referral import SIGHT_ENDS, ReferralState
from schemas.ids import Kind
from schemas.service_decisions import Entered, Outgoing, event_id, facts_of
from services.referral.domain import events_and_messages
from services.referral.domain import referral_fold as folding
from services.referral.domain.decide import PersonOutcome, decide
from services.referral.domain.decision import (
    Assigned,
    MoveFound,
    MoveMissing,
    MoveRefused,
    ReferralDecision,
    SightChanged,
)
from services.referral.domain.events_and_messages import Versions, agency_message_record, person_decision_event
from services.referral.domain.events_in_force import facts_in_force_after
from services.referral.domain.move_table import MOVES, UNANSWERED
from services.referral.domain.person_file import fold_person_file
from tests.unit.referral.sample import CASE, OTHER, PERSON, REFERRAL, START, Log, an_id, made, policy

VERSIONS = Versions("0123456789abcdef", policy().version)
NAMES = sorted(name.split(".")[3] for name in MOVES)
AGENCIES = ("bpd", "dhs", "hti", "labour")
HELD = frozenset(ReferralState) - UNANSWERED - SIGHT_ENDS
REFERRALS = (REFERRAL, an_id(Kind.REFERRAL, "two"))


@st.composite
def logs(draw: st.DrawFn) -> list[Entered]:
    """Anything that anybody may say of two referrals of one person, in any order."""
    log = Log()
    for _ in range(draw(st.integers(1, 14))):
        referral = draw(st.sampled_from(REFERRALS))
        agency = draw(st.sampled_from(AGENCIES))
        match draw(st.sampled_from(("sent", "move", "move", "move", "adult", "consent", "withdrawn", "retracted"))):
            case "sent":
                log.sends(agency, referral=referral, urgency=draw(st.sampled_from(("emergency", "routine", None))))
            case "move":
                name = draw(st.sampled_from(NAMES))
                said = {"from_agency": agency} if name in {"cancelled", "entered_in_error"} else {}
                log.moves(agency, name, referral=referral, **said)
            case "adult":
                log.adult()
            case "consent":
                log.consents("dhs", "hti")
            case "withdrawn":
                log.add("bpd", "consent.withdrawn", {"person": PERSON})
            case _ if log.entries:
                log.retracts(draw(st.sampled_from(log.entries)).event)
            case _:
                pass
    return log.entries


def in_batches(entries: Sequence[Entered], cuts: Sequence[int]) -> PersonOutcome:
    """Decide batch after batch, as a service does that stores what it has seen."""
    whole = PersonOutcome()
    bounds = [0, *sorted(min(cut, len(entries)) for cut in cuts), len(entries)]
    for begin, end in pairwise(bounds):
        found = decide(PERSON, entries[:begin], entries[begin:end], policy())
        whole.decisions += found.decisions
        whole.findings += found.findings
        whole.told += found.told
        whole.ended += [
            replace(each, began_at=whole.begun.pop(each.waited.key) if each.began_at is None else each.began_at)
            for each in found.ended
        ]
        whole.begun |= found.begun
        whole.waiting, whole.holders = found.waiting, found.holders
    return whole


def sent(outcome: PersonOutcome) -> list[Outgoing]:
    """Everything that is published of an outcome: key, id and bytes of each event and message."""
    return [
        *(person_decision_event(each, VERSIONS) for each in (*outcome.decisions, *outcome.findings)),
        *(agency_message_record(each) for each in outcome.told),
    ]


@settings(max_examples=150, deadline=None, report_multiple_bugs=False)
@given(logs(), st.randoms(use_true_random=False))
def test_facts_that_are_added_one_by_one_are_those_of_the_whole_log(entries: list[Entered], dice: Random) -> None:
    """Also where a retraction comes before what it retracts."""
    log = dice.sample(entries, len(entries))
    found = facts_in_force_after(PERSON, ())
    for end in range(1, len(log) + 1):
        found = facts_in_force_after(PERSON, log[:end], found)
        assert found == facts_in_force_after(PERSON, log[:end])


@given(logs(), st.lists(st.integers(0, 14), max_size=4))
def test_batches_make_no_difference_to_what_is_decided_and_to_the_bytes_that_are_published(
    entries: list[Entered], cuts: list[int]
) -> None:
    batches, at_once = in_batches(entries, cuts), in_batches(entries, ())
    assert batches == at_once
    assert sent(batches) == sent(at_once)


@settings(max_examples=100, deadline=None)
@given(logs(), st.integers(0, 14))
def test_what_is_repeated_decides_and_publishes_nothing(entries: list[Entered], at: int) -> None:
    again = in_batches([*entries, *entries[:at], *entries], (at,))
    assert again == in_batches(entries, ())
    assert sent(again) == sent(in_batches(entries, ()))


def test_the_law_catches_bytes_that_differ_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_and_messages, "event_id", lambda at, *_: event_id(at, str(uuid4())))
    assert fails(test_batches_make_no_difference_to_what_is_decided_and_to_the_bytes_that_are_published)


@settings(max_examples=150, deadline=None)
@given(logs())
def test_each_decision_is_made_once_and_answers_no_more_than_was_known(entries: list[Entered]) -> None:
    decisions = in_batches(entries, ()).decisions
    for each in decisions:
        cause = next(entered for entered in entries if entered.event.ref == each.ground.cause)
        assert each.ground.answered_n == cause.n
        assert each.ground.decided_at == cause.accepted_at
    # What a correction took away may come again, and is then decided again.
    corrected = [each.n for each in entries if each.event.corrects]
    for earlier, later in chain[tuple[ReferralDecision, ReferralDecision]](_again(decisions), _held_again(decisions)):
        assert any(earlier.ground.answered_n < n <= later.ground.answered_n for n in corrected)


@settings(max_examples=100, deadline=None, report_multiple_bugs=False)
@given(logs(), st.integers(0, 14))
def test_what_waited_then_is_what_waited_when_no_more_was_known(entries: list[Entered], at: int) -> None:
    """History shows of every time what was shown then, and a finding is open while its move is kept."""
    whole = in_batches(entries, (at,))
    until = START + timedelta(minutes=at)
    then = decide(PERSON, (), [each for each in entries if each.accepted_at <= until], policy())
    stood = [each for each in whole.waiting if whole.begun[each.key] <= until]
    stood += [each.waited for each in whole.ended if each.began_at and each.began_at <= until < each.ended_at]
    assert {(each.key, each.shown) for each in stood} == {(each.key, each.shown) for each in then.waiting}
    missing = [each for each in whole.findings if isinstance(each, MoveMissing | MoveFound)]
    opened = {each.move: isinstance(each, MoveMissing) for each in missing}
    attempts = fold_person_file(PERSON, facts_of(entries), policy()).attempts.values()
    kept = {made.content.ref for each in attempts for made in each.kept}
    assert {move for move, is_open in opened.items() if is_open} == kept


def _again(decisions: Sequence[ReferralDecision]) -> Iterator[tuple[MoveRefused, MoveRefused]]:
    """Refusals of one move that follow each other."""
    last: dict[str, MoveRefused] = {}
    for each in decisions:
        if isinstance(each, MoveRefused):
            if each.move in last:
                yield last[each.move], each
            last[each.move] = each


def _held_again(decisions: Sequence[ReferralDecision]) -> Iterator[tuple[Assigned, Assigned]]:
    """Assignments of one referral that follow each other and name the same holder, who took it on."""
    last: dict[str, Assigned] = {}
    for each in decisions:
        if isinstance(each, Assigned):
            before = last.get(each.ground.referral)
            if before is not None and before.holder == each.holder and {before.state, each.state} <= HELD:
                yield before, each
            last[each.ground.referral] = each


def referred(steps: Sequence[str], *, corrected: bool) -> Log:
    """Steps around a referral that was sent for this person, or for another and then corrected to be of this one."""
    log, of_another = Log(), made("bpd", "referral.sent", {**SENT, "person": OTHER}, START)
    for step in steps:
        match step:
            case "sent" if corrected:
                log.corrects(of_another, {"person": PERSON})
            case "sent":
                log.add("bpd", "referral.sent", SENT)
            case "corrected":
                log.corrects(of_another, {"person": PERSON, "reason": "other"})
            case "adult":
                log.adult()
            case "consent":
                log.consents("dhs", "hti", purposes=["protection_services"])
            case "withdrawn":
                log.add("bpd", "consent.withdrawn", {"person": PERSON})
            case agency:
                log.moves(agency, "accepted")
    return log


def decided(log: Log) -> list[object]:
    """Return the decisions without their references."""
    return [
        (each.shut_out, each.agencies)
        if isinstance(each, SightChanged)
        else (type(each), each.holder, each.state, each.told)
        for each in log.outcome().decisions
    ]


def stands(log: Log) -> object:
    """Return the state of the referral, its waits, and the person's carers."""
    found, outcome = fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL], log.outcome()
    waits = sorted((each.kind, each.agency, each.due_at) for each in outcome.waiting)
    return found.state, found.holder, len(found.refused), waits, outcome.holders


SENT = {
    "person": PERSON, "case": CASE, "referral": REFERRAL, "from_agency": "bpd", "to_agency": "dhs",
    "service_types": ["shelter"], "urgency": "soon",
}  # fmt: skip
STEPS = st.lists(st.sampled_from(("adult", "consent", "withdrawn", "dhs", "hti")), max_size=3)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(STEPS, STEPS)
def test_who_is_sent_by_a_correction_is_judged_like_whoever_is_sent_at_once(
    before: list[str], since: list[str]
) -> None:
    steps = [*before, "sent", *since]
    corrected, at_once = (referred(steps, corrected=each) for each in (True, False))
    assert decided(corrected) == decided(at_once)
    assert stands(corrected) == stands(at_once)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(STEPS, STEPS)
def test_a_further_correction_leaves_a_referral_in_its_place(before: list[str], since: list[str]) -> None:
    steps = [*before, "sent", *since]
    assert stands(referred([*steps, "corrected"], corrected=True)) == stands(referred(steps, corrected=True))


CHAINS = (
    ("received", "accepted", "started", "completed"),
    ("received", "accepted", "started", "put_on_hold", "resumed", "put_on_hold", "resumed", "failed"),
    ("accepted", "started", "put_on_hold", "resumed", "put_on_hold"),
    ("received", "accepted", "handed_back"),
    ("received", "rejected"),
)
ENDS = (
    ReferralState.COMPLETED,
    ReferralState.FAILED,
    ReferralState.ON_HOLD,
    ReferralState.HANDED_BACK,
    ReferralState.REJECTED,
)


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[int, list[Entered]]:
    """A story that nobody contests, its events arriving in any order."""
    which = draw(st.integers(0, len(CHAINS) - 1))
    log = Log()
    log.sends()
    for move in CHAINS[which]:
        log.moves("dhs", move, after=timedelta(hours=1))
    arrived = log.now + timedelta(hours=1)
    order = draw(st.permutations(range(len(log.entries))))
    return which, [
        Entered(n, arrived + timedelta(seconds=n), log.entries[at].event) for n, at in enumerate(order, start=1)
    ]


def ends_alike(case: tuple[int, list[Entered]]) -> None:
    which, entries = case
    found = fold_person_file(PERSON, entries, policy()).attempts[REFERRAL]
    assert found.state is ENDS[which]
    assert found.kept == ()
    assert found.refused == {}
    assert found.holder == (None if which == len(CHAINS) - 1 else "dhs")
    assert found.since is not None
    assert found.since.content == max((each.event for each in entries), key=order_key)
    assert not any(isinstance(each, MoveRefused) for each in in_batches(entries, ()).decisions)


@settings(max_examples=150, deadline=None)
@given(shuffled())
def test_the_order_of_arrival_makes_no_difference_where_nobody_contests(case: tuple[int, list[Entered]]) -> None:
    ends_alike(case)


def fails(law: Callable[[], None]) -> bool:
    try:
        law()
    except AssertionError:
        return True
    return False


def test_the_law_catches_a_fold_that_keeps_no_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "PRECEDES", {})
    assert fails(test_the_order_of_arrival_makes_no_difference_where_nobody_contests)


def test_the_law_catches_a_fold_in_the_order_of_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "order_key", lambda event: 0)
    assert fails(test_the_order_of_arrival_makes_no_difference_where_nobody_contests)


def test_the_law_catches_a_history_that_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PersonOutcome, "note_changed_waits", lambda outcome, before, after, at: None)
    with pytest.raises((AssertionError, KeyError)):
        test_what_waited_then_is_what_waited_when_no_more_was_known()
