"""A rate says what it divides over which cohort; there are three conviction rates, and none of a year's arrests."""

from dataclasses import replace
from fractions import Fraction

import pytest

from schemas.times import Period
from services.presentation.rates import plain, rate_text
from services.reporting.domain.declaration.figure import Nature, Reader
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES, RateRefused, Variant, rate
from services.reporting.domain.read.reading import Reading


def amount(number: str, value: int = 1, period: str = "2024", **dimensions: str) -> Reading:
    return Reading(FIGURES[number], Period.parse(period), dimensions, value)


def test_a_rate_names_its_variant_and_cohort() -> None:
    share = rate(Variant.CHILD_LABOUR_SHARE_OF_INSPECTIONS, amount("O27b", 125), amount("O27a", 834))
    assert (share.variant, str(share.cohort), share.value) == (
        Variant.CHILD_LABOUR_SHARE_OF_INSPECTIONS,
        "2024",
        Fraction(125, 834),
    )
    nothing = rate(Variant.TEACHERS_SHARE_OF_PARTICIPATIONS, amount("M2", 0), amount("M1", 0))
    assert nothing.value is None


@pytest.mark.parametrize(("of_part", "of_whole"), [(1, 1), (0, 1), (1, 0), (2, 3)])
def test_what_nobody_counted_is_divided_into_nothing(of_part: int, of_whole: int) -> None:
    part = replace(amount("M2", 0), unknown=of_part)
    found = rate(Variant.TEACHERS_SHARE_OF_PARTICIPATIONS, part, replace(amount("M1", 50), unknown=of_whole))
    most = max(of_part, of_whole)
    assert (found.value, found.uncounted) == (None, most)
    assert rate_text(found) == f"— ({most} not counted)"
    assert plain(found)["value"] is None


@pytest.mark.parametrize(
    ("variant", "part", "whole"),
    [
        (Variant.CONVICTION_OF_PERSONS_DECIDED, amount("O13a", 2), amount("R12", 3)),
        (Variant.CONVICTION_OF_CHARGES_DECIDED, amount("R13b", 2), amount("R13a", 3)),
        (Variant.CUSTODIAL_SHARE_OF_SENTENCED, amount("R14b", 2), amount("R14a", 3)),
    ],
)
def test_of_what_was_decided_in_a_period(variant: Variant, part: Reading, whole: Reading) -> None:
    found = rate(variant, part, whole)
    assert (found.value, found.part_n, found.whole_n) == (Fraction(2, 3), part.amount, whole.amount)


def test_a_cohort_is_told_with_what_is_still_open() -> None:
    cohort = amount("R11b", 1), amount("R11a", 9)
    found = rate(Variant.CONVICTION_OF_PERSONS_CHARGED, *cohort, amount("R11c", 6))
    assert (found.value, found.open) == (Fraction(1, 9), Fraction(6, 9))
    with pytest.raises(RateRefused, match="R11c beside it"):
        rate(Variant.CONVICTION_OF_PERSONS_CHARGED, *cohort)
    with pytest.raises(RateRefused, match="nothing beside it"):
        rate(Variant.CONVICTION_OF_PERSONS_DECIDED, amount("O13a"), amount("R12"), amount("R11c"))


@pytest.mark.parametrize("variant", list(Variant))
def test_convictions_in_a_year_over_arrests_in_that_year_is_no_rate(variant: Variant) -> None:
    with pytest.raises(RateRefused, match="two cohorts"):
        rate(variant, amount("O13a", 2), amount("O9", 7))


@pytest.mark.parametrize("variant", list(Variant))
@pytest.mark.parametrize(("part", "whole"), [("O13b", "O9"), ("O13a", "R13a"), ("O9", "O1a"), ("R12", "O13a")])
def test_no_other_two_figures_are_divided(variant: Variant, part: str, whole: str) -> None:
    with pytest.raises(RateRefused, match=f"is not {part} over {whole}"):
        rate(variant, amount(part), amount(whole))


@pytest.mark.parametrize("other", [amount("R12", 3, "2023"), amount("R12", 3, sex="male")])
def test_a_rate_over_two_cohorts_is_refused(other: Reading) -> None:
    with pytest.raises(RateRefused, match="one cohort"):
        rate(Variant.CONVICTION_OF_PERSONS_DECIDED, amount("O13a", 2), other)


@pytest.mark.parametrize("other", [amount("R11c", 6, "2023"), amount("R11c", 6, sex="male")])
def test_what_is_still_open_is_of_the_same_cohort_too(other: Reading) -> None:
    with pytest.raises(RateRefused, match="one cohort"):
        rate(Variant.CONVICTION_OF_PERSONS_CHARGED, amount("R11b", 1), amount("R11a", 9), other)


def test_every_rate_is_declared_whole() -> None:
    assert RATES.keys() == set(Variant)
    for each in RATES.values():
        part, whole = FIGURES[each.part], FIGURES[each.whole]
        if each.per is not None:  # cases to each worker are as they are on one day, and so is the population
            assert whole.reader is Reader.RUNNING_SUM
            assert part.reader is Reader.RUNNING_SUM or whole.nature is Nature.REGISTRY
            assert each.remainder is None
        else:
            assert (part.unit, part.entity, part.nature) == (whole.unit, whole.entity, whole.nature)
            assert each.remainder is None or FIGURES[each.remainder].unit is whole.unit
        for text in (each.en, each.es):
            assert text.endswith(".")
        assert each.name_en != each.name_es
