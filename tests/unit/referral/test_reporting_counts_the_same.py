"""Reporting counts a referral as the service holds it, although it reads only published events."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.codebook.referral import ReferralState
from schemas.codec import decode
from schemas.envelope import Event
from schemas.service_decisions import Entered, facts_of
from schemas.times import Period
from services.referral.domain import decide as deciding
from services.referral.domain.decide import decide
from services.referral.domain.events_and_messages import Versions, person_decision_event
from services.referral.domain.move_table import MOVES
from services.referral.domain.person_file import fold_person_file
from services.reporting.domain.cells.counted_items import cells
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.figures.referral import referral_service_folds
from services.reporting.domain.figures.referral.attempt import MoveVerdict, ReferralAttempt
from services.reporting.domain.figures.referral.state import PendingMoves, ReferralRecord
from services.reporting.domain.ledger.entity_fold import EMPTY, evolve
from services.reporting.domain.ledger.facts_ever_in_force import facts_in_force_of
from services.reporting.domain.read.amounts_from_cells import read
from tests.unit.referral.sample import CASE, OTHER, PERSON, REFERRAL, Log, policy

NAMES = sorted(name.split(".")[3] for name in MOVES)
ENDING = ("completed", "completed", "failed", "handed_back")
SENDERS = {"cancelled", "entered_in_error"}
SEARCH = settings(max_examples=450, deadline=None, derandomize=True, phases=[Phase.generate])


@st.composite
def contests(draw: st.DrawFn) -> list[Entered]:
    """Two accept one referral, and anybody makes any move of it; any of that is corrected, taken back, or said anew.

    At times nobody has told yet that it was sent, or that anybody accepts it. Some of it comes at one time.
    """
    log = Log()
    said = [log.sends()] if draw(st.integers(0, 3)) else []
    if draw(st.booleans()):
        said += [log.moves(agency, "accepted") for agency in draw(st.permutations(("dhs", "hti")))]

    def moves(agency: str, name: str) -> None:
        said.append(log.moves(agency, name, **({"from_agency": agency} if name in SENDERS else {})))

    for _ in range(draw(st.integers(2, 9))):
        log.now -= timedelta(minutes=draw(st.integers(0, 1)))
        match draw(st.sampled_from(("move", "end", "retracted", "corrected", "sent"))):
            case "move":
                moves(draw(st.sampled_from(("dhs", "hti", "bpd", "labour"))), draw(st.sampled_from(NAMES)))
            case "end":
                moves(draw(st.sampled_from(("dhs", "hti"))), draw(st.sampled_from(ENDING)))
            case "retracted" if log.entries:
                log.retracts(draw(st.sampled_from(log.entries)).event)
            case "corrected" if said:
                log.corrects(draw(st.sampled_from(said)), {})
            case _:
                said.append(log.sends())
    return log.entries


def state_of(entries: Sequence[Entered], **others: Sequence[Entered]) -> EntityState:
    """Return reporting's state from the log and the service's events, also for other ids of the person."""
    logs = {PERSON: entries, **others}
    events = [each.event for each in entries] + [each for log in logs.items() for each in said_of(*log)]
    state, person = EMPTY, min(logs)
    for each in facts_in_force_of(person, events):
        state = evolve(person, state, each.content)
    return state


def said_of(person: str, entries: Sequence[Entered]) -> list[Event]:
    found = decide(person, (), entries, policy())
    versions = Versions("0" * 16, policy().version)
    return [decode(person_decision_event(each, versions).value) for each in (*found.decisions, *found.findings)]


def standing(state: EntityState) -> Iterator[str]:
    referred = state["referral"]
    attempt = referred.attempts[REFERRAL]
    have_effect = [id(move) for move in attempt.standing(referred.kept())]
    return (ref for ref, move in attempt.moves.items() if id(move) in have_effect)


def amounts(state: EntityState, *numbers: str) -> list[int]:
    return [read(FIGURES[number], cells(state), Period.parse("2024"))[0].amount for number in numbers]


@SEARCH
@given(contests())
def test_what_has_effect_for_the_service_has_it_for_the_figures(entries: list[Entered]) -> None:
    found = fold_person_file(PERSON, facts_of(entries), policy())
    if REFERRAL not in found.attempts:
        return
    one, state = found.attempts[REFERRAL], state_of(entries)
    moves = {made.content.ref for made in found.effect.facts if made.content.type in MOVES}
    kept = {made.content.ref for made in one.kept}
    assert set(standing(state)) == moves - kept - set(one.refused)
    assert amounts(state, "R2g") == [one.state is ReferralState.COMPLETED]


def test_the_law_catches_figures_that_never_hear_that_a_move_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = ReferralAttempt.judged

    def deaf(attempt: ReferralAttempt, move: str, verdict: MoveVerdict) -> ReferralAttempt:
        return judged(attempt, move, verdict) if verdict.refused else attempt

    monkeypatch.setattr(ReferralAttempt, "judged", deaf)
    with pytest.raises(AssertionError):
        test_what_has_effect_for_the_service_has_it_for_the_figures()


def test_the_law_catches_figures_that_never_hear_that_a_move_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReferralRecord, "kept", lambda _: frozenset())
    with pytest.raises(AssertionError):
        test_what_has_effect_for_the_service_has_it_for_the_figures()


def test_the_law_catches_figures_that_take_the_last_finding_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def last(referred: ReferralRecord, finding: str, said: PendingMoves) -> ReferralRecord:
        return replace(referred, waiting={**referred.waiting, finding: said})

    monkeypatch.setattr(referral_service_folds, "_waits", last)
    with pytest.raises(AssertionError):
        test_what_has_effect_for_the_service_has_it_for_the_figures()


def test_the_law_catches_a_service_that_says_only_who_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "_standing", lambda *_: ())
    with pytest.raises(AssertionError):
        test_what_has_effect_for_the_service_has_it_for_the_figures()


def test_a_move_without_its_predecessor_counts_when_that_comes_and_as_long_as_it_stands() -> None:
    log = Log()
    log.moves("dhs", "completed")
    accepted = log.moves("dhs", "accepted")
    assert amounts(state_of(log.entries), "R2a", "R2b", "R2g", "R2j") == [0, 0, 0, 0]
    log.sends()
    assert amounts(state_of(log.entries), "R2a", "R2b", "R2g", "R2j") == [1, 1, 1, 0]
    log.retracts(accepted)
    assert amounts(state_of(log.entries), "R2a", "R2b", "R2g", "R2j") == [1, 0, 0, 1]


def test_a_move_that_waits_and_is_corrected_waits_on() -> None:
    log = Log()
    log.sends()
    log.corrects(log.moves("dhs", "completed"), {"case": CASE})
    assert amounts(state_of(log.entries), "R2g", "R2j") == [0, 1]
    log.moves("dhs", "accepted")
    assert amounts(state_of(log.entries), "R2g", "R2j") == [1, 0]


@pytest.mark.parametrize("sent_late", [True, False])
def test_of_two_ids_of_one_person_the_finding_in_whose_file_the_referral_stands_counts(sent_late: bool) -> None:
    log = Log()
    steps: list[Callable[[], Event]] = [log.sends, lambda: log.moves("dhs", "completed", person=OTHER)]
    for step in reversed(steps) if sent_late else steps:
        step()
    log.merges(PERSON, OTHER)
    sent, done = sorted(log.entries[:2], key=lambda each: each.event.type, reverse=True)
    merged = log.entries[2]
    state = state_of([sent, merged, done], **{OTHER: [done, merged, sent]})
    assert amounts(state, "R2a", "R2g", "R2j") == [1, 0, 1]


def test_whoever_lost_and_holds_it_after_all_has_completed_it() -> None:
    log = Log()
    log.sends()
    winner = log.moves("hti", "accepted")
    for move in ("accepted", "started", "completed"):
        log.moves("dhs", move)
    assert amounts(state_of(log.entries), "R2g", "R2j") == [0, 1]
    log.retracts(winner)
    assert amounts(state_of(log.entries), "R2g", "R2j") == [1, 0]


def test_what_came_after_a_hand_back_that_was_taken_back_counts() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    back = log.moves("dhs", "handed_back", reason="no_capacity")
    log.moves("dhs", "completed")
    assert amounts(state_of(log.entries), "R2e", "R2g") == [1, 0]
    retracted = log.retracts(back)
    assert amounts(state_of(log.entries), "R2e", "R2g", "R2j") == [0, 1, 0]
    log.retracts(retracted)
    assert amounts(state_of(log.entries), "R2e", "R2g") == [1, 0]
