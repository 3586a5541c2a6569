"""O19 to O21: who was supported with HTI, in how many services; two who tell of one service tell of one."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.declaration.figure import Counted, Days
from services.reporting.domain.facts import fact_owner
from services.reporting.domain.figures.protection.service import figures, state
from services.reporting.domain.read.reading import NotAdditive, UnlikeUnits, total
from tests.unit.reporting.figures_of_events import Said, by, holds_only_by, reading, readings, told_by_name
from tests.unit.reporting.samples import on_behalf
from tests.unit.reporting.traps.protection import identified, service, victim


def each_by_itself(_: object, items: list[Counted]) -> list[tuple[Days | None, int, bool]]:
    return [(item.when, 1, False) for item in items]


def every_telling(kept: Mapping[Any, Any], key: object, value: object) -> Mapping[Any, Any]:
    return {**kept, (key, len(kept)): value}


def test_o19_a_person_supported_many_times_is_one_person_in_many_services() -> None:
    def check() -> None:
        events = service(1, 1, "2024-02-01"), service(2, 1, "2024-03-01", "medical"), service(3, 2, "2024-03-01")
        assert reading("O19a", "2024", *events, victim(1), victim(2)).amount == 2
        assert reading("O20", "2024", *events).amount == 3

    holds_only_by((cells_from_items, "once"), each_by_itself, check)


def test_v6_services_are_no_fewer_than_persons_and_each_person_has_one() -> None:
    def check() -> None:
        events = [service(number, number % 16, f"2024-{1 + number % 12:02}-10") for number in range(42)]
        persons, services = reading("O19c", "2024", *events), reading("O20", "2024", *events)
        assert (persons.amount, services.amount) == (16, 42)
        each = [reading("O20", "2024", *(one for one in events if one[1]["person"] == who)).amount
                for who in {one[1]["person"] for one in events}]  # fmt: skip
        assert min(each) >= 1
        assert sum(each) == 42
        with pytest.raises(UnlikeUnits):
            total(persons, services)

    holds_only_by((cells_from_items, "once"), each_by_itself, check)


def test_v12_one_service_told_by_provider_and_partner_is_one() -> None:
    def check() -> None:
        events = victim(1), service(1, 1, "2024-02-01"), service(1, 1, "2024-02-01", agency="hti")
        assert (reading("O19a", "2024", *events).amount, reading("O20", "2024", *events).amount) == (1, 1)

    holds_only_by((state, "with_entry"), every_telling, check)


def test_v12_a_service_of_an_agency_or_its_unit_is_told_by_either() -> None:
    for_unit = on_behalf("tip_care_unit", "2024-02-01")

    def check() -> None:
        for event in (service(1, 1, for_unit), service(1, 1, "2024-02-01", provider="tip_care_unit")):
            assert (reading("O20", "2024", event).amount, reading("O20", "2024", event).twice) == (1, 0)
        siblings = service(1, 1, for_unit, provider="alternative_care_unit")
        assert reading("O20", "2024", siblings).twice == 0

    holds_only_by((fact_owner, "is_statement_of"), told_by_name, check)


def test_o20_the_providers_day_and_kind_count_whoever_tells_last() -> None:
    def check() -> None:
        events = service(1, 1, "2024-12-31", "medical"), service(1, 1, "2025-01-02", "counselling", agency="hti")
        assert [reading("O20", year, *events).amount for year in ("2024", "2025")] == [1, 0]
        assert by(readings("O20", "2024", *events, by=("service_type",))) == {("medical",): 1}

    holds_only_by((state, "owners_statement"), lambda _, said: said, check)


def test_o20_a_provider_that_is_silent_on_its_partners_denies_none() -> None:
    def check() -> None:
        for day in ("2024-01-31", "2024-02-02"):
            events = service(1, 1, "2024-02-01", partners=[]), service(1, 1, day, "medical", agency="hti")
            assert [reading(each, "2024", *events).amount for each in ("O19c", "O20", "O21a")] == [1, 1, 1]
            assert by(readings("O20", "2024", *events, by=("service_type",))) == {("counselling",): 1}

    holds_only_by((state, "codes_of_both"), lambda _, said: said, check)


def test_o20_told_by_the_partner_alone_it_counts_and_may_be_there_twice() -> None:
    """“42 (1 possibly twice)”: its provider may have told it under another number."""

    def check() -> None:
        events = [service(number, number % 16, "2024-03-01") for number in range(41)]
        found = reading("O20", "2024", *events, service(99, 3, "2024-03-01", agency="hti"))
        assert (found.amount, found.twice) == (42, 1)

    holds_only_by((state, "service_by_witness"), lambda _: False, check)


def test_o20_what_the_provider_says_afterwards_is_no_longer_possibly_twice() -> None:
    found = reading("O20", "2024", service(1, 1, "2024-02-01", agency="hti"), service(1, 1, "2024-02-01"))
    assert (found.amount, found.twice) == (1, 0)


def test_o20_a_unit_of_the_provider_is_no_witness() -> None:
    units = service(1, 1, "2024-02-01", provider="tip_care_unit"), service(2, 1, "2024-02-01")
    assert reading("O20", "2024", *units).twice == 0


def test_o19_hti_has_a_part_as_partner_funder_or_provider_and_else_none() -> None:
    def check() -> None:
        events = (
            service(1, 1, "2024-02-01"),
            service(2, 2, "2024-02-01", partners=[], funders=["hti"]),
            service(3, 3, "2024-02-01", partners=[], provider="hti", agency="hti"),
            service(4, 4, "2024-02-01", partners=["iom"]),
            *map(victim, (1, 2, 3, 4)),
        )
        assert [reading(number, "2024", *events).amount for number in ("O19a", "O19b", "O20", "O21a")] == [3, 4, 3, 4]

    holds_only_by((state.Service, "involved"), property(lambda each: frozenset(each.partners)), check)


def test_o19_victims_of_earlier_years_are_supported_too() -> None:
    def check() -> None:
        events = identified(1, "2022-09-13"), service(1, 1, "2024-02-01"), identified(2, "2024-01-01")
        assert reading("O19a", "2024", *events).amount == 1
        assert reading("O32a", "2024", *events).amount == 1
        assert reading("O19a", "2022", *events).amount == 0

    holds_only_by((figures, "possible_days"), lambda _: None, check)


def test_o20_an_episode_is_one_service_however_many_nights_or_contacts_it_has() -> None:
    def check() -> None:
        nights = {"time": "2024-03-01T00:00:00-06:00", "occurredprecision": "day"}
        stay = {**nights, "occurredto": "2024-04-09T00:00:00-06:00"}
        again = {**nights, "time": "2024-03-05T00:00:00-06:00"}
        events = service(1, 1, stay, "shelter"), service(1, 1, again, "shelter")
        assert reading("O20", "2024", *events).amount == 1

    holds_only_by((state, "with_entry"), every_telling, check)


def test_o20_an_episode_over_a_years_end_is_shown_beside_and_not_split() -> None:
    over = {"time": "2024-11-04T00:00:00-06:00", "occurredprecision": "day", "occurredto": "2025-02-14T00:00:00-06:00"}
    for year in ("2024", "2025"):
        found = reading("O20", year, service(1, 1, over, "skills"))
        assert (found.amount, found.cut) == (0, 1)
    assert reading("O20", "2024..2025", service(1, 1, over, "skills")).amount == 1


def test_o20_is_a_part_of_all_services_and_never_added_to_them() -> None:
    events = service(1, 1, "2024-02-01"), service(2, 1, "2024-02-01", partners=[])
    every, with_hti = reading("O21a", "2024", *events), reading("O20", "2024", *events)
    assert (every.amount, with_hti.amount) == (2, 1)
    with pytest.raises(NotAdditive):
        total(every, with_hti)


def test_o21_a_service_that_was_declined_is_not_provided_and_one_given_after_all_not_declined() -> None:
    def check() -> None:
        said = {name: service(1, 1, "")[1][name] for name in ("person", "service", "service_type", "provider")}
        declined: Said = "service.declined", {**said, "refused_by": "person"}, "2024-02-01", "dhs"
        found = [reading(number, "2024", declined).amount for number in ("O19a", "O20", "O21a", "O21b")]
        assert found == [0, 0, 0, 1]
        both = [reading(number, "2024", declined, service(1, 1, "2024-02-05")).amount for number in ("O21a", "O21b")]
        assert both == [1, 0]

    holds_only_by((figures, "in_vain"), lambda served: list(served.declined.values()), check)
