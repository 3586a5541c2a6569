"""Moves of a referral: who may make them, which wait for others, who holds after two acceptances, and retractions."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.catalogue import CATALOGUE
from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.governance import FindingClosure
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import MoveRefusal, ReferralState
from schemas.fields import MAX_RELATED
from schemas.ids import Kind
from services.referral.domain.decide import decide
from services.referral.domain.decision import Assigned, MoveFound, MoveMissing, MoveRefused, Subject
from services.referral.domain.events_and_messages import Versions, person_decision_event
from services.referral.domain.move_table import MOVES
from services.referral.domain.pending_action import WaitKind
from services.referral.domain.person_file import fold_person_file
from services.referral.domain.policy import Policy
from services.referral.domain.referral_gate import Gates, collect_published_decisions
from tests.unit.referral.sample import CASE, PERSON, REFERRAL, START, Log, an_id, policy
from tests.unit.referral.test_restrictions import OTHER_CASE, keeps_out


def state(log: Log) -> ReferralState | None:
    return fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL].state


def refusals(log: Log) -> list[tuple[str, MoveRefusal]]:
    return [(each.move, each.reason) for each in log.outcome().decisions if isinstance(each, MoveRefused)]


def holders(log: Log) -> list[str]:
    return [each.holder for each in log.outcome().decisions if isinstance(each, Assigned)]


def test_each_state_keeps_a_time_of_its_own() -> None:
    log = Log()
    log.sends()
    for move in ("received", "accepted", "started", "put_on_hold", "resumed", "completed"):
        log.moves("dhs", move, after=timedelta(hours=1))
    found = fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL]
    assert found.state is ReferralState.COMPLETED
    times = {name: made.at for name, made in found.reached.items()}
    assert len(set(times.values())) == len(times) == 6
    assert times[ReferralState.IN_PROGRESS] > times[ReferralState.ON_HOLD]
    assert refusals(log) == []
    assert holders(log) == ["dhs"]


ENDS = {"completed", "failed", "handed_back", "referred_onward"}
UNANSWERED = {"accepted", "rejected", "cancelled", "entered_in_error"}


@pytest.mark.parametrize(
    ("way", "leads", "waits"),
    [
        ((), UNANSWERED | {"received"}, ENDS | {"started", "put_on_hold", "resumed"}),
        (("received",), UNANSWERED, ENDS | {"started", "put_on_hold", "resumed"}),
        (("accepted",), ENDS | {"started", "put_on_hold"}, {"resumed"}),
        (("accepted", "started"), ENDS | {"put_on_hold"}, {"resumed"}),
        (("accepted", "put_on_hold"), ENDS | {"resumed"}, {"put_on_hold"}),
        (("accepted", "completed"), set[str](), set[str]()),
    ],
)
def test_each_move_leads_on_from_its_own_states_and_waits_where_they_may_still_come(
    way: tuple[str, ...], leads: set[str], waits: set[str]
) -> None:
    led, waited = set[str](), set[str]()
    for name in (each.split(".")[3] for each in MOVES):
        log = Log()
        log.sends()
        for move in way:
            log.moves("dhs", move)
        before = state(log)
        by_sender = name in {"cancelled", "entered_in_error"}
        log.moves("bpd" if by_sender else "dhs", name, **({"from_agency": "bpd"} if by_sender else {}))
        found = fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL]
        led |= {name} if found.state is not before else set()
        waited |= {name} if found.kept else set()
    assert (led, waited) == (leads, waits)


@pytest.mark.parametrize("move", ["rejected", "cancelled", "entered_in_error"])
def test_before_acceptance_it_may_end_and_then_nothing_more_happens(move: str) -> None:
    log = Log()
    log.sends()
    if move == "rejected":
        log.moves("dhs", move, case=CASE)
    else:
        log.moves("bpd", move, case=CASE, from_agency="bpd")
    late = log.moves("dhs", "accepted")
    assert refusals(log) == [(late.ref, MoveRefusal.NOT_OPEN)]
    assert holders(log) == []


def test_after_acceptance_the_sender_cannot_take_it_back() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    late = log.moves("bpd", "cancelled", from_agency="bpd")
    assert refusals(log) == [(late.ref, MoveRefusal.NOT_OPEN)]
    assert state(log) is ReferralState.ACCEPTED


@pytest.mark.parametrize(
    ("agency", "move", "why"),
    [
        ("labour", "received", MoveRefusal.NOT_THE_RECEIVER),
        ("labour", "accepted", MoveRefusal.NOT_THE_RECEIVER),
        ("labour", "completed", MoveRefusal.NOT_THE_RECEIVER),
        ("labour", "rejected", MoveRefusal.NOT_THE_RECEIVER),
        ("labour", "cancelled", MoveRefusal.NOT_THE_SENDER),
        ("hti", "received", MoveRefusal.NOT_THE_RECEIVER),  # it may accept, and no more
        ("hti", "rejected", MoveRefusal.NOT_THE_RECEIVER),
    ],
)
def test_a_stranger_makes_no_move(agency: str, move: str, why: MoveRefusal) -> None:
    log = Log()
    log.sends()
    said = {"from_agency": agency} if move == "cancelled" else {}
    stranger = log.moves(agency, move, **said)
    log.moves("dhs", "accepted")
    assert refusals(log) == [(stranger.ref, why)]
    assert state(log) is ReferralState.ACCEPTED


@pytest.mark.parametrize(("to", "holder", "other"), [("cdf", "hti", "cdf"), ("cdf", "cdf", "hti")])
@pytest.mark.parametrize("move", ["started", "completed"])
def test_what_another_took_who_was_invited_has_no_say_in(to: str, holder: str, other: str, move: str) -> None:
    log = Log()
    log.sends(to=to)
    log.moves(holder, "accepted")
    late, stranger = log.moves(other, move), log.moves("labour", move)
    assert refusals(log) == [(late.ref, MoveRefusal.TAKEN_BY_ANOTHER), (stranger.ref, MoveRefusal.NOT_THE_RECEIVER)]


@pytest.mark.parametrize("first", ["dhs", "hti"])
def test_of_two_acceptances_the_first_in_the_log_holds_and_the_other_is_told(first: str) -> None:
    log = Log()
    log.sends()
    second = "hti" if first == "dhs" else "dhs"
    log.moves(first, "accepted", at=log.now + timedelta(minutes=30))
    loser = log.moves(second, "accepted", at=log.now)  # it says an earlier time: the log decides, not the contestants
    outcome = log.outcome()
    assert holders(log) == [first]
    assert refusals(log) == [(loser.ref, MoveRefusal.TAKEN_BY_ANOTHER)]
    refused = next(each for each in outcome.decisions if isinstance(each, MoveRefused))
    assert refused.told == (second,)
    assert (Subject.MOVE_REFUSED, second) in [(each.subject, each.agency) for each in outcome.told]
    assert refused.holder == first


def test_a_retraction_of_the_winners_acceptance_causes_a_further_decision() -> None:
    log = Log()
    log.sends()
    winner = log.moves("dhs", "accepted")
    log.moves("hti", "accepted")
    log.retracts(winner)
    assert holders(log) == ["dhs", "hti"]
    last = log.outcome().decisions[-1]
    assert isinstance(last, Assigned)
    assert set(last.told) == {"hti", "dhs", "bpd"}
    assert last.ground.answered_n == 4


def test_what_is_refused_no_more_is_said_to_stand_and_whoever_made_it_is_told() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    back = log.moves("dhs", "handed_back", reason="no_capacity")
    done = log.moves("dhs", "completed")
    stranger = log.moves("labour", "completed")
    assert refusals(log) == [(done.ref, MoveRefusal.NOT_OPEN), (stranger.ref, MoveRefusal.NOT_THE_RECEIVER)]
    log.retracts(back)
    last = log.outcome().decisions[-1]
    assert isinstance(last, Assigned)
    assert (last.holder, last.state, last.standing) == ("dhs", ReferralState.COMPLETED, (done.ref,))
    assert last.told == ("dhs",)


def test_what_only_waits_from_now_on_stands_for_whom_it_was_sent_to_and_nobody_is_told() -> None:
    log = Log()
    sent = log.sends()
    stranger = log.moves("labour", "accepted")
    log.retracts(sent)
    last = log.outcome().decisions[-1]
    assert isinstance(last, Assigned)
    assert (last.holder, last.state, last.standing, last.told) == ("dhs", None, (stranger.ref,), ())


def test_a_move_that_is_taken_back_does_not_stand_until_that_is_taken_back_too() -> None:
    log = Log()
    log.sends()
    winner, loser = log.moves("hti", "accepted"), log.moves("dhs", "accepted")
    mistaken = log.retracts(loser)
    log.retracts(winner)
    assert holders(log) == ["hti", "dhs"]  # nobody holds it: said with whom it was sent to
    log.retracts(mistaken)
    assert holders(log) == ["hti", "dhs", "dhs"]
    last = log.outcome().decisions[-1]
    assert isinstance(last, Assigned)
    assert last.standing == (loser.ref,)


def test_more_moves_than_an_event_may_name_stand_by_several() -> None:
    log = Log()
    sent = log.sends()
    for _ in range(MAX_RELATED + 1):
        log.moves("labour", "accepted")
    log.retracts(sent)
    found = [each for each in log.outcome().decisions if isinstance(each, Assigned)]
    assert [len(each.standing) for each in found] == [MAX_RELATED, 1]
    assert len({person_decision_event(each, Versions("0" * 16, policy().version)).id for each in found}) == 2


def test_who_never_held_it_completes_nothing_by_saying_so_before_it_was_cancelled() -> None:
    log = Log()
    log.sends()
    done = log.moves("dhs", "completed")
    log.moves("bpd", "cancelled", from_agency="bpd")
    assert refusals(log) == [(done.ref, MoveRefusal.NOT_OPEN)]


def test_without_another_it_waits_again() -> None:
    log = Log()
    log.sends()
    log.retracts(log.moves("dhs", "accepted"))
    assert state(log) is ReferralState.SENT
    assert [each.agency for each in log.outcome().waiting if each.kind is not WaitKind.SECOND] == ["dhs"]


def test_moves_before_their_predecessor_are_kept_until_it_comes() -> None:
    log = Log()
    log.moves("dhs", "started")
    log.moves("dhs", "accepted")
    assert log.outcome().decisions == []
    assert len(fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL].kept) == 2
    assert [(each.kind, each.agency) for each in log.outcome().waiting] == [(WaitKind.MISSING_MOVE, "dhs")]
    log.sends()
    assert state(log) is ReferralState.IN_PROGRESS
    assert holders(log) == ["dhs"]
    assert fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL].kept == ()
    assert [each.kind for each in log.outcome().waiting] == [WaitKind.SILENCE]


def test_a_move_without_its_predecessor_is_a_finding_until_that_comes() -> None:
    log = Log()
    log.sends()
    started = log.moves("dhs", "started")
    (found,) = log.outcome().findings
    assert found == MoveMissing(found.ground, started.ref)
    assert found.ground.cause == started.ref
    accepted = log.moves("dhs", "accepted")
    _, closed = log.outcome().findings
    assert closed == MoveFound(closed.ground, started.ref, FindingClosure.LATER_EVENT)
    assert closed.ground.cause == accepted.ref
    log.retracts(accepted)
    assert isinstance(log.outcome().findings[-1], MoveMissing)  # open again
    log.retracts(started)
    assert log.outcome().findings[-1] == MoveFound(
        log.outcome().findings[-1].ground, started.ref, FindingClosure.CORRECTED
    )


def test_a_refused_move_that_is_corrected_is_decided_about_again() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    loser = log.moves("hti", "accepted")
    again = log.corrects(loser, {"expected_start_on": "2024-03-08"})
    refused = [each for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert [(each.move, each.reason, each.told) for each in refused] == [
        (loser.ref, MoveRefusal.TAKEN_BY_ANOTHER, ("hti",)),
        (again.ref, MoveRefusal.TAKEN_BY_ANOTHER, ("hti",)),
    ]


def test_what_comes_late_has_its_time_noted_and_changes_nothing() -> None:
    log = Log()
    log.sends()
    early = log.now + timedelta(seconds=10)
    log.moves("dhs", "accepted")
    log.moves("dhs", "completed")
    log.moves("dhs", "received", at=early)
    log.moves("dhs", "started", at=early)
    found = fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL]
    assert found.state is ReferralState.COMPLETED
    assert found.reached[ReferralState.RECEIVED].at == early
    assert found.reached[ReferralState.IN_PROGRESS].at == early
    assert refusals(log) == []


def test_a_decision_is_not_made_again() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    again = decide(PERSON, log.entries, log.entries, policy())
    assert again.decisions == []
    assert again.told == []


def test_whoever_is_to_act_is_told_and_the_other_side_hears_of_the_answer() -> None:
    log = Log()
    log.sends(urgency="emergency")
    log.moves("dhs", "rejected", reason="no_capacity", refused_by="provider")
    found = [(each.subject, each.agency) for each in log.outcome().told]
    assert found == [
        (Subject.TO_ANSWER, "dhs"),
        (Subject.ON_CALL, "hti"),
        (Subject.MOVED, "bpd"),
        (Subject.NO_LONGER_OPEN, "hti"),
    ]


@pytest.mark.parametrize(
    ("sender", "to", "service", "called", "reason"),
    [
        ("immigration", "dhs", "shelter", ["bpd"], [None]),  # on call for Human Services
        ("bpd", "dhs", "shelter", ["hti"], [WaitKind.SECOND]),  # the police sent it: the first that may take it too
        ("pitcu", "dhs", "shelter", ["hti"], [WaitKind.SECOND]),  # a unit of the police
        ("dhs", "hti", "counselling", ["cdf"], [WaitKind.SECOND]),  # the receiver is not called twice
        ("bpd", "dhs", "stipend", ["council"], [None]),  # nobody else may take it
    ],
)
def test_of_its_own_referral_no_sender_is_on_call_and_somebody_else_always_is(
    sender: str, to: str, service: str, called: list[str], reason: list[WaitKind | None]
) -> None:
    """Found by a new user: Human Services was told that it is on call, and may take, what it had sent itself."""
    log = Log()
    log.sends(sender, to, urgency="emergency", service_types=[service])
    found = [each for each in log.outcome().told if each.subject is Subject.ON_CALL]
    assert [each.agency for each in found] == called
    assert [each.reason for each in found] == reason
    taken = log.moves(called[0], "accepted") if reason == [WaitKind.SECOND] else None
    assert taken is None or refusals(log) == []


ALSO_LATE = Policy.model_validate(policy().model_dump(mode="json") | {"late": ["council", "odpp"]})
"""A policy by which the prosecution too hears of everything late."""


@pytest.mark.parametrize(
    ("kept_out", "how", "called"),
    [
        ([], {}, {"council", "odpp"}),
        (["odpp"], {"lasting": True}, {"council"}),
        (["odpp"], {"lasting": True, "case": OTHER_CASE}, {"council", "odpp"}),
        (["odpp"], {"until": START}, {"council", "odpp"}),  # its time was over
        (["odpp"], {"until": START + timedelta(days=1)}, {"council"}),
    ],
)
def test_a_case_keeps_its_agency_from_what_the_next_on_call_are_told(
    kept_out: list[str], how: dict[str, Any], called: set[str]
) -> None:
    log = Log(policy=ALSO_LATE)
    keeps_out(log, *kept_out, **how)
    log.sends("bpd", "dhs", urgency="emergency", service_types=["stipend"])
    assert {each.agency for each in log.outcome().told if each.subject is Subject.ON_CALL} == called


@pytest.mark.parametrize(
    ("sender", "urgency", "unrelated"),
    [("bpd", "emergency", False), ("bpd", "urgent", True), ("immigration", "emergency", True)],
)
def test_who_hears_of_everything_late_knows_a_referral_only_where_it_was_called(
    sender: str, urgency: str, unrelated: bool
) -> None:
    """Its move is else answered like one with an id that does not exist."""
    log = Log(policy=ALSO_LATE)
    log.sends(sender, "dhs", urgency=urgency, service_types=["stipend"])
    log.moves("odpp", "accepted")
    assert [each.unrelated for each in log.outcome().decisions if isinstance(each, MoveRefused)] == [unrelated]


@pytest.mark.parametrize("to", sorted(CATALOGUE["bz.atips.referral.accepted.v1"].authors))
@pytest.mark.parametrize("sender", sorted(CATALOGUE["bz.atips.referral.sent.v1"].authors))
def test_each_emergency_has_somebody_on_call_who_neither_sent_nor_got_it(sender: str, to: str) -> None:
    if sender == to:
        return
    of_duty = {ConsentPurpose.PROTECTION_SERVICES, ConsentPurpose.HEALTH_CARE}
    for service in (each for each in ServiceType if policy().services[each].purpose in of_duty):
        log = Log()
        log.sends(sender, to, urgency="emergency", service_types=[service.value])
        called = {each.agency for each in log.outcome().told if each.subject is Subject.ON_CALL}
        assert called, service
        assert not called & {sender, to}, service


@pytest.mark.parametrize("move", ["put_on_hold", "completed", "failed", "handed_back", "referred_onward"])
def test_of_what_becomes_of_it_the_sender_hears(move: str) -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    log.moves("dhs", move)
    assert [each.agency for each in log.outcome().told if each.subject is Subject.MOVED] == ["bpd"]


@pytest.mark.parametrize("move", ["cancelled", "entered_in_error"])
def test_that_nothing_becomes_of_it_whoever_it_was_sent_to_hears(move: str) -> None:
    log = Log()
    log.sends()
    log.moves("bpd", move, from_agency="bpd")
    assert [each.agency for each in log.outcome().told if each.subject is Subject.MOVED] == ["dhs"]


def to_answer(log: Log) -> list[tuple[Subject, str]]:
    asked = (Subject.TO_ANSWER, Subject.ON_CALL)
    return [(each.subject, each.agency) for each in log.outcome().told if each.subject in asked]


def test_whoever_is_to_answer_by_a_correction_is_told_and_in_an_emergency_the_second_too() -> None:
    log = Log()
    sent = log.sends(to="dhs", urgency="soon")
    moved = log.corrects(sent, {"to_agency": "hti"})
    log.moves("hti", "received")
    log.corrects(sent, {"to_agency": "hti", "urgency": "emergency"}, again=moved)
    assert to_answer(log) == [
        (Subject.TO_ANSWER, "dhs"),
        (Subject.TO_ANSWER, "hti"),
        (Subject.TO_ANSWER, "hti"),
        (Subject.ON_CALL, "dhs"),
    ]


def test_a_correction_of_anything_else_or_after_the_answer_asks_nobody_again() -> None:
    log = Log()
    sent = log.sends(to="dhs")
    log.corrects(sent, {"reason": "safety"})
    accepted = log.moves("dhs", "accepted")
    log.corrects(sent, {"urgency": "soon"})
    assert to_answer(log) == [(Subject.TO_ANSWER, "dhs")]
    log.retracts(accepted)  # it waits for an answer again
    assert to_answer(log) == [(Subject.TO_ANSWER, "dhs")] * 2


def test_the_table_names_every_move_but_the_first() -> None:
    moves = {name for name in MOVES if name.startswith("bz.atips.referral.")}
    assert len(moves) == len(MOVES) == 12


def test_another_ids_file_is_not_this_ones() -> None:
    log = Log()
    log.sends()
    assert REFERRAL not in fold_person_file(an_id(Kind.PERSON, "nobody"), log.entries, policy()).attempts


def test_of_two_ends_at_one_instant_the_first_holds_and_the_other_is_only_noted() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    at = log.now + timedelta(hours=1)
    first, second = (log.moves("dhs", end, at=at, after=timedelta(hours=1)) for end in ("completed", "failed"))
    found = fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL]
    assert found.refused == {}
    ends = {ReferralState.COMPLETED: first, ReferralState.FAILED: second}
    assert found.state in ends
    assert {state: found.reached[state].content for state in ends} == ends
    # A moment later it comes too late: the referral has its end.
    later = log.moves("dhs", "handed_back", at=at + timedelta(seconds=1))
    assert list(fold_person_file(PERSON, log.entries, policy()).attempts[REFERRAL].refused) == [later.ref]


def test_the_sender_does_not_take_its_own_referral_although_it_may_take_others_of_the_kind() -> None:
    """Found by a new user: Human Services referred a person to a partner, accepted, and held the referral itself."""
    log = Log()
    log.sends("dhs", "hti", service_types=["counselling"], urgency="emergency")
    taken = log.moves("dhs", "accepted")
    assert refusals(log) == [(taken.ref, MoveRefusal.NOT_THE_RECEIVER)]
    log.moves("hti", "accepted")
    assert holders(log) == ["hti"]


def test_a_sender_that_was_named_as_the_holder_before_the_rule_still_holds_it() -> None:
    log = Log()
    log.sends("dhs", "hti", service_types=["counselling"])
    log.moves("dhs", "accepted")
    said = {"person": PERSON, "referral": REFERRAL, "answered_n": 2, "holder": "dhs", "state": "accepted"}
    said |= {"decided_at": log.now.isoformat(), "code_version": "0" * 16, "policy_version": "0" * 16}
    log.add("referral", "referral.assigned", said)
    log.moves("dhs", "started")
    assert (
        fold_person_file(PERSON, log.entries, policy(), Gates(policy(), collect_published_decisions(log.entries)))
        .attempts[REFERRAL]
        .holder
        == "dhs"
    )
