"""The end of sight reaches the case that a referral names, also if the move that ends it does not."""

from collections.abc import Sequence

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.codebook.referral import SIGHT_ENDS
from schemas.codec import decode
from schemas.ids import Kind
from schemas.required_copies import required
from schemas.service_decisions import Entered, facts_of
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.sight_state import _ended
from services.referral.domain import decide as deciding
from services.referral.domain.decide import decide
from services.referral.domain.decision import Assigned
from services.referral.domain.events_and_messages import Versions, person_decision_event
from services.referral.domain.person_file import fold_person_file
from services.referral.domain.referral_fold import Attempt
from tests.unit.referral.sample import CASE, PERSON, REFERRAL, START, Log, an_id, policy

OTHER_CASE = an_id(Kind.CASE, "other")
STEPS = (
    *("accepted", "handed_back", "rejected", "rejected", "cancelled", "entered_in_error"),
    *("retracted", "retracted", "retracted", "corrected"),
)
SEARCH = settings(max_examples=1_500, deadline=None, derandomize=True, phases=[Phase.generate])


def said(log: Log) -> list[tuple[str | None, str | None]]:
    """In which case the service says how a referral stands, and how."""
    found = [each for each in log.outcome().decisions if isinstance(each, Assigned)]
    return [(each.ground.case, each.state) for each in found]


@pytest.mark.parametrize(("case", "expected"), [(None, [(CASE, "rejected")]), (CASE, [])])
def test_a_rejection_that_does_not_name_the_case_is_told_there(case: str | None, expected: list[object]) -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "rejected", case=case)
    assert said(log) == expected


def test_a_rejection_that_came_before_its_referral_is_told_when_that_comes() -> None:
    log = Log()
    log.moves("dhs", "rejected")
    log.sends()
    assert said(log) == [(CASE, "rejected")]


def test_nobody_is_told_twice_of_an_end() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "rejected")
    (found,) = (each for each in log.outcome().decisions if isinstance(each, Assigned))
    assert (found.told, found.holder) == ((), "dhs")


def test_an_end_that_is_taken_back_is_told_and_one_in_another_case_too() -> None:
    log = Log()
    sent = log.sends()
    rejected = log.moves("dhs", "rejected")
    log.corrects(sent, {"case": OTHER_CASE})
    assert said(log) == [(CASE, "rejected"), (OTHER_CASE, "rejected")]
    log.retracts(rejected)
    assert said(log)[2:] == [(OTHER_CASE, "sent")]


@st.composite
def endings(draw: st.DrawFn) -> list[Entered]:
    """A referral that ends and does not, by moves of which some name the case, and what is corrected or taken back."""
    log = Log()
    events = [log.sends()]
    for _ in range(draw(st.integers(1, 8))):
        case = draw(st.sampled_from((None, CASE)))
        match draw(st.sampled_from(STEPS)):
            case "retracted":
                log.retracts(draw(st.sampled_from(log.entries)).event)
            case "corrected":
                log.corrects(draw(st.sampled_from(events)), {"case": case})
            case move:
                of_sender = move in {"cancelled", "entered_in_error"}
                by = {"from_agency": "bpd"} if of_sender else {}
                events.append(log.moves("bpd" if of_sender else "dhs", move, case=case, **by))
    return log.entries


def in_the_case(entries: Sequence[Entered]) -> list[Entered]:
    """Return the case's events: the copies that routing demands, and the service's statements there."""
    stands = required({each.n: each.event for each in entries})
    heard = [each for each in entries if CASE in stands[each.n]]
    for decision in decide(PERSON, (), entries, policy()).decisions:
        event = decode(person_decision_event(decision, Versions("0" * 16, policy().version)).value)
        if CASE in event.concerns():
            heard.append(Entered(len(entries) + len(heard), START, event))
    return heard


@SEARCH
@given(endings())
def test_sight_has_ended_in_the_case_where_it_has_for_the_service(entries: list[Entered]) -> None:
    one = fold_person_file(PERSON, facts_of(entries), policy()).attempts.get(REFERRAL, Attempt(REFERRAL))
    if one.asks is not None and one.asks.case == CASE:
        ended = _ended(spine(CASE, in_the_case(entries)), REFERRAL)
        # A move that is kept may be what ends it: until that is known, the case shows less.
        assert ended == (one.state in SIGHT_ENDS) or (ended and one.kept)


@pytest.mark.parametrize("name", ["unheard", "ended_sight"])
def test_the_law_catches_a_service_that_says_only_who_holds_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "_turned", lambda each, was: getattr(each, name) and not getattr(was, name))
    with pytest.raises(AssertionError):
        test_sight_has_ended_in_the_case_where_it_has_for_the_service()
