"""Figures that are parts of others: an outsider with a linear program and the definitions narrows no small number."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.constraint_system import LinearSystem, Terms
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.values.stored_figures_and_rules import NUMBERS, SUMS, rules_of
from services.reporting.values.stored_value import ExactValue, ValueKey
from services.reporting.values.suppression import decide_displays
from services.reporting.values.value_display_rules import FigureSum, ValueDisplay

QUARTERS: Final = tuple(f"2024-Q{number}" for number in range(1, 5))
PERIODS: Final = ("2024", *QUARTERS)
OWN: Final = rules_of(disclosure_policy())
END: Final = OWN.smallest - 1
ANSWERS: Final = (
    FigureSum("R2b", ("R2c", "R2d"), complete=True),
    *(FigureSum("R2b", (part,)) for part in ("R2c", "R2d")),
)
STEPS: Final = (FigureSum("R1a", ("R1b", "R1c")), *(FigureSum("R1a", (part,)) for part in ("R1b", "R1c")))
SOLVER: Final = HighsSolver(20)

Counts = Mapping[str, tuple[int, int, int, int]]
"""Amounts of a part by quarter. The part `rest` is in no figure of its own."""


def values(sums: tuple[FigureSum, ...], counts: Counts) -> dict[ValueKey, ExactValue]:
    figures = {sums[0].whole: tuple(map(sum, zip(*counts.values(), strict=True)))}
    figures |= {part: counts[part] for part in sums[0].parts}
    return {
        ValueKey(figure, period): ExactValue(float(amount))
        for figure, by_quarter in figures.items()
        for period, amount in zip(PERIODS, (sum(by_quarter), *by_quarter), strict=True)
    }


def narrowed(
    sums: tuple[FigureSum, ...], told: Mapping[ValueKey, ExactValue], seen: Mapping[ValueKey, ValueDisplay]
) -> Iterator[tuple[str, ...]]:
    """Give each small number, and each small number outside of a part, that can be told from nought or from four."""
    system = LinearSystem()
    places = {key: system.variable() for key in told}
    for key, place in places.items():
        amount = int(told[key].value or 0)
        if seen[key] is ValueDisplay.SHOWN:
            system.add({place: 1}, amount, amount)
        elif seen[key] is ValueDisplay.BAND:
            system.add({place: 1}, 0, END)
    periods = [period for period in PERIODS if ValueKey(sums[0].whole, period) in told]
    for figure in {key.figure for key in told if "2024" in periods}:
        quarters = {places[ValueKey(figure, quarter)]: 1 for quarter in QUARTERS}
        system.add({**quarters, places[ValueKey(figure, "2024")]: -1}, 0, 0)
    for each in sums:
        for period in periods:
            parts = {places[ValueKey(part, period)]: -1 for part in each.parts}
            system.add({places[ValueKey(each.whole, period)]: 1, **parts}, 0, 0 if each.complete else None)
    for key, place in places.items():
        yield from _narrow(system, (key.figure, key.period), {place: 1}, told[key].value or 0)
        whole = key._replace(figure=sums[0].whole)
        if whole != key:
            outside = (told[whole].value or 0) - (told[key].value or 0)
            yield from _narrow(system, (whole.figure, "without", *key[:2]), {places[whole]: 1, place: -1}, outside)


def _narrow(system: LinearSystem, name: tuple[str, ...], terms: Terms, amount: float) -> Iterator[tuple[str, ...]]:
    if amount > END:
        return
    for factor, most in ((1, 0), (-1, -END)):
        objective = {place: factor * each for place, each in terms.items()}
        world = SOLVER.smallest(system, objective, whole=False) or SOLVER.smallest(system, objective, whole=True)
        assert world is not None
        assert system.kept_by(world)
        if sum(factor * each * world[place] for place, each in terms.items()) > most:
            yield name


BY_QUARTER: Final = st.tuples(*[st.sampled_from([0, 0, 1, 3, 5, 6, 12, 30])] * 4)


@pytest.mark.parametrize("goes_on", [False, True], ids=["a year that has ended", "a year that goes on"])
@pytest.mark.parametrize("sums", [ANSWERS, STEPS])
@settings(max_examples=15, deadline=None)
@given(one=BY_QUARTER, other=BY_QUARTER, rest=BY_QUARTER)
def test_nobody_who_subtracts_parts_narrows_a_small_number(
    sums: tuple[FigureSum, ...],
    goes_on: bool,
    one: tuple[int, int, int, int],
    other: tuple[int, int, int, int],
    rest: tuple[int, int, int, int],
) -> None:
    first, second = sums[0].parts
    outside = {} if sums[0].complete else {"rest": rest}
    told = values(sums, {first: one, second: other, **outside})
    told = ended(told) if goes_on else told
    assert list(narrowed(sums, told, decide_displays(told, replace(OWN, sums=sums)))) == []


def ended(told: Mapping[ValueKey, ExactValue]) -> dict[ValueKey, ExactValue]:
    """Give the values of a year as they are in October: the year and its last quarter have not ended."""
    return {key: each for key, each in told.items() if key.period in QUARTERS[:3]}


def test_a_quarter_of_a_year_that_goes_on_hides_the_part_that_leaves_few_outside() -> None:
    """33 answers of the first quarter, of which 30 and 3: a shown 30 would tell the 3."""
    found = decide_displays(ended(values(ANSWERS, {"R2c": (30, 20, 0, 0), "R2d": (3, 20, 0, 0)})), OWN)
    assert found[ValueKey("R2b", "2024-Q1")] is ValueDisplay.SHOWN
    assert found[ValueKey("R2c", "2024-Q1")] is ValueDisplay.HIDDEN
    assert {found[ValueKey(figure, "2024-Q2")] for figure in ("R2b", "R2c", "R2d")} == {ValueDisplay.SHOWN}


@pytest.mark.parametrize(
    "counts",
    [
        {"R2c": (30, 0, 0, 0), "R2d": (3, 0, 0, 0)},  # 33 less 30
        {"R2c": (4, 0, 0, 0), "R2d": (4, 0, 0, 0)},  # two bands make eight
        {"R2c": (20, 20, 20, 20), "R2d": (5, 0, 12, 12)},  # two hidden quarters, each at most what is left
    ],
)
def test_the_attack_finds_what_parts_give_away_where_sums_are_not_protected(counts: Counts) -> None:
    told = values(ANSWERS, counts)
    assert list(narrowed(ANSWERS, told, decide_displays(told, replace(OWN, sums=()))))
    assert list(narrowed(ANSWERS, told, decide_displays(told, replace(OWN, sums=ANSWERS)))) == []


ONE_PART: Final = (FigureSum("R1a", ("R1b",)),)


def of_a_year(**amounts: int) -> dict[ValueKey, ExactValue]:
    return {ValueKey(figure, "2024"): ExactValue(float(amount)) for figure, amount in amounts.items()}


def displays(sums: tuple[FigureSum, ...], **amounts: int) -> dict[str, ValueDisplay]:
    told = of_a_year(**amounts)
    return {key.figure: each for key, each in decide_displays(told, replace(OWN, sums=sums)).items()}


@pytest.mark.parametrize("sums", [ONE_PART, ANSWERS, tuple(reversed(ANSWERS)), STEPS])
def test_the_choice_of_what_is_hidden_narrows_no_small_part_below_a_shown_whole(sums: tuple[FigureSum, ...]) -> None:
    """Of a whole of five a part was shown as 0-4 only if it was 0. A reader may know the rules."""
    whole, parts = sums[0].whole, sorted({part for each in sums for part in each.parts})
    complete, most = any(each.complete for each in sums), 12
    alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for amounts in product(range(most + 1), repeat=len(parts)):
        for total in [sum(amounts)] if complete else range(sum(amounts), most + 1):
            by_part = dict(zip(parts, amounts, strict=True))
            found = displays(sums, **{whole: total}, **by_part)
            if total <= most and found[whole] is ValueDisplay.SHOWN:
                shown = [amount for part, amount in by_part.items() if found[part] is ValueDisplay.SHOWN]
                alike[total, *shown, *(found[part] for part in parts)].append(amounts)
    assert alike
    for worlds in alike.values():
        for possible in map(set, zip(*worlds, strict=True)):
            assert min(possible) > END or {*range(END + 1)} <= possible, worlds


def test_a_complete_sum_protects_its_bands_without_the_sums_of_single_parts() -> None:
    """A whole of eight with two bands 0-4 has two parts of four."""
    assert displays(ANSWERS[:1], R2b=8, R2c=4, R2d=4) == {
        "R2b": ValueDisplay.SHOWN,
        "R2c": ValueDisplay.HIDDEN,
        "R2d": ValueDisplay.HIDDEN,
    }


def test_a_large_part_is_shown_beside_a_small_one_if_many_are_in_neither() -> None:
    assert displays(STEPS, R1a=40, R1b=20, R1c=3) == {
        "R1a": ValueDisplay.SHOWN,
        "R1b": ValueDisplay.SHOWN,
        "R1c": ValueDisplay.BAND,
    }


def test_a_part_that_one_sum_hides_is_not_told_by_another() -> None:
    """Two of R3a are outside of R3g, so R3g is hidden. It is also R3h without R3f, so R3f is hidden too."""
    sums = (FigureSum("R3h", ("R3f", "R3g"), complete=True), FigureSum("R3a", ("R3g",)))
    found = displays(sums, R3a=12, R3g=10, R3h=30, R3f=20)
    assert {figure for figure, each in found.items() if each is ValueDisplay.HIDDEN} == {"R3f", "R3g"}


def test_quarters_of_a_whole_are_hidden_with_those_of_its_parts_only_if_a_part_is_shown_for_the_year() -> None:
    """A shown part has hidden quarters, which shown quarters of the whole would bound."""
    for part, told in ((20, ValueDisplay.HIDDEN), (2, ValueDisplay.SHOWN)):
        counts = {"R1b": (part, 0, 0, 0), "rest": (30, 40, 30, 30)}
        found = decide_displays(values(ONE_PART, counts), replace(OWN, sums=ONE_PART))
        assert {found[ValueKey("R1a", quarter)] for quarter in QUARTERS} == {told}
        assert {found[ValueKey("R1b", quarter)] for quarter in QUARTERS} == {ValueDisplay.HIDDEN}


def test_a_quarter_with_few_beside_a_part_hides_the_part_of_the_year() -> None:
    """Six of the first quarter are shown: a part of 2 to 4 in it would leave few outside."""
    for first, told in ((6, ValueDisplay.HIDDEN), (9, ValueDisplay.BAND)):
        counts = {"R1b": (1, 0, 0, 0), "rest": (first - 1, 40, 30, 30)}
        found = decide_displays(values(ONE_PART, counts), replace(OWN, sums=ONE_PART))
        assert found[ValueKey("R1a", "2024-Q1")] is ValueDisplay.SHOWN
        assert found[ValueKey("R1b", "2024")] is told


def test_a_complete_sum_of_large_parts_is_shown_in_the_year_and_its_quarters() -> None:
    told = values(ANSWERS[:1], {"R2c": (20, 20, 20, 20), "R2d": (20, 20, 20, 20)})
    assert set(decide_displays(told, replace(OWN, sums=ANSWERS[:1])).values()) == {ValueDisplay.SHOWN}


def test_a_quarter_without_values_hides_no_other_quarter() -> None:
    told = values(ANSWERS[:1], {"R2c": (20, 20, 20, 20), "R2d": (20, 20, 20, 20)})
    shown = {key: each for key, each in told.items() if key.period != "2024-Q2"}
    assert set(decide_displays(shown, replace(OWN, sums=ANSWERS[:1])).values()) == {ValueDisplay.SHOWN}


def test_a_part_of_a_hidden_whole_is_shown() -> None:
    """Two of R3a are outside of R2b, so R2b is hidden: nobody subtracts R2c from it."""
    sums = (FigureSum("R2b", ("R2c", "R2d")), FigureSum("R3a", ("R2b",)))
    found = displays(sums, R3a=32, R2b=30, R2c=10, R2d=9)
    assert {figure: each.name for figure, each in found.items()} == {
        "R3a": "SHOWN",
        "R2b": "HIDDEN",
        "R2c": "SHOWN",
        "R2d": "SHOWN",
    }


def test_a_breakdown_of_a_part_has_no_rows_beside_that_of_its_whole() -> None:
    """20 women of the whole and 18 of the part: two are outside of it."""
    rules = replace(OWN, sums=STEPS)
    amounts = {"R1a": (40, 20), "R1b": (30, 18)}
    told = {
        ValueKey(figure, "2024", *row): ExactValue(float(amount))
        for figure, both in amounts.items()
        for row, amount in zip((("", ""), ("sex", "female")), both, strict=True)
    }
    found = decide_displays(told, rules)
    assert found[ValueKey("R1a", "2024", "sex", "female")] is ValueDisplay.SHOWN
    assert found[ValueKey("R1b", "2024", "sex", "female")] is ValueDisplay.OMITTED


def test_every_sum_is_of_figures_that_the_committee_sees() -> None:
    for each in SUMS:
        assert {each.whole, *each.parts} <= NUMBERS
    assert {(above, figure.number) for figure in FIGURES.values() if (above := figure.part_of) in NUMBERS} <= {
        (each.whole, part) for each in SUMS if len(each.parts) == 1 for part in each.parts
    } | {(figure.part_of, figure.number) for figure in FIGURES.values() if figure.number not in NUMBERS}


def test_a_band_stays_where_hiding_a_shown_part_is_enough() -> None:
    three = FigureSum("R2b", ("R2c", "R2d", "R2a"))
    told = {
        ValueKey(figure, "2024-Q1"): ExactValue(float(amount))
        for figure, amount in {"R2b": 53, "R2c": 20, "R2d": 30, "R2a": 3}.items()
    }
    seen = decide_displays(told, replace(OWN, sums=(three,)))
    assert {key.figure: each for key, each in seen.items()} == {
        "R2b": ValueDisplay.SHOWN,
        "R2c": ValueDisplay.HIDDEN,
        "R2d": ValueDisplay.SHOWN,
        "R2a": ValueDisplay.BAND,
    }
