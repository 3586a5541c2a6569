"""Dividing as a rate declares, over one cohort, and in no other way."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from schemas.times import Period
from services.reporting.domain.figures.registry import census_on
from services.reporting.domain.rates.declared import RATES, Variant
from services.reporting.domain.read.reading import Reading

_WHY_NEVER: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("O13a", "O9"): "those convicted in a period were mostly arrested before it, and those arrested in it mostly "
        "wait for their verdict: two cohorts",
        ("O13b", "O9"): "counts are not persons, and those convicted in a period are not those arrested in it",
    }
)
"""Quotients that people ask for and that mean nothing, with the reason to give."""


_POPULATION: Final = "R24"


class RateRefused(ValueError):
    """No declared rate divides these two figures, or not over these cohorts."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its name and its cohort; None where the cohort is empty. `open` is what can still change it.

    `part_n` of `whole_n`, for a fraction in its lowest terms would hide how few they are. At least `uncounted`
    facts in either have an amount that nobody counted: a share of what is not known is None, and not 0. `taken_in` is
    the year of a whole that is a fixed level: of the census, or of the period's end for the strength of a unit.
    """

    variant: Variant
    cohort: Period
    value: Fraction | None
    open: Fraction | None = None
    part_n: int = 0
    whole_n: int = 0
    uncounted: int = 0
    taken_in: int | None = None


def rate(variant: Variant, part: Reading, whole: Reading, remainder: Reading | None = None) -> Rate:
    """Divide as the variant declares, over one cohort: the period and dimensions of all readings.

    Raises `RateRefused` for any other figures, and for a cohort without its remainder where the variant has one.
    """
    declared = RATES[variant]
    if (part.number, whole.number) != (declared.part, declared.whole):
        why = _WHY_NEVER.get((part.number, whole.number), "no such rate is declared")
        msg = f"{variant} is not {part.number} over {whole.number}: {why}"
        raise RateRefused(msg)
    if (None if remainder is None else remainder.number) != declared.remainder:
        msg = f"{variant} is told with {declared.remainder or 'nothing'} beside it"
        raise RateRefused(msg)
    for each in (part, *([] if remainder is None else [remainder])):
        if each.period != whole.period or each.dimensions != whole.dimensions:
            msg = f"{variant} needs all amounts over one cohort"
            raise RateRefused(msg)
    left = None if remainder is None else _share(remainder, whole)
    uncounted = max(part.unknown, whole.unknown)
    taken_in = _taken_in(whole) if declared.fixed else None
    return Rate(variant, whole.period, _share(part, whole), left, part.amount, whole.amount, uncounted, taken_in)


def _taken_in(whole: Reading) -> int | None:
    """The year in which a fixed whole was taken; None before the first census."""
    if whole.number != _POPULATION:
        return whole.period.last.year
    census = census_on(whole.period.last)
    return None if census is None else census.day.year


def _share(part: Reading, whole: Reading) -> Fraction | None:
    known = whole.amount and not part.unknown and not whole.unknown
    return Fraction(part.amount, whole.amount) if known else None
