"""Cohorts, rates and contested figures, worked out from readings of one period."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.table import FIGURES, row_of
from services.reporting.domain.rates import RATES, Rate, RateRefused, Variant, rate
from services.reporting.domain.read.claims import ClaimBeside
from services.reporting.domain.read.reading import Reading

COHORTS: Final[Mapping[str, str]] = MappingProxyType(
    {"R5a": "R5", "R1a": "R1", "R2a": "R3", "R10a": "R10", "R11a": "R11", "R22a": "R22", "R23a": "R23"}
)
"""The whole of each cohort, with the row of the figures that count how far its members came."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort: the reading of the whole, and those of its stages in order."""

    whole: Reading
    stages: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Contested:
    """A figure of one period of which documents state an amount; `computed` is what events give, None if unread."""

    figure: Figure[Any]
    claims: Sequence[ClaimBeside]
    computed: int | None


def cohorts(readings: Mapping[str, Reading]) -> list[Cohort]:
    """Give the cohorts whose figures were all read."""
    found = []
    for whole, row in COHORTS.items():
        stages = [each for each in FIGURES.values() if each.part_of == whole and row_of(each.number) == row]
        if whole in readings and all(each.number in readings for each in stages):
            found.append(Cohort(readings[whole], [readings[each.number] for each in stages]))
    return found


def rates(readings: Mapping[str, Reading]) -> list[Rate]:
    """Give the declared rates whose figures were all read."""
    found = []
    for variant, declared in RATES.items():
        numbers = (declared.part, declared.whole, *([declared.remainder] if declared.remainder else []))
        if all(number in readings for number in numbers):
            found.append(_rate(variant, [readings[number] for number in numbers]))
    return found


def _rate(variant: Variant, readings: Sequence[Reading]) -> Rate:
    try:
        return rate(variant, *readings)
    except RateRefused as error:  # the table of rates and its readings do not fit: ours to mend
        raise AssertionError(str(error)) from error


def left_out(readings: Iterable[Reading]) -> list[Reading]:
    """Give the readings that leave something out, or may have something twice."""
    return [each for each in readings if each.undated or each.cut or each.unknown or each.twice]


def contested(
    claims: Iterable[ClaimBeside], readings: Iterable[Reading], seen: Mapping[str, Figure[Any]]
) -> list[Contested]:
    """Give the figures that are seen and of which documents state an amount, each beside what events give.

    `readings` are of the figures and of the rows and periods that the claims name.
    """
    computed = {(each.number, str(each.period), frozenset(each.dimensions.items())): each.value for each in readings}
    found: dict[tuple[str, str, str], list[ClaimBeside]] = {}
    for each in claims:
        if each.number in seen:
            found.setdefault((each.number, each.period, each.of), []).append(each)
    return [
        Contested(seen[number], stated, computed.get((number, period, frozenset(dimensions_of(of).items()))))
        for (number, period, of), stated in found.items()
    ]


def dimensions_of(of: str) -> dict[str, str]:
    """Give the dimensions of the row that a claim is of, by name; none where it is of the whole figure."""
    return dict(each.split("=", 1) for each in of.split(",") if "=" in each)


def breakdown_of(claim: ClaimBeside, figure: Figure[Any]) -> tuple[str, ...] | None:
    """Give the breakdown of a figure that has the row of a claim; None where it is never broken down so."""
    named = dimensions_of(claim.of).keys()
    return next((each for each in figure.breakdowns if set(each) == named), None)
