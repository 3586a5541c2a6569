"""Things that persons received: nobody who reads how many things there are learns that there is a person at all."""

from dataclasses import replace

import pytest

from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.values.stored_figures_and_rules import NUMBERS, RECEIVED, rules_of
from services.reporting.values.stored_value import ExactValue, ValueKey
from services.reporting.values.suppression import decide_displays
from services.reporting.values.value_display_rules import DisplayRules, ValueDisplay

OWN = rules_of(disclosure_policy())
YEAR, QUARTERS = "2024", ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
SHOWN, BAND, HIDDEN, OMITTED = ValueDisplay.SHOWN, ValueDisplay.BAND, ValueDisplay.HIDDEN, ValueDisplay.OMITTED

Told = tuple[str, str, str, str, int]
"""Figure, period, dimension, code, amount."""


def displays(*told: tuple[ValueKey, float], rules: DisplayRules = OWN) -> list[ValueDisplay]:
    found = decide_displays({key: ExactValue(float(amount)) for key, amount in told}, rules)
    return [found[key] for key, _ in told]


@pytest.mark.parametrize(
    ("things", "persons"),
    [(each.things, each.persons) for each in RECEIVED if each.row is None],
)
def test_things_beside_a_band_of_persons_look_as_if_nobody_had_received_any(
    things: str, persons: tuple[str, ...]
) -> None:
    """A quarter, since the policy shows some of these figures exactly for a year."""
    period = QUARTERS[0]
    of_three, of_nobody = (
        displays((ValueKey(things, period), amount), *((ValueKey(each, period), few) for each in persons))
        for amount, few in ((7, 3), (0, 0))
    )
    assert of_three == of_nobody == [HIDDEN, *[BAND] * len(persons)]
    without = replace(OWN, received=())
    assert displays((ValueKey(things, period), 7), (ValueKey(persons[0], period), 3), rules=without)[0] is SHOWN


def test_services_are_told_where_their_persons_are() -> None:
    assert displays((ValueKey("O21a", YEAR), 42), (ValueKey("O19b", YEAR), 16)) == [SHOWN, SHOWN]


def test_a_quarter_of_services_whose_persons_are_few_is_not_the_rest_of_the_year() -> None:
    persons = [
        (ValueKey("O19b", each), amount) for each, amount in zip((YEAR, *QUARTERS), (20, 8, 7, 2, 3), strict=True)
    ]
    services = [
        (ValueKey("O21a", each), amount) for each, amount in zip((YEAR, *QUARTERS), (60, 20, 20, 9, 11), strict=True)
    ]
    found = displays(*persons, *services)
    of_services = found[len(persons) :]
    assert of_services[0] is SHOWN
    assert of_services[3:] == [HIDDEN, HIDDEN]


def test_a_row_of_services_has_no_number_where_the_row_of_its_persons_has_none() -> None:
    def rows(figure: str, whole: int, **codes: int) -> list[tuple[ValueKey, float]]:
        return [
            (ValueKey(figure, YEAR), whole),
            *((ValueKey(figure, YEAR, "service_type", code), amount) for code, amount in codes.items()),
        ]

    persons = rows("O19b", 30, medical=20, shelter=12, skills=2, clothing=3)
    services = rows("O21a", 70, medical=30, shelter=20, skills=12, clothing=8)
    *_, whole, medical, shelter, skills, clothing = displays(*persons, *services)
    assert (whole, medical, shelter) == (SHOWN, SHOWN, SHOWN)
    assert (skills, clothing) == (OMITTED, OMITTED)


def test_services_of_one_provider_are_told_where_the_persons_of_that_provider_are() -> None:
    persons = ValueKey("O19b", YEAR)
    others, few = persons._replace(dimension="provider", code="dhs"), persons._replace(dimension="provider", code="cdf")
    told = ((persons, 30), (others, 28), (ValueKey("O21a", YEAR), 80), (ValueKey("O31", YEAR), 9))
    assert displays(*told, (few, 2))[3] is HIDDEN
    assert displays(*told[:1], (others, 18), *told[2:], (few, 8), (few._replace(code="iom"), 9))[3] is SHOWN


def test_placements_of_a_population_are_told_where_its_persons_are() -> None:
    population = ValueKey("O24c", YEAR, "population", "victim")
    children = population._replace(code="migrant_child")
    told = ((ValueKey("O24a", YEAR), 40), (ValueKey("O24c", YEAR), 60), (children, 44))
    _, _, of_children, of_few, _ = displays(*told, (population, 16), (ValueKey("O24b", YEAR), 3))
    assert (of_children, of_few) == (OMITTED, OMITTED)
    _, _, of_children, *_ = displays(*told, (population, 16), (ValueKey("O24b", YEAR), 13))
    assert of_children is SHOWN


def test_an_amount_that_the_policy_shows_exactly_stays() -> None:
    assert displays((ValueKey("O13b", YEAR), 9), (ValueKey("O13a", YEAR), 2)) == [SHOWN, SHOWN]


def test_each_pair_is_of_figures_that_the_committee_sees() -> None:
    assert {number for each in RECEIVED for number in (each.things, *each.persons)} <= NUMBERS
    for each in RECEIVED:
        assert FIGURES[each.things].unit is not FIGURES[each.persons[0]].unit
