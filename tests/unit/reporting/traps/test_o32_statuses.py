"""O32: a status holds from its day on, whose word counts is settled, and who has no identity is counted beside."""

from collections.abc import Iterable, Mapping

import pytest

from schemas.times import Interval
from services.reporting.domain.declaration.figure import Days
from services.reporting.domain.declaration.values_over_time import turns
from services.reporting.domain.facts import victim_status_decisions as whose_word
from services.reporting.domain.facts.victim_status_decisions import StatusGiven
from services.reporting.domain.figures.protection.identified import figures
from services.reporting.domain.read.reading import NotAdditive, UnlikeUnits, total
from tests.unit.reporting.figures_of_events import Said, by, holds_only_by, reading, readings, unweighed
from tests.unit.reporting.samples import activity, at, person

POTENTIALS = 20
NOT_VICTIMS = 7


def identified(who: int, when: str, agency: str = "bpd", status: str = "potential", **more: object) -> Said:
    return "victim.identified", {"person": person(who), "status": status, **more}, when, agency


def decided(who: int, status: str, when: str | Mapping[str, str], agency: str = "bpd", **more: object) -> Said:
    return "victim.status_changed", {"person": person(who), "status": status, **more}, when, agency


def statuses(number: str, period: str, *events: Said) -> dict[str, int]:
    return {status: amount for (status,), amount in by(readings(number, period, *events, by=("status",))).items()}


def test_seven_potential_victims_later_found_not_to_be_victims() -> None:
    """Published figures of 2020 stay. As seen from the end of 2021 seven are no victims."""

    def check() -> None:
        found = [identified(who, "2020-05-01") for who in range(POTENTIALS)]
        later = [decided(who, "not_a_victim", "2021-03-01") for who in range(NOT_VICTIMS)]
        assert statuses("O32a", "2020", *found) == {"potential": 20}
        assert statuses("O32a", "2020", *found, *later) == {"potential": 20}
        assert statuses("O32a", "2020..2021", *found, *later) == {"potential": 13}
        assert [reading("O32b", period, *found, *later).amount for period in ("2020", "2021")] == [20, 13]

    holds_only_by((figures, "is_victim"), lambda _: True, check)


def test_a_status_moves_a_person_from_one_row_to_another_on_its_day() -> None:
    events = identified(1, "2024-03-01", status="suspected"), decided(1, "confirmed", "2024-09-15")
    assert statuses("O32b", "2024-09-14", *events) == {"suspected": 1}
    assert statuses("O32b", "2024-09-15", *events) == {"confirmed": 1}
    assert statuses("O32a", "2024-01..2024-06", *events) == {"suspected": 1}
    assert statuses("O32a", "2024", *events) == {"confirmed": 1}
    assert reading("O32a", "2024-07..2024-12", *events).amount == 0


def test_a_potential_victim_of_one_year_and_a_confirmed_one_of_the_next_are_one_person() -> None:
    events = identified(1, "2020-03-01"), decided(1, "confirmed", "2021-02-01")
    assert [statuses("O32b", year, *events) for year in ("2020", "2021")] == [{"potential": 1}, {"confirmed": 1}]
    both = [reading("O32b", year, *events) for year in ("2020", "2021")]
    with pytest.raises(NotAdditive):
        total(*both)


def test_whose_word_on_a_status_counts() -> None:
    """Court or prosecution before police, police before human services, human services before partners."""

    def check() -> None:
        events = (
            identified(1, "2024-01-10", "hti"),
            decided(1, "undetermined", "2024-02-01", "dhs"),
            decided(1, "confirmed", "2024-03-01", "bpd"),
            decided(1, "potential", "2024-04-01", "hti"),
            decided(1, "not_a_victim", "2024-05-01", "dhs"),
            decided(1, "suspected", "2024-06-01", "odpp"),
            decided(1, "not_a_victim", "2024-07-01", "bpd"),
        )
        months = {f"2024-{month:02d}": statuses("O32b", f"2024-{month:02d}", *events) for month in range(1, 8)}
        assert [next(iter(each), None) for each in months.values()] == [
            *("potential", None, "confirmed", "confirmed", "confirmed", "suspected", "suspected"),
        ]

    holds_only_by((figures, "counting"), unweighed, check)


def test_nobody_gains_by_speaking_for_somebody_else() -> None:
    """A partner that names the prosecution does not undo what the police confirmed."""

    def check() -> None:
        when = {"time": "2024-05-01T00:00:00-06:00", "occurredprecision": "day", "onbehalfof": "odpp"}
        events = identified(1, "2024-01-10", status="confirmed"), decided(1, "potential", when, "hti")
        assert statuses("O32b", "2024", *events) == {"confirmed": 1}

    holds_only_by(
        (whose_word, "speaker_weight"), lambda event: whose_word._STANDING[event.onbehalfof or event.agency], check
    )


@pytest.mark.parametrize(("agency", "of"), [("hti", "odpp"), ("odpp", "hti")])
def test_neither_who_speaks_nor_for_whom_lends_the_other_a_weight(agency: str, of: str) -> None:
    for_other = decided(1, "potential", at("2024-05-01") | {"onbehalfof": of}, agency)
    assert statuses("O32b", "2024", identified(1, "2024-01-10", status="confirmed"), for_other) == {"confirmed": 1}


@pytest.mark.parametrize("court", ["odpp", "magistrates_court", "high_court", "council"])
def test_what_the_prosecution_tells_for_a_court_stands_against_what_the_police_say_later(court: str) -> None:
    for_court = decided(1, "potential", at("2024-05-01") | {"onbehalfof": court}, "odpp")
    assert statuses("O32b", "2024", for_court, decided(1, "confirmed", "2024-06-01")) == {"potential": 1}


def test_what_a_court_decided_counts_as_its_word_whoever_of_the_authorities_tells_it() -> None:
    def check() -> None:
        confirmed = identified(1, "2024-01-10", status="confirmed")
        for agency in ("dhs", "bpd", "odpp"):
            by_court = decided(1, "not_a_victim", "2024-04-01", agency, decided_by="court_or_prosecution")
            later = decided(1, "suspected", "2024-05-01")
            told = [reading(number, "2024", confirmed, by_court, later).amount for number in ("O3", "O32a", "O32b")]
            assert told == [0, 0, 0]

    holds_only_by((whose_word, "_COURT"), 2, check)


def test_by_a_court_that_a_partner_or_another_office_names_nobody_gains() -> None:
    def check() -> None:
        events = decided(1, "not_a_victim", "2024-01-10"), decided(1, "confirmed", "2024-01-11")
        for_it = at("2024-05-01") | {"onbehalfof": "odpp"}
        for agency, when in (("immigration", "2024-05-01"), ("immigration", for_it), ("hti", for_it)):
            by_court = decided(1, "potential", when, agency, decided_by="court_or_prosecution")
            assert statuses("O32b", "2024", *events, by_court) == {"confirmed": 1}

    holds_only_by((whose_word, "_HUMAN_SERVICES"), 0, check)


def test_a_unit_of_the_police_speaks_with_the_polices_weight() -> None:
    for_unit = {"time": "2024-05-01T00:00:00-06:00", "occurredprecision": "day", "onbehalfof": "atips_pu"}
    events = decided(1, "confirmed", for_unit), decided(1, "not_a_victim", "2024-06-01", "dhs")
    assert statuses("O32b", "2024", *events) == {"confirmed": 1}


def test_the_order_in_which_decisions_arrive_changes_nothing() -> None:
    events = [
        identified(1, "2024-01-10", "hti"),
        decided(1, "confirmed", "2024-03-01"),
        decided(1, "not_a_victim", "2024-04-01", "dhs"),
    ]
    assert statuses("O32b", "2024", *events) == statuses("O32b", "2024", *reversed(events)) == {"confirmed": 1}


def test_new_and_carried_over_are_of_the_identification() -> None:
    events = (
        identified(1, "2023-05-01", new_or_carried_over="new"),
        identified(1, "2024-01-15", "dhs", new_or_carried_over="carried_over"),
        identified(2, "2024-02-15", new_or_carried_over="new"),
    )
    asked = [by(readings("O32a", period, *events, by=("new_or_carried_over",))) for period in ("2023", "2024")]
    assert asked == [{("new",): 1}, {("new",): 1, ("carried_over",): 1}]
    assert reading("O32a", "2023..2024", *events).amount == 2


def test_a_decision_of_which_only_the_month_is_known_holds_from_its_end() -> None:
    events = identified(1, "2024-01-10"), decided(1, "not_a_victim", "2024-06")
    assert [reading("O32b", day, *events).amount for day in ("2024-06-29", "2024-06-30")] == [1, 0]


def test_who_was_found_to_be_no_victim_is_not_one_again_when_the_year_of_the_identification_ends() -> None:
    def check() -> None:
        events = identified(1, "2024", "dhs"), decided(1, "not_a_victim", "2024-09-01", "dhs")
        asked = ("O3", "2024"), ("O32a", "2024"), ("O32b", "2024"), ("O32b", "2026")
        assert [reading(number, period, *events).amount for number, period in asked] == [0, 0, 0, 0]

    def by_last_day(said: Iterable[tuple[Interval, StatusGiven]]) -> list[tuple[Days, StatusGiven]]:
        in_order = sorted(said, key=lambda each: each[0].last_day)
        return turns(in_order)

    holds_only_by((whose_word, "turns"), by_last_day, check)


def test_a_word_of_less_weight_holds_until_the_weightier_one_surely_does() -> None:
    """Police found somebody in the year, Human Services on a day of it: from that day on it is sure."""
    events = identified(1, "2024", status="confirmed"), identified(1, "2024-03-10", "dhs")
    days = {"2024-03-09": {}, "2024-03-10": {"potential": 1}, "2024-12-30": {"potential": 1}, "2024": {"confirmed": 1}}
    assert {day: statuses("O32b", day, *events) for day in days} == days


def test_an_undated_decision_is_beside_the_number() -> None:
    events = identified(1, "2024-01-10"), decided(1, "confirmed", "")
    (confirmed,) = [
        each for each in readings("O32b", "2024", *events, by=("status",)) if each.dimensions["status"] == "confirmed"
    ]
    assert (confirmed.amount, confirmed.undated) == (0, 1)
    undated = reading("O32a", "2024", identified(1, ""))
    assert (undated.amount, undated.undated) == (0, 1)


def test_a_change_after_the_end_is_no_doubt_about_the_period() -> None:
    events = identified(1, "2024-01-10"), decided(1, "not_a_victim", "2025-01-15")
    found = reading("O32a", "2024", *events)
    assert (found.amount, found.cut) == (1, 0)


def test_who_refuses_to_be_identified_is_counted_beside_and_is_no_person() -> None:
    def unnamed(number: int, count: int, when: str) -> Said:
        data = {"report": activity(number), "count": count, "sex": "female", "exploitation": ["servitude"]}
        return "victim.counted_anonymously", data, when, "hti"

    events = (
        unnamed(1, 3, "2024-06"),
        unnamed(2, 1, "2024-10-17"),
        unnamed(3, 2, "2023-11-01"),
        identified(1, "2024-02-01"),
    )
    beside, persons = reading("O32c", "2024", *events), reading("O32a", "2024", *events)
    assert (beside.amount, persons.amount, reading("O32b", "2024", *events).amount) == (4, 1, 1)
    with pytest.raises(UnlikeUnits):
        total(beside, persons)
    assert reading("O32c", "2024", unnamed(1, 3, "2024-06-01"), unnamed(1, 2, "2024-06-02")).amount == 2
