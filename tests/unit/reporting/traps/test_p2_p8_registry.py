"""Committees and partners: from the table of agencies, whatever events there are."""

from dataclasses import replace
from datetime import date

import pytest

from schemas.agencies import AGENCIES, PARTNERSHIPS, SEATS, AgencyKind, Term
from schemas.codebook import justice
from schemas.codebook.justice import LAWS, Offence
from schemas.ids import Kind
from schemas.times import Period
from services.presentation.rates import rate_text
from services.reporting.domain.cells.cells_from_items import Cells, cells_of
from services.reporting.domain.cells.counted_items import cells
from services.reporting.domain.declaration.figure import Nature
from services.reporting.domain.facts import offence_groups
from services.reporting.domain.figures import committees_partners_and_population
from services.reporting.domain.figures.all_figures import FIGURES, counted
from services.reporting.domain.rates import Variant, rate
from services.reporting.domain.read.amounts_from_cells import read
from tests.unit.reporting.figures_of_events import Said, holds_only_by, reading
from tests.unit.reporting.samples import an_id, person

OF_REGISTRY = [figure for figure in FIGURES.values() if figure.nature is Nature.REGISTRY]


def amounts(number: str, *by: str) -> dict[tuple[str, ...], int]:
    found = read(FIGURES[number], {}, Period.parse("2024"), by)
    return {tuple(each.dimensions.values()): each.amount for each in found}


def test_sixteen_seats_are_fourteen_bodies_because_two_sit_twice() -> None:
    assert [amounts(number) for number in ("P2a", "P2b", "P2c")] == [{(): 3}, {(): 16}, {(): 14}]
    assert amounts("P2b", "committee") == {("operations",): 6, ("iec",): 7, ("m_and_e",): 3}

    def check() -> None:
        assert len(list(committees_partners_and_population.bodies_with_seats(None))) == 14

    holds_only_by((committees_partners_and_population, "_different"), list, check)


def test_the_partners_are_six_and_whoever_is_funded_by_one_is_not_one() -> None:
    assert amounts("P8") == {(): 6}
    assert amounts("P8", "kind") == {("igo",): 2, ("ngo",): 4}

    def check() -> None:
        assert len(list(committees_partners_and_population.partners(None))) == 6

    holds_only_by((committees_partners_and_population, "PARTNERSHIPS"), (*PARTNERSHIPS, Term("hppbz")), check)


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
    assert rate_text(of_year) == "4.5 per 100,000 (18 to 397,483 of 2022)"
    before = read(FIGURES["R24"], {}, Period.parse("2021"))[0]
    nobody = rate(Variant.VICTIMS_PER_POPULATION, replace(victims, period=before.period), before)
    assert (nobody.value, nobody.taken_in) == (None, None), "there is no census of 2021"
    officers = replace(read(FIGURES["O8"], {}, victims.period)[0], amount=9)
    cases = replace(read(FIGURES["O7"], {}, victims.period)[0], amount=18)
    assert rate_text(rate(Variant.CASES_PER_OFFICER, cases, officers)) == "2.0 (18 to 9 of 2024)"


def of_year(number: str, year: str, *by: str) -> dict[tuple[str, ...], int]:
    """As the tables now stand, not as they stood when the module was read."""
    figure = FIGURES[number]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(committees_partners_and_population, "CELLS", cells_of(figure, figure.counted(None)))
        return {tuple(each.dimensions.values()): each.amount for each in read(figure, {}, Period.parse(year), by)}


LAST_DAY, FROM = date(2026, 12, 31), date(2027, 1, 1)


def test_an_edit_of_a_table_from_a_day_leaves_the_years_before_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(number, by) for number in ("P2a", "P2b", "P2c", "P8", "R24") for by in FIGURES[number].breakdowns]
    before = [of_year(number, "2024", *by) for number, by in asked]
    seats = {**SEATS, "iec": (*SEATS["iec"][1:], Term("labour", valid_to=LAST_DAY), Term("sib", FROM))}
    seats["victims"] = (Term("dhs", FROM),)
    monkeypatch.setattr(committees_partners_and_population, "SEATS", seats)
    ended = Term(PARTNERSHIPS[0].code, valid_to=LAST_DAY)
    monkeypatch.setattr(
        committees_partners_and_population, "PARTNERSHIPS", (ended, *PARTNERSHIPS[1:], Term("hppbz", FROM))
    )
    monkeypatch.setattr(
        committees_partners_and_population,
        "CENSUSES",
        (*committees_partners_and_population.CENSUSES, committees_partners_and_population.Census(FROM, 450_000)),
    )
    was_of_another_kind = replace(AGENCIES["hti"], valid_to=LAST_DAY)
    monkeypatch.setattr(committees_partners_and_population, "FORMER", (was_of_another_kind,))
    now = replace(AGENCIES["hti"], kind=AgencyKind.IGO, valid_from=FROM)
    monkeypatch.setattr(committees_partners_and_population, "AGENCIES", {**AGENCIES, "hti": now})
    assert [of_year(number, "2024", *by) for number, by in asked] == before
    after = [of_year(number, "2027")[()] for number in ("P2a", "P2b", "P2c", "P8", "R24")]
    assert after == [4, 17, 14, 6, 450_000]
    assert of_year("P8", "2027", "kind") == {("igo",): 2, ("ngo",): 4}


def test_a_law_that_counts_otherwise_from_a_day_leaves_the_years_before_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def arrested(year: int) -> Said:
        data = {"person": person(year % 100), "arrest": an_id(Kind.ARREST, year % 100), "suspected_offence": "other"}
        return "arrest.made", data, f"{year}-03-01"

    changed = replace(LAWS[Offence.OTHER], counts_as_tip=True, valid_from=FROM)
    monkeypatch.setattr(justice, "CHANGED_LAWS", ((Offence.OTHER, changed),))
    offence_groups.group.cache_clear()
    events = arrested(2024), arrested(2027)
    assert [reading("O9", year, *events).amount for year in ("2024", "2027")] == [0, 1]
    assert [reading("R28a", year, *events).amount for year in ("2024", "2027")] == [1, 0]
    offence_groups.group.cache_clear()
