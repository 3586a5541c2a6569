"""Committees and partners: from the table of agencies, whatever events there are."""

from dataclasses import replace

from schemas.agencies import COUNCIL_PARTNERS
from schemas.times import Period
from services.console.rates import told
from services.reporting.domain import registry
from services.reporting.domain.algebra import Cells, cells_of
from services.reporting.domain.counts import cells
from services.reporting.domain.figure import Nature
from services.reporting.domain.figures import FIGURES, counted
from services.reporting.domain.rates import Variant, rate
from services.reporting.domain.readers import read
from tests.unit.reporting.asking import holds_only_by

OF_REGISTRY = [figure for figure in FIGURES.values() if figure.nature is Nature.REGISTRY]


def amounts(number: str, *by: str) -> dict[tuple[str, ...], int]:
    found = read(FIGURES[number], {}, Period.parse("2024"), by)
    return {tuple(each.dimensions.values()): each.amount for each in found}


def test_sixteen_seats_are_fourteen_bodies_because_two_sit_twice() -> None:
    assert [amounts(number) for number in ("P2a", "P2b", "P2c")] == [{(): 3}, {(): 16}, {(): 14}]
    assert amounts("P2b", "committee") == {("operations",): 6, ("iec",): 7, ("m_and_e",): 3}

    def check() -> None:
        assert len(list(registry.bodies_with_seats(None))) == 14

    holds_only_by((registry, "_different"), list, check)


def test_the_partners_are_six_and_whoever_is_funded_by_one_is_not_one() -> None:
    assert amounts("P8") == {(): 6}
    assert amounts("P8", "kind") == {("igo",): 2, ("ngo",): 4}

    def check() -> None:
        assert len(list(registry.partners(None))) == 6

    holds_only_by((registry, "COUNCIL_PARTNERS"), (*COUNCIL_PARTNERS, "hppbz"), check)


def test_no_event_and_no_cell_of_an_event_touches_a_figure_of_the_registry() -> None:
    for figure in OF_REGISTRY:
        assert figure.entity is None
        assert list(counted(figure, {"training": None})) == []
        wrong: Cells = dict(cells_of(figure, figure.counted(None)))
        twice = {key: amount * 2 for key, amount in wrong.items()}
        assert read(figure, twice, Period.parse("2024")) == read(figure, {}, Period.parse("2024"))
    assert cells({}) == {}
    assert [figure.number for figure in OF_REGISTRY] == ["P2a", "P2b", "P2c", "P8", "R24"]


def test_before_the_table_was_written_it_says_nothing() -> None:
    for_the_year = {figure.number: read(figure, {}, Period.parse("2023"))[0].amount for figure in OF_REGISTRY}
    assert for_the_year == {"P2a": 0, "P2b": 0, "P2c": 0, "P8": 0, "R24": 397_483}


def test_the_population_is_that_of_the_census_from_its_day_on() -> None:
    days = ("2022-05-11", "2022-05-12", "2024")
    assert [read(FIGURES["R24"], {}, Period.parse(each))[0].amount for each in days] == [0, 397_483, 397_483]
    victims = read(FIGURES["O32a"], {}, Period.parse("2024"))[0]
    of_year = rate(
        Variant.VICTIMS_PER_POPULATION, replace(victims, amount=18), read(FIGURES["R24"], {}, victims.period)[0]
    )
    assert told(of_year) == "4.5 per 100,000 (18 to 397,483)"
