"""Cohorts, rates and contested figures, computed from the readings of one period."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES, row_of
from services.reporting.domain.rates import RATES, Rate, RateRefused, Variant, rate
from services.reporting.domain.read.claims_beside_figures import ClaimBeside
from services.reporting.domain.read.reading import Reading

COHORTS: Final[Mapping[str, str]] = MappingProxyType(
    {"R5a": "R5", "R1a": "R1", "R2a": "R3", "R10a": "R10", "R11a": "R11", "R22a": "R22", "R23a": "R23"}
)
"""Number of the figure that counts each cohort, and the report's row of the figures of its stages."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort: the reading of the whole, and those of its stages in order."""

    whole: Reading
    stages: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Contested:
    """A figure, or one of its rows, in a period, with the amounts that documents claim for it.

    `computed`: the amount from events; None if it was not read or was counted by nobody.
    """

    figure: Figure[Any]
    claims: Sequence[ClaimBeside]
    computed: int | None


def cohorts(readings: Mapping[str, Reading]) -> list[Cohort]:
    """Return the cohorts whose figures are all in `readings` (by number)."""
    found = []
    for whole, row in COHORTS.items():
        stages = [each for each in FIGURES.values() if each.part_of == whole and row_of(each.number) == row]
        if whole in readings and all(each.number in readings for each in stages):
            found.append(Cohort(readings[whole], [readings[each.number] for each in stages]))
    return found


def rates(readings: Mapping[str, Reading]) -> list[Rate]:
    """Return the declared rates whose figures are all in `readings` (by number)."""
    found = []
    for variant, declared in RATES.items():
        numbers = (declared.part, declared.whole, *([declared.remainder] if declared.remainder else []))
        if all(number in readings for number in numbers):
            found.append(_rate(variant, [readings[number] for number in numbers]))
    return found


def _rate(variant: Variant, readings: Sequence[Reading]) -> Rate:
    try:
        return rate(variant, *readings)
    except RateRefused as error:  # the table of rates and its readings do not fit: a bug here
        raise AssertionError(str(error)) from error


def readings_with_omissions(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings with undated, cut or uncounted facts, or with amounts that may count twice."""
    return [each for each in readings if each.undated or each.cut or each.unknown or each.twice]


def contested(
    claims: Iterable[ClaimBeside], readings: Iterable[Reading], seen: Mapping[str, Figure[Any]]
) -> list[Contested]:
    """Group the claims about visible figures (`seen`) by figure, period and row, each with the amount from events.

    `readings`: readings of the figures, rows and periods that the claims name.
    """
    computed = {(each.number, str(each.period), frozenset(each.dimensions.items())): each.value for each in readings}
    found: dict[tuple[str, str, str], list[ClaimBeside]] = {}
    for each in claims:
        if each.number in seen:
            found.setdefault((each.number, each.period, each.of), []).append(each)
    return [
        Contested(seen[number], stated, computed.get((number, period, frozenset(stated[0].dimensions.items()))))
        for (number, period, _), stated in found.items()
    ]


def breakdown_of(claim: ClaimBeside, figure: Figure[Any]) -> tuple[str, ...] | None:
    """Return the figure's breakdown by the dimensions of a claim's row; None if the figure does not declare it."""
    named = claim.dimensions.keys()
    return next((each for each in figure.breakdowns if set(each) == named), None)
