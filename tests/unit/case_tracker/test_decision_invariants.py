"""Laws of deciding: however a log is cut, repeated, replayed or swept, the decisions are the same; order ends alike."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.governance import finding_of
from schemas.ids import Kind, mint
from schemas.service_decisions import Entered
from services.case_tracker.domain import case_facts as spines
from services.case_tracker.domain import decide as deciding
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import CaseOutcome, decide, examine_case, opening_of_finding
from services.case_tracker.domain.decision_values import ClosedFinding, OpenedFinding
from services.case_tracker.domain.events_and_messages import case_decision_event
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.victim_suspect_ties import ties_of
from tests.unit.case_tracker.case_statements import arrested, died, linked, log_of, merged, served
from tests.unit.case_tracker.sample import (
    CASE,
    HEARING,
    OTHER_CASE,
    START,
    SUSPECT,
    VICTIM,
    Log,
    an_id,
    day,
    entries_of,
    story,
    told,
)
from tests.unit.case_tracker.test_rules import SAMPLES

VERSION = "0123456789abcdef"
TELLINGS = [tell for sample in SAMPLES for case in (sample.bad, *sample.good) for tell in case]


@st.composite
def logs(draw: st.DrawFn) -> list[Entered]:
    """Anything that the rules look at, in any order, at times days apart, with rulings and retractions among it."""
    log = Log()
    for _ in range(draw(st.integers(1, 10))):
        log.now += timedelta(hours=draw(st.sampled_from((0, 0, 20, 200))))
        match draw(st.sampled_from(("told", "told", "told", "retracted", "ruled"))):
            case "retracted" if log.entries:
                log.retracts(draw(st.sampled_from(log.entries)).event)
            case "ruled" if log.standing():
                log.rules(draw(st.sampled_from(log.standing())).finding)
            case _:
                draw(st.sampled_from(TELLINGS))(log)
    return log.entries


def in_batches(entries: Sequence[Entered], cuts: Sequence[int]) -> CaseOutcome:
    """Decide batch after batch, as a service does that stores what it has seen."""
    whole = CaseOutcome()
    bounds = [0, *sorted(min(cut, len(entries)) for cut in cuts), len(entries)]
    for begin, end in pairwise(bounds):
        found = decide(CASE, entries[:begin], entries[begin:end])
        whole.decisions += found.decisions
        whole.standing = found.standing
    return whole


def events(outcome: CaseOutcome) -> list[bytes]:
    return [case_decision_event(each, VERSION).value for each in outcome.decisions]


@settings(max_examples=120, deadline=None)
@given(logs(), st.lists(st.integers(0, 10), max_size=4))
def test_batches_make_no_difference(entries: list[Entered], cuts: list[int]) -> None:
    assert events(in_batches(entries, cuts)) == events(in_batches(entries, ()))


@settings(max_examples=60, deadline=None)
@given(logs(), st.integers(0, 10))
def test_what_is_repeated_decides_nothing(entries: list[Entered], at: int) -> None:
    again = [*entries, *entries[:at], *entries]
    assert events(in_batches(again, (at,))) == events(in_batches(entries, ()))


@settings(max_examples=120, deadline=None)
@given(logs())
def test_a_finding_opens_and_closes_in_turn_and_ends_as_the_case_stands(entries: list[Entered]) -> None:
    outcome = in_batches(entries, ())
    state = Counter[str]()
    for each in outcome.decisions:
        state[each.standing.finding] += 1 if isinstance(each, OpenedFinding) else -1
        assert state[each.standing.finding] in {0, 1}
    now = max(each.accepted_at for each in entries)
    assert {finding for finding, amount in state.items() if amount} == {
        each.finding for each in outcome.standing if each.is_open(now)
    }
    assert len({case_decision_event(each, VERSION).id for each in outcome.decisions}) == len(outcome.decisions)


@settings(max_examples=120, deadline=None)
@given(logs(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference_to_what_stands(entries: list[Entered], dice: Random) -> None:
    said = [each.event for each in entries]
    shuffled = list(said)
    dice.shuffle(shuffled)
    found = [set(examine_case(spine(CASE, entries_of(order)), 1)) for order in (said, shuffled)]
    assert found[0] == found[1]


def ties_told_again_change_nothing(entries: Sequence[Entered]) -> int:
    """Another agency links, without a word on how, whoever is tied; gives how many are."""
    log = Log(max(each.accepted_at for each in entries), CASE, [*entries])
    ties = {(victim, suspect) for victim, suspect in spine(CASE, entries).ties if victim != suspect}
    for victim, suspect in ties:
        log.add("odpp", "victim_suspect.linked", {"case": CASE, "victim": victim, "suspect": suspect})
    assert set(examine_case(spine(CASE, log.entries), 1)) == set(examine_case(spine(CASE, entries), 1))
    return len(ties)


@settings(max_examples=120, deadline=None)
@given(logs())
def test_a_tie_that_is_told_again_changes_no_finding(entries: list[Entered]) -> None:
    ties_told_again_change_nothing(entries)


def test_the_law_of_ties_catches_whoever_takes_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = log_of((linked("parent"), served("family_reunification"))).entries
    assert ties_told_again_change_nothing(entries) == 1
    real = ties_of

    def last(facts: Iterable[Fact]) -> dict[tuple[str, str], tuple[Fact, ...]]:
        return {pair: by[-1:] for pair, by in real(facts).items()}

    monkeypatch.setattr(spines, "ties_of", last)
    with pytest.raises(AssertionError):
        ties_told_again_change_nothing(entries)


def sweeps_alike(entries: Sequence[Entered]) -> int:
    """Whatever is due between two events is, to the byte, what the batch of the second says; gives how much it was."""
    found = 0
    for at in range(1, len(entries)):
        pending = decide(CASE, entries[:at], ()).standing
        later = events(decide(CASE, entries[:at], entries[at:]))
        before, now = (entries[each].accepted_at for each in (at - 1, at))
        swept = [each for each in pending if each.waits and not each.is_open(before) and each.is_open(now)]
        assert {case_decision_event(opening_of_finding(each), VERSION).value for each in swept} <= set(later)
        found += len(swept)
    return found


@settings(max_examples=60, deadline=None)
@given(logs())
def test_a_sweep_says_nothing_else_than_the_next_event_would(entries: list[Entered]) -> None:
    sweeps_alike(entries)


def held_too_late() -> list[Entered]:
    log = Log()
    log.arrested()
    log.says("odpp", "court.hearing_scheduled", court="magistrates", hearing=HEARING, next_on="2024-03-12")
    log.now += timedelta(days=30)
    log.says("bpd", "court.hearing_held", court="magistrates", hearing=HEARING)
    return log.entries


def test_the_law_of_sweeps_has_something_to_say_and_catches_a_decision_that_overlooks_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sweeps_alike(held_too_late()) == 1
    monkeypatch.setattr(deciding, "_due", lambda *_: ())
    with pytest.raises(AssertionError):
        sweeps_alike(held_too_late())


def test_what_was_swept_too_early_is_closed_by_the_event_that_was_on_its_way() -> None:
    log = Log()
    log.arrested()
    log.says("odpp", "court.hearing_scheduled", court="magistrates", hearing=HEARING, next_on="2024-03-12")
    (pending,) = decide(CASE, (), log.entries).standing
    log.says("bpd", "court.hearing_held", court="magistrates", hearing=HEARING)
    late = log.entries[2:]
    assert decide(CASE, log.entries[:2], late).decisions == []
    (closed,) = decide(CASE, log.entries[:2], late, {pending.finding: pending.answered_n}).decisions
    assert isinstance(closed, ClosedFinding)


def test_what_was_swept_too_early_and_ruled_on_is_closed_once() -> None:
    log = Log()
    log.arrested()
    log.says("odpp", "court.hearing_scheduled", court="magistrates", hearing=HEARING, next_on="2024-03-12")
    (pending,) = decide(CASE, (), log.entries).standing
    log.rules(pending.finding)
    log.says("bpd", "suspect.identified")
    found = decide(CASE, log.entries[:2], log.entries[2:], {pending.finding: pending.answered_n}).decisions
    assert [type(each) for each in found] == [ClosedFinding]


def test_a_finding_happened_when_the_last_of_its_records_did() -> None:
    (found,) = log_of((died(**day("2024-02-10")), arrested(**day("2024-02-11")))).standing()
    assert found.happened is not None
    assert found.happened.first_day.isoformat() == "2024-02-11"


def test_a_finding_is_open_since_the_last_word_that_stands_in_a_record_was_heard() -> None:
    log = Log()
    filed = log.charged()
    log.corrects(filed, log.corrects(filed, offence="tip_labour"), offence="tip_other")
    assert [each.opens_at for each in log.standing()] == [log.now]


def test_who_was_a_victim_in_another_case_is_none_of_this_one_by_being_one_with_its_suspect() -> None:
    suspect, victim = sorted((SUSPECT, VICTIM))
    log = log_of((arrested(person=suspect), merged("bpd", victim, suspect)))
    mistaken = log.identified(person=victim)
    assert log.codes()[-1] == "victim_is_suspect"
    log.corrects(mistaken, case=OTHER_CASE)
    assert log.codes() == []


def test_a_hearing_that_was_missed_is_not_where_it_was_corrected_to_a_day_that_is_to_come() -> None:
    log = Log()
    log.arrested()
    said = {"court": "magistrates", "hearing": HEARING, "next_on": "2024-03-12"}
    down = log.says("odpp", "court.hearing_scheduled", **said)
    log.says("bpd", "suspect.identified", after=timedelta(days=20))
    log.corrects(down, next_on="2024-04-12")
    assert told(log.outcome()) == [("opened", "hearing_missed"), ("corrected", "hearing_missed")]


def test_a_finding_opens_closes_and_opens_again_as_events_come() -> None:
    log = story()
    log.retracts(log.entries[1].event)
    assert told(log.outcome()) == [
        ("opened", "charged_without_arrest"),
        ("later_event", "charged_without_arrest"),
        ("opened", "charged_without_arrest"),
    ]
    log.retracts(log.entries[0].event)
    assert told(log.outcome())[-1] == ("corrected", "charged_without_arrest")


def test_a_ruling_settles_a_finding_until_it_is_taken_back() -> None:
    log = Log()
    log.charged()
    (standing,) = log.standing()
    ruling = log.rules(standing.finding)
    assert told(log.outcome())[-1] == ("ruled", "charged_without_arrest")
    log.retracts(ruling)
    assert told(log.outcome())[-1] == ("opened", "charged_without_arrest")


def test_a_ruling_holds_under_whatever_id_its_finding_turns_out_to_have() -> None:
    log = Log()
    log.charged()
    (standing,) = log.standing()
    log.rules(standing.finding)
    smaller = mint(Kind.ACTIVITY, bytes(16))
    merge = {"activity": standing.finding, "same_as": smaller, "reason": "same_record", "_subject": standing.finding}
    log.add("bpd", "activity.merged", merge)
    assert told(log.outcome())[-1] == ("ruled", "charged_without_arrest")


def test_cases_that_are_one_have_one_finding_and_a_ruling_on_the_other_holds() -> None:
    """The larger id is empty from the merge on; the smaller counts what names either."""
    log = Log(case=OTHER_CASE)
    charge = log.charged()
    finding = finding_of("charged_without_arrest", OTHER_CASE, charge.ref)
    assert [each.finding for each in decide(OTHER_CASE, (), log.entries).standing] == [finding]
    merge = {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record", "_subject": CASE}
    log.add("bpd", "case.merged", merge)
    gone = decide(OTHER_CASE, (), log.entries)
    assert told(gone)[-1] == ("merged", "charged_without_arrest")
    kept = decide(CASE, (), log.entries)
    assert [each.finding for each in kept.standing] == [finding_of("charged_without_arrest", CASE, charge.ref)]
    log.rules(finding)
    assert told(decide(CASE, (), log.entries))[-1] == ("ruled", "charged_without_arrest")
    log.retracts(log.entries[1].event)
    assert told(decide(OTHER_CASE, (), log.entries))[-1] != ("opened", "charged_without_arrest")


def test_a_merge_that_is_taken_back_leaves_each_case_its_own() -> None:
    log = Log(case=OTHER_CASE)
    log.charged()
    merge = {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record", "_subject": CASE}
    log.retracts(log.add("bpd", "case.merged", merge))
    code = "charged_without_arrest"
    assert told(decide(OTHER_CASE, (), log.entries)) == [("opened", code), ("merged", code), ("opened", code)]
    assert told(decide(CASE, (), log.entries)) == [("opened", code), ("corrected", code)]


@pytest.mark.parametrize("arrested_here", [True, False])
def test_persons_who_are_one_settle_what_names_either_here_or_in_another_case(*, arrested_here: bool) -> None:
    log = Log()
    other = an_id(Kind.PERSON, "the same")
    log.charged()
    if arrested_here:
        log.arrested(person=other)
    assert log.codes() == ["charged_without_arrest"]
    one, two = sorted((SUSPECT, other))
    merge = {"person": one, "same_as": two, "reason": "same_documents"}
    log.add("bpd", "person.merged", merge)
    assert told(log.outcome())[-1] == ("merged", "charged_without_arrest")


def test_what_was_corrected_away_to_another_case_is_none_of_this_one() -> None:
    log = Log()
    charge = log.charged()
    data = {**charge.data.model_dump(mode="json", exclude_none=True, exclude_defaults=True), "case": OTHER_CASE}
    said = {"reason": "entry_error", "type": charge.type, "data": data, "_subject": SUSPECT, "_supersedes": charge.ref}
    log.add("bpd", "event.corrected", said)
    assert told(log.outcome()) == [("opened", "charged_without_arrest"), ("corrected", "charged_without_arrest")]


def test_a_service_acts_on_nothing_that_a_service_decided() -> None:
    log = Log()
    log.charged()
    ours = [case_decision_event(each, VERSION) for each in log.outcome().decisions]
    from_log = [Entered(5, START + timedelta(hours=1), decode(each.value)) for each in ours]
    assert decide(CASE, log.entries, from_log).decisions == []


def test_victims_are_not_in_what_is_published_but_by_their_ids() -> None:
    log = Log()
    log.identified()
    log.arrested(person=VICTIM)
    (decision,) = log.outcome().decisions
    assert set(decision.standing.persons) == {VICTIM}
