"""O22 to O24: a return is no further service, a programme's year is not the decision's, a migrant child no victim."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from services.reporting.domain.declaration.entity_state_part import certain_days, possible_days
from services.reporting.domain.declaration.figure import Counted, Days
from services.reporting.domain.facts import fact_owner
from services.reporting.domain.figures.protection import regularisation, repatriation, shelter
from services.reporting.domain.read.reading import NotAdditive, total
from tests.unit.reporting.figures_of_events import (
    Said,
    by,
    holds_only_by,
    last_of_all,
    reading,
    readings,
    told_by_name,
)
from tests.unit.reporting.samples import on_behalf, person
from tests.unit.reporting.traps.protection import granted, identified, left, placed, returned, service, victim

HTI: Mapping[str, Any] = {"funders": ["hti"]}


def every_telling(kept: Mapping[Any, Any], key: object, value: object) -> Mapping[Any, Any]:
    return {**kept, (key, len(kept)): value}


def minor(who: int, agency: str, answer: str) -> Said:
    """The later word is of whoever weighs less."""
    when = "2024-01-02" if agency == "dhs" else "2024-01-01"
    data = {"person": person(who), "status": "suspected", "minor_at_exploitation": answer}
    return "victim.identified", data, when, agency


def test_o22_who_returned_and_whose_return_hti_paid_for_are_two_figures() -> None:
    def check() -> None:
        events = returned(1, "2024-02-01", **HTI), returned(2, "2024-03-01", **HTI), returned(3, "2024-04-01")
        assert [reading(number, "2024", *events).amount for number in ("O22a", "O22b")] == [3, 2]

    holds_only_by((repatriation, "paid_by_hti"), lambda *_: True, check)


def test_o22_a_return_of_which_the_owner_names_no_funder_has_those_that_others_name() -> None:
    def check() -> None:
        events = returned(1, "2024-02-01", of=1, agency="hti", **HTI), returned(1, "2024-02-02", of=1)
        assert [reading(each, "2024", *events).amount for each in ("O22a", "O22b")] == [1, 1]

    holds_only_by((repatriation, "codes_of_both"), lambda _, said: said, check)


def test_o22_a_return_is_already_among_the_services_and_adds_none() -> None:
    events = service(1, 1, "2024-02-01", "repatriation", **HTI), returned(1, "2024-02-01", of=1, **HTI)
    assert [reading(number, "2024", *events).amount for number in ("O20", "O21a", "O22b")] == [1, 1, 1]


def test_o22_what_was_funded_is_not_yet_a_return() -> None:
    funded = (service(1, 1, "2024-12-20", "repatriation", **HTI),)
    assert [reading(number, "2024", *funded).amount for number in ("O20", "O22a", "O22b")] == [1, 0, 0]
    later = *funded, returned(1, "2025-01-10", of=1, **HTI)
    assert [reading("O22b", year, *later).amount for year in ("2024", "2025")] == [0, 1]


def test_o22_suspected_victims_return_too_and_the_status_is_of_then() -> None:
    events = (
        identified(1, "2024-01-01"),
        returned(1, "2024-02-01", victim_status_at_time="suspected", **HTI),
        ("victim.status_changed", {"person": identified(1, "")[1]["person"], "status": "not_a_victim"}, "2024-06-01"),
    )
    assert by(readings("O22b", "2024", *events, by=("victim_status",))) == {("suspected",): 1}
    assert reading("O32a", "2024", *events).amount == 0


def test_v12_o22_a_return_that_two_ministries_tell_of_is_one_with_human_services_day() -> None:
    def check() -> None:
        events = returned(1, "2024-12-31", of=1), returned(1, "2025-01-02", of=1, agency="mofa")
        assert [reading("O22a", year, *events).amount for year in ("2024", "2025")] == [1, 0]

    holds_only_by((repatriation, "owners_statement"), lambda _, said: said, check)
    holds_only_by((repatriation, "with_entry"), every_telling, check)


def test_o22_o24_human_services_and_their_units_are_one_owner() -> None:
    unit, later = on_behalf("tip_care_unit", "2024-12-31"), returned(1, "2025-01-02", of=1, agency="mofa")

    def check_returns() -> None:
        events = returned(1, unit, of=1), later
        assert [reading("O22a", year, *events).amount for year in ("2024", "2025")] == [1, 0]

    def check_placements() -> None:
        own = placed(1, 1, "2024-02-01", operator="alternative_care_unit")
        for event in (own, placed(1, 1, unit), placed(1, 1, unit, operator="dhs")):
            assert reading("O24c", "2024", event).twice == 0
        left_for = "shelter.placement_ended", left(1, 1, "")[1], unit, "dhs"
        assert reading("O24d", "2024", own, left_for, left(1, 1, "2025-01-03", "unicef")).amount == 0

    holds_only_by((repatriation, "is_statement_of"), told_by_name, check_returns)
    holds_only_by((shelter, "agency_of"), str, check_placements)


def test_o23_a_programme_of_one_year_is_decided_in_another() -> None:
    def check() -> None:
        each = granted(1, "2024-04-22", 2023), granted(2, "2024-07-09", 2023), granted(3, "2023-12-14", 2023)
        events = *each, *map(victim, (1, 2, 3))
        assert [reading("O23", year, *events).amount for year in ("2023", "2024")] == [1, 2]
        assert by(readings("O23", "2024", *events, by=("programme_year", "scheme"))) == {("2023", "amnesty"): 2}

    def of_the_programme(decision: regularisation.ResidenceDecision) -> Days:
        year = decision.programme_year or 0
        return Days(date(year, 1, 1), date(year, 12, 31))

    holds_only_by((regularisation, "decided_on"), of_the_programme, check)


def test_o23_who_applied_and_who_was_refused_was_not_granted() -> None:
    """Four applied and two were granted: a funnel, of which only the decisions are events."""
    decided = granted(1, "2024-04-22", applied_on="2023-03-15"), granted(2, "2024-09-17", outcome="refused")
    events = *decided, victim(1), victim(2)
    assert reading("O23", "2024", *events).amount == 1
    assert reading("O23", "2023", *events).amount == 0


def test_o23_a_person_granted_twice_is_one_person() -> None:
    assert reading("O23", "2024", victim(1), granted(1, "2024-04-22"), granted(1, "2024-07-09", 2024)).amount == 1


def test_o24_a_migrant_child_in_shelter_is_no_victim() -> None:
    def check() -> None:
        events = placed(1, 1, "2024-02-01"), placed(2, 2, "2024-02-01", "victim"), identified(2, "2024-01-01")
        assert [reading(number, "2024", *events).amount for number in ("O24a", "O24b", "O32a")] == [1, 1, 1]

    def whoever(sheltered: shelter.Placements, _: object) -> Iterator[Counted]:
        return (Counted(possible_days(start.happened)) for (start, _), _ in sheltered.placed())

    holds_only_by((shelter, "_persons"), whoever, check)


def test_o24_persons_admissions_and_occupancy_are_three_numbers() -> None:
    events = (
        placed(1, 1, "2024-03-05"), left(1, 1, "2024-03-29"),
        placed(2, 1, "2024-07-02"), left(2, 1, "2024-07-19"),
        placed(3, 2, "2024-11-28"),
    )  # fmt: skip
    found = {number: reading(number, "2024", *events) for number in ("O24a", "O24c", "O24d")}
    assert {number: each.amount for number, each in found.items()} == {"O24a": 2, "O24c": 3, "O24d": 1}
    with pytest.raises(NotAdditive):
        total(found["O24c"], found["O24d"])


def test_o24_children_among_the_victims_by_where_they_live() -> None:
    def check() -> None:
        events = (
            placed(1, 1, "2024-02-01", "victim", shelter_form="residential_care_facility"),
            placed(2, 2, "2024-02-01", "victim", shelter_form="family_reunification"),
            placed(3, 3, "2024-02-01", "victim", shelter_form="family_reunification"),
            minor(1, "bpd", "yes"), minor(1, "dhs", "no"), minor(2, "dhs", "yes"),
        )  # fmt: skip
        found = by(readings("O24b", "2024", *events, by=("minor_at_exploitation", "shelter_form")))
        assert found == {
            ("yes", "residential_care_facility"): 1,
            ("yes", "family_reunification"): 1,
            ("absent", "family_reunification"): 1,
        }

    holds_only_by((shelter, "speaker_weight"), lambda _: 0, check)


def test_o24_police_that_do_not_know_hide_no_answer_of_human_services() -> None:
    def check() -> None:
        for first, second in (("unknown", "yes"), ("yes", "not_asked")):
            told = minor(1, "bpd", first), minor(1, "dhs", second)
            found = readings("O24b", "2024", placed(1, 1, "2024-02-01", "victim"), *told, by=("minor_at_exploitation",))
            assert by(found) == {("yes",): 1}

    holds_only_by((shelter, "is_known_answer"), lambda _: True, check)


def test_o24_a_stay_over_a_years_end_is_in_both_years_and_admitted_in_one() -> None:
    def check() -> None:
        events = placed(1, 1, "2023-11-20"), left(1, 1, "2024-02-10")
        assert [reading("O24a", year, *events).amount for year in ("2023", "2024", "2025")] == [1, 1, 0]
        assert [reading("O24c", year, *events).amount for year in ("2023", "2024")] == [1, 0]

    def on_the_first_day(start: shelter.PlacementStart, _: object) -> Days | None:
        return None if start.happened is None else Days(start.happened.first_day, start.happened.first_day)

    holds_only_by((shelter, "_sheltered_on"), on_the_first_day, check)


def test_o24_a_stay_of_which_nobody_knows_when_it_began_is_listed_beside() -> None:
    for events in ((placed(1, 1, ""),), (placed(1, 1, ""), left(1, 1, "2024-02-10"))):
        for number in ("O24a", "O24d"):
            found = reading(number, "2024", *events)
            assert (found.amount, found.undated) == (0, 1)


def test_o24_a_stay_of_which_only_the_month_is_known_was_in_that_month_and_surely_on_its_last_day() -> None:
    def check() -> None:
        events = (
            placed(1, 1, "2024-03"),
            left(1, 1, "2024-03-20"),
            placed(2, 2, "2024-05", "victim"),
            left(2, 2, "2024"),
        )
        for period, found in (("2024", 1), ("2024-03", 1), ("2024-03-20", 1), ("2024-03-19", 0), ("2024-03-21", 0)):
            child = reading("O24a", period, *events)
            assert (child.amount, child.undated) == (found, 0)
        periods = "2024-05", "2024-04..2024-12", "2024-05-01..2024-05-30", "2024-06..2024-12"
        assert [reading("O24b", period, *events).amount for period in periods] == [1, 1, 0, 0]

    holds_only_by((shelter, "at_some_time"), lambda first, last: certain_days(first.last, last.first), check)
    before = placed(1, 1, "2024-03"), left(1, 1, "2024-02-20")
    assert [(each.amount, each.undated) for each in [reading("O24a", "2024", *before)]] == [(0, 1)]


def test_v9_occupancy_is_never_summed_over_months() -> None:
    stay = (placed(1, 1, "2024-01-05"),)
    months = [reading("O24d", f"2024-{month:02}", *stay) for month in (1, 2)]
    assert [each.amount for each in months] == [1, 1]
    with pytest.raises(NotAdditive):
        total(*months)


def test_v12_o24_a_placement_told_by_the_shelter_and_unicef_is_one() -> None:
    def check() -> None:
        events = placed(1, 1, "2024-02-01"), placed(1, 1, "2024-02-03", agency="unicef")
        found = reading("O24c", "2024", *events)
        assert (found.amount, found.twice) == (1, 0)
        assert reading("O24c", "2024-02-01", *events).amount == 1

    holds_only_by((fact_owner.FactStatements, "counted"), last_of_all, check)
    holds_only_by((shelter, "with_entry"), every_telling, check)


def test_o24_told_by_unicef_alone_it_may_be_there_twice() -> None:
    found = reading("O24c", "2024", placed(1, 1, "2024-02-01", agency="unicef"))
    assert (found.amount, found.twice) == (1, 1)
