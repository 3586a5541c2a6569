"""Compute rates as declared, over one cohort. Any other quotient is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from schemas.times import Period
from services.reporting.domain.figures.committees_partners_and_population import census_on
from services.reporting.domain.rates.declared import RATES, Variant
from services.reporting.domain.read.reading import Reading

_WHY_NEVER: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("O13a", "O9"): "those convicted in a period were mostly arrested before it, and those arrested in it mostly "
        "wait for their verdict: two cohorts",
        ("O13b", "O9"): "counts are not persons, and those convicted in a period are not those arrested in it",
    }
)
"""Reason for the refusal of meaningless quotients that people often ask for, by numbers of (part, whole)."""


_POPULATION: Final = "R24"


class RateRefused(ValueError):
    """Raised if no declared rate divides these two figures, or if they are not read over one cohort."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A computed rate: its name, its cohort, and the quotient `value`, None if the whole is 0.

    `open`: share of the whole that is still undecided and can change the rate. `part_n` and `whole_n`: the two amounts,
    because a fraction in lowest terms would hide how small they are. `uncounted`: least number of facts whose amount
    nobody counted; if there are any, `value` is None. `taken_in`: year of a whole that is a fixed level: that of the
    census, or that of the period's end for the number of staff.
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
    """Divide `part` by `whole` as the variant declares. All readings must have one period and equal dimensions.

    `remainder`: reading of the declared figure of the still open part of the whole. Raises `RateRefused` for other
    figures, for different periods or dimensions, and if a declared remainder is missing.
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
    """Return the year of a fixed whole: of the census for the population, else of the period's end.

    None before the first census.
    """
    if whole.number != _POPULATION:
        return whole.period.last.year
    census = census_on(whole.period.last)
    return None if census is None else census.day.year


def _share(part: Reading, whole: Reading) -> Fraction | None:
    known = whole.amount and not part.unknown and not whole.unknown
    return Fraction(part.amount, whole.amount) if known else None
