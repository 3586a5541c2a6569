"""R1, R3 and R5: from a screening over referrals to a plan that is completed, each step of one cohort."""

from types import SimpleNamespace

from schemas.codebook.referral import RefusedBy
from schemas.ids import Kind
from services.reporting.domain.figures.protection import screened_persons
from services.reporting.domain.figures.referral import attempt, folds, state, victim_path
from tests.unit.reporting.figures_of_events import Said, first_to_begin, holds_only_by, last_of_all, reading
from tests.unit.reporting.samples import activity, an_id, person
from tests.unit.reporting.traps.protection import identified, service


def screening(number: int, when: str, *who: int, agency: str = "bpd", **said: object) -> Said:
    persons = [person(each) for each in who]
    return "screening.completed", {"screening": activity(number), "persons": persons, **said}, when, agency


def need(number: int, when: str, *kinds: str) -> Said:
    data = {"person": person(1), "need": an_id(Kind.NEED, number), "service_types": list(kinds)}
    return "need.assessed", data, when, "dhs"


def plan(when: str, *kinds: str, needs: tuple[int, ...] = (), who: int = 1) -> Said:
    data = {"person": person(who), "needs": [an_id(Kind.NEED, each) for each in needs], "service_types": list(kinds)}
    return "plan.approved", data, when, "dhs"


def declined(number: int, when: str, by: str, who: int = 1, agency: str = "dhs") -> Said:
    data = {"person": person(who), "service": an_id(Kind.SERVICE, number), "service_type": "shelter"}
    return "service.declined", data | {"provider": "dhs", "refused_by": by}, when, agency


def sent(number: int, when: str, *kinds: str, need: int | None = None) -> Said:
    data = {"person": person(1), "referral": an_id(Kind.REFERRAL, number), "service_types": list(kinds)}
    data |= {} if need is None else {"need": an_id(Kind.NEED, need)}
    return "referral.sent", data | {"from_agency": "dhs", "to_agency": "hti", "urgency": "soon"}, when, "dhs"


def moved(name: str, number: int, when: str) -> Said:
    return f"referral.{name}", {"person": person(1), "referral": an_id(Kind.REFERRAL, number)}, when, "hti"


def amounts(period: str, numbers: str, *events: Said) -> list[int]:
    row, letters = numbers[:2], numbers[2:]
    return [reading(f"{row}{letter}", period, *events).amount for letter in letters]


def test_r5_a_cohort_is_of_the_first_screening_and_a_batch_is_in_none() -> None:
    events = (
        screening(1, "2023-12-10", 1, outcome="no_indicators"),
        screening(2, "2024-03-02", 1, 2, outcome="indicators"),
        screening(3, "2024-03-02", 3, outcome="referred"),
        ("screening.completed", {"screening": activity(4), "count": 40, "count_basis": "persons"}, "2024-03-02"),
        identified(2, "2025-01-07"),
    )
    assert amounts("2023", "R5abc", *events) == [1, 1, 0]
    assert amounts("2024", "R5abc", *events) == [2, 2, 1]


def test_r5_what_a_requester_tells_of_a_screening_is_not_what_was_found() -> None:
    def check() -> None:
        events = (
            screening(1, "2024-03-02", 1, requested_by="immigration", outcome="no_indicators"),
            screening(1, "2024-03-03", 1, agency="immigration", requested_by="immigration", outcome="indicators"),
        )
        assert amounts("2024", "R5abc", *events) == [1, 0, 0]

    holds_only_by((screened_persons, "counted_screening"), last_of_all, check)


def test_r1_r5_a_first_that_may_have_been_at_any_time_was_no_later_than_what_is_known() -> None:
    def check() -> None:
        screened_twice = screening(1, "2024", 1), screening(2, "2024-03-02", 1, agency="dhs")
        assert [amounts(period, "R5a", *screened_twice) for period in ("2024-01..2024-06", "2024-03")] == [[1], [0]]

    def check_identified() -> None:
        found = identified(1, "2024"), identified(1, "2024-03-10")
        assert [amounts(period, "R1a", *found) for period in ("2024-01..2024-06", "2024-03")] == [[1], [0]]
        assert amounts("2024-01..2024-06", "R1a", *found[:1]) == [0]

    holds_only_by((screened_persons, "first_of"), first_to_begin, check)
    holds_only_by((victim_path, "first_of"), first_to_begin, check_identified)


def test_r1g_only_who_did_not_want_it_and_was_given_nothing_declined() -> None:
    def check() -> None:
        events = (
            identified(1, "2024-02-01"), declined(1, "2024-02-05", "person", who=1),
            identified(2, "2024-02-01"), declined(2, "2024-02-05", "provider", who=2),
            identified(3, "2024-02-01"), declined(3, "2024-02-05", "person", who=3), service(4, 3, "2025-01-10"),
            declined(5, "2024-02-05", "person", who=4),
            identified(5, "2024-02-01"), declined(6, "2024-02-05", "provider", who=5),
        )  # fmt: skip
        assert amounts("2024", "R1afg", *events) == [4, 1, 1]

    holds_only_by((folds, "RefusedBy"), SimpleNamespace(PERSON=RefusedBy.PROVIDER), check)


def test_r1g_a_witness_of_what_was_declined_does_not_say_why() -> None:
    events = identified(1, "2024-02-01"), declined(1, "2024-02-05", "person", agency="hti")
    assert amounts("2024", "R1g", *events) == [1]
    assert amounts("2024", "R1g", *events, declined(1, "2024-02-04", "provider")) == [0]


NEEDY: tuple[Said, ...] = (
    identified(1, "2024-02-01"),
    need(1, "2024-02-02", "medical", "counselling"),
    need(2, "2024-02-02", "shelter"),
)


def test_r1i_every_kind_of_service_that_is_needed_must_be_taken_on() -> None:
    one = sent(1, "2024-02-03", "medical", need=1), moved("accepted", 1, "2024-02-04")
    two = sent(2, "2024-02-03", need=2), moved("accepted", 2, "2024-02-04")
    three = sent(3, "2024-02-03", "counselling"), moved("accepted", 3, "2024-02-04")
    assert amounts("2024", "R1hi", *NEEDY) == [1, 0]
    assert amounts("2024", "R1hi", *NEEDY, *one, *two) == [1, 0]
    assert amounts("2024", "R1hi", *NEEDY, *one, *two, *three) == [1, 1]
    assert amounts("2024", "R1hi", *NEEDY, *one, *two, *three[:1]) == [1, 0]
    # Of somebody of whom nothing was assessed it is not known what they need.
    assert amounts("2024", "R1hi", *NEEDY[:1], *one, *two, *three) == [0, 0]


def test_r1i_what_was_given_away_again_is_not_taken_on() -> None:
    def check() -> None:
        events = (
            identified(1, "2024-02-01"), need(1, "2024-02-02", "medical"),
            sent(1, "2024-02-03", "medical"), moved("accepted", 1, "2024-02-04"), moved("handed_back", 1, "2024-02-09"),
        )  # fmt: skip
        assert amounts("2024", "R1ei", *events) == [1, 0]

    holds_only_by((attempt.AttemptCourse, "taken_on"), lambda course: course.accepted, check)


def test_r1k_a_plan_is_completed_by_what_was_provided_since() -> None:
    def check() -> None:
        first = identified(1, "2024-02-01"), service(1, 1, "2024-02-02", "medical"), plan("2024-03-01", "medical")
        assert amounts("2024", "R1jk", *first) == [1, 0]
        assert amounts("2024", "R1jk", *first, service(2, 1, "2025-04-02", "medical")) == [1, 1]

    holds_only_by((victim_path, "after"), lambda _, times: times, check)


def test_r1k_the_last_plan_and_all_that_it_names() -> None:
    begun = identified(1, "2024-02-01"), plan("2024-03-01", "medical"), service(1, 1, "2024-03-02", "medical")
    again = *begun, plan("2024-05-01", "skills", needs=(1,))
    assert amounts("2024", "R1jk", *begun) == [1, 1]
    assert amounts("2024", "R1jk", *again) == [1, 0]
    assert amounts("2024", "R1k", *again, service(2, 1, "2024-06-02", "skills")) == [0]
    assert amounts("2024", "R1k", *again, service(2, 1, "2024-06-02", "skills", need=an_id(Kind.NEED, 1))) == [1]
    through = sent(1, "2024-05-02", need=1), service(2, 1, "2024-06-02", "skills", referral=an_id(Kind.REFERRAL, 1))
    assert amounts("2024", "R1k", *again, *through) == [1]
    assert amounts("2024", "R1jk", identified(1, "2024-02-01"), plan("2024-03-01")) == [1, 0]


def test_r1k_a_service_that_names_no_need_meets_one_that_it_is_of_a_kind_for() -> None:
    def check() -> None:
        planned = *NEEDY, plan("2024-03-01", needs=(1, 2)), service(1, 1, "2024-03-02", "shelter")
        assert amounts("2024", "R1k", *planned) == [0]
        assert amounts("2024", "R1k", *planned, service(2, 1, "2024-03-03", "skills")) == [0]
        assert amounts("2024", "R1k", *planned, service(2, 1, "2024-03-03", "medical")) == [1]
        other = service(2, 1, "2024-03-03", "medical", need=an_id(Kind.NEED, 2))
        assert amounts("2024", "R1k", *planned, other) == [0]

    holds_only_by((victim_path, "_is_for"), lambda need, each, _: each.need == need, check)


def test_r3i_a_referral_led_to_a_service_only_if_it_was_accepted_before() -> None:
    def check() -> None:
        asked = sent(1, "2024-02-03", "medical"), service(1, 1, "2024-02-02", "medical")
        accepted = moved("accepted", 1, "2024-02-04")
        assert amounts("2024", "R3ai", *asked, accepted) == [1, 0]
        assert amounts("2024", "R3ai", *asked, service(2, 1, "2025-02-02", "medical")) == [0, 0]
        assert amounts("2024", "R3ai", *asked, accepted, service(2, 1, "2025-02-02", "medical")) == [1, 1]
        assert amounts("2024", "R3ai", *asked, accepted, service(2, 1, "2025-02-02", "skills")) == [1, 0]

    holds_only_by((state.ReferralRecord, "services_on"), lambda referred, _: referred.services.values(), check)
