"""Edges that small changes to the folds slipped through: equality, the last day, the one that is left out."""

from datetime import date

import pytest

from schemas.ids import Kind, bits
from services.reporting.domain.figures import committees_partners_and_population
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger.entity import entity_known_at, known_at_each
from tests.unit.reporting.figures_of_events import Said, reading
from tests.unit.reporting.samples import an_id, case, event_id, person, raw, row
from tests.unit.reporting.test_referrals import identified, moved, of, sent, times_of
from tests.unit.reporting.traps.justice import appeal, charge, committed, died, verdict
from tests.unit.reporting.traps.protection import left, placed
from tests.unit.reporting.traps.test_o1_o2_o7_cases import amounts, opened
from tests.unit.reporting.traps.test_r18_r21_courts import heard, scheduled

VERSIONS_TWO = (
    "O3 O4 O5 O6a O6b O7 O9 O10 O11 O12 O13a O13b O14a O14b O15a O15b O16 O19a O22a O22b O23 O24a O24b O24c O24d "
    "O25b O27a O27b O28 O32a O32b P1a P1b P1c P1d P1e P1f P11a R5a R5b R5c R7b R7d "
    "R10e R10f R10g R10h R11b R12 R13a R13b R14c R19a R19d R22c R22d R22e R22f R23f R23g R23h R25b R26 R27b "
    "T12 T13 T14 T15 T16 T18 T19"
)


def test_a_hearing_set_down_for_the_very_day_on_which_it_was_held_is_not_waited_for() -> None:
    events = scheduled("2024-02-01", "2024-06-11"), heard("hearing_held", "2024-06-11")
    again = heard("adjourned", "2024-06-11", next_on="2024-06-11")
    assert reading("R18c", "2024", *events, again).amount == 0
    assert reading("R18c", "2024", *events, heard("adjourned", "2024-06-11", next_on="2024-06-12")).amount == 1


def test_on_the_last_day_of_a_placement_the_person_was_there_and_at_its_end_no_longer_is() -> None:
    events = placed(1, 1, "2024-03-05", "victim"), left(1, 1, "2024-03-29")
    days = "2024-03-28", "2024-03-29", "2024-03-30"
    assert [reading("O24b", day, *events).amount for day in days] == [1, 1, 0]
    assert [reading("O24d", day, *events).amount for day in days] == [1, 0, 0]


@pytest.mark.parametrize("status", ["undetermined", "not_a_victim"])
@pytest.mark.parametrize("number", ["O32a", "O32b"])
def test_whoever_is_held_to_be_no_victim_or_was_not_determined_is_counted_as_none(number: str, status: str) -> None:
    decided: Said = "victim.status_changed", {"person": person(1), "status": status}, "2024-06-01", "bpd"
    assert reading(number, "2024", identified(1, "2024-02-01"), decided).amount == 0
    assert reading(number, "2024-01..2024-05", identified(1, "2024-02-01"), decided).amount == 1


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("O6a", ("screening.completed", {"screening": an_id(Kind.ACTIVITY, 1), "count": 9})),
        ("O27a", ("labour.inspection_completed", {"inspection": an_id(Kind.ACTIVITY, 1), "count": 9})),
    ],
)
def test_an_estimate_is_no_exact_number(number: str, said: tuple[str, dict[str, object]]) -> None:
    name, data = said
    agency = "bpd" if number == "O6a" else "labour"
    found = reading(number, "2024", (name, {**data, "count_basis": "estimate"}, "2024-03-01", agency))
    assert (found.amount, found.unknown, found.value) == (0, 1, None)


def test_a_census_holds_from_its_very_day() -> None:
    day = committees_partners_and_population.CENSUSES[0].day
    assert committees_partners_and_population.census_on(day) is committees_partners_and_population.CENSUSES[0]
    assert committees_partners_and_population.census_on(day.replace(day=day.day - 1)) is None
    assert (
        committees_partners_and_population.census_on(date(2024, 12, 31))
        is committees_partners_and_population.CENSUSES[-1]
    )


def test_the_death_of_one_of_two_accused_ends_no_case() -> None:
    begun = opened(1, "2024-01-10")
    filed = tuple(
        (name, {**data, "case": case(1)}, when)
        for name, data, when in (charge(1, 1, "2024-02-01"), charge(2, 2, "2024-02-01"))
    )
    one = (died(1, "2024-03-01")[0], {"person": person(1), "cases": [case(1)]}, "2024-03-01")
    assert amounts("O7", begun, *filed, one, periods=("2024",)) == [1]
    other = (one[0], {"person": person(2), "cases": [case(1)]}, "2024-04-01")
    assert amounts("O7", begun, *filed, one, other, periods=("2024",)) == [0]


def test_a_retrial_of_another_charge_ends_no_wait_for_a_sentence() -> None:
    guilty = verdict(1, 1, "2024-03-01")
    other = verdict(2, 1, "2024-03-01"), appeal(2, 1, "2024-05-01", "retrial_ordered")
    assert reading("T15", "2024", guilty).under_way == 1
    assert reading("T15", "2024", guilty, *other).under_way == 1


def test_a_retrial_has_a_verdict_of_its_own_and_the_sentence_before_it_is_of_the_first() -> None:
    first, again = verdict(1, 1, "2024-03-01"), verdict(1, 1, "2024-09-01")
    sentence: Said = (
        "sentence.imposed",
        {
            "person": person(1),
            "sentence": an_id(Kind.SENTENCE, 1),
            "charges": [an_id(Kind.CHARGE, 1)],
            "kinds": ["fine"],
        },
        "2024-10-01",
        "odpp",
    )
    events = first, appeal(1, 1, "2024-05-01", "retrial_ordered"), again, sentence
    assert reading("T15", "2024", *events).few_durations == [30]


def test_an_undated_word_that_settles_nothing_is_no_undated_decision() -> None:
    undated: Said = "victim.status_changed", {"person": person(1), "status": "potential"}, "", "dhs"
    assert reading("T2", "2024", identified(1, "2024-02-01"), undated).undated == 0
    settled: Said = "victim.status_changed", {"person": person(1), "status": "confirmed"}, "", "dhs"
    assert reading("T2", "2024", identified(1, "2024-02-01"), settled).undated == 1


def test_a_referral_that_nobody_sent_was_sent_at_no_time_and_comes_last() -> None:
    accepted = moved("accepted", 1, "2024-01-03T09:00")
    assert times_of("T3", "2024", identified(1, "2024-01-01"), accepted) == ([], 1)
    both = identified(1, "2024-01-01"), accepted, sent(2, "2024-01-05T09:00")
    assert times_of("T3", "2024", *both) == ([4], 0)
    onward = moved("referred_onward", 1, "2024-01-04T09:00", next_referral=of(2, 1)["referral"], reason="safety")
    need = sent(2, "2024-01-05T09:00", service_types=["medical"], previous_referral=of(1, 1)["referral"])
    found = reading("R4a", "2024", accepted, onward, need)
    assert (found.amount, found.undated) == (1, 0)


def test_a_finding_of_another_code_keeps_no_move_of_the_person_waiting() -> None:
    move = sent(1, "2024-01-02T09:00"), moved("accepted", 1, "2024-01-03T09:00")
    records = [f"{agency}/register/{event_id(1)}" for agency in ("bpd", "hti")]
    data = {
        "finding": an_id(Kind.ACTIVITY, 1),
        "code": "victim_unprotected",
        "severity": "critical",
        "names": [person(1)],
        "records": records,
        "answered_n": 1,
    }
    other: Said = "finding.opened", data, "2024-01-04T09:00", "referral"
    assert reading("R2c", "2024", *move, other).amount == reading("R2c", "2024", *move).amount == 1
    waits: Said = "finding.opened", data | {"code": "move_without_predecessor"}, "2024-01-04T09:00", "referral"
    assert reading("R2c", "2024", *move, waits).amount == 0


def test_of_an_entity_with_one_row_everything_is_known_from_that_number_on() -> None:
    only = row(raw("victim.identified", 1, {"person": person(1), "status": "suspected"}), n=1, entity=bits(person(1)))
    first, then = known_at_each(person(1), [only], (1, 2))
    assert first.state == entity_known_at(person(1), [only], 1).state != {}
    assert then is first


def test_the_figures_whose_definition_changed_say_so_by_their_version() -> None:
    changed = {number for number, figure in FIGURES.items() if figure.version == 2}
    assert changed == set(VERSIONS_TWO.split())
    assert {figure.version for figure in FIGURES.values()} == {1, 2}


def test_a_committal_on_the_day_of_the_arrest_may_come_of_it() -> None:
    data = {"person": person(1), "arrest": an_id(Kind.ARREST, 1)}
    events: tuple[Said, ...] = (("arrest.made", data, "2024-02-01", "bpd"), (*committed(1, 1, "2024-02-01"), "odpp"))
    assert reading("O10", "2024", *events).amount == 1


def test_a_meeting_that_is_no_summit_has_no_representatives_and_no_bodies_of_a_summit() -> None:
    data = {
        "meeting": an_id(Kind.ACTIVITY, 1),
        "orgs": ["bpd", "dhs"],
        "attendees_n": 14,
        "attendee_group": "government",
    }
    for kind, found in (("summit", [14, 1, 2]), ("forum", [0, 0, 0])):
        held: Said = "coordination.meeting_held", {**data, "kind": kind}, "2024-05-02", "council"
        assert [reading(number, "2024", held).amount for number in ("M6a", "M6b", "M6c")] == found
