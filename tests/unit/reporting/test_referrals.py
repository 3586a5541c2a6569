"""Figures of referrals: counts and times with numbers worked out by hand, and against the events in any history."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from schemas.codec import decode
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.figures.referral import attempt, durations, folds, late, moves_in_period, needs, state
from services.reporting.domain.rates import RATES, Variant, rate
from tests.unit.reporting.figures_of_events import Said, by, first_to_begin, holds_only_by, reading, readings, unweighed
from tests.unit.reporting.folds_and_oracle import agrees
from tests.unit.reporting.samples import REFERRALS, an_id, at, event_id, histories, periods, person
from tests.unit.reporting.test_fold import all_cells

SEARCH = settings(max_examples=600, derandomize=True, report_multiple_bugs=False, phases=[Phase.generate])


def sent(number: int, when: str, to: str = "hti", agency: str = "dhs", who: int = 1, **more: object) -> Said:
    data = {**of(number, who), "from_agency": agency, "to_agency": to, "urgency": "soon", **more}
    return "referral.sent", data, when, agency


def moved(name: str, number: int, when: str, agency: str = "hti", who: int = 1, **more: object) -> Said:
    return f"referral.{name}", {**of(number, who), **more}, when, agency


def taken_back(name: str, number: int, when: str, agency: str = "dhs") -> Said:
    return f"referral.{name}", {**of(number, 1), "from_agency": agency}, when, agency


def decision(name: str, number: int, when: str, **more: object) -> Said:
    versions = {"code_version": "5d0c1f3a9b7e", "policy_version": "91e6b2d4c8f0"}
    data = {**of(number, 1), "answered_n": 1, "decided_at": "2024-03-01T12:00:00-06:00", **versions, **more}
    return f"referral.{name}", data, when, "referral"


def of(number: int, who: int) -> dict[str, str]:
    return {"person": person(who), "referral": an_id(Kind.REFERRAL, number)}


def need(number: int) -> str:
    return an_id(Kind.NEED, number)


def served(number: int, when: str, kind: str = "medical", **more: object) -> Said:
    data = {"person": person(1), "service": an_id(Kind.SERVICE, number), "service_type": kind, "provider": "dhs"}
    return "service.provided", data | more, when, "dhs"


def identified(who: int, when: str, status: str = "suspected") -> Said:
    return "victim.identified", {"person": person(who), "status": status}, when, "bpd"


def decided(who: int, when: str, status: str) -> Said:
    return "victim.status_changed", {"person": person(who), "status": status}, when, "bpd"


def amounts(period: str, events: Sequence[Said], *numbers: str) -> list[int]:
    return [reading(number, period, *events).amount for number in numbers]


def times_of(number: str, period: str, *events: Said) -> tuple[list[int] | None, int]:
    found = reading(number, period, *events)
    return found.few_durations, found.under_way


THREE_ATTEMPTS: tuple[Said, ...] = (
    sent(1, "2024-01-25T10:10", "love_foundation", need=need(1), service_types=["counselling"]),
    moved("rejected", 1, "2024-01-25T14:20", "love_foundation", reason="no_capacity", refused_by="provider"),
    sent(2, "2024-01-26T09:10", "cdf", previous_referral=an_id(Kind.REFERRAL, 1), service_types=["counselling"]),
    moved("accepted", 2, "2024-01-26T13:15", "cdf"),
    moved("handed_back", 2, "2024-01-30T11:00", "cdf", reason="other_service_needed"),
    sent(3, "2024-01-30T13:10", "hti", need=need(1), service_types=["counselling"]),
    moved("received", 3, "2024-01-30T13:40"),
    moved("accepted", 3, "2024-01-31T08:50"),
    moved("completed", 3, "2024-04-30T16:10"),
)
"""One need: no room, handed back, and met at last."""


def test_r2_each_attempt_is_a_referral_and_each_move_counts_on_its_own_day() -> None:
    assert amounts("2024", THREE_ATTEMPTS, "R2a", "R2b", "R2c", "R2d", "R2e", "R2g") == [3, 3, 2, 1, 1, 1]
    assert amounts("2024-01", THREE_ATTEMPTS, "R2a", "R2b", "R2c", "R2d", "R2e", "R2g") == [3, 3, 2, 1, 1, 0]
    assert by(readings("R2d", "2024", *THREE_ATTEMPTS, by=("reason", "refused_by"))) == {("no_capacity", "provider"): 1}
    assert by(readings("R2b", "2024", *THREE_ATTEMPTS, by=("answer",))) == {("accepted",): 2, ("rejected",): 1}
    assert by(readings("R2c", "2024", *THREE_ATTEMPTS, by=("to_agency",))) == {("cdf",): 1, ("hti",): 1}


def test_r2_sent_onward_failed_and_cancelled_are_three_ends() -> None:
    events = (
        sent(1, "2024-04-02T10:10", "iom"), moved("accepted", 1, "2024-04-03T09:20", "iom"),
        moved("referred_onward", 1, "2024-04-09T10:20", "iom", next_referral=an_id(Kind.REFERRAL, 2)),
        sent(2, "2024-04-09T10:05", "mohw", "iom"), moved("accepted", 2, "2024-04-09T14:00", "mohw"),
        moved("failed", 2, "2024-05-02T12:00", "mohw", reason="person_moved"),
        sent(3, "2024-06-01T09:00"), taken_back("cancelled", 3, "2024-06-02T09:00"),
    )  # fmt: skip
    assert amounts("2024", events, "R2a", "R2f", "R2h", "R2i", "R2g") == [3, 1, 1, 1, 0]
    # The one sent onward and the one that it led to are for one need, which has failed and is not open.
    assert amounts("2024", events, "R4a", "R4b", "R4c") == [2, 1, 0]


def test_r2_what_was_entered_in_error_is_no_referral() -> None:
    def check() -> None:
        events = sent(1, "2024-02-20T09:05"), taken_back("entered_in_error", 1, "2024-02-20T09:30")
        assert amounts("2024", events, "R2a", "R2j", "R3f", "R4a") == [0, 0, 0, 0]
        assert times_of("T4", "2024", *events) == ([], 0)

    holds_only_by((attempt, "MISTAKEN"), "no such move", check)


def test_r2_a_second_acceptance_that_was_refused_does_not_count() -> None:
    """The decision is read and none is made: without it both would have answered."""
    loser = f"hti/register/{event_id(2)}"
    contest = (
        sent(1, "2024-05-01T16:05", "mohw"),
        decision("assigned", 1, "2024-05-01T16:10", holder="hti"),
        moved("accepted", 1, "2024-05-01T16:30"),
        moved("accepted", 1, "2024-05-01T16:50", "mohw"),
    )
    refused = decision("move_refused", 1, "2024-05-01T17:30", move=loser, reason="taken_by_another")
    assert times_of("T4", "2024", *contest, refused) == ([45], 0)
    assert times_of("T4", "2024", *contest) == ([25], 0)


def test_r2_whoever_lost_and_holds_it_after_all_has_answered() -> None:
    """The winner's acceptance was taken back, and the service has decided again."""
    events = (
        sent(1, "2024-05-01T16:05", "mohw"),
        moved("accepted", 1, "2024-05-01T16:30"),
        decision("move_refused", 1, "2024-05-01T16:31", move=f"hti/register/{event_id(1)}", reason="taken_by_another"),
        decision("assigned", 1, "2024-05-01T18:00", holder="hti", standing=[f"hti/register/{event_id(1)}"]),
    )
    assert amounts("2024", events, "R2c", "R3f") == [1, 0]
    assert amounts("2024", events[:-1], "R2c", "R3f") == [0, 1]


@pytest.mark.parametrize(("refused_n", "standing_n", "stands"), [(3, 4, 1), (4, 3, 0), (3, 3, 1)])
def test_r2_of_two_words_on_a_move_the_one_that_answers_more_counts_and_of_equal_ones_the_later(
    refused_n: int, standing_n: int, stands: int
) -> None:
    move = f"hti/register/{event_id(1)}"
    events = (
        sent(1, "2024-05-01T16:05", "hti"),
        moved("accepted", 1, "2024-05-01T16:30"),
        decision("move_refused", 1, "2024-05-01T17:00", move=move, reason="not_open", answered_n=refused_n),
        decision("assigned", 1, "2024-05-01T18:00", holder="hti", standing=[move], answered_n=standing_n),
    )
    assert amounts("2024", events, "R2c") == [stands]


def test_r2_what_was_not_let_go_for_want_of_consent_is_no_referral() -> None:
    refused = decision(
        "move_refused", 1, "2024-05-01T16:06", move=f"dhs/register/{event_id(0)}", reason="consent_missing"
    )
    assert amounts("2024", (sent(1, "2024-05-01T16:05"), refused), "R2a", "R2j", "R3f", "R4a") == [0, 0, 0, 0]
    assert times_of("T4", "2024", sent(1, "2024-05-01T16:05"), refused) == ([], 0)


def test_r2_who_was_not_asked_cannot_answer_but_the_one_on_call_can() -> None:
    def check() -> None:
        asked = sent(1, "2024-05-01T16:05", "mohw"), moved("accepted", 1, "2024-05-01T16:30")
        assert amounts("2024", asked, "R2c", "R2j", "R3f") == [0, 1, 1]
        on_call = decision("assigned", 1, "2024-05-01T16:20", holder="hti")
        assert amounts("2024", (*asked, on_call), "R2c", "R3f") == [1, 0]

    holds_only_by((attempt.ReferralAttempt, "_may"), lambda *_: True, check)


def test_r2_a_unit_answers_for_its_agency() -> None:
    def check() -> None:
        events = sent(1, "2024-05-01T16:05", "tip_care_unit", "bpd"), moved("accepted", 1, "2024-05-01T16:30", "dhs")
        assert amounts("2024", events, "R2c") == [1]

    holds_only_by((attempt, "agency_of"), lambda agency: agency, check)


def test_r2j_a_referral_is_in_one_state_at_each_days_end_until_it_ends() -> None:
    events = (
        sent(1, "2024-05-06T08:40"), moved("received", 1, "2024-05-07"), moved("accepted", 1, "2024-05-08"),
        moved("started", 1, "2024-05-10"), moved("put_on_hold", 1, "2024-05-20"), moved("resumed", 1, "2024-06-18"),
        moved("completed", 1, "2024-07-30"),
    )  # fmt: skip
    days = {
        "2024-05-05": {}, "2024-05-06": {("sent",): 1}, "2024-05-07": {("received",): 1},
        "2024-05-09": {("accepted",): 1}, "2024-05-19": {("in_progress",): 1}, "2024-06-17": {("on_hold",): 1},
        "2024-07-29": {("in_progress",): 1}, "2024-07-30": {},
    }  # fmt: skip
    assert {day: by(readings("R2j", day, *events, by=("state",))) for day in days} == days
    assert reading("R2j", "2024", sent(1, "2024-05-06"), moved("rejected", 1, "")).undated == 1


def test_r2j_a_late_word_of_its_receipt_does_not_lead_back() -> None:
    def check() -> None:
        events = sent(1, "2024-05-06"), moved("accepted", 1, "2024-05-08"), moved("received", 1, "2024-05-09")
        assert by(readings("R2j", "2024-05", *events, by=("state",))) == {("accepted",): 1}

    plain: Mapping[str, Any] = {name: (0, held) for name, (_, held) in moves_in_period._OPEN.items()}
    holds_only_by((moves_in_period, "_OPEN"), plain, check)


def test_r2j_what_is_known_of_the_month_only_undoes_no_later_move() -> None:
    begun = sent(1, "2024-05-02"), moved("accepted", 1, "2024-05-03")
    events = *begun, moved("put_on_hold", 1, "2024-05-04"), moved("started", 1, "2024-05")
    assert by(readings("R2j", "2024-05", *events, by=("state",))) == {("on_hold",): 1}
    late = *begun, moved("received", 1, "2024")
    days = {"2024-05-02": {("sent",): 1}, "2024-05": {("accepted",): 1}, "2024": {("accepted",): 1}}
    assert {day: by(readings("R2j", day, *late, by=("state",))) for day in days} == days


def test_r3_what_became_of_those_sent_whenever_it_did() -> None:
    later = sent(4, "2024-12-30T09:00"), moved("accepted", 4, "2025-01-03T09:00"), sent(5, "2024-12-31T09:00")
    events = *THREE_ATTEMPTS, *later
    steps = ("R2a", "R3a", "R3b", "R3c", "R3d", "R3e", "R3f", "R3g", "R3h")
    assert amounts("2024", events, *steps) == [5, 3, 1, 1, 1, 0, 1, 1, 2]
    assert amounts("2025", events, *steps) == [0] * 9


@pytest.mark.parametrize(
    ("variant", "share", "still_open"),
    [
        (Variant.ACCEPTANCE_OF_REFERRALS_ANSWERED, Fraction(2, 3), None),
        (Variant.ACCEPTANCE_OF_REFERRALS_SENT, Fraction(2, 4), Fraction(1, 4)),
        (Variant.REJECTION_OF_REFERRALS_SENT, Fraction(1, 4), Fraction(1, 4)),
        (Variant.COMPLETION_OF_REFERRALS_SENT, Fraction(1, 4), Fraction(1, 4)),
        (Variant.HAND_BACK_OF_REFERRALS_ACCEPTED, Fraction(1, 2), Fraction(0)),
        (Variant.ONWARD_OF_REFERRALS_ACCEPTED, Fraction(0), Fraction(0)),
        (Variant.ACCEPTANCE_OF_NEEDS_REFERRED, Fraction(1, 2), Fraction(1, 2)),
        (Variant.REFERRED_OF_VICTIMS_IDENTIFIED, Fraction(1, 2), None),
        (Variant.SERVED_OF_VICTIMS_IDENTIFIED, Fraction(0), None),
    ],
)
def test_rates_of_referrals_say_what_can_still_change_them(
    variant: Variant, share: Fraction, still_open: Fraction | None
) -> None:
    events = *THREE_ATTEMPTS, sent(4, "2024-12-30T09:00"), identified(1, "2024-01-20"), identified(2, "2024-03-01")
    declared = RATES[variant]
    part, whole = reading(declared.part, "2024", *events), reading(declared.whole, "2024", *events)
    remainder = None if declared.remainder is None else reading(declared.remainder, "2024", *events)
    found = rate(variant, part, whole, remainder)
    assert (found.value, found.open) == (share, still_open)


def test_r4_attempts_for_one_need_are_one_need_and_how_many_they_were() -> None:
    def check() -> None:
        assert amounts("2024", THREE_ATTEMPTS, "R4a", "R4b", "R4c") == [1, 1, 0]
        assert reading("R4d", "2024", *THREE_ATTEMPTS).few_durations == [3]

    holds_only_by((needs, "_named"), lambda _: set(), check)


@pytest.mark.parametrize("day", ["2024-01-10", ""])
def test_r4_attempts_of_one_day_are_in_the_order_of_the_sending_whatever_was_said_of_them_before(day: str) -> None:
    events = (
        sent(1, day, need=need(1)), moved("rejected", 1, "2024-01-11T10:00"),
        moved("received", 2, ""), sent(2, day, need=need(1)), moved("accepted", 2, "2024-02-01T10:00"),
    )  # fmt: skip

    def check() -> None:
        assert reading("R4d", "2024", *events).few_durations == [2]

    holds_only_by((folds, "with_entry"), lambda before, key, value: {key: value} | before | {key: value}, check)


def test_r4_a_need_is_open_until_somebody_keeps_it_or_the_person_does_not_want_it() -> None:
    unmet = THREE_ATTEMPTS[:5]
    assert amounts("2024", unmet, "R4a", "R4b", "R4c") == [1, 0, 1]
    declined = sent(1, "2024-06-20T09:15"), moved("rejected", 1, "2024-06-21T10:00", refused_by="person")
    assert amounts("2024", declined, "R4a", "R4b", "R4c") == [1, 0, 0]
    refused = sent(1, "2024-06-20T09:15"), moved("rejected", 1, "2024-06-21T10:00", reason="out_of_area")
    assert amounts("2024", refused, "R4a", "R4b", "R4c") == [1, 0, 1]


def test_r4_a_first_attempt_that_may_have_been_at_any_time_was_no_later_than_the_next() -> None:
    def check() -> None:
        events = sent(1, "2024", need=need(1)), sent(2, "2024-03-10", need=need(1))
        for period, found in (("2024-01..2024-06", 1), ("2024-03", 0)):
            assert amounts(period, events, "R4a", "R4b", "R4c") == [found, 0, found]

    holds_only_by((needs, "first_of"), first_to_begin, check)


def test_r1_the_way_of_those_first_identified_in_a_period() -> None:
    events = (
        identified(1, "2024-01-20"), identified(1, "2024-06-01", "confirmed"), *THREE_ATTEMPTS, served(1, "2024-02-09"),
        identified(2, "2024-02-01"), decided(2, "2024-03-01", "not_a_victim"),
        identified(3, "2024-02-01"), sent(9, "2024-02-01T12:00", who=3),
        identified(4, "2023-12-31"), identified(4, "2024-01-05"),
    )  # fmt: skip
    assert amounts("2024", events, *(f"R1{letter}" for letter in "abcdef")) == [3, 1, 1, 2, 1, 1]
    assert amounts("2023", events, *(f"R1{letter}" for letter in "abcdef")) == [1, 0, 0, 0, 0, 0]

    def check() -> None:
        assert amounts("2024", events, "R1b") == [1]

    holds_only_by((state, "counting"), lambda _: (), check)


def test_t3_from_identification_to_the_first_referral() -> None:
    events = (
        identified(1, "2024-01-20"), *THREE_ATTEMPTS,
        identified(2, "2024-02-01"),
        identified(3, "2024-02-01"), decided(3, "2024-02-20", "not_a_victim"),
        identified(4, "2024-02-10"), sent(9, "2024-02-01T12:00", who=4),
    )  # fmt: skip
    assert times_of("T3", "2024", *events) == ([5], 1)
    assert times_of("T3", "2024-02-19", *events) == ([], 2)
    assert times_of("T3", "2024-01-22", *events) == ([], 1)


def test_t4_from_sending_to_the_answer_in_minutes() -> None:
    waiting = sent(4, "2024-12-30T09:00"), sent(5, "2024-12-30T09:00"), taken_back("cancelled", 5, "2024-12-31")
    events = *THREE_ATTEMPTS, *waiting
    assert times_of("T4", "2024", *events) == ([245, 250, 1180], 1)
    assert times_of("T4", "2024-12-30", *events) == ([], 2)
    found = {each.dimensions["answer"]: each.few_durations for each in readings("T4", "2024", *events, by=("answer",))}
    assert found == {"accepted": [245, 1180], "rejected": [250], "absent": []}
    by_day = reading("T4", "2024", sent(1, "2024-03-05"), moved("accepted", 1, "2024-03-05T12:00"))
    assert (by_day.few_durations, by_day.unknown) == ([], 1)


def test_t5_of_a_need_across_a_rejection_and_a_hand_back() -> None:
    def check() -> None:
        # From 25 January at 10:10 to the 31st at 8:50: five days, 22 hours and 40 minutes.
        assert times_of("T5", "2024", *THREE_ATTEMPTS) == ([5 * 1440 + 22 * 60 + 40], 0)
        assert times_of("T5", "2024-01-29", *THREE_ATTEMPTS) == ([], 1)

    holds_only_by((attempt, "HANDED_BACK"), "no such move", check)


def test_t5_what_the_person_did_not_want_waits_no_longer() -> None:
    def check() -> None:
        declined = sent(1, "2024-06-20T09:15"), moved("rejected", 1, "2024-06-21T10:00", refused_by="person")
        assert [times_of("T5", day, *declined)[1] for day in ("2024-06-20", "2024-06-21")] == [1, 0]

    holds_only_by((needs, "_given_up"), lambda _: None, check)


def test_t6_from_acceptance_and_from_identification_to_the_first_service() -> None:
    events = (
        identified(1, "2024-01-20"),
        sent(1, "2024-01-25T10:10", service_types=["medical"], need=need(1)),
        moved("accepted", 1, "2024-01-26T10:10"),
        served(1, "2024-01-24", "clothing"),
        served(2, "2024-01-30", "counselling"),
        served(3, "2024-02-05"),
        served(4, "2024-01-29", referral=an_id(Kind.REFERRAL, 2)),
        served(5, "2024-02-01", "counselling", need=need(1)),
    )
    assert times_of("T6a", "2024", *events) == ([6], 0)
    assert times_of("T6a", "2024", *events[:7]) == ([10], 0)
    assert times_of("T6a", "2024", *events[:5]) == ([], 1)
    assert times_of("T6a", "2024", *events[:5], moved("failed", 1, "2024-03-01")) == ([], 0)
    assert times_of("T6b", "2024", *events) == ([4], 0)
    assert times_of("T6b", "2024", served(1, "2024-01-19"), identified(1, "2024-01-20"), served(2, "2024-02-01")) == (
        [], 0,
    )  # fmt: skip

    def check() -> None:
        assert times_of("T6a", "2024", *events) == ([6], 0)

    holds_only_by((state.ReferralRecord, "services_on"), lambda referred, _: referred.services.values(), check)


def test_t7_and_t8_are_two_ends_of_one_wait() -> None:
    events = *THREE_ATTEMPTS, sent(4, "2024-11-01T09:00"), moved("accepted", 4, "2024-11-02T09:00")
    assert times_of("T7", "2024", *events) == ([90], 1)
    assert times_of("T8", "2024", *events) == ([4], 1)
    assert times_of("T7", "2024-01-29", *events) == ([], 1)
    assert times_of("T7", "2024-01-30", *events) == ([], 0)


def test_a_service_told_by_a_partner_has_its_providers_day() -> None:
    def check() -> None:
        partner: Said = ("service.provided", {**served(1, "")[1], "partners": ["hti"]}, "2024-03-01", "hti")
        events = identified(1, "2024-01-20"), served(1, "2024-01-24"), partner
        assert times_of("T6b", "2024", *events) == ([4], 0)

    holds_only_by((folds, "owners_statement"), lambda _, said: said, check)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_that_may_be_the_first_referral_the_one_that_is_known_better_is(*, turned: bool) -> None:
    said = {**of(1, 1), "from_agency": "dhs", "to_agency": "hti"}
    span: Said = ("referral.sent", said, at("2024-01-20", to="2024-01-21"), "dhs")
    both = [span, sent(2, "2024-01-20")]
    found = [identified(1, "2024-01-20"), *(reversed(both) if turned else both)]
    assert times_of("T3", "2024-01-20", *found) == ([0], 0)


NUMBERS = (
    *(f"R1{letter}" for letter in "abcdef"),
    *(f"R2{letter}" for letter in "abcdefghij"),
    *(f"R3{letter}" for letter in "abcdefgh"),
    *("R4a", "R4b", "R4c", "T3", "T4", "T5", "T6a", "T6b", "T7", "T8"),
)


def check(history: Sequence[bytes], period: Period) -> None:
    events = [decode(payload) for payload in history]
    agrees(events, all_cells(events), period, NUMBERS)


@settings(max_examples=300)
@given(histories(most=10, names=REFERRALS), periods())
def test_figures_are_those_of_the_events(history: list[bytes], period: Period) -> None:
    check(history, period)


@pytest.mark.parametrize(
    ("rule", "without", "names"),
    [
        ((attempt.ReferralAttempt, "_may"), lambda *_: True, ("referral.sent", "referral.accepted")),
        (
            (attempt, "_cancelled"),
            lambda moves, _: next((move for move in moves if move.name == "cancelled"), None),
            ("referral.accepted", "referral.cancelled"),
        ),
        ((needs, "_named"), lambda _: set(), ("referral.sent", "referral.referred_onward")),
        ((needs, "_given_up"), lambda _: None, ("referral.sent", "referral.rejected")),
        ((moves_in_period, "_closings"), lambda _: (), ("referral.sent", "referral.rejected")),
        (
            (state.ReferralRecord, "services_on"),
            lambda referred, _: referred.services.values(),
            ("referral.sent", "referral.accepted", "service.provided"),
        ),
        ((durations, "surely_before"), lambda *_: False, ("victim.identified", "referral.sent")),
        ((folds, "owners_statement"), lambda _, said: said, ("victim.identified", "service.provided")),
        ((moves_in_period, "_onward"), lambda steps: [(when, held) for when, _, held in steps], REFERRALS[:8]),
        ((state, "counting"), unweighed, ("victim.identified", "victim.status_changed")),
    ],
)
def test_the_law_catches_the_loss_of_any_rule(
    monkeypatch: pytest.MonkeyPatch, rule: tuple[object, str], without: Callable[..., Any], names: Sequence[str]
) -> None:
    monkeypatch.setattr(*rule, without)

    @SEARCH
    @given(histories(names=names), periods())
    def law(history: list[bytes], period: Period) -> None:
        check(history, period)

    with pytest.raises(AssertionError):
        law()


def escalated(number: int, due: str, reason: str = "not_answered", when: str = "2024-05-03T12:00") -> Said:
    return decision("escalated", number, when, reason=reason, due_at=f"{due}:00-06:00", told=["bpd"])


def test_r25_what_was_late_counts_by_the_day_when_it_was_due_and_is_late_until_it_is_answered() -> None:
    def check() -> None:
        events = (
            sent(1, "2024-04-30T22:00"), escalated(1, "2024-04-30T23:00"), moved("accepted", 1, "2024-05-02T08:00"),
            escalated(1, "2024-05-09T08:00", "not_started", "2024-05-09T08:00"),
            sent(2, "2024-05-01T09:00", "cdf"), escalated(2, "2024-05-01T12:00"),
            sent(3, "2024-05-01T09:00"), moved("accepted", 3, "2024-05-01T10:00"),
        )  # fmt: skip
        late = by(readings("R25a", "2024", *events, by=("reason", "to_agency")))
        assert late == {("not_answered", "hti"): 1, ("not_started", "hti"): 1, ("not_answered", "cdf"): 1}
        assert [reading("R25a", month, *events).amount for month in ("2024-04", "2024-05")] == [1, 2]
        stock = [
            by(readings("R25b", day, *events, by=("to_agency",)))
            for day in ("2024-04-29", "2024-04-30", "2024-05-01", "2024-05-02")
        ]
        assert stock == [{}, {("hti",): 1}, {("hti",): 1, ("cdf",): 1}, {("cdf",): 1}]

    holds_only_by((late, "certain_days"), lambda *_: None, check)


def test_r25_it_is_undated_where_nobody_knows_when_it_was_due_or_answered() -> None:
    nobody_says_when = decision("escalated", 1, "2024-05-03", reason="not_answered", told=["bpd"])
    for said in ((nobody_says_when,), (escalated(1, "2024-05-01T12:00"), moved("accepted", 1, ""))):
        found = reading("R25b", "2024", sent(1, "2024-05-01T09:00"), *said)
        assert (found.amount, found.undated) == (0, 1)


def test_t4_says_since_when_the_oldest_waits_for_each_agency() -> None:
    events = sent(1, "2024-04-30T22:00"), sent(2, "2024-03-05T10:00", "cdf"), sent(3, "2024-05-07T10:00")
    found = reading("T4", "2024-05", *events, moved("accepted", 1, "2024-06-02T08:00"))
    assert (found.under_way, found.oldest) == (3, date(2024, 3, 5))
    assert {
        each.dimensions["to_agency"]: each.oldest for each in readings("T4", "2024-05", *events, by=("to_agency",))
    } == {
        "cdf": date(2024, 3, 5),
        "hti": date(2024, 4, 30),
    }
    assert reading("T4", "2024-02", *events).oldest is None
